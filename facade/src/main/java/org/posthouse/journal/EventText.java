package org.posthouse.journal;

import org.posthouse.core.DeliveryId;
import org.posthouse.core.Dialogue;
import org.posthouse.core.MailEvent;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Outcome;
import org.posthouse.core.Reply;
import org.posthouse.core.ReplyParser;
import org.posthouse.core.SpoolId;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Events of deliveries as text: a line of fields between tabs, then a line for each recipient, or
 * for each line of a dialogue. Outcomes that differ by their recipient only are one text.
 */
final class EventText {
    /** Recipients that are kept by name. */
    static final int RECIPIENTS_MAX = 100;

    private static final String TAB = "\t";
    private static final int COMMON = 5;

    private EventText() {}

    /** The text of events that {@link #isAlike}. */
    static String write(List<MailEvent> alike) {
        var text = new StringBuilder(200);
        MailEvent first = alike.getFirst();
        switch (first) {
            case MailEvent.Routed e -> {
                head(text, "R", e.at(), e.delivery(), e.attempt(), e.route());
                e.hosts().forEach(host -> field(text, host));
            }
            case MailEvent.Tried e -> tried(text, e);
            case MailEvent.Delivered e -> {
                head(text, "D", e.at(), e.delivery(), e.attempt(), e.nexthop());
                field(text, e.elapsed().toMillis());
                field(text, e.possibleDuplicate());
                field(text, e.reply());
            }
            case MailEvent.Deferred e -> {
                head(text, "W", e.at(), e.delivery(), e.attempt(), e.nexthop());
                field(text, e.nextDueAt().toEpochMilli());
                field(text, e.possibleDuplicate());
                field(text, e.reply());
                field(text, e.cause());
            }
            case MailEvent.Failed e -> {
                head(text, "F", e.at(), e.delivery(), e.attempt(), e.nexthop());
                field(text, e.report());
                field(text, e.possibleDuplicate());
                field(text, e.reply());
            }
            case MailEvent.DeliveryChanged e -> {
                head(text, "C", e.at(), e.delivery(), 0, e.change().name());
                field(text, e.detail());
                e.recipients().stream()
                        .limit(RECIPIENTS_MAX)
                        .forEach(each -> recipient(text, each));
            }
            default -> throw new IllegalArgumentException("not kept: " + first);
        }
        alike.forEach(each -> recipient(text, each));
        return text.toString();
    }

    private static void tried(StringBuilder text, MailEvent.Tried e) {
        head(text, "T", e.at(), e.delivery(), e.attempt(), e.nexthop());
        field(text, e.protection().tls());
        field(text, e.protection().proof());
        field(text, e.reply());
        field(text, e.reached());
        field(text, e.elapsed().toNanos() / 1000);
        field(text, e.reused());
        for (Dialogue.Line line : e.dialogue().lines()) {
            text.append('\n').append(line.at().toNanos() / 1000);
            field(text, line.speaker());
            field(text, line.text());
        }
    }

    private static void head(
            StringBuilder text,
            String kind,
            Instant at,
            DeliveryId delivery,
            int attempt,
            String by) {
        text.append(kind);
        field(text, at.toEpochMilli());
        field(text, delivery.number());
        field(text, attempt);
        field(text, by);
    }

    private static void field(StringBuilder text, Object value) {
        text.append(TAB);
        String plain = value.toString();
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            text.append(c == '\t' || c == '\n' ? ' ' : c);
        }
    }

    private static void recipient(StringBuilder text, MailEvent event) {
        switch (event) {
            case MailEvent.Delivered e -> recipient(text, e.recipient());
            case MailEvent.Deferred e -> recipient(text, e.recipient());
            case MailEvent.Failed e -> recipient(text, e.recipient());
            default -> {}
        }
    }

    private static void recipient(StringBuilder text, Mailbox mailbox) {
        text.append('\n').append(mailbox.localPart().replace('\t', ' ').replace('\n', ' '));
        field(text, mailbox.domain());
    }

    /** Two events that differ by their recipient only. */
    static boolean isAlike(MailEvent one, MailEvent other) {
        return switch (one) {
            case MailEvent.Delivered a ->
                    other instanceof MailEvent.Delivered b
                            && a.delivery().equals(b.delivery())
                            && a.attempt() == b.attempt()
                            && a.nexthop().equals(b.nexthop())
                            && a.reply().equals(b.reply());
            case MailEvent.Deferred a ->
                    other instanceof MailEvent.Deferred b
                            && a.delivery().equals(b.delivery())
                            && a.attempt() == b.attempt()
                            && a.cause() == b.cause()
                            && a.reply().equals(b.reply());
            case MailEvent.Failed a ->
                    other instanceof MailEvent.Failed b
                            && a.delivery().equals(b.delivery())
                            && a.attempt() == b.attempt()
                            && a.report() == b.report()
                            && a.reply().equals(b.reply());
            default -> false;
        };
    }

    /**
     * Reads a text again: events with one recipient each.
     *
     * @throws IllegalArgumentException when it is none
     */
    static List<MailEvent> read(SpoolId message, String text) {
        try {
            List<String> lines = List.of(text.split("\n", -1));
            return new Fields(message, lines.getFirst().split(TAB, -1)).read(lines);
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("not an event of the journal", e);
        }
    }

    /** The fields of the first line. */
    private record Fields(SpoolId message, String[] of) {
        List<MailEvent> read(List<String> lines) {
            List<String> more = lines.subList(1, lines.size());
            return switch (of[0]) {
                case "R" -> List.of(routed());
                case "T" -> List.of(tried(more));
                case "C" -> List.of(changed(more));
                case "D", "W", "F" -> more.stream().map(line -> outcome(mailbox(line))).toList();
                default -> throw new IllegalArgumentException("not an event: " + of[0]);
            };
        }

        private static Mailbox mailbox(String line) {
            String[] parts = line.split(TAB, -1);
            return new Mailbox(parts[0], parts[1]);
        }

        private MailEvent routed() {
            List<String> hosts = List.of(of).subList(COMMON, of.length);
            return new MailEvent.Routed(at(), delivery(), attempt(), of[4], hosts);
        }

        private MailEvent tried(List<String> lines) {
            var said = new ArrayList<Dialogue.Line>();
            for (String line : lines) {
                String[] parts = line.split(TAB, -1);
                said.add(
                        new Dialogue.Line(
                                micros(parts[0]), Dialogue.Speaker.valueOf(parts[1]), parts[2]));
            }
            return new MailEvent.Tried(
                    at(),
                    delivery(),
                    attempt(),
                    of[4],
                    new MailEvent.Protection(of[COMMON], of[6]),
                    reply(),
                    MailEvent.Step.valueOf(of[8]),
                    micros(of[9]),
                    of.length > 10 && Boolean.parseBoolean(of[10]),
                    new Dialogue(said));
        }

        private MailEvent changed(List<String> lines) {
            return new MailEvent.DeliveryChanged(
                    at(),
                    delivery(),
                    MailEvent.Change.valueOf(of[4]),
                    lines.stream().map(Fields::mailbox).toList(),
                    of[COMMON]);
        }

        private MailEvent outcome(Mailbox recipient) {
            boolean duplicate = Boolean.parseBoolean(of[6]);
            return switch (of[0]) {
                case "D" ->
                        new MailEvent.Delivered(
                                at(),
                                delivery(),
                                recipient,
                                of[4],
                                reply(),
                                attempt(),
                                Duration.ofMillis(Long.parseLong(of[COMMON])),
                                duplicate);
                case "W" ->
                        new MailEvent.Deferred(
                                at(),
                                delivery(),
                                recipient,
                                of[4],
                                reply(),
                                attempt(),
                                Instant.ofEpochMilli(Long.parseLong(of[COMMON])),
                                Outcome.Cause.valueOf(of[8]),
                                duplicate);
                default ->
                        new MailEvent.Failed(
                                at(),
                                delivery(),
                                recipient,
                                of[4],
                                reply(),
                                attempt(),
                                Boolean.parseBoolean(of[COMMON]),
                                duplicate);
            };
        }

        private Instant at() {
            return Instant.ofEpochMilli(Long.parseLong(of[1]));
        }

        private DeliveryId delivery() {
            return new DeliveryId(message, Integer.parseInt(of[2]));
        }

        private int attempt() {
            return Integer.parseInt(of[3]);
        }

        private static Duration micros(String text) {
            return Duration.ofNanos(Long.parseLong(text) * 1000);
        }

        private Reply reply() {
            byte[] line = of[7].getBytes(StandardCharsets.UTF_8);
            if (new ReplyParser().line(line, 0, line.length)
                    instanceof ReplyParser.Result.Complete complete) {
                return complete.reply();
            }
            throw new IllegalArgumentException("not a reply: " + of[7]);
        }
    }
}
