package org.posthouse.daemon;

import picocli.CommandLine.Command;

import java.io.IOException;
import java.util.Map;

/** {@code posthouse status}. */
@Command(
        name = "status",
        description = {
            "Say how a running daemon is.",
            "Exit codes: 0 it runs, 69 no daemon answers."
        },
        mixinStandardHelpOptions = true)
final class StatusCommand extends ControlCommand {
    @Override
    int ask(ControlClient daemon) throws IOException {
        Map<String, Object> answer = daemon.ask("status", json -> {}, ANSWER_WITHIN, line -> {});
        if (isJson()) {
            out().println(JsonLine.of(json -> json.members(answer)));
            return isOk(answer) ? Exit.OK : Exit.UNAVAILABLE;
        }
        if (!isOk(answer)) {
            return refused(answer, Exit.UNAVAILABLE);
        }
        out().println(
                        "posthouse "
                                + text(answer, "version")
                                + ", process "
                                + number(answer, "pid"));
        for (String listener : texts(answer, "listeners")) {
            line("listener", listener);
        }
        line("sessions", Figures.count(number(answer, "sessions")));
        line(
                "queue",
                Figures.count(number(answer, "messages"), "message", "messages")
                        + ", "
                        + Figures.count(number(answer, "deliveries"), "delivery", "deliveries"));
        for (Map<String, Object> each : objects(answer, "suspensions")) {
            line("suspended", SuspensionText.line(each, DeliveryLines.instant(answer, "now")));
        }
        line("may relay", text(answer, "may_relay"));
        line("last reload", text(answer, "last_reload"));
        return Exit.OK;
    }

    private void line(String label, String said) {
        out().println("  " + label + " ".repeat(Math.max(1, 13 - label.length())) + said);
    }
}
