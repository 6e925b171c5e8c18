package org.posthouse.spool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

class MemorySpoolTest extends OpenSpool {
    private final HandTime time = new HandTime();

    @Override
    Spool open() {
        return new MemorySpool(time);
    }

    @Test
    void refusesWhatDoesNotFit() throws InterruptedException {
        spool = new MemorySpool(time, 1000);
        accept("", Samples.octets(1, 900), "a@x.example");
        Acceptance more = Samples.acceptance(spool, "", Samples.octets(1, 100), "a@x.example");
        assertThat(spool.accept(more)).isEqualTo(new AcceptResult.NoSpace());
        Acceptance report = Samples.acceptance(spool, "", Samples.octets(1, 90), "a@x.example");
        QueuedDelivery taken = take().getFirst();
        assertThat(spool.settle(List.of(Samples.done(taken, report)))).isFalse();
        assertThat(spool.settle(List.of(Samples.done(taken)))).isTrue();
        accept("", Samples.octets(1, 900), "a@x.example");
    }

    @Test
    void idsRiseWhenTheClockGoesBack() {
        var before = accept("", Samples.octets(1, 9), "a@x.example");
        time.advance(Duration.ofDays(-1));
        assertThat(accept("", Samples.octets(1, 9), "a@x.example")).isGreaterThan(before);
    }
}
