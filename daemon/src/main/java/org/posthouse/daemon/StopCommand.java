package org.posthouse.daemon;

import picocli.CommandLine.Command;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** {@code posthouse stop}. */
@Command(
        name = "stop",
        description = {
            "Have a running daemon finish what is running and end; returns when it has.",
            "Exit codes: 0 it is gone, 69 no daemon answers, 75 it still runs."
        },
        mixinStandardHelpOptions = true)
final class StopCommand extends ControlCommand {
    private static final Duration GONE_WITHIN = Daemon.DRAIN.plus(Duration.ofMinutes(1));

    @Override
    int ask(ControlClient daemon) throws IOException {
        Map<String, Object> answer = daemon.ask("stop", json -> {}, ANSWER_WITHIN, line -> {});
        if (!isOk(answer)) {
            return refused(answer, Exit.UNAVAILABLE);
        }
        try {
            daemon.awaitEnd(GONE_WITHIN);
        } catch (IOException e) {
            err().println("posthouse: it still runs: " + e.getMessage());
            return Exit.TEMPORARY;
        }
        if (isJson()) {
            out().println(JsonLine.of(json -> json.members(answer)));
        } else {
            out().println("stopped: what is not delivered waits for the next start");
        }
        return Exit.OK;
    }
}
