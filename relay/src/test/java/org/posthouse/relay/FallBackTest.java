package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.BodyType;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Outcome;
import org.posthouse.core.Ret;
import org.posthouse.sim.ScriptedPeer;

import java.time.Duration;
import java.util.List;

/** Hosts that can't do what they offer, and what is tried instead. */
class FallBackTest {
    private final World world = new World();

    private ScriptedPeer peer() {
        return world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25");
    }

    private static long count(ScriptedPeer peer, String verb) {
        return peer.commands().stream().filter(line -> line.startsWith(verb)).count();
    }

    @Test
    void aHostThatClosesAtEhloIsGreetedWithHeloAndThatIsRemembered() {
        world.run(
                () -> {
                    var peer = peer().always("EHLO", ScriptedPeer.CLOSE);
                    world.send("bob@x.example");
                    world.sim.settle();
                    assertThat(peer.received()).hasSize(1);
                    world.sim.advance(Duration.ofMinutes(5));
                    world.send("bob@x.example");
                    world.sim.settle();
                    assertThat(peer.received()).hasSize(2);
                    assertThat(count(peer, "EHLO")).isEqualTo(1);
                    assertThat(count(peer, "HELO")).isEqualTo(2);
                });
    }

    @Test
    void oneThatClosesAtBothIsNotReached() {
        world.run(
                () -> {
                    var peer =
                            peer().always("EHLO", ScriptedPeer.CLOSE)
                                    .once("HELO", ScriptedPeer.CLOSE);
                    world.send("bob@x.example");
                    world.sim.settle();
                    assertThat(world.deferred()).hasSize(1);
                    assertThat(peer.connections()).isEqualTo(2);
                    peer.heal("EHLO");
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(peer.received()).hasSize(1);
                    assertThat(count(peer, "HELO")).as("it was not learned").isEqualTo(1);
                });
    }

    @Test
    void aHostThatBreaksOffAgainAndAgainIsTalkedToInAPlainerWay() {
        world.run(
                () -> {
                    var peer =
                            peer().offers("PIPELINING", "CHUNKING")
                                    .always("BDAT", ScriptedPeer.CLOSE)
                                    .always("DATA", ScriptedPeer.CLOSE);
                    world.send("bob@x.example");
                    world.sim.advance(Duration.ofMinutes(50)); // within the hour of its memory
                    assertThat(peer.received()).isEmpty();
                    assertThat(count(peer, "DATA")).isPositive();
                    long chunks = count(peer, "BDAT");
                    assertThat(chunks).isEqualTo(1);
                    peer.heal("DATA");
                    world.send("eve@x.example");
                    world.sim.settle();
                    assertThat(peer.received()).hasSize(1);
                    assertThat(count(peer, "BDAT")).isEqualTo(chunks);
                });
    }

    /** It says nothing of the message, only of itself (RFC 5321 section 3.8). */
    @Test
    void aHostThatClosesInATransactionSendsItToTheNextOne() {
        world.run(
                () -> {
                    var first = peer().always("RCPT", "421 4.3.2 closing");
                    var second = world.exchanger("x.example", 20, "mx2.x.example", "192.0.2.26");
                    world.send("bob@x.example");
                    world.sim.settle();
                    assertThat(first.received()).isEmpty();
                    assertThat(second.received()).hasSize(1);
                    assertThat(world.deferred()).isEmpty();
                });
    }

    @Test
    void whereTheOnlyHostClosesInATransactionTheMessageIsCharged() {
        world.run(
                () -> {
                    var peer = peer().once("RCPT", "421 4.3.2 closing");
                    world.send("bob@x.example");
                    world.sim.settle();
                    assertThat(world.deferred())
                            .singleElement()
                            .satisfies(
                                    e -> assertThat(e.cause()).isEqualTo(Outcome.Cause.TEMPORARY));
                    world.sim.advance(Duration.ofMinutes(7));
                    assertThat(peer.received()).hasSize(1);
                });
    }

    private void sendUtf8() {
        var utf8 =
                new MailOptions(0, BodyType.EIGHT_BIT_MIME, true, Ret.UNSPECIFIED, "", "", false);
        world.send(Mailbox.parse(World.SENDER), utf8, World.recipients("bób@x.example"));
    }

    /** The first one may be able to: nobody could ask it. */
    @Test
    void whomTheFallBackHostCanNotTakeWaitsForTheFirst() {
        world.run(
                () -> {
                    var first = peer().once("GREETING", "421 4.3.2 not now");
                    var second =
                            world.exchanger("x.example", 20, "mx2.x.example", "192.0.2.26")
                                    .offers("PIPELINING");
                    sendUtf8();
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(world.failed()).isEmpty();
                    assertThat(world.deferred()).hasSize(1);
                    world.sim.advance(Duration.ofMinutes(6));
                    assertThat(first.received()).hasSize(1);
                    assertThat(second.received()).isEmpty();
                });
    }

    /**
     * A host that is greeted with HELO, since it closed at EHLO once, could not say what it can.
     */
    @Test
    void whomAHostMayBeAbleToTakeAfterAllDoesNotFail() {
        world.run(
                () -> {
                    var peer = peer().once("EHLO", ScriptedPeer.CLOSE);
                    sendUtf8();
                    world.sim.settle();
                    assertThat(world.failed()).isEmpty();
                    assertThat(world.deferred())
                            .singleElement()
                            .satisfies(
                                    e -> assertThat(e.cause()).isEqualTo(Outcome.Cause.TEMPORARY));
                    world.sim.advance(Duration.ofHours(3));
                    assertThat(peer.received()).hasSize(1);
                    assertThat(world.failed()).isEmpty();
                });
    }

    @Test
    void whomTheFallBackHostCanNotTakeWaitsForTheAddressOfTheFirst() {
        world.run(
                () -> {
                    var first = peer();
                    world.exchanger("x.example", 20, "mx2.x.example", "192.0.2.26")
                            .offers("PIPELINING");
                    world.sim.dns().failTemporarily("mx.x.example");
                    sendUtf8();
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(world.failed()).isEmpty();
                    world.sim.dns().heal("mx.x.example");
                    world.sim.advance(Duration.ofMinutes(6));
                    assertThat(first.received()).hasSize(1);
                });
    }

    @Test
    void whomNoHostCanTakeFails() {
        world.run(
                () -> {
                    peer().offers("PIPELINING");
                    world.sim.dns().address("mx.x.example", "2001:db8::9"); // nobody listens
                    world.exchanger("x.example", 20, "mx2.x.example", "192.0.2.26")
                            .offers("PIPELINING");
                    sendUtf8();
                    world.sim.settle();
                    assertThat(world.failed()).hasSize(1);
                });
    }

    /** With TLS 1.3 the host tells only behind the handshake that it did not like it. */
    @Test
    void aHostThatEndsBehindTheHandshakeIsTriedWithoutTls() {
        world.run(
                () -> {
                    var peer =
                            peer().offers("PIPELINING", "STARTTLS")
                                    .once("EHLO", "250-mx.x.example\r\n250 STARTTLS")
                                    .once("EHLO", ScriptedPeer.CLOSE);
                    world.send("bob@x.example");
                    world.sim.advance(Duration.ofSeconds(20));
                    assertThat(peer.received()).hasSize(1);
                    assertThat(count(peer, "STARTTLS")).isEqualTo(1);
                    assertThat(world.deferred()).isEmpty();
                });
    }

    @Test
    void aRateRefusalIsChargedToTheMessageThatWasTold() {
        world.run(
                () -> {
                    var peer =
                            peer().always("RCPT TO:<fast@", "451 4.7.650 slow down, rate limited");
                    for (String one : List.of("fast", "other", "third")) {
                        world.send(one + "@x.example");
                    }
                    world.sim.advance(Duration.ofMinutes(3));
                    assertThat(peer.received()).hasSize(2);
                    assertThat(world.deferred())
                            .singleElement()
                            .satisfies(
                                    e -> {
                                        assertThat(e.attempt()).isEqualTo(1);
                                        assertThat(e.cause()).isEqualTo(Outcome.Cause.RATE);
                                        assertThat(Duration.between(e.at(), e.nextDueAt()))
                                                .isBetween(
                                                        Duration.ofMinutes(4),
                                                        Duration.ofMinutes(6));
                                    });
                });
    }
}
