package org.posthouse.daemon;

import org.posthouse.daemon.config.Schema;
import org.posthouse.daemon.config.Settings;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** {@code posthouse config}. */
@Command(
        name = "config",
        description =
                "Write a first configuration; ask about settings and what a file makes of them.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ConfigInit.class,
            ConfigCommand.Explain.class,
            ConfigCommand.Show.class,
            ConfigDiff.class,
            ConfigCommand.SchemaText.class
        })
final class ConfigCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the field
    ConfigCommand() {}

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return Exit.USAGE;
    }

    /** False, and said so, when the file can't be read. */
    static boolean isReadable(Path file, PrintWriter err) {
        if (Files.isReadable(file) && !Files.isDirectory(file)) {
            return true;
        }
        err.println("error[PH-C010]: there is no readable file " + file);
        err.println("   help: posthouse help PH-C010");
        err.flush();
        return false;
    }

    /** A text broken between words into lines with this indent. */
    private static String wrapped(String text, String indent, int columns) {
        var lines = new StringBuilder();
        String rest = text;
        int width = columns - indent.length();
        while (rest.length() > width && rest.lastIndexOf(' ', width) > 0) {
            int space = rest.lastIndexOf(' ', width);
            lines.append(indent).append(rest, 0, space).append('\n');
            rest = rest.substring(space + 1);
        }
        return lines.append(indent).append(rest).append('\n').toString();
    }

    /** {@code posthouse config explain}. */
    @Command(
            name = "explain",
            description = {
                "Say what a setting is for, what it may be, and where a file sets it.",
                "Exit codes: 0 there it is, 64 there is no such setting."
            },
            mixinStandardHelpOptions = true)
    static final class Explain implements Callable<Integer> {
        @Parameters(
                index = "0",
                paramLabel = "KEY",
                description = "Such as relay.clients, listener.tls, or clients alone.")
        private String key;

        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "The configuration; by default posthouse.toml, in this folder.")
        private Optional<Path> config = Optional.empty();

        @Spec private CommandSpec spec;

        @SuppressWarnings("NullAway.Init") // picocli sets the fields
        Explain() {}

        @Override
        public Integer call() {
            PrintWriter err = spec.commandLine().getErr();
            config = config.or(FolderConfig::here);
            if (config.isPresent() && !isReadable(config.get(), err)) {
                return Exit.NO_INPUT;
            }
            Settings settings =
                    config.map(file -> Settings.of(file, System.getenv()))
                            .orElseGet(Settings::ofModel);
            List<Settings.Setting> found = settings.find(key);
            if (found.isEmpty()) {
                String meant =
                        settings.suggestion(key).map(k -> "; did you mean " + k + "?").orElse("");
                err.println("posthouse: no setting is called " + key + meant);
                return Exit.USAGE;
            }
            int columns = Terminal.of(System.getenv(), true).columns();
            PrintWriter out = spec.commandLine().getOut();
            for (int i = 0; i < found.size(); i++) {
                out.print(i == 0 ? "" : "\n");
                out.print(text(found.get(i), columns));
            }
            out.flush();
            return Exit.OK;
        }

        private String text(Settings.Setting setting, int columns) {
            var text = new StringBuilder(setting.path()).append('\n');
            text.append(wrapped(setting.doc(), "  ", columns)).append('\n');
            String where = setting.header().isEmpty() ? "the top of the file" : setting.header();
            text.append("  in       ").append(where).append('\n');
            text.append("  value    ").append(setting.form()).append('\n');
            text.append("  default  ").append(setting.fallback()).append('\n');
            for (Settings.Value value : setting.values()) {
                String table = value.table().isEmpty() ? "" : "   (" + value.table() + ")";
                text.append("  set to   ").append(value.text());
                text.append("   ").append(value.place()).append(table).append('\n');
            }
            if (config.isPresent() && setting.values().isEmpty()) {
                text.append("  set to   nothing in ").append(config.get()).append('\n');
            }
            return text.toString();
        }
    }

    /** {@code posthouse config schema}. */
    @Command(
            name = "schema",
            description = "Print the JSON Schema of the configuration, for editors.",
            mixinStandardHelpOptions = true)
    static final class SchemaText implements Callable<Integer> {
        @Spec private CommandSpec spec;

        @SuppressWarnings("NullAway.Init") // picocli sets the field
        SchemaText() {}

        @Override
        public Integer call() {
            spec.commandLine().getOut().println(Schema.text());
            spec.commandLine().getOut().flush();
            return Exit.OK;
        }
    }

    /** {@code posthouse config show}. */
    @Command(
            name = "show",
            description = {
                "Show the settings of a file in the order of the reference, secrets hidden.",
                "With what holds by default, unless --changed."
            },
            mixinStandardHelpOptions = true)
    static final class Show implements Callable<Integer> {
        @Mixin private ConfigOption config = new ConfigOption();

        @Option(names = "--changed", description = "Only what the file sets.")
        private boolean changed;

        @Option(names = "--origin", description = "With the place where each value stands.")
        private boolean origin;

        @Option(names = "--json", description = "One JSON object a line, for programs.")
        private boolean json;

        @Spec private CommandSpec spec;

        @SuppressWarnings("NullAway.Init") // picocli sets the fields
        Show() {}

        @Override
        public Integer call() {
            if (!isReadable(config.file(), spec.commandLine().getErr())) {
                return Exit.NO_INPUT;
            }
            PrintWriter out = spec.commandLine().getOut();
            List<Settings.Setting> all = Settings.of(config.file(), System.getenv()).all();
            Map<String, List<String>> lines = new TreeMap<>();
            for (Settings.Setting setting : all) {
                for (Settings.Value value : setting.values()) {
                    lines.computeIfAbsent(setting.path(), p -> new ArrayList<>())
                            .add(line(setting, value));
                }
                if (setting.values().isEmpty() && !changed) {
                    lines.put(setting.path(), List.of(byDefault(setting)));
                }
            }
            all.forEach(s -> lines.getOrDefault(s.path(), List.of()).forEach(out::println));
            out.flush();
            return Exit.OK;
        }

        private String line(Settings.Setting setting, Settings.Value value) {
            if (json) {
                return JsonLine.of(
                        to ->
                                to.text("key", setting.path())
                                        .text("table", value.table())
                                        .text("value", value.text())
                                        .text("place", value.place())
                                        .flag("default", false));
            }
            String table = value.table().isEmpty() ? "" : "[" + value.table() + "]";
            int dot = setting.path().indexOf('.');
            String path =
                    dot < 0
                            ? setting.path()
                            : setting.path().substring(0, dot)
                                    + table
                                    + setting.path().substring(dot);
            String place = origin ? "   # " + value.place() : "";
            return path + " = " + value.text() + place;
        }

        private String byDefault(Settings.Setting setting) {
            if (json) {
                return JsonLine.of(
                        to ->
                                to.text("key", setting.path())
                                        .text("table", "")
                                        .text("value", setting.fallback())
                                        .text("place", "")
                                        .flag("default", true));
            }
            return "# "
                    + setting.path()
                    + ": "
                    + setting.fallback()
                    + (origin ? "   # default" : "");
        }
    }
}
