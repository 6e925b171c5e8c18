package org.posthouse.spool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthouse.sim.SimPlatform;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** What two header slots tell together. */
class HeaderSlotsTest {
    private static final Path FILE = Path.of("/segment");

    /** Slots: z zeros, bad, a number, or a number with a wrong bit (m). */
    @ParameterizedTest
    @CsvSource({
        "z, z, none",
        "z, 1, 1",
        "z, m1, 1",
        "2, 1, 2",
        "2, 3, 3",
        "m2, 1, 2",
        "2, m1, 2",
        "m2, m3, 3",
        "z, 3, lost",
        "2, z, lost",
        "0, z, lost",
        "4, 1, lost",
        "2, 5, lost",
        "bad, 1, lost",
        "bad, 3, lost",
        "2, bad, lost",
        "z, bad, lost",
        "bad, z, lost",
        "bad, bad, lost",
        "m2, bad, lost",
    })
    void verdict(String a, String b, String expected) throws Exception {
        HeaderSlots slots = read(a, b);
        String told =
                switch (slots.verdict()) {
                    case HeaderSlots.Verdict.None none -> "none";
                    case HeaderSlots.Verdict.Lost lost -> "lost";
                    case HeaderSlots.Verdict.Known known -> Long.toString(known.header().number());
                };
        assertThat(told).isEqualTo(expected);
        if (slots.verdict() instanceof HeaderSlots.Verdict.Known known) {
            String counted = (known.header().number() & 1) == 0 ? a : b;
            assertThat(known.mended()).isEqualTo(counted.startsWith("m"));
        }
    }

    private static HeaderSlots read(String a, String b) throws Exception {
        var sim = new SimPlatform(1);
        var slots = new HeaderSlots[1];
        sim.run(
                () -> {
                    try (var file = sim.disk().create(FILE)) {
                        file.write(ByteBuffer.wrap(octets(a, 0)), 0);
                        file.write(ByteBuffer.wrap(octets(b, 1)), SegmentHeader.SLOT_DISTANCE);
                        slots[0] = HeaderSlots.read(file, FILE);
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                });
        return slots[0];
    }

    private static byte[] octets(String word, int parity) {
        byte[] octets = new byte[SegmentHeader.OCTETS];
        if (word.equals("bad")) {
            octets[3] = 1;
            octets[9] = 2;
        } else if (!word.equals("z")) {
            boolean isMended = word.startsWith("m");
            long number = Long.parseLong(isMended ? word.substring(1) : word);
            assertThat(number & 1).isEqualTo(parity);
            octets = new SegmentHeader(true, number, 7, 1, 5, 9, 1 << 20, 3).encode().array();
            if (isMended) {
                octets[25] ^= 4;
            }
        }
        return octets;
    }
}
