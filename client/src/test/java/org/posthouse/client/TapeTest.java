package org.posthouse.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthouse.core.Dialogue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;

class TapeTest {
    private static final long MILLI = 1_000_000;

    private final Tape tape = new Tape().begin(5 * MILLI);

    private void said(String line, long atMillis) {
        byte[] octets = ("xx" + line + "yy").getBytes(StandardCharsets.UTF_8);
        tape.replied(octets, 2, octets.length - 2, atMillis * MILLI);
    }

    private void say(String text, long atMillis) {
        tape.sent(text);
        tape.flushed(atMillis * MILLI);
    }

    private static List<String> texts(Dialogue dialogue) {
        return dialogue.lines().stream()
                .map(l -> l.at().toMillis() + " " + l.speaker().name().charAt(0) + " " + l.text())
                .toList();
    }

    @Test
    void linesComeInOrderWithTheirTimesAndContentIsCounted() {
        said("220 mx", 6);
        tape.sent("MAIL FROM:<");
        tape.sent("jörg@x.example");
        tape.sent(">\r\nDATA\r\n");
        tape.flushed(8 * MILLI);
        said("250 ok", 9);
        said("354 go", 10);
        tape.content(30_000);
        tape.content(12);
        tape.flushed(11 * MILLI);
        said("550 5.7.1 no\u0007", 15);
        tape.note("timed out", 16 * MILLI);
        assertThat(texts(tape.dialogue()))
                .containsExactly(
                        "1 S 220 mx",
                        "3 C MAIL FROM:<jörg@x.example>",
                        "3 C DATA",
                        "4 S 250 ok",
                        "5 S 354 go",
                        "6 N 30012 octets of content",
                        "10 S 550 5.7.1 no?",
                        "11 N timed out");
        assertThat(texts(new Tape().begin(20 * MILLI).behind(tape))).hasSize(8);
        assertThat(tape.begin(9 * MILLI).dialogue().isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "AUTH PLAIN c2VjcmV0, AUTH PLAIN ***",
        "auth xoauth2 c2VjcmV0, auth xoauth2 ***",
        "AUTH LOGIN, AUTH LOGIN",
        "AUTH SCRAM-SHA-256 c2VjcmV0=, AUTH SCRAM-SHA-256 ***"
    })
    void nothingThatALoginConsistsOfIsKept(String line, String kept) {
        say("EHLO us.example\r\n", 6);
        said("250 AUTH PLAIN LOGIN", 7);
        say(line + "\r\n", 8);
        said("334 c2VjcmV0", 9);
        say("c2VjcmV0\r\n", 10);
        said("334 c2VjcmV0Cg==", 11);
        say("c2VjcmV0bW9yZQ==\r\n", 12);
        said("535 5.7.8 who are you?", 13);
        say("MAIL FROM:<a@x.example>\r\n", 14);
        List<String> texts = texts(tape.dialogue());
        assertThat(String.join("\n", texts)).doesNotContain("c2VjcmV0");
        assertThat(texts)
                .containsExactly(
                        "1 C EHLO us.example",
                        "2 S 250 AUTH PLAIN LOGIN",
                        "3 C " + kept,
                        "4 S 334 ***",
                        "5 C ***",
                        "6 S 334 ***",
                        "7 C ***",
                        "8 S 535 5.7.8 who are you?",
                        "9 C MAIL FROM:<a@x.example>");
    }

    @Test
    void aSecretInPiecesIsOneAllTheSame() {
        tape.sent("AU");
        tape.sent("TH PLAIN c2V");
        tape.sent("jcmV0\r");
        tape.sent("\n");
        assertThat(texts(tape.dialogue())).containsExactly("0 C AUTH PLAIN ***");
    }

    @Test
    void whatIsTooLongLosesItsMiddle() {
        for (int i = 0; i < 10_000; i++) {
            say("RCPT TO:<r" + i + "@x.example>\r\n", 6 + i);
            said("250 2.1.5 ok " + i, 6 + i);
        }
        List<String> texts = texts(tape.dialogue());
        assertThat(texts).hasSizeLessThan(Tape.LINES_MAX + 1);
        assertThat(String.join("", texts)).hasSizeLessThan(2 * Tape.OCTETS_MAX);
        assertThat(texts.getFirst()).isEqualTo("1 C RCPT TO:<r0@x.example>");
        assertThat(texts.getLast()).isEqualTo("10000 S 250 2.1.5 ok 9999");
        String note =
                texts.stream().filter(each -> each.contains("left out")).findFirst().orElse("");
        int leftOut = Integer.parseInt(note.split(" ")[2]);
        assertThat(leftOut + texts.size() - 1).isEqualTo(20_000);
    }

    /** The lines that are kept are whole, and in order, whatever their lengths. */
    @Test
    void noLineIsTornWhateverTheirLengths() {
        var random = new Random(3);
        for (int round = 0; round < 200; round++) {
            tape.begin(0);
            int lines = random.nextInt(1200);
            for (int i = 0; i < lines; i++) {
                say("<" + i + "x".repeat(random.nextInt(2000)) + ">\r\n", 1 + i);
            }
            int before = -1;
            for (Dialogue.Line line : tape.dialogue().lines()) {
                if (line.speaker() == Dialogue.Speaker.CLIENT) {
                    assertThat(line.text()).matches("<[0-9]+x*>");
                    int number = Integer.parseInt(line.text().replaceAll("[^0-9]", ""));
                    assertThat(number).isGreaterThan(before);
                    assertThat(line.at()).isEqualTo(Duration.ofMillis(1 + number));
                    before = number;
                }
            }
            assertThat(before).isEqualTo(lines - 1);
        }
    }
}
