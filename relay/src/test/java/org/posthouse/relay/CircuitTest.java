package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvent.Circuit;
import org.posthouse.core.Outcome;
import org.posthouse.sim.ScriptedPeer;

import java.time.Duration;
import java.util.List;

/** Sites that can't be reached, and how they are come back to. */
class CircuitTest {
    private static final String X = "192.0.2.25";

    private final World world = new World();

    private ScriptedPeer peer() {
        return world.exchanger("x.example", 10, "mx.x.example", X);
    }

    private void send(int count) {
        for (int i = 0; i < count; i++) {
            world.send("bob@x.example");
        }
    }

    private void refuse(boolean whether) {
        world.sim.network().host(X).refuse(whether);
    }

    @Test
    void newMailNeverPassesAnOpenCircuit() {
        world.run(
                () -> {
                    var peer = peer();
                    refuse(true);
                    send(1);
                    world.sim.advance(Duration.ofSeconds(10));
                    refuse(false);
                    send(5);
                    world.sim.advance(Duration.ofSeconds(10));
                    assertThat(peer.received()).isEmpty();
                    assertThat(world.deferred()).hasSizeLessThanOrEqualTo(2);
                    world.sim.advance(Duration.ofSeconds(20));
                    assertThat(peer.received()).hasSize(6);
                });
    }

    @Test
    void aHostThatStartsAgainIsBackWithinSeconds() {
        world.run(
                () -> {
                    var peer = peer();
                    send(1);
                    world.sim.settle();
                    refuse(true);
                    world.sim.network().host(X).resetConnections();
                    send(20);
                    world.sim.advance(Duration.ofSeconds(3));
                    refuse(false);
                    world.sim.advance(Duration.ofSeconds(6));
                    assertThat(peer.received()).hasSize(21);
                });
    }

    @Test
    void afterAnOutageOneConnectionComesFirstAndThenMore() {
        world.sim.network().latency(Duration.ofMillis(20), Duration.ZERO);
        world.run(
                () -> {
                    var peer = peer();
                    peer.always("EHLO", "250 mx.x.example");
                    refuse(true);
                    send(600);
                    world.sim.advance(Duration.ofHours(1));
                    refuse(false);
                    while (peer.received().isEmpty()) {
                        world.sim.advance(Duration.ofMillis(50));
                    }
                    assertThat(peer.connectionsAtOnceMax()).isEqualTo(1);
                    world.sim.advance(Duration.ofMillis(150));
                    assertThat(peer.connectionsAtOnceMax()).isEqualTo(1);
                    world.sim.advance(Duration.ofMinutes(8));
                    assertThat(peer.received()).hasSize(600);
                    assertThat(peer.connectionsAtOnceMax()).isGreaterThan(4);
                });
    }

    @Test
    void manyDeadSitesAreProbedWithinTheBudget() {
        int sites = 3000;
        world.run(
                () -> {
                    world.sim.network().host(X).refuse(true);
                    for (int i = 0; i < sites; i++) {
                        world.sim.dns().address("d" + i + ".example", X);
                        world.send("bob@d" + i + ".example");
                    }
                    world.sim.advance(Duration.ofSeconds(20));
                    int first = world.deferred().size();
                    assertThat(first).isBetween(sites, sites + 20 * ProbeBudget.PER_SECOND + 50);
                    world.sim.advance(Duration.ofMinutes(40));
                    int before = world.deferred().size();
                    world.sim.advance(Duration.ofMinutes(10));
                    assertThat(world.deferred().size() - before)
                            .as("twice each in ten minutes")
                            .isBetween(sites * 3 / 2, sites * 3);
                });
    }

    @Test
    void anOutageIsToldFromItsBeginningToItsEnd() {
        world.run(
                () -> {
                    var peer = peer();
                    refuse(true);
                    send(3);
                    world.sim.advance(Duration.ofSeconds(10));
                    refuse(false);
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(peer.received()).hasSize(3);
                    List<MailEvent.CircuitChanged> told =
                            world.events(MailEvent.CircuitChanged.class);
                    assertThat(told)
                            .extracting(MailEvent.CircuitChanged::after)
                            .containsExactly(
                                    Circuit.SUSPECTED,
                                    Circuit.HALF_OPEN,
                                    Circuit.OPEN,
                                    Circuit.HALF_OPEN,
                                    Circuit.CLOSED);
                    assertThat(told)
                            .allMatch(each -> each.site().equals("mx default {mx.x.example}"));
                    MailEvent.CircuitChanged open = told.get(2);
                    assertThat(open.before()).isEqualTo(Circuit.HALF_OPEN);
                    assertThat(open.cause()).contains("refused");
                    assertThat(Duration.between(open.at(), open.until()))
                            .isBetween(Duration.ofSeconds(24), Duration.ofSeconds(36));
                    assertThat(told.getLast().cause()).isEmpty();
                    assertThat(told.getLast().until()).isEqualTo(told.getLast().at());
                });
    }

    /** It may be about that one alone: then it is charged for it, and the others go. */
    @Test
    void aMessageThatAHostClosesAtHoldsUpNoOthers() {
        world.run(
                () -> {
                    var peer = peer();
                    peer.always("MAIL FROM:<bad@", "421 4.7.0 not now");
                    world.sendFrom("bad@us.example", "bob@x.example");
                    world.sim.settle();
                    send(20);
                    world.sim.advance(Duration.ofMinutes(3));
                    assertThat(peer.received()).hasSize(20);
                    for (int i = 0; i < 20; i++) {
                        send(1);
                        world.sim.advance(Duration.ofSeconds(20));
                    }
                    assertThat(peer.received()).hasSize(40);
                    assertThat(peer.connections()).isLessThan(25);
                    assertThat(world.deferred())
                            .extracting(MailEvent.Deferred::cause)
                            .contains(Outcome.Cause.TEMPORARY);
                });
    }
}
