package org.posthouse.daemon;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** What the commands that ask a running daemon have in common. */
abstract class ControlCommand implements Callable<Integer> {
    /** A reload may read large files and check them. */
    static final Duration ANSWER_WITHIN = Duration.ofMinutes(2);

    @Mixin private DaemonOptions which = new DaemonOptions();

    @Option(names = "--json", description = "The daemon's answer as it comes, for programs.")
    private boolean json;

    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the field
    ControlCommand() {}

    /** Asks, and tells the answer; the exit code. */
    abstract int ask(ControlClient daemon) throws IOException;

    @Override
    public final Integer call() {
        if (which.areAmbiguous()) {
            err().println("posthouse: give --config or --data, not both");
            return Exit.USAGE;
        }
        Path folder = which.folder();
        try (ControlClient daemon = ControlClient.connect(folder)) {
            return ask(daemon);
        } catch (IOException e) {
            err().print(ControlSocket.nobody(folder, e));
            return Exit.UNAVAILABLE;
        } finally {
            err().flush();
            out().flush();
        }
    }

    /** Another connection: one on which nothing was asked for long is ended. */
    final ControlClient again() throws IOException {
        return ControlClient.connect(which.folder());
    }

    /** It makes no sense as it was typed. */
    final int misuse(String text) {
        err().println("posthouse: " + text);
        return Exit.USAGE;
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    final boolean isJson() {
        return json;
    }

    /** A text of an answer; empty without one. */
    static String text(Map<String, Object> answer, String name) {
        return answer.get(name) instanceof String text ? text : "";
    }

    static long number(Map<String, Object> answer, String name) {
        return answer.get(name) instanceof Long number ? number : 0;
    }

    static List<String> texts(Map<String, Object> answer, String name) {
        return answer.get(name) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    static List<Map<String, Object>> objects(Map<String, Object> answer, String name) {
        List<Map<String, Object>> objects = new ArrayList<>();
        if (answer.get(name) instanceof List<?> list) {
            for (Object each : list) {
                if (each instanceof Map<?, ?> members) {
                    objects.add(JsonReader.object(JsonLine.of(json -> json.members(members))));
                }
            }
        }
        return objects;
    }

    static boolean isOk(Map<String, Object> answer) {
        return Boolean.TRUE.equals(answer.get("ok"));
    }

    /** Says what the daemon has against it. */
    final int refused(Map<String, Object> answer, int exit) {
        String report = text(answer, "report");
        if (!report.isEmpty()) {
            ReportPaint.print(report, err());
            return exit;
        }
        String code = text(answer, "code");
        String told =
                "error[%s]: %s%n   help: posthouse help %s%n"
                        .formatted(code, text(answer, "text"), code);
        ReportPaint.print(told, err());
        return exit;
    }
}
