package org.posthouse.daemon;

import org.posthouse.core.SpoolId;
import org.posthouse.spool.ContentGap;
import org.posthouse.spool.InspectedMessage;
import org.posthouse.spool.LogInspector;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code posthouse spool export}. */
@Command(
        name = "export",
        description = {
            "Write a queued message out of a spool: ID.eml, octet by octet as it would be"
                    + " delivered, and ID.json with its envelope, its origin and the state of its"
                    + " deliveries.",
            "A message that lacks part of its content is written as far as it is there; then the"
                    + " exit code is 65, and \"lacking\" in ID.json says what is missing or"
                    + " damaged.",
            "Nothing is overwritten."
        },
        mixinStandardHelpOptions = true)
final class SpoolExportCommand extends SpoolReader {
    private static final String NO_MESSAGE = "PH-S016";
    private static final String INCOMPLETE = "PH-S017";
    private static final String STANDARD_OUTPUT = "-";

    @Parameters(
            arity = "0..2",
            paramLabel = "ID|DIR",
            description =
                    "The message (not with --all), then the spool, or the data folder around it.")
    private List<String> words = List.of();

    @Option(names = "--all", description = "Write all queued messages; needs --output DIR.")
    private boolean all;

    @Option(
            names = "--output",
            paramLabel = "FILE|DIR|-",
            description =
                    "Where to: a folder that exists, or another name for the files. \"-\" writes"
                        + " the .eml alone to standard output; \"spool dump --message ID\" shows"
                        + " its envelope. Without it: the current folder.")
    private Optional<String> output = Optional.empty();

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    SpoolExportCommand() {}

    @Override
    Optional<Path> directory() {
        int at = all ? 0 : 1;
        return words.size() > at ? Optional.of(Path.of(words.get(at))) : Optional.empty();
    }

    @Override
    String misuse() {
        if (all) {
            boolean toFolder = output.isPresent() && !output.get().equals(STANDARD_OUTPUT);
            if (!toFolder) {
                return "--all needs --output DIR";
            }
            return words.size() > 1 ? "with --all, give no message" : "";
        }
        if (words.isEmpty()) {
            return "say which message, or --all";
        }
        try {
            SpoolId.parse(words.getFirst());
            return "";
        } catch (IllegalArgumentException e) {
            return "'" + words.getFirst() + "' is no id of a message; one looks like 1KDVDNAZ80000";
        }
    }

    @Override
    int read(Source source) throws IOException {
        source.inspector().holder().ifPresent(holder -> note("the spool is in use by " + holder));
        try {
            return all ? exportAll(source) : exportOne(source);
        } catch (FileAlreadyExistsException e) {
            note("posthouse: " + e.getFile() + " exists already; nothing is overwritten");
            return Exit.CANT_CREATE;
        }
    }

    private void note(String text) {
        err().println(text);
        err().flush();
    }

    private int exportOne(Source source) throws IOException {
        SpoolId id = SpoolId.parse(words.getFirst());
        LogInspector.Lookup found = source.inspector().find(id, source.progress());
        source.progress().close();
        return switch (found) {
            case LogInspector.Lookup.Unknown unknown ->
                    fail(
                            Exit.NO_INPUT,
                            NO_MESSAGE,
                            "there is no message " + id + " in " + source.directory());
            case LogInspector.Lookup.Settled settled ->
                    fail(
                            Exit.NO_INPUT,
                            NO_MESSAGE,
                            "message " + id + " is done: nothing of it is queued any more");
            case LogInspector.Lookup.Queued(InspectedMessage message) ->
                    output.orElse("").equals(STANDARD_OUTPUT)
                            ? toStandardOutput(message)
                            : toFiles(message, MessageFiles.named(output, id));
        };
    }

    private int toStandardOutput(InspectedMessage message) throws IOException {
        OutputStream out = new BufferedOutputStream(System.out, 1 << 16);
        List<ContentGap> gaps = message.writeTo(out);
        out.flush();
        if (System.out.checkError()) {
            throw new IOException("what was read could not be written: the output is closed");
        }
        return outcome(message, gaps);
    }

    private int toFiles(InspectedMessage message, MessageFiles files) throws IOException {
        List<ContentGap> gaps = files.write(message);
        out().println(files.content() + "  " + Figures.octets(message.stored().octets()));
        out().flush();
        return outcome(message, gaps);
    }

    private int outcome(InspectedMessage message, List<ContentGap> gaps) {
        if (gaps.isEmpty()) {
            return Exit.OK;
        }
        var text = new StringBuilder("message " + message.stored().id() + " is not whole");
        for (ContentGap gap : gaps) {
            text.append("; ").append(Figures.count(gap.octets(), "octet", "octets"));
            text.append(" from octet ").append(gap.start());
            text.append(gap.isThere() ? " on are damaged" : " on are missing");
        }
        return fail(Exit.DATA, INCOMPLETE, text.toString());
    }

    private int exportAll(Source source) throws IOException {
        Path folder = Path.of(output.orElse(""));
        List<SpoolId> incomplete = new ArrayList<>();
        long[] count = new long[1];
        source.inspector()
                .queued(
                        source.progress(),
                        message -> {
                            source.progress().close();
                            SpoolId id = message.stored().id();
                            if (toFiles(message, MessageFiles.in(folder, id)) != Exit.OK) {
                                incomplete.add(id);
                            }
                            count[0]++;
                        });
        source.progress().close();
        note(
                Figures.count(count[0], "message", "messages")
                        + " written"
                        + (incomplete.isEmpty()
                                ? ""
                                : ", " + Figures.count(incomplete.size()) + " of them not whole"));
        return incomplete.isEmpty() ? Exit.OK : Exit.DATA;
    }
}
