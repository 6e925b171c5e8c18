package org.posthouse.daemon;

import org.posthouse.platform.Deadline;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code posthouse readyz}. */
@Command(
        name = "readyz",
        description = {
            "Ask whether a running daemon should get mail: its listeners are bound, its queue can"
                    + " store, and it is not being stopped. Next hops do not count.",
            "Exit codes: 0 it is ready, 69 no daemon answers, 75 it is not ready."
        },
        mixinStandardHelpOptions = true)
final class ReadyzCommand implements Callable<Integer> {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int TIMEOUT_MAX = 86_400;

    @Mixin private DaemonOptions which = new DaemonOptions();

    @Option(names = "--wait", description = "Ask again until it is ready.")
    private boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "With --wait: at most so long; by default ${DEFAULT-VALUE}.",
            defaultValue = "60")
    private int timeout = 60;

    @Option(names = "--json", description = "The daemon's answer as it comes, for programs.")
    private boolean json;

    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the field
    ReadyzCommand() {}

    /** What came of asking once. */
    private record Said(int exit, String text) {}

    @Override
    public Integer call() throws InterruptedException {
        if (which.areAmbiguous() || timeout < 0 || timeout > TIMEOUT_MAX) {
            spec.commandLine()
                    .getErr()
                    .println("posthouse: give --config or --data; --timeout goes up to a day");
            return Exit.USAGE;
        }
        Path folder = which.folder();
        Said said = ask(folder);
        if (wait && said.exit() != Exit.OK) {
            said = askAgain(folder, said);
        }
        boolean isAnswer = said.exit() == Exit.OK || (json && said.exit() == Exit.TEMPORARY);
        (isAnswer ? out() : spec.commandLine().getErr()).print(said.text());
        spec.commandLine().getErr().flush();
        out().flush();
        return said.exit();
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private Said askAgain(Path folder, Said first) throws InterruptedException {
        Said said = first;
        try (JdkPlatform platform = JdkPlatform.create(DnsSettings.servers(List.of()))) {
            Deadline end = platform.time().after(Duration.ofSeconds(timeout));
            while (said.exit() != Exit.OK && platform.time().nanos() - end.nanos() < 0) {
                boolean unused = platform.time().signal().await(platform.time().after(PAUSE));
                said = ask(folder);
            }
        }
        return said;
    }

    private Said ask(Path folder) {
        try (ControlClient daemon = ControlClient.connect(folder)) {
            Map<String, Object> answer =
                    daemon.ask("readyz", members -> {}, ANSWER_WITHIN, line -> {});
            boolean isReady = Boolean.TRUE.equals(answer.get("ready"));
            String text =
                    json
                            ? JsonLine.of(members -> members.members(answer)) + "\n"
                            : isReady ? "ready\n" : hindrances(answer);
            return new Said(isReady ? Exit.OK : Exit.TEMPORARY, text);
        } catch (IOException e) {
            return new Said(Exit.UNAVAILABLE, ControlSocket.nobody(folder, e));
        }
    }

    private static String hindrances(Map<String, Object> answer) {
        List<String> why = ControlCommand.texts(answer, "hindrances");
        return "not ready: " + String.join("; ", why) + "\n";
    }
}
