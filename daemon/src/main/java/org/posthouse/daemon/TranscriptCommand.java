package org.posthouse.daemon;

import org.posthouse.RecordedTest;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.Dialogue;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code posthouse msg transcript}. */
@Command(
        name = "transcript",
        description = {
            "Show what was said in the attempts of a message: all of it where an attempt did not go"
                    + " well, without content and logins, and a line where it did.",
            "Exit codes: 0 shown, 64 this is no ID, 66 nothing is known of it, or of attempts that"
                    + " can be replayed, 69 no daemon answers."
        },
        mixinStandardHelpOptions = true)
final class TranscriptCommand extends ControlCommand {
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    @Parameters(
            index = "0",
            paramLabel = "ID",
            description = "A message, or one of its deliveries: ID/NUMBER.")
    private String id;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "ATTEMPT",
            description = "Only this attempt; by default all.",
            defaultValue = "-1")
    private long attempt = -1;

    @Option(
            names = "--as-junit",
            description =
                    "Write a JUnit test in Java instead, with posthouse-testkit, in which the next"
                            + " hops answer as they did in the attempts that failed.")
    private boolean asJUnit;

    @SuppressWarnings("NullAway.Init") // picocli sets the field
    TranscriptCommand() {}

    @Override
    int ask(ControlClient daemon) throws IOException {
        boolean isDelivery = id.indexOf('/') >= 0;
        DeliveryId delivery;
        try {
            delivery = isDelivery ? DeliveryIds.parse(id) : DeliveryIds.parse(id + "/0");
        } catch (IllegalArgumentException e) {
            return misuse(e.getMessage() + "");
        }
        List<Map<String, Object>> tries = new ArrayList<>();
        Map<String, Object> last =
                daemon.ask(
                        "dialogues",
                        to ->
                                to.text("id", delivery.message().toString())
                                        .number("delivery", isDelivery ? delivery.number() : -1)
                                        .number("attempt", attempt),
                        ANSWER_WITHIN,
                        tries::add);
        if (!isOk(last)) {
            boolean isGone = text(last, "code").equals(Control.NO_MESSAGE);
            return refused(last, isGone ? Exit.NO_INPUT : Exit.USAGE);
        }
        if (asJUnit) {
            return writeTest(tries);
        }
        if (isJson()) {
            tries.forEach(each -> out().println(JsonLine.of(to -> to.members(each))));
            return Exit.OK;
        }
        tries.forEach(each -> out().print(text(each)));
        err().println(Figures.count(tries.size(), "try", "tries"));
        return Exit.OK;
    }

    private int writeTest(List<Map<String, Object>> tries) {
        List<RecordedTest.Recorded> recorded =
                tries.stream()
                        .map(TranscriptCommand::recorded)
                        .filter(RecordedTest::canReplay)
                        .toList();
        if (recorded.isEmpty()) {
            err().println(
                            "posthouse: no attempt of it failed at a host, or it is too long to"
                                    + " replay");
            return Exit.NO_INPUT;
        }
        out().print(RecordedTest.of(recorded));
        int leftOut = Math.max(0, recorded.size() - RecordedTest.TRIES_MAX);
        if (leftOut > 0) {
            err().println(Figures.count(leftOut, "try", "tries") + " more; name an attempt");
        }
        return Exit.OK;
    }

    static RecordedTest.Recorded recorded(Map<String, Object> tried) {
        List<Dialogue.Line> lines = new ArrayList<>();
        for (Map<String, Object> line : lines(tried)) {
            Dialogue.Speaker speaker =
                    switch (text(line, "by")) {
                        case "client" -> Dialogue.Speaker.CLIENT;
                        case "server" -> Dialogue.Speaker.SERVER;
                        default -> Dialogue.Speaker.NOTE;
                    };
            Duration at = Duration.of(number(line, "after_us"), ChronoUnit.MICROS);
            lines.add(new Dialogue.Line(at, speaker, text(line, "text")));
        }
        return new RecordedTest.Recorded(
                DeliveryLines.instant(tried, "at"),
                text(tried, "nexthop"),
                new Dialogue(lines),
                text(tried, "reply"),
                List.of());
    }

    /** A try with what was said, and an empty line. */
    static String text(Map<String, Object> tried) {
        var text = new StringBuilder();
        Instant at = DeliveryLines.instant(tried, "at");
        String nexthop = text(tried, "nexthop");
        text.append(text(tried, "delivery")).append("   attempt ");
        text.append(number(tried, "attempt")).append(", ended ").append(CLOCK.format(at));
        text.append(nexthop.isEmpty() ? "" : "   " + nexthop).append('\n');
        List<Map<String, Object>> lines = lines(tried);
        for (Map<String, Object> line : lines) {
            text.append(line(line)).append('\n');
        }
        if (lines.isEmpty()) {
            text.append(seconds(number(tried, "took_ms") * 1000)).append("      ");
            text.append(text(tried, "reply")).append('\n');
        }
        String diagnosis = text(tried, "diagnosis");
        if (!diagnosis.isEmpty()) {
            text.append("            ").append(diagnosis).append("  ");
            text.append(text(tried, "probably")).append('\n');
        }
        return text.append('\n').toString();
    }

    private static List<Map<String, Object>> lines(Map<String, Object> tried) {
        List<Map<String, Object>> lines = new ArrayList<>();
        if (tried.get("dialogue") instanceof List<?> list) {
            for (Object each : list) {
                lines.add(members(each));
            }
        }
        return lines;
    }

    @SuppressWarnings("unchecked") // objects of JSON have names for keys
    private static Map<String, Object> members(Object object) {
        return object instanceof Map<?, ?> ? (Map<String, Object>) object : Map.of();
    }

    private static String line(Map<String, Object> line) {
        String sign =
                switch (text(line, "by")) {
                    case "client" -> "C: ";
                    case "server" -> "S: ";
                    default -> "   (";
                };
        String end = sign.endsWith("(") ? ")" : "";
        String said = text(line, "text");
        return seconds(number(line, "after_us")) + "   " + sign + said + end;
    }

    /** Seconds with three digits, right-aligned. */
    private static String seconds(long micros) {
        return String.format(Locale.ROOT, "%9.3f", micros / 1_000_000.0);
    }
}
