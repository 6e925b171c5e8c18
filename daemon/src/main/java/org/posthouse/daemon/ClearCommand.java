package org.posthouse.daemon;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code posthouse queue clear}. */
@Command(
        name = "clear",
        description = {
            "Take back what was learnt about a destination by itself: the rate that a host wanted"
                    + " (with it that of its provider), the number of connections that it takes,"
                    + " that it can't be reached, that a source has a bad name there. Mail goes"
                    + " there as to a new one, and what waits for it comes soon, slowly.",
            "Exit codes: 0 cleared, or there was nothing, 64 this makes no sense, 69 no daemon"
                    + " answers."
        },
        mixinStandardHelpOptions = true)
final class ClearCommand extends ControlCommand {
    @Parameters(
            arity = "1",
            paramLabel = "DESTINATION",
            description =
                    "A host, a domain or the name of a route; * stands for any characters of a"
                            + " host or route.")
    private String destination = "";

    @Option(names = "--dry-run", description = "Only count and show what was learnt.")
    private boolean isDry;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    ClearCommand() {}

    @Override
    int ask(ControlClient daemon) throws IOException {
        List<Map<String, Object>> lines = new ArrayList<>();
        Map<String, Object> last =
                daemon.ask(
                        isDry ? "learned" : "clear",
                        json -> json.text("destination", destination),
                        ANSWER_WITHIN,
                        lines::add);
        if (!isOk(last)) {
            return refused(last, Exit.USAGE);
        }
        Instant now = DeliveryLines.instant(last, "now");
        for (Map<String, Object> each : lines) {
            out().println(isJson() ? JsonLine.of(json -> json.members(each)) : line(each, now));
        }
        err().println(
                        Figures.count(number(last, "count"), "thing", "things")
                                + " learnt"
                                + (isDry ? "" : " and cleared"));
        return Exit.OK;
    }

    /** {@code rate mx default {mx.far.example} 12.0/minute for 9m}. */
    private static String line(Map<String, Object> learned, Instant now) {
        Instant until = DeliveryLines.instant(learned, "until");
        Duration left = until.isAfter(now) ? Duration.between(now, until) : Duration.ZERO;
        return String.format(
                "%-12s %s   %s   for %s",
                text(learned, "kind"),
                text(learned, "site"),
                text(learned, "what"),
                Figures.time(left));
    }
}
