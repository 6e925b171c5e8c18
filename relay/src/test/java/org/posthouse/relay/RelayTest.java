package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.MailEvent;
import org.posthouse.core.SpoolId;
import org.posthouse.policy.Route;
import org.posthouse.sim.ScriptedPeer;

import java.time.Duration;

/** The roads that mail takes when all goes well, and when the next hop is slow to want it. */
class RelayTest {
    private final World world = new World();

    @Test
    void whatWasPerhapsDeliveredWaitsWhateverTheOthersNeed() {
        world.run(
                () -> {
                    ScriptedPeer peer =
                            world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25");
                    peer.once("RCPT TO:<a@", "450 4.2.0 busy").once(".", ScriptedPeer.CLOSE);
                    world.send("a@x.example", "b@x.example");
                    world.sim.advance(Duration.ofMinutes(11));
                    assertThat(world.deferred()).hasSize(2);
                    assertThat(peer.received()).as("not before 15 min").hasSizeLessThan(2);
                    world.sim.advance(Duration.ofMinutes(10));
                    assertThat(world.delivered()).hasSize(2);
                });
    }

    @Test
    void mailGoesToTheExchangerAtOnce() {
        world.run(
                () -> {
                    var peer = world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25");
                    world.send("bob@x.example");
                    world.sim.settle();
                    assertThat(peer.received()).hasSize(1);
                    assertThat(peer.received().get(0).content()).isEqualTo(World.TEXT);
                    assertThat(peer.commands()).contains("EHLO us.example");
                    assertThat(world.delivered())
                            .containsExactly("bob@x.example at mx.x.example[192.0.2.25]:25");
                    assertThat(world.events(MailEvent.Settled.class)).hasSize(1);
                    assertThat(world.spool.admin().deliveryCount()).isZero();
                });
    }

    @Test
    void triesTellWhetherTheirConnectionHadATransactionBefore() {
        world.run(
                () -> {
                    var peer = world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25");
                    for (int i = 0; i < 3; i++) {
                        world.send("bob@x.example");
                        world.sim.settle();
                    }
                    world.send("eve@us.example");
                    world.sim.settle();
                    assertThat(peer.connections()).isOne();
                    assertThat(world.events(MailEvent.Tried.class))
                            .extracting(MailEvent.Tried::reused)
                            .containsExactly(false, true, true, false);
                    world.sim.advance(Duration.ofMinutes(10));
                    world.send("bob@x.example");
                    world.sim.settle();
                    assertThat(peer.connections()).isEqualTo(2);
                    assertThat(world.events(MailEvent.Tried.class).getLast().reused()).isFalse();
                });
    }

    @Test
    void localMailGoesToTheStoreAndNothingElse() {
        world.run(
                () -> {
                    world.send("eve@us.example", "bob@us.example");
                    world.sim.settle();
                    assertThat(world.stored)
                            .containsExactlyInAnyOrder(
                                    new World.Stored("eve@us.example", World.SENDER, World.TEXT),
                                    new World.Stored("bob@us.example", World.SENDER, World.TEXT));
                    assertThat(world.events(MailEvent.Settled.class)).hasSize(1);
                });
    }

    @Test
    void aConnectionIsKeptForTheNextMessageUntilItIdledLongEnough() {
        world.run(
                () -> {
                    var peer = world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25");
                    for (int i = 0; i < 5; i++) {
                        world.send("bob@x.example");
                        world.sim.advance(Duration.ofSeconds(20));
                    }
                    assertThat(peer.connections()).isEqualTo(1);
                    assertThat(peer.commands()).doesNotContain("QUIT");
                    world.sim.advance(Duration.ofSeconds(31));
                    assertThat(peer.commands().getLast()).isEqualTo("QUIT");
                    world.send("bob@x.example");
                    world.sim.settle();
                    assertThat(peer.connections()).isEqualTo(2);
                    assertThat(peer.received()).hasSize(6);
                });
    }

    @Test
    void aTransientRefusalIsTriedAgainByTheSchedule() {
        world.run(
                () -> {
                    var peer = world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25");
                    peer.once("RCPT", "450 4.2.0 busy", "450 4.2.0 busy", "450 4.2.0 busy");
                    world.send("bob@x.example");
                    world.sim.advance(Duration.ofHours(2));
                    assertThat(peer.received()).hasSize(1);
                    var deferred = world.deferred();
                    assertThat(deferred).hasSize(3);
                    long[] minutes = {5, 10, 20};
                    for (int i = 0; i < 3; i++) {
                        assertThat(deferred.get(i).attempt()).isEqualTo(i + 1);
                        var delay =
                                Duration.between(deferred.get(i).at(), deferred.get(i).nextDueAt());
                        assertThat(delay)
                                .isBetween(
                                        Duration.ofSeconds(minutes[i] * 48),
                                        Duration.ofSeconds(minutes[i] * 72));
                    }
                });
    }

    @Test
    void everyRecipientHasItsOwnFate() {
        world.run(
                () -> {
                    var peer = world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25");
                    peer.once("RCPT TO:<slow@", "451 4.3.0 later")
                            .always("RCPT TO:<gone@", "550 5.1.1 nobody");
                    world.send("good@x.example", "slow@x.example", "gone@x.example");
                    world.sim.settle();
                    assertThat(peer.received().get(0).rcpts())
                            .containsExactly("RCPT TO:<good@x.example>");
                    assertThat(world.failed()).hasSize(1);
                    assertThat(world.deferred()).hasSize(1);
                    world.sim.advance(Duration.ofMinutes(10));
                    assertThat(peer.received().get(1).rcpts())
                            .containsExactly("RCPT TO:<slow@x.example>");
                    assertThat(world.delivered()).hasSize(3).contains(World.SENDER + " at local");
                    assertThat(world.failed()).hasSize(1);
                    assertThat(world.events(MailEvent.Settled.class)).hasSize(2);
                });
    }

    @Test
    void recipientsOfManyDomainsGoTheirOwnWays() {
        world.run(
                () -> {
                    var x = world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25");
                    var y = world.exchanger("y.example", 10, "mx.y.example", "192.0.2.26");
                    world.send("a@x.example", "b@y.example", "c@x.example", "d@us.example");
                    world.sim.settle();
                    assertThat(x.received().get(0).rcpts()).hasSize(2);
                    assertThat(y.received().get(0).rcpts()).hasSize(1);
                    assertThat(world.stored).hasSize(1);
                    assertThat(world.events(MailEvent.Settled.class)).hasSize(1);
                });
    }

    @Test
    void moreRecipientsThanOneTransactionTakesGoInSeveral() {
        world.run(
                () -> {
                    var peer = world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25");
                    var many = new String[250];
                    for (int i = 0; i < many.length; i++) {
                        many[i] = "r" + i + "@x.example";
                    }
                    world.send(many);
                    world.sim.settle();
                    assertThat(peer.received())
                            .extracting(r -> r.rcpts().size())
                            .containsExactly(100, 100, 50);
                    assertThat(world.delivered()).hasSize(250);
                });
    }

    @Test
    void tooManyRecipientsForTheHostGoInTheNextTransactionAtOnce() {
        world.run(
                () -> {
                    var peer = world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25");
                    peer.once("RCPT TO:<c@", "452 4.5.3 too many recipients");
                    world.send("a@x.example", "b@x.example", "c@x.example");
                    world.sim.settle();
                    assertThat(peer.received()).hasSize(2);
                    assertThat(world.delivered()).hasSize(3);
                });
    }

    @Test
    void aStaleConnectionIsReplacedWithoutAWord() {
        world.run(
                () -> {
                    var peer = world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25");
                    world.send("bob@x.example");
                    world.sim.advance(Duration.ofSeconds(10));
                    world.sim.network().host("192.0.2.25").resetConnections();
                    world.send("bob@x.example");
                    world.sim.advance(Duration.ofSeconds(10));
                    peer.once("MAIL", "421 4.3.2 too old a connection");
                    world.send("bob@x.example");
                    world.sim.settle();
                    assertThat(peer.received()).hasSize(3);
                    assertThat(peer.connections()).isEqualTo(3);
                    assertThat(world.deferred()).isEmpty();
                });
    }

    @Test
    void aLossBeforeTheEndIsTriedAgainAndOneBehindItLater() {
        world.run(
                () -> {
                    var peer = world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25");
                    peer.once("DATA", ScriptedPeer.CLOSE).once(".", ScriptedPeer.CLOSE);
                    world.send("bob@x.example");
                    world.sim.advance(Duration.ofHours(1));
                    assertThat(world.deferred()).hasSize(2);
                    var second = world.deferred().get(1);
                    assertThat(Duration.between(second.at(), second.nextDueAt()))
                            .isGreaterThanOrEqualTo(Duration.ofMinutes(15));
                    assertThat(peer.received()).hasSize(1);
                });
    }

    @Test
    void theFirstAttemptOfRelayedMailWaitsTheIdleWait() {
        world.idleWait(Duration.ofMinutes(3));
        world.run(
                () -> {
                    var peer = world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25");
                    world.send("bob@x.example", "eve@us.example");
                    world.sim.advance(Duration.ofMinutes(2));
                    assertThat(peer.received()).isEmpty();
                    assertThat(world.stored).hasSize(1);
                    world.sim.advance(Duration.ofMinutes(2));
                    assertThat(peer.received()).hasSize(1);
                });
    }

    @Test
    void greylistingIsWaitedOutAsAsked() {
        world.run(
                () -> {
                    var peer = world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25");
                    peer.once("RCPT", "451 4.7.1 Greylisted, try again in 10 minutes");
                    world.send("bob@x.example");
                    world.sim.advance(Duration.ofMinutes(10));
                    assertThat(peer.received()).isEmpty();
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(peer.received()).hasSize(1);
                });
    }

    @Test
    void manyMessagesOpenFurtherConnectionsUpToTheLimit() {
        world.sim.network().latency(Duration.ofMillis(20), Duration.ZERO);
        world.rules =
                World.rules(
                        World.route(
                                "default", new Route.Mx(World.hop(Route.TlsMode.OFF, 5), false)));
        world.run(
                () -> {
                    var peer = world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25");
                    for (int i = 0; i < 500; i++) {
                        world.send("bob@x.example");
                    }
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(peer.received()).hasSize(500);
                    assertThat(peer.connectionsAtOnceMax()).isEqualTo(5);
                    assertThat(world.current().counts().deliveries()).isZero();
                });
    }

    @Test
    void aHostThatTakesFewConnectionsDefersNothing() {
        world.sim.network().latency(Duration.ofMillis(20), Duration.ZERO);
        world.run(
                () -> {
                    var peer = world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25");
                    for (int i = 0; i < 200; i++) {
                        world.send("bob@x.example");
                    }
                    world.sim.advance(Duration.ofMillis(100));
                    peer.always("GREETING", "421 4.7.0 too many connections from you");
                    for (int i = 0; i < 300; i++) {
                        world.send("bob@x.example");
                    }
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(peer.received()).hasSize(500);
                    assertThat(world.deferred()).isEmpty();
                });
    }

    @Test
    void manySitesShareABoundedNumberOfConnections() {
        world.run(
                () -> {
                    var peer = world.peer("192.0.2.25");
                    int domains = Sites.WORKERS_MAX + 200;
                    for (int i = 0; i < domains; i++) {
                        world.sim.dns().address("d" + i + ".example", "192.0.2.25");
                        world.send("bob@d" + i + ".example");
                    }
                    world.sim.advance(Duration.ofSeconds(1));
                    assertThat(peer.received()).hasSize(domains);
                    assertThat(peer.connectionsAtOnceMax())
                            .isLessThanOrEqualTo(Sites.WORKERS_MAX + 10);
                });
    }

    @Test
    void operatorsHoldReleaseRetryAndRemove() {
        world.durable = true;
        world.run(
                () -> {
                    var peer = world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25");
                    peer.always("RCPT", "450 4.2.0 busy");
                    SpoolId id = world.send("bob@x.example");
                    world.sim.settle();
                    var delivery = World.first(id);
                    Relay relay = world.current();
                    assertThat(relay.release(delivery)).isFalse();
                    assertThat(relay.hold(delivery)).isTrue();
                    assertThat(relay.hold(delivery)).isFalse();
                    assertThat(relay.retryNow(delivery)).isFalse();
                    world.sim.advance(Duration.ofDays(2));
                    assertThat(world.deferred()).hasSize(1);
                    world.restart();
                    world.sim.settle();
                    assertThat(world.deferred()).hasSize(1);
                    relay = world.current();
                    assertThat(relay.find(delivery))
                            .hasValueSatisfying(q -> assertThat(q.held()).isTrue());
                    assertThat(relay.release(delivery)).isTrue();
                    world.sim.settle();
                    assertThat(world.deferred()).hasSize(2);
                    assertThat(relay.retryNow(delivery)).isTrue();
                    world.sim.settle();
                    assertThat(world.deferred()).hasSize(3);
                    assertThat(relay.remove(delivery)).isTrue();
                    assertThat(relay.remove(delivery)).isFalse();
                    assertThat(world.spool.admin().deliveryCount()).isZero();
                    assertThat(world.failed()).isEmpty();
                });
    }
}
