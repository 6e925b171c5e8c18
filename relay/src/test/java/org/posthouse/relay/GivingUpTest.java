package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailOptions;
import org.posthouse.core.ReversePath;
import org.posthouse.core.SpoolId;

import java.time.Duration;

/** An operator ends deliveries with a report. */
class GivingUpTest {
    private final World world = new World();

    private SpoolId busy() {
        world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25")
                .always("RCPT", "450 4.2.0 no");
        SpoolId id = world.send("bob@x.example");
        world.sim.advance(Duration.ofMinutes(1));
        return id;
    }

    @Test
    void theReportSaysSoWithTheLastReply() {
        world.durable = true;
        world.run(
                () -> {
                    DeliveryId id = World.first(busy());
                    assertThat(world.current().fail(id)).isTrue();
                    world.restart();
                    world.sim.advance(Duration.ofDays(6));
                    assertThat(world.spool.admin().deliveryCount()).isZero();
                    assertThat(world.stored)
                            .singleElement()
                            .satisfies(
                                    report ->
                                            assertThat(report.content())
                                                    .contains(
                                                            "Action: failed",
                                                            "Status: 5.3.0",
                                                            "given up by the operator; last: 450"));
                    assertThat(world.failed()).hasSize(1);
                    assertThat(world.events(MailEvent.Settled.class)).hasSize(2);
                    assertThat(world.current().fail(id)).isFalse();
                });
    }

    @Test
    void heldMailCanBeGivenUpAndTheNullReversePathHearsNothing() {
        world.run(
                () -> {
                    world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25")
                            .always("RCPT", "450 4.2.0 no");
                    var to = World.recipients("bob@x.example");
                    DeliveryId id = World.first(world.send(ReversePath.NULL, MailOptions.NONE, to));
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(world.current().hold(id)).isTrue();
                    assertThat(world.current().fail(id)).isTrue();
                    world.sim.advance(Duration.ofDays(6));
                    assertThat(world.stored).isEmpty();
                    assertThat(world.spool.admin().deliveryCount()).isZero();
                    assertThat(world.events(MailEvent.Unreported.class)).hasSize(1);
                });
    }
}
