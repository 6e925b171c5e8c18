package org.posthouse.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.util.Random;

class DataEncoderTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private String encode(String content, int... cuts) {
        out.reset();
        var encoder = new DataEncoder();
        byte[] octets = ShortStrings.octets(content);
        int from = 0;
        for (int to : cuts) {
            encoder.encode(octets, from, to, out::write);
            from = to;
        }
        encoder.encode(octets, from, octets.length, out::write);
        encoder.end(out::write);
        return ShortStrings.text(out);
    }

    private static String naive(String content) {
        return ShortStrings.stuffed(ShortStrings.normalised(content));
    }

    private static void same(String actual, String expected) {
        if (!actual.equals(expected)) {
            assertThat(actual).isEqualTo(expected);
        }
    }

    @Test
    void encodesAllShortStrings() {
        ShortStrings.upTo(8, content -> same(encode(content), naive(content)));
    }

    @Test
    void encodesShortStringsSplitAnywhere() {
        ShortStrings.upTo(
                6,
                content -> {
                    for (int first = 0; first <= content.length(); first++) {
                        for (int second = first; second <= content.length(); second++) {
                            same(encode(content, first, second), naive(content));
                        }
                    }
                });
    }

    @Test
    void whatItEncodesIsReadBack() {
        var random = new Random(10);
        for (int round = 0; round < 3_000; round++) {
            var content = new StringBuilder();
            for (int i = random.nextInt(200); i > 0; i--) {
                int kind = random.nextInt(12);
                content.append(kind < 4 ? "\r\n" : kind < 7 ? "." : (char) random.nextInt(256));
            }
            String text = ShortStrings.normalised(content.toString());
            String wire = encode(text, random.nextInt(content.length() + 1) / 2);
            out.reset();
            var decoder = new DataDecoder();
            byte[] octets = ShortStrings.octets(wire);
            assertThat(decoder.decode(octets, 0, octets.length, out::write))
                    .isEqualTo(octets.length);
            assertThat(decoder.ended()).isTrue();
            assertThat(decoder.sawBareLineEnd()).isFalse();
            boolean whole = text.isEmpty() || text.endsWith("\r\n");
            assertThat(ShortStrings.text(out)).isEqualTo(whole ? text : text + "\r\n");
        }
    }

    @Test
    void writesLinesWithoutDotsInOneRun() {
        var runs = new int[1];
        byte[] octets = ShortStrings.octets("Subject: x\r\n\r\nline\r\n.dot\r\nline\r\n");
        new DataEncoder().encode(octets, 0, octets.length, (o, offset, length) -> runs[0]++);
        assertThat(runs[0]).isEqualTo(3);
    }
}
