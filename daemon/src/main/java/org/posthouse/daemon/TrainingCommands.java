package org.posthouse.daemon;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What operators ask a running daemon, once each, and that it stops at the end. */
final class TrainingCommands {
    private static final List<List<String>> BEFORE_THE_END =
            List.of(
                    List.of("status"),
                    List.of("readyz"),
                    List.of("msg", "list"),
                    List.of("queue", "summary"),
                    List.of(
                            "explain",
                            "--client",
                            "203.0.113.9",
                            "--from",
                            "ada@local.example",
                            "--to",
                            "ada@far.example"),
                    List.of("check"));

    private TrainingCommands() {}

    /** True when the daemon said that it stopped. */
    static boolean run(Path configuration) {
        BEFORE_THE_END.forEach(each -> call(each, configuration));
        return call(List.of("stop"), configuration) == Exit.OK;
    }

    private static int call(List<String> command, Path configuration) {
        var words = new ArrayList<>(command);
        words.addAll(List.of("--config", configuration.toString()));
        String[] line = words.toArray(String[]::new);
        var nowhere = new PrintWriter(Writer.nullWriter());
        return Main.commandLine(line)
                .setOut(nowhere)
                .setErr(Daemon.Output.ofProcess().err())
                .execute(line);
    }
}
