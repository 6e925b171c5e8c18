package org.posthouse.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.posthouse.core.Outcome;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Records as they lie in commits, and as they did before they had all their fields. */
class RecordFormTest {
    private static final Instant FIRST = Instant.parse("2026-03-04T05:06:07.000000001Z");
    private static final Instant LAST = Instant.parse("2026-03-05T05:06:07.999999999Z");
    private static final int TRIED_OCTETS = 1 + 2 * (Long.BYTES + Integer.BYTES);

    private static SettleRecord settled(Optional<Tried> tried) {
        Progress progress =
                new Progress(3, LAST, Instant.MAX, false, true, "450 busy", "h:25", tried);
        return new SettleRecord(77, 2, 5, List.of(1, 4), progress);
    }

    private static byte[] written(SettleRecord record) {
        var writer = new OctetWriter(64);
        record.write(writer);
        return Arrays.copyOf(writer.octets(), writer.count());
    }

    private static SettleRecord read(byte[] octets) {
        var reader = new OctetReader(octets, 0, octets.length);
        assertThat(reader.octet()).isEqualTo(SettleRecord.KIND);
        SettleRecord record = SettleRecord.read(reader);
        assertThat(reader.isAtEnd()).isTrue();
        return record;
    }

    /** Its last octets left out, and its length put right. */
    private static byte[] without(byte[] octets, int count) {
        byte[] fewer = Arrays.copyOf(octets, octets.length - count);
        ByteBuffer.wrap(fewer).putInt(1, fewer.length - 1 - Integer.BYTES);
        return fewer;
    }

    @Test
    void everyCauseIsReadAsItWasWritten() {
        for (Outcome.Cause cause : Outcome.Cause.values()) {
            for (boolean duplicate : new boolean[] {false, true}) {
                var record = settled(Optional.of(new Tried(FIRST, LAST, cause, duplicate)));
                assertThat(read(written(record))).isEqualTo(record);
            }
        }
        assertThat(read(written(settled(Optional.empty())))).isEqualTo(settled(Optional.empty()));
    }

    @Test
    void aRecordOfBeforeHasNoAttemptsToTell() {
        byte[] octets = written(settled(Optional.empty()));
        assertThat(read(without(octets, 1))).isEqualTo(settled(Optional.empty()));
    }

    @Test
    void aCauseThatIsNotKnownIsDamage() {
        var record = settled(Optional.of(new Tried(FIRST, LAST, Outcome.Cause.NET, false)));
        byte[] octets = written(record);
        octets[octets.length - TRIED_OCTETS] = 99;
        assertThatThrownBy(() -> read(octets)).isInstanceOf(OctetReader.Malformed.class);
    }
}
