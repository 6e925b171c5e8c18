package org.posthouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.posthouse.sim.SimDiskFailure;
import org.posthouse.sim.SimDiskOperation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class HealthTest {
    private final World world = new World();

    private static Message message() {
        return Message.builder()
                .from("app@shop.example")
                .to("ada@shop.example")
                .subject("x")
                .text("x")
                .build();
    }

    @Test
    void itIsReadyUntilItStops() {
        var kept = new ArrayList<Posthouse>();
        world.with(
                world.builder(),
                mail -> {
                    kept.add(mail);
                    assertThat(mail.health()).isEqualTo(new Health(true, List.of()));
                    assertThat(mail.health().ready()).isTrue();
                    SendReceipt unused = mail.submit(message());
                    world.sim.advance(Duration.ofSeconds(5));
                    EngineCounts counts = mail.counts();
                    assertThat(counts.commits()).isEqualTo(1);
                    assertThat(counts.messages()).isZero();
                    assertThat(counts.sessions()).isZero();
                    assertThat(counts.freeOctets()).isPositive();
                    assertThat(counts.eventsDropped()).isZero();
                });
        Health after = kept.getFirst().health();
        assertThat(after.live()).isFalse();
        assertThat(after.ready()).isFalse();
        assertThat(after.hindrances()).containsExactly("it stops");
    }

    /** Who can't store within a minute gets no mail; then it may try again. */
    @Test
    void aQueueThatCantStoreIsNotReady() {
        world.with(
                world.builder(),
                mail -> {
                    world.sim
                            .disk()
                            .failAll(SimDiskOperation.FORCE, SimDiskFailure.INPUT_OUTPUT_ERROR);
                    assertThatThrownBy(() -> mail.submit(message()))
                            .isInstanceOf(PosthouseException.class);
                    assertThat(mail.health().live()).isTrue();
                    assertThat(mail.health().ready()).isFalse();
                    assertThat(mail.health().hindrances().getFirst())
                            .startsWith("the queue can't store: ");
                    world.sim.disk().heal();
                    world.sim.advance(Duration.ofSeconds(61));
                    assertThat(mail.health().ready()).isTrue();
                });
    }
}
