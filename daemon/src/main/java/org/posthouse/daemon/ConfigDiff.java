package org.posthouse.daemon;

import org.posthouse.daemon.config.Settings;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code posthouse config diff}. */
@Command(
        name = "diff",
        description = {
            "Say what a file sets otherwise than the running daemon, with the places in both, and"
                    + " what waits for a restart. The files that it names are not compared.",
            "Exit codes: 0 the same, 1 not the same, 66 there is no such file, 69 no daemon"
                    + " answers, 78 the file is not TOML."
        },
        mixinStandardHelpOptions = true)
final class ConfigDiff implements Callable<Integer> {
    @Mixin private ConfigOption given = new ConfigOption();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The daemon with this data folder; by default with that of the file.")
    private Optional<Path> data = Optional.empty();

    @Option(names = "--json", description = "One JSON object a difference, for programs.")
    private boolean json;

    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    ConfigDiff() {}

    /** A setting in one of the two. */
    private record Side(String value, String place, String digest) {
        static final Side NONE = new Side("", "", "");

        boolean isSet() {
            return !place.isEmpty();
        }
    }

    /** Where a setting stands. */
    private record Where(String path, String table) {}

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        Path config = given.file();
        if (!ConfigCommand.isReadable(config, err)) {
            return Exit.NO_INPUT;
        }
        Settings file = Settings.of(config, System.getenv());
        if (!file.isWhole()) {
            err.println("posthouse: " + config + " is not TOML; posthouse check says where");
            err.flush();
            return Exit.CONFIG;
        }
        Path folder = data.orElseGet(() -> ControlSocket.folder(Optional.of(config), data));
        Map<Where, Side> running = new LinkedHashMap<>();
        try (ControlClient daemon = ControlClient.connect(folder)) {
            Map<String, Object> answer =
                    daemon.ask(
                            "settings",
                            members -> {},
                            ControlCommand.ANSWER_WITHIN,
                            line -> running.put(where(line), side(line)));
            if (!ControlCommand.isOk(answer)) {
                throw new IOException(ControlCommand.text(answer, "text"));
            }
            return tell(running, of(file), ControlCommand.texts(answer, "waiting"));
        } catch (IOException e) {
            err.print(ControlSocket.nobody(folder, e));
            err.flush();
            return Exit.UNAVAILABLE;
        }
    }

    private static Where where(Map<String, Object> line) {
        return new Where(ControlCommand.text(line, "path"), ControlCommand.text(line, "table"));
    }

    private static Side side(Map<String, Object> line) {
        return new Side(
                ControlCommand.text(line, "value"),
                ControlCommand.text(line, "place"),
                ControlCommand.text(line, "digest"));
    }

    private static Map<Where, Side> of(Settings file) {
        Map<Where, Side> sides = new LinkedHashMap<>();
        for (Settings.Setting setting : file.all()) {
            for (Settings.Value value : setting.values()) {
                sides.put(
                        new Where(setting.path(), value.table()),
                        new Side(value.text(), value.place(), value.digest()));
            }
        }
        return sides;
    }

    private int tell(Map<Where, Side> running, Map<Where, Side> file, List<String> waiting) {
        var all = new ArrayList<>(running.keySet());
        file.keySet().stream().filter(each -> !running.containsKey(each)).forEach(all::add);
        PrintWriter out = spec.commandLine().getOut();
        int count = 0;
        for (Where each : all) {
            Side old = running.getOrDefault(each, Side.NONE);
            Side now = file.getOrDefault(each, Side.NONE);
            if (!old.digest().equals(now.digest())) {
                out.print(json ? line(each, old, now) : text(each, old, now));
                count++;
            }
        }
        if (json) {
            out.println(JsonLine.of(to -> to.texts("waiting", waiting)));
        } else if (count == 0) {
            out.println("the file sets nothing otherwise than the running daemon");
        }
        if (!json && !waiting.isEmpty()) {
            out.println("waits for a restart: " + String.join(", ", waiting));
        }
        out.flush();
        return count == 0 && waiting.isEmpty() ? Exit.OK : Exit.DIFFERENT;
    }

    private static String text(Where where, Side old, Side now) {
        String table = where.table().isEmpty() ? "" : " (" + where.table() + ")";
        return where.path() + table + "\n" + text("  running  ", old) + text("  file     ", now);
    }

    private static String text(String label, Side side) {
        return label + (side.isSet() ? side.value() + "   " + side.place() : "not set") + "\n";
    }

    private static String line(Where where, Side old, Side now) {
        return JsonLine.of(
                        to -> {
                            to.text("path", where.path()).text("table", where.table());
                            side(to, "running", old);
                            side(to, "file", now);
                        })
                + "\n";
    }

    private static void side(JsonLine to, String name, Side side) {
        if (side.isSet()) {
            to.object(name, in -> in.text("value", side.value()).text("place", side.place()));
        } else {
            to.nothing(name);
        }
    }
}
