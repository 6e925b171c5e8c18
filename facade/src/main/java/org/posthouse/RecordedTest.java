package org.posthouse;

import org.posthouse.core.Dialogue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Writes a JUnit test, in Java, in which next hops answer as they did in recorded tries: for the
 * make-believe internet of {@code posthouse-testkit}.
 *
 * @since 0.1
 */
public final class RecordedTest {
    /** Methods of a test: of more tries, the first ones. */
    public static final int TRIES_MAX = 20;

    private static final String HEAD =
            """
            import static org.assertj.core.api.Assertions.assertThat;

            import org.junit.jupiter.api.Test;
            import org.posthouse.Message;
            import org.posthouse.Posthouse;
            import org.posthouse.core.SpoolId;
            import org.posthouse.testkit.FakeInternet;
            import org.posthouse.testkit.PosthouseTest;

            import java.time.Duration;

            /** Next hops answer as they did when this was recorded. */
            @PosthouseTest
            class RecordedTest {
                private static final Duration LONGER_THAN_ANY_TIMEOUT = Duration.ofMinutes(11);
            """;

    private RecordedTest() {}

    /**
     * A recorded try.
     *
     * @param at when it ended
     * @param nexthop such as {@code mx.example.net[192.0.2.1]:25}
     * @param reply the reply that decided, with its code
     * @param recipients for whom it was; those of the dialogue where it tells them
     */
    public record Recorded(
            Instant at, String nexthop, Dialogue dialogue, String reply, List<String> recipients) {
        /** Copies the list. */
        public Recorded {
            Objects.requireNonNull(at);
            Objects.requireNonNull(nexthop);
            Objects.requireNonNull(dialogue);
            Objects.requireNonNull(reply);
            recipients = List.copyOf(recipients);
        }
    }

    /**
     * True when there is something to replay: a host, and what it said, or that it said nothing.
     */
    public static boolean canReplay(Recorded recorded) {
        boolean isWhole =
                recorded.dialogue().lines().stream()
                        .noneMatch(line -> line.text().endsWith("lines are left out"));
        boolean isFailure = recorded.reply().startsWith("4") || recorded.reply().startsWith("5");
        return !host(recorded).isEmpty() && isWhole && isFailure;
    }

    /** The test, of those tries that can be replayed. */
    public static String of(List<Recorded> tries) {
        var text = new StringBuilder(HEAD);
        int number = 0;
        for (Recorded each : tries.stream().filter(RecordedTest::canReplay).toList()) {
            if (number < TRIES_MAX) {
                text.append(method(each, ++number));
            }
        }
        return text.append("}\n").toString();
    }

    private static String method(Recorded recorded, int number) {
        List<String> recipients = recipients(recorded);
        return String.format(
                Locale.ROOT,
                """

                    /** %s, %s: %s. */
                    @Test
                    void try%d(FakeInternet net) {
                %s        Posthouse posthouse = net.start(net.builder().hostname(%s));

                        Message message =
                                Message.builder()
                                        .from(%s)
                                        .to(%s)
                                        .subject("Recorded")
                                        .text("Recorded")
                                        .build();
                        SpoolId id = posthouse.submit(message).id();
                        net.advance(LONGER_THAN_ANY_TIMEOUT);

                        assertThat(posthouse.tries(id).getFirst().reply().toString())
                                .startsWith(%s);
                    }
                """,
                comment(recorded.nexthop()),
                recorded.at(),
                comment(recorded.reply()),
                number,
                internet(recorded, recipients),
                literal(argument(recorded, "EHLO ", "mail.example")),
                literal(reversePath(recorded)),
                recipients.stream().map(RecordedTest::literal).collect(Collectors.joining(", ")),
                literal(codes(recorded)));
    }

    private static String internet(Recorded recorded, List<String> recipients) {
        String host = literal(host(recorded));
        var text = new StringBuilder();
        String domain = literal(domain(recipients.getFirst()));
        text.append("        net.domain(").append(domain).append(").mx(");
        text.append(host).append(");\n");
        text.append("        net.host(").append(host).append(')');
        if (recorded.dialogue().isEmpty()) {
            boolean isSilent = recorded.reply().contains("timed out");
            return text.append(isSilent ? ".silent();\n" : ".down();\n").toString();
        }
        text.append("\n                .replays(\n                        \"\"\"\n");
        for (Dialogue.Line line : recorded.dialogue().lines()) {
            text.append("                        ").append(inBlock(line)).append('\n');
        }
        return text.append("                        \"\"\");\n").toString();
    }

    private static String inBlock(Dialogue.Line line) {
        String said =
                switch (line.speaker()) {
                    case CLIENT -> "C: " + line.text();
                    case SERVER -> "S: " + line.text();
                    case NOTE -> "(" + line.text() + ")";
                };
        String escaped = said.replace("\\", "\\\\").replace("\"\"\"", "\\\"\"\"");
        return escaped.endsWith(" ") ? escaped.substring(0, escaped.length() - 1) + "\\s" : escaped;
    }

    private static String domain(String address) {
        return address.substring(address.lastIndexOf('@') + 1);
    }

    /** Those of one domain: which delivery of several comes first, nobody says. */
    private static List<String> recipients(Recorded recorded) {
        var said = new ArrayList<String>();
        for (Dialogue.Line line : recorded.dialogue().lines()) {
            if (isCommand(line, "RCPT TO:<")) {
                said.add(path(line.text()));
            }
        }
        List<String> known = said.isEmpty() ? recorded.recipients() : said;
        if (known.isEmpty()) {
            return List.of("somebody@" + host(recorded));
        }
        String first = domain(known.getFirst());
        return known.stream().filter(each -> domain(each).equals(first)).toList();
    }

    /** Programs submit nothing with the null reverse-path. */
    private static String reversePath(Recorded recorded) {
        return recorded.dialogue().lines().stream()
                .filter(line -> isCommand(line, "MAIL FROM:<"))
                .map(line -> path(line.text()))
                .filter(path -> !path.isEmpty())
                .findFirst()
                .orElse("postmaster@mail.example");
    }

    private static String argument(Recorded recorded, String command, String otherwise) {
        return recorded.dialogue().lines().stream()
                .filter(line -> isCommand(line, command))
                .map(line -> line.text().substring(command.length()))
                .findFirst()
                .orElse(otherwise);
    }

    private static boolean isCommand(Dialogue.Line line, String start) {
        return line.speaker() == Dialogue.Speaker.CLIENT && line.text().startsWith(start);
    }

    private static String path(String command) {
        int end = command.indexOf('>');
        return command.substring(command.indexOf('<') + 1, end < 0 ? command.length() : end);
    }

    private static String host(Recorded recorded) {
        String nexthop = recorded.nexthop();
        int end = nexthop.indexOf('[');
        String host = nexthop.substring(0, Math.max(0, end <= 0 ? nexthop.lastIndexOf(':') : end));
        boolean isName = host.chars().anyMatch(c -> c >= 'a' && c <= 'z') && !host.contains(":");
        return host.isEmpty() || isName ? host : "next-hop.example";
    }

    /** Only code and enhanced status of what we say ourselves: it may name addresses. */
    private static String codes(Recorded recorded) {
        boolean isTheirs =
                recorded.dialogue().lines().stream()
                        .filter(line -> line.speaker() == Dialogue.Speaker.SERVER)
                        .anyMatch(line -> line.text().equals(recorded.reply()));
        if (isTheirs) {
            return recorded.reply();
        }
        String[] words = recorded.reply().split(" ", 3);
        return words.length > 1 ? words[0] + " " + words[1] : words[0];
    }

    private static String comment(String text) {
        return text.replace("*/", "* /").replace("\\", "/");
    }

    private static String literal(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
