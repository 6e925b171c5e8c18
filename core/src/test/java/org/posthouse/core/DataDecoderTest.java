package org.posthouse.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.util.Random;

class DataDecoderTest {
    private static final String END = "\r\n.\r\n";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Decodes in blocks that end at the given positions, and compares with the naive reading. */
    private void check(String wire, int... cuts) {
        var decoder = new DataDecoder();
        out.reset();
        byte[] octets = ShortStrings.octets(wire);
        int from = 0;
        int used = 0;
        for (int i = 0; i <= cuts.length; i++) {
            int to = i < cuts.length ? cuts[i] : octets.length;
            used += decoder.decode(octets, from, to, out::write);
            from = to;
        }
        String raw = ShortStrings.rawContent(wire);
        boolean same =
                decoder.ended()
                        && used == ShortStrings.endOf(wire)
                        && decoder.sawBareLineEnd() == ShortStrings.hasBareLineEnd(raw)
                        && ShortStrings.text(out)
                                .equals(ShortStrings.normalised(ShortStrings.unstuffed(raw)));
        if (!same) {
            assertThat(ShortStrings.text(out))
                    .as("%s used %d", show(wire), used)
                    .isEqualTo(ShortStrings.normalised(ShortStrings.unstuffed(raw)));
            assertThat(used).as(show(wire)).isEqualTo(ShortStrings.endOf(wire));
            assertThat(decoder.ended()).as(show(wire)).isTrue();
            assertThat(decoder.sawBareLineEnd())
                    .as(show(wire))
                    .isEqualTo(ShortStrings.hasBareLineEnd(raw));
        }
    }

    private static String show(String wire) {
        return wire.replace("\r", "<CR>").replace("\n", "<LF>");
    }

    @Test
    void readsAllShortStrings() {
        ShortStrings.upTo(8, text -> check(text + END));
    }

    @Test
    void readsShortStringsSplitAnywhere() {
        ShortStrings.upTo(
                5,
                text -> {
                    String wire = text + END;
                    for (int first = 0; first <= wire.length(); first++) {
                        for (int second = first; second <= wire.length(); second++) {
                            check(wire, first, second);
                        }
                    }
                });
    }

    @Test
    void readsShortStringsOctetByOctet() {
        ShortStrings.upTo(
                7,
                text -> {
                    String wire = text + END;
                    var cuts = new int[wire.length()];
                    for (int i = 0; i < cuts.length; i++) {
                        cuts[i] = i;
                    }
                    check(wire, cuts);
                });
    }

    @Test
    void readsLongLines() {
        var random = new Random(9);
        for (int round = 0; round < 3_000; round++) {
            var wire = new StringBuilder();
            for (int i = random.nextInt(300); i > 0; i--) {
                int kind = random.nextInt(40);
                wire.append(kind < 3 ? "\r\n.\t".charAt(kind) : (char) random.nextInt(256));
                wire.append(kind == 4 ? "\r\n" : "");
            }
            int cut = random.nextInt(wire.length() + 1);
            check(wire + END, cut);
        }
    }

    @Test
    void leavesWhatFollowsAlone() {
        byte[] octets = ShortStrings.octets("a\r\n.\r\nRSET\r\n");
        var decoder = new DataDecoder();
        assertThat(decoder.decode(octets, 0, octets.length, out::write)).isEqualTo(6);
        assertThat(decoder.decode(octets, 6, octets.length, out::write)).isZero();
        assertThat(ShortStrings.text(out)).isEqualTo("a\r\n");
    }

    @Test
    void doesNotEndAtWhatOnlyLooksLikeTheEnd() {
        for (String wire :
                new String[] {"\n.\n", "\n.\r\n", "\r.\r", "\r\n.\n", "\r\n.\r", "\r.\r\n"}) {
            var decoder = new DataDecoder();
            byte[] octets = ShortStrings.octets("a" + wire + "QUIT\r\n");
            assertThat(decoder.decode(octets, 0, octets.length, out::write))
                    .isEqualTo(octets.length);
            assertThat(decoder.ended()).as(show(wire)).isFalse();
            assertThat(decoder.sawBareLineEnd()).as(show(wire)).isTrue();
        }
    }

    @Test
    void writesCleanContentInOneRun() {
        var runs = new int[1];
        byte[] octets = ShortStrings.octets("Subject: x\r\n\r\nline\r\nline\r\n.\r\n");
        new DataDecoder().decode(octets, 0, octets.length, (o, offset, length) -> runs[0]++);
        assertThat(runs[0]).isEqualTo(1);
    }
}
