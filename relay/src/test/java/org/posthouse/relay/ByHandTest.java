package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvent.Change;
import org.posthouse.core.Mailbox;
import org.posthouse.core.SpoolId;

import java.time.Duration;
import java.util.List;

/** What an operator does to deliveries is told, once it is durable. */
class ByHandTest {
    private final World world = new World();

    private SpoolId busy(String... recipients) {
        world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25")
                .always("RCPT", "450 4.2.0 no");
        SpoolId id = world.send(recipients);
        world.sim.advance(Duration.ofMinutes(1));
        return id;
    }

    private List<Change> changes() {
        return world.events(MailEvent.DeliveryChanged.class).stream()
                .map(MailEvent.DeliveryChanged::change)
                .toList();
    }

    @Test
    void holdingAndReleasingAreToldOnceEach() {
        world.run(
                () -> {
                    DeliveryId id = World.first(busy("bob@x.example"));
                    assertThat(world.current().release(id)).isFalse();
                    assertThat(world.current().hold(id)).isTrue();
                    assertThat(world.current().hold(id)).isFalse();
                    assertThat(world.current().release(id)).isTrue();
                    assertThat(changes()).containsExactly(Change.HELD, Change.RELEASED);
                    assertThat(world.events(MailEvent.Settled.class)).isEmpty();
                });
    }

    @Test
    void droppingNamesWhoWasLeftAndEndsTheMessage() {
        world.durable = true;
        world.run(
                () -> {
                    DeliveryId id = World.first(busy("bob@x.example", "eve@x.example"));
                    assertThat(world.current().remove(id)).isTrue();
                    assertThat(world.current().remove(id)).isFalse();
                    assertThat(world.events(MailEvent.DeliveryChanged.class))
                            .singleElement()
                            .satisfies(
                                    e -> {
                                        assertThat(e.delivery()).isEqualTo(id);
                                        assertThat(e.change()).isEqualTo(Change.DROPPED);
                                        assertThat(e.recipients())
                                                .extracting(Mailbox::address)
                                                .containsExactly("bob@x.example", "eve@x.example");
                                    });
                    assertThat(world.events(MailEvent.Settled.class)).hasSize(1);
                    world.restart();
                    world.sim.advance(Duration.ofDays(6));
                    assertThat(world.spool.admin().deliveryCount()).isZero();
                    assertThat(world.stored).isEmpty();
                });
    }

    @Test
    void aMessageWhoseRecipientsWereReplacedHasEnded() {
        world.run(
                () -> {
                    SpoolId id = busy("bob@x.example");
                    var target =
                            new org.posthouse.policy.Verdict.Target(
                                    Mailbox.parse("eve@x.example"),
                                    new org.posthouse.core.Disposition.Relayed("redirect", ""));
                    assertThat(
                                    world.current()
                                            .redirect(
                                                    World.first(id), List.of(target), all -> true))
                            .isTrue();
                    assertThat(world.events(MailEvent.DeliveryChanged.class))
                            .singleElement()
                            .satisfies(
                                    e -> {
                                        assertThat(e.change()).isEqualTo(Change.REDIRECTED);
                                        assertThat(e.detail()).isEqualTo("to eve@x.example");
                                        assertThat(e.recipients())
                                                .containsExactly(Mailbox.parse("bob@x.example"));
                                    });
                    assertThat(world.events(MailEvent.Settled.class))
                            .extracting(MailEvent.Settled::message)
                            .containsExactly(id);
                });
    }
}
