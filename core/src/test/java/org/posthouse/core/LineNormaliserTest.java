package org.posthouse.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;

class LineNormaliserTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private void check(String content, int... cuts) {
        out.reset();
        var normaliser = new LineNormaliser();
        byte[] octets = ShortStrings.octets(content);
        int from = 0;
        for (int to : cuts) {
            normaliser.normalise(octets, from, to, out::write);
            from = to;
        }
        normaliser.normalise(octets, from, octets.length, out::write);
        normaliser.end(out::write);
        if (!ShortStrings.text(out).equals(ShortStrings.normalised(content))
                || normaliser.sawBareLineEnd() != ShortStrings.hasBareLineEnd(content)) {
            assertThat(ShortStrings.text(out)).isEqualTo(ShortStrings.normalised(content));
            assertThat(normaliser.sawBareLineEnd())
                    .as(content.replace("\r", "<CR>").replace("\n", "<LF>"))
                    .isEqualTo(ShortStrings.hasBareLineEnd(content));
        }
    }

    @Test
    void normalisesAllShortStrings() {
        ShortStrings.upTo(8, this::check);
    }

    @Test
    void normalisesShortStringsSplitAnywhere() {
        ShortStrings.upTo(
                6,
                content -> {
                    for (int first = 0; first <= content.length(); first++) {
                        for (int second = first; second <= content.length(); second++) {
                            check(content, first, second);
                        }
                    }
                });
    }

    @Test
    void passesCleanContentInOneRun() {
        var runs = new int[1];
        byte[] octets = ShortStrings.octets("a\r\n.\r\nb\r\n");
        new LineNormaliser().normalise(octets, 0, octets.length, (o, from, length) -> runs[0]++);
        assertThat(runs[0]).isEqualTo(1);
    }
}
