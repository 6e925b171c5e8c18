package org.posthouse.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.posthouse.sim.Mutations;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The fuzz target with records as they are written, and some mutations. */
class FuzzTest extends InspectedSpool {
    @Test
    void records() throws Exception {
        accept(Samples.octets(1, 100), "a@x.example");
        accept(Samples.octets(2, 70_000), "a@x.example");
        for (QueuedDelivery delivery : take()) {
            assertThatSettled(delivery);
        }
        spool.close();
        List<String> seeds = new ArrayList<>();
        for (LogEntry.Frame frame : frames()) {
            if (frame.type() == LogEntry.COMMIT) {
                byte[] file = platform.disk().contents(DIRECTORY.resolve(frame.file()));
                int at = (int) frame.position() + Frame.HEADER_OCTETS;
                seeds.add(new String(file, at, frame.octets(), StandardCharsets.ISO_8859_1));
            }
        }
        Mutations.run(RecordFuzz.Records::fuzzerTestOneInput, seeds, 5000);
    }

    private void assertThatSettled(QueuedDelivery delivery) {
        boolean isStored = spool.settle(List.of(Samples.deferred(delivery, List.of(0), LATER)));
        assertThat(isStored).isTrue();
    }

    @Test
    void instantBeyondAllTimesIsDamage() {
        var to = new OctetWriter(32);
        to.number(Long.MAX_VALUE);
        to.number(Integer.MAX_VALUE);
        byte[] octets = to.octets();
        assertThatThrownBy(() -> AcceptRecord.instant(new OctetReader(octets, 0, octets.length)))
                .isInstanceOf(OctetReader.Malformed.class);
    }
}
