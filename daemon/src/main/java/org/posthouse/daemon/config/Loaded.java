package org.posthouse.daemon.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A configuration with the files it names, read and checked.
 *
 * @param name of the file, as it was given
 * @param file what was read
 * @param recipients the known addresses; empty when no file is named
 * @param aliases empty when no file is named
 * @param users the logins; empty when no file is named
 * @param report all that is wrong, as people read it; empty when nothing is
 * @param errors how many
 */
record Loaded(
        String name,
        ConfigFile file,
        Optional<RecipientsFile> recipients,
        Optional<AliasesFile> aliases,
        Optional<UsersFile> users,
        String report,
        int errors) {
    private static final long OCTETS_MAX = 16L << 20;

    /** Reads a file and all that it names. */
    static Loaded load(Path path, Map<String, String> environment) {
        Path folder = path.toAbsolutePath().getParent();
        Path base = folder == null ? path.toAbsolutePath() : folder;
        try {
            return check(path.toString(), text(path), base, environment);
        } catch (IOException e) {
            var context = new Context(base, environment, new SourceText(""));
            context.add(Span.FILE, Codes.UNREADABLE, "there is no readable file " + path, "");
            ConfigFile nothing = ConfigFile.parse("", base, environment);
            var reports = new Reports();
            reports.add(path.toString(), context);
            return new Loaded(
                    path.toString(),
                    nothing,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    reports.text(),
                    reports.count);
        }
    }

    /** Checks a text, and reads all that it names. */
    static Loaded check(String name, String text, Path folder, Map<String, String> environment) {
        ConfigFile file = ConfigFile.parse(text, folder, environment);
        if (file.isWellFormed()) {
            CrossChecks.run(file);
        }
        var reports = new Reports();
        reports.add(name, file.context());
        var users =
                file.one(LoginKeys.AUTHENTICATION).get(LoginKeys.USERS).map(p -> users(p, reports));
        var recipients =
                file.one(Model.DOMAINS).get(Model.RECIPIENTS).map(p -> recipients(p, reports));
        var aliases = file.one(Model.DOMAINS).get(Model.ALIASES).map(p -> aliases(p, reports));
        return new Loaded(name, file, recipients, aliases, users, reports.text(), reports.count);
    }

    /** All that is wrong with the file itself by now, as people read it. */
    String reportAgain() {
        var reports = new Reports();
        reports.add(name, file.context());
        return reports.text();
    }

    private static UsersFile users(Path path, Reports reports) {
        String text = textOrNothing(path);
        var context = new Context(path, Map.of(), UsersFile.hidden(text));
        UsersFile users = UsersFile.parse(text, context);
        reports.add(path.toString(), context);
        return users;
    }

    private static AliasesFile aliases(Path path, Reports reports) {
        var source = new SourceText(textOrNothing(path));
        var context = new Context(path, Map.of(), source);
        AliasesFile aliases = AliasesFile.parse(source, context);
        reports.add(path.toString(), context);
        return aliases;
    }

    private static RecipientsFile recipients(Path path, Reports reports) {
        var source = new SourceText(textOrNothing(path));
        var context = new Context(path, Map.of(), source);
        RecipientsFile recipients = RecipientsFile.parse(source, context);
        reports.add(path.toString(), context);
        return recipients;
    }

    /** The file was found readable when its key was read. */
    private static String textOrNothing(Path path) {
        try {
            return text(path);
        } catch (IOException e) {
            return "\0 " + e.getMessage();
        }
    }

    private static String text(Path path) throws IOException {
        if (Files.size(path) > OCTETS_MAX) {
            throw new IOException(path + " is too long");
        }
        return new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
    }

    /** The reports of all files, one after the other. */
    private static final class Reports {
        private final StringBuilder text = new StringBuilder();
        private int count;

        void add(String file, Context context) {
            List<Problem> problems = context.problems();
            text.append(new Report(file, context.source()).render(problems));
            count += problems.size();
        }

        String text() {
            return count == 0 ? "" : text + (count == 1 ? "1 error.\n" : count + " errors.\n");
        }
    }
}
