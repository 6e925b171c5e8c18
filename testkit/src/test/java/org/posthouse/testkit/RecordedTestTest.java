package org.posthouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.RecordedTest.Recorded;
import org.posthouse.core.Dialogue;
import org.posthouse.core.Dialogue.Line;
import org.posthouse.core.Dialogue.Speaker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** Tests that are made of what was recorded. That of {@link #RECORDED} stands beside this one. */
final class RecordedTestTest {
    private static final String NEXTHOP = "mx1.example.net[192.0.2.1]:25";
    private static final Instant AT = Instant.parse("2026-03-02T09:00:00Z");

    private static final List<Recorded> RECORDED =
            List.of(
                    recorded(
                            "452 4.2.2 \"ada\" is full\\over",
                            "S: 220 mx1.example.net ESMTP",
                            "C: EHLO mail.shop.example",
                            "S: 250-mx1.example.net",
                            "S: 250 PIPELINING",
                            "C: MAIL FROM:<app@shop.example>",
                            "C: RCPT TO:<ada@example.net>",
                            "C: RCPT TO:<bob@example.net>",
                            "C: RCPT TO:<eve@example.org>",
                            "C: DATA",
                            "S: 250 2.1.0 ok",
                            "S: 452 4.2.2 \"ada\" is full\\over",
                            "S: 452 4.2.2 \"\"\"bob\"\"\" too ",
                            "S: 550 5.1.1 who",
                            "S: 554 5.5.1 no recipients"),
                    recorded(
                            "421 4.4.2 timed out waiting for the reply to EHLO",
                            "S: 220 mx1.example.net ESMTP",
                            "C: EHLO mail.shop.example",
                            "(timed out waiting for the reply to EHLO)"),
                    recorded("421 4.4.1 connect to " + NEXTHOP + ": Connection refused"),
                    recorded("421 4.4.1 connect to " + NEXTHOP + ": timed out"));

    private static Recorded recorded(String reply, String... lines) {
        var dialogue = new Dialogue(List.of(lines).stream().map(RecordedTestTest::line).toList());
        return new Recorded(AT, NEXTHOP, dialogue, reply, List.of());
    }

    private static Line line(String text) {
        Duration at = Duration.ZERO;
        return switch (text.charAt(0)) {
            case 'S' -> new Line(at, Speaker.SERVER, text.substring(3));
            case 'C' -> new Line(at, Speaker.CLIENT, text.substring(3));
            default -> new Line(at, Speaker.NOTE, text.substring(1, text.length() - 1));
        };
    }

    /** It is compiled and run with the others. */
    @Test
    void theTestBesideThisOneIsWhatIsWritten() throws IOException {
        Path file =
                Path.of(System.getProperty("posthouse.root"))
                        .resolve("testkit/src/test/java/org/posthouse/testkit/RecordedTest.java");
        String made =
                "package org.posthouse.testkit;\n\n" + org.posthouse.RecordedTest.of(RECORDED);
        if (System.getProperty("posthouse.golden", "").equals("write")) {
            Files.writeString(file, made);
        }
        assertThat(words(made)).isEqualTo(words(Files.readString(file)));
    }

    /** Without what the formatter changes in a file of this package. */
    private static String words(String source) {
        return source.replaceAll("import org\\.posthouse\\.testkit\\..*\n", "")
                .replaceAll("/?\\*+/?|\\s+", " ")
                .replaceAll(" +", " ")
                .replace(" .startsWith", ".startsWith");
    }

    @Test
    void whatCanNotBeReplayedIsLeftOut() {
        Recorded taken = recorded("250 2.0.0 ok");
        Recorded noHost = new Recorded(AT, "", Dialogue.NONE, "451 4.4.3 no DNS", List.of());
        Recorded cut = recorded("451 4.3.0 later", "S: 220 x", "(7 lines are left out)");

        assertThat(List.of(taken, noHost, cut)).noneMatch(org.posthouse.RecordedTest::canReplay);
        assertThat(org.posthouse.RecordedTest.of(List.of(taken, noHost, cut)))
                .doesNotContain("void try");
    }

    @Test
    void aTestHasTwentyMethodsAtMost() {
        List<Recorded> many =
                java.util.stream.IntStream.range(0, 30)
                        .mapToObj(i -> recorded("421 4.4.1 connection refused"))
                        .collect(Collectors.toList());

        assertThat(org.posthouse.RecordedTest.of(many)).contains("try20(").doesNotContain("try21(");
    }
}
