package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.Disposition;
import org.posthouse.core.MailEvent;
import org.posthouse.core.Mailbox;
import org.posthouse.core.SpoolId;
import org.posthouse.policy.Verdict;
import org.posthouse.relay.RelayHooks.FailedAttempt;
import org.posthouse.sim.ScriptedPeer;

import java.time.Duration;
import java.util.List;

/** An operator sends deliveries another way. */
class RedirectTest {
    private final World world = new World();

    private static List<Verdict.Target> to(String... addresses) {
        return List.of(addresses).stream()
                .map(
                        each ->
                                new Verdict.Target(
                                        Mailbox.parse(each),
                                        each.endsWith("us.example")
                                                ? Disposition.LOCAL
                                                : new Disposition.Relayed("redirect", "")))
                .toList();
    }

    private DeliveryId busy(String... recipients) {
        world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25")
                .always("RCPT", "450 4.2.0 busy");
        SpoolId id = world.send(recipients);
        world.sim.advance(Duration.ofMinutes(1));
        return World.first(id);
    }

    @Test
    void anotherNexthopStaysChosenAlsoBehindADeferralAndARestart() {
        world.durable = true;
        world.run(
                () -> {
                    ScriptedPeer other = world.peer("192.0.2.77");
                    other.once("RCPT", "450 4.2.0 busy, too");
                    DeliveryId id = busy("bob@x.example");
                    assertThat(world.current().redirect(id, "192.0.2.77:25")).isTrue();
                    world.sim.advance(Duration.ofSeconds(10));
                    assertThat(world.deferred()).hasSize(2);
                    assertThat(world.deferred().get(1).nexthop()).contains("192.0.2.77");
                    world.restart();
                    world.sim.advance(Duration.ofHours(1));
                    assertThat(world.delivered())
                            .singleElement()
                            .asString()
                            .contains("bob@x.example", "192.0.2.77");
                    assertThat(world.events(MailEvent.DeliveryChanged.class))
                            .singleElement()
                            .matches(e -> e.detail().equals("via 192.0.2.77:25"))
                            .matches(e -> e.recipients().isEmpty());
                });
    }

    /** The hook's host is for an attempt that goes as the routes or the program say. */
    @Test
    void aHookDoesNotTakeItElsewhere() {
        world.hooks =
                new RelayHooks() {
                    @Override
                    public FailedAttempt.Advice failed(FailedAttempt attempt) {
                        return new FailedAttempt.Advice(
                                true, Duration.ofMinutes(1), "192.0.2.99:25");
                    }
                };
        world.run(
                () -> {
                    ScriptedPeer other = world.peer("192.0.2.77");
                    ScriptedPeer backup = world.peer("192.0.2.99");
                    other.once("RCPT", "550 5.1.1 not here").once("RCPT", "450 4.2.0 not now");
                    SpoolId id = world.send("bob@x.example");
                    assertThat(world.current().redirect(World.first(id), "192.0.2.77:25")).isTrue();
                    world.sim.advance(Duration.ofSeconds(170));
                    assertThat(backup.connections()).isZero();
                    assertThat(world.delivered()).singleElement().asString().contains("192.0.2.77");
                });
    }

    @Test
    void backToTheRoutes() {
        world.run(
                () -> {
                    DeliveryId id = busy("bob@x.example");
                    assertThat(world.current().redirect(id, "192.0.2.77:25")).isTrue();
                    assertThat(world.current().redirect(id, "")).isTrue();
                    world.peers.getFirst().heal("RCPT");
                    world.sim.advance(Duration.ofHours(1));
                    assertThat(world.delivered())
                            .singleElement()
                            .asString()
                            .contains("mx.x.example");
                });
    }

    @Test
    void localMailStaysLocal() {
        world.run(
                () -> {
                    SpoolId id = world.send("bob@us.example");
                    assertThat(world.current().redirect(World.first(id), "192.0.2.77:25"))
                            .isFalse();
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(world.stored).hasSize(1);
                });
    }

    @Test
    void otherRecipientsGetTheContentAndTheFormerOnesDoNot() {
        world.durable = true;
        world.run(
                () -> {
                    DeliveryId id = busy("bob@x.example", "eve@x.example");
                    var y = world.exchanger("y.example", 10, "mx.y.example", "192.0.2.26");
                    y.offers("DSN");
                    boolean done =
                            world.current()
                                    .redirect(
                                            id,
                                            to("new@y.example", "in@us.example"),
                                            each -> each.localPart().equals("bob"));
                    assertThat(done).isTrue();
                    world.restart();
                    world.peers.getFirst().heal("RCPT");
                    world.sim.advance(Duration.ofHours(1));
                    assertThat(world.delivered())
                            .extracting(text -> text.substring(0, text.indexOf(' ')))
                            .containsExactlyInAnyOrder(
                                    "eve@x.example", "new@y.example", "in@us.example");
                    assertThat(y.received().getFirst().rcpts().toString())
                            .contains("ORCPT=rfc822;bob@x.example");
                    assertThat(world.stored.getFirst().content()).isEqualTo(World.TEXT);
                    assertThat(world.spool.admin().deliveryCount()).isZero();
                });
    }

    @Test
    void nobodyToReplaceIsNoChange() {
        world.run(
                () -> {
                    DeliveryId id = busy("bob@x.example");
                    assertThat(world.current().redirect(id, to("a@y.example"), each -> false))
                            .isFalse();
                    assertThat(world.current().find(id)).isPresent();
                    assertThat(world.current().remove(id)).isTrue();
                });
    }
}
