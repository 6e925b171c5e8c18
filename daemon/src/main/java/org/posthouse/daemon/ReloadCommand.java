package org.posthouse.daemon;

import picocli.CommandLine.Command;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** {@code posthouse reload}. */
@Command(
        name = "reload",
        description = {
            "Have a running daemon read its configuration again.",
            "It checks all of it first, tests and relay proof included, and takes it as a whole; a"
                    + " configuration with anything wrong changes nothing. SIGHUP does the same.",
            "Exit codes: 0 it is in force, 78 it was not taken, 69 no daemon answers."
        },
        mixinStandardHelpOptions = true)
final class ReloadCommand extends ControlCommand {
    @Override
    int ask(ControlClient daemon) throws IOException {
        Map<String, Object> answer = daemon.ask("reload", json -> {}, ANSWER_WITHIN, line -> {});
        if (isJson()) {
            out().println(JsonLine.of(json -> json.members(answer)));
            return isOk(answer) ? Exit.OK : Exit.CONFIG;
        }
        if (!isOk(answer)) {
            return refused(answer, Exit.CONFIG);
        }
        List<String> changed = texts(answer, "changed");
        out().println(
                        "reloaded: "
                                + (changed.isEmpty()
                                        ? "nothing is different"
                                        : String.join(", ", changed)));
        List<String> waiting = texts(answer, "waiting");
        if (!waiting.isEmpty()) {
            out().println("waits for a restart: " + String.join(", ", waiting));
        }
        out().println("may relay to the outside: " + text(answer, "may_relay"));
        return Exit.OK;
    }
}
