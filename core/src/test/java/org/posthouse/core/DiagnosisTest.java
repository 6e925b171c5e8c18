package org.posthouse.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;

/** The corpus of real replies, and of our own words, with what they are taken for. */
class DiagnosisTest {
    private static final int CORPUS_MIN = 180;

    static List<String> corpus() throws IOException {
        try (InputStream in = DiagnosisTest.class.getResourceAsStream("/diagnoses.txt")) {
            String text =
                    new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().filter(l -> !l.isBlank() && !l.startsWith("#")).toList();
        }
    }

    /** As it came over the wire: the first line has the code, lines are separated by " / ". */
    private static Reply reply(String text) {
        String[] lines = text.split(" / ", -1);
        var parser = new ReplyParser();
        for (int i = 0; i < lines.length; i++) {
            String rest = i == 0 ? lines[0].substring(4) : lines[i];
            String line = text.substring(0, 3) + (i < lines.length - 1 ? "-" : " ") + rest;
            byte[] octets = line.getBytes(StandardCharsets.UTF_8);
            if (parser.line(octets, 0, octets.length) instanceof ReplyParser.Result.Complete it) {
                return it.reply();
            }
        }
        throw new AssertionError("not a reply: " + text);
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void everyReplyHasItsDiagnosis(String line) {
        String[] parts = line.split(" \\| ", 2);
        assertThat(Diagnosis.of(reply(parts[1])).code()).as(parts[1]).isEqualTo(parts[0]);
    }

    @Test
    void everyDiagnosisIsInTheCorpusAndHasItsWords() throws IOException {
        assertThat(corpus()).hasSizeGreaterThan(CORPUS_MIN);
        var said = new TreeSet<String>();
        corpus().forEach(line -> said.add(line.substring(0, line.indexOf(' '))));
        assertThat(Diagnosis.all()).extracting(Diagnosis::code).doesNotHaveDuplicates();
        assertThat(said)
                .containsExactlyInAnyOrderElementsOf(
                        Diagnosis.all().stream().map(Diagnosis::code).toList());
        assertThat(Diagnosis.all())
                .allSatisfy(
                        each -> {
                            assertThat(each.code()).matches("PH-D0[0-8][0-9]");
                            assertThat(each.cause()).matches("[^.]{10,75}");
                            assertThat(each.advice()).hasSizeBetween(40, 600).endsWith(".");
                        });
    }

    @Test
    void thereIsOneForEveryRefusalAndNoneForWhatWentWell() {
        var random = new Random(8);
        for (int i = 0; i < 5000; i++) {
            int code = 200 + random.nextInt(400);
            var text = new StringBuilder(random.nextBoolean() ? "given up; last: " : "");
            for (int length = random.nextInt(40); length > 0; length--) {
                text.append((char) (' ' + random.nextInt(95)));
            }
            Diagnosis diagnosis = Diagnosis.of(Reply.plain(code, text.toString()));
            assertThat(diagnosis.equals(Diagnosis.NONE)).isEqualTo(code < 400);
        }
    }
}
