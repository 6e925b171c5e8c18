package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthouse.core.MailEvent;
import org.posthouse.policy.OwnCertificate;
import org.posthouse.policy.Route;
import org.posthouse.policy.Route.HostPort;
import org.posthouse.policy.Route.Source;
import org.posthouse.relay.Learned.Kind;
import org.posthouse.relay.RelaySettings.Provider;
import org.posthouse.sim.ScriptedPeer;

import java.time.Duration;
import java.util.List;

/** An operator looks at what was learnt about destinations, and takes it back. */
class LearnedTest {
    private static final String TOO_FAST = "450 4.7.28 unusual rate of mail from you";
    private static final String X = "192.0.2.25";

    private final World world = new World();

    private ScriptedPeer peer() {
        return world.exchanger("x.example", 10, "mx.x.example", X);
    }

    private List<Kind> kinds(String destination) {
        return world.current().learned(destination).stream().map(Learned::kind).toList();
    }

    private void suspendForItsRate(ScriptedPeer peer, int messages) {
        peer.always("MAIL", TOO_FAST);
        world.send(messages, "r@x.example");
        world.sim.advance(Duration.ofMinutes(5));
        peer.heal("MAIL");
        assertThat(peer.received()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.example", "MX.x.example", "mx.x.*", "default", "*"})
    void aRateIsTakenBackAndWhatWaitsComesOverARestart(String destination) {
        world.durable = true;
        world.run(
                () -> {
                    var peer = peer();
                    suspendForItsRate(peer, 30);
                    assertThat(kinds(destination)).containsExactly(Kind.RATE);
                    List<Learned> cleared = world.current().clear(destination);
                    assertThat(cleared).extracting(Learned::kind).containsExactly(Kind.RATE);
                    Learned rate = cleared.getFirst();
                    assertThat(rate.site()).isEqualTo("mx default {mx.x.example}");
                    assertThat(rate.what()).isEqualTo("suspended, then 1.0/minute");
                    assertThat(rate.until()).isAfter(world.sim.time().now());
                    MailEvent.RateChanged told =
                            world.events(MailEvent.RateChanged.class).getLast();
                    assertThat(told.cause()).isEqualTo("an operator cleared it");
                    assertThat(told.after()).isEqualTo("no bound");
                    assertThat(world.events(MailEvent.QueueChanged.class).getLast())
                            .extracting(MailEvent.QueueChanged::change)
                            .isEqualTo("cleared");
                    assertThat(world.current().clear(destination)).isEmpty();
                    world.restart();
                    assertThat(kinds("*")).isEmpty();
                    world.sim.advance(Duration.ofMinutes(10));
                    assertThat(peer.received()).as("those that were not charged").hasSize(30);
                });
    }

    @Test
    void whatWasSuspendedComesAtOnce() {
        world.run(
                () -> {
                    var peer = peer();
                    suspendForItsRate(peer, 500);
                    int charged = world.deferred().size();
                    assertThat(world.current().clear("x.example")).hasSize(1);
                    world.sim.advance(Duration.ofSeconds(30));
                    assertThat(peer.received()).hasSizeGreaterThanOrEqualTo(500 - charged);
                });
    }

    @Test
    void aCircuitIsClosedAndWhatIsParkedComesSlowly() {
        world.run(
                () -> {
                    var peer = peer();
                    world.sim.network().host(X).refuse(true);
                    world.send(200, "r@x.example");
                    world.sim.advance(Duration.ofHours(2));
                    Learned down = world.current().learned("mx.x.example").getFirst();
                    assertThat(down.kind()).isEqualTo(Kind.CIRCUIT);
                    assertThat(down.what()).startsWith("down since 20");
                    world.sim.network().host(X).refuse(false);
                    assertThat(world.current().clear("mx.x.example")).containsExactly(down);
                    world.sim.settle();
                    assertThat(peer.connectionsAtOnceMax()).isLessThanOrEqualTo(2);
                    world.sim.advance(Duration.ofSeconds(10));
                    assertThat(peer.received()).hasSize(200);
                    assertThat(kinds("*")).isEmpty();
                });
    }

    @Test
    void aHostThatIsStillDeadIsFoundSoWithFewTries() {
        world.run(
                () -> {
                    peer();
                    world.sim.network().host(X).refuse(true);
                    world.send(200, "r@x.example");
                    world.sim.advance(Duration.ofHours(2));
                    long before = connects();
                    assertThat(world.current().clear("*")).hasSize(1);
                    world.sim.advance(Duration.ofSeconds(20));
                    assertThat(connects() - before).isBetween(1L, 8L);
                    assertThat(kinds("*")).containsExactly(Kind.CIRCUIT);
                    assertThat(world.current().counts().deliveries()).isEqualTo(200);
                    world.assertInStep();
                });
    }

    private long connects() {
        return world.events(MailEvent.AttemptStep.class).stream()
                .filter(step -> step.step() == MailEvent.Step.CONNECTING)
                .count();
    }

    @Test
    void aLimitOfConnectionsIsTakenBack() {
        world.run(
                () -> {
                    var peer = peer().takesAtOnce(2, "421 4.3.2 too many connections");
                    world.sim.network().latency(Duration.ofMillis(25), Duration.ofMillis(5));
                    world.send(600, "r@x.example");
                    world.sim.advance(Duration.ofMinutes(3));
                    assertThat(peer.received()).hasSize(600);
                    Learned limit = world.current().learned("x.example").getFirst();
                    assertThat(limit.kind()).isEqualTo(Kind.CONNECTIONS);
                    assertThat(limit.what()).isEqualTo("2 connections");
                    assertThat(world.current().clear("x.example")).containsExactly(limit);
                    assertThat(world.events(MailEvent.RateChanged.class).getLast().cause())
                            .isEqualTo("an operator cleared it");
                    assertThat(kinds("*")).isEmpty();
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.example", "mx.x.example", "pool"})
    void aSourceThatWasLeftAloneIsUsedAgain(String destination) {
        var one = new Source(List.of("198.51.100.1"), "out1.us.example", 1);
        var two = new Source(List.of("198.51.100.2"), "out2.us.example", 3);
        var hop =
                new Route.Hop(
                        25,
                        Route.TlsMode.OFF,
                        Route.Credentials.NONE,
                        5,
                        List.of(one, two),
                        Duration.ofSeconds(1),
                        0,
                        OwnCertificate.NONE,
                        Route.Streaming.LEARNED);
        world.rules = World.rules(World.route("pool", new Route.Mx(hop, false)));
        world.run(
                () -> {
                    var peer = peer();
                    peer.always("MAIL", "554 5.7.1 client host blocked using zen.spamhaus.org");
                    world.send("a@x.example");
                    world.sim.advance(Duration.ofSeconds(5));
                    peer.heal("MAIL");
                    assertThat(world.current().clear("y.example")).isEmpty();
                    assertThat(kinds(destination)).containsExactly(Kind.SOURCE);
                    List<Learned> cleared = world.current().clear(destination);
                    assertThat(cleared).extracting(Learned::kind).containsExactly(Kind.SOURCE);
                    assertThat(kinds("*")).isEmpty();
                    world.send(40, "b@x.example");
                    world.sim.advance(Duration.ofSeconds(30));
                    assertThat(peer.received()).hasSizeBetween(40, 41);
                    assertThat(peer.commands())
                            .as("by both")
                            .contains("EHLO out1.us.example", "EHLO out2.us.example");
                });
    }

    @Test
    void oneProvidersRateIsOneThing() {
        world.sharing(
                new RelaySettings.Sharing(
                        List.of(), List.of(new Provider("own", List.of("*.own.example"), 9, 0))));
        world.run(
                () -> {
                    var a = world.exchanger("a.example", 10, "mx1.own.example", "192.0.2.1");
                    var b = world.exchanger("b.example", 10, "mx2.own.example", "192.0.2.2");
                    a.once("MAIL", TOO_FAST);
                    world.send("r@a.example");
                    world.send("r@b.example");
                    world.sim.advance(Duration.ofMinutes(2));
                    world.send(20, "s@b.example");
                    assertThat(kinds("*.own.example")).containsExactly(Kind.RATE);
                    assertThat(world.current().clear("a.example")).hasSize(1);
                    world.sim.advance(Duration.ofMinutes(10));
                    assertThat(b.received()).hasSize(21);
                    assertThat(kinds("*")).isEmpty();
                });
    }

    @ParameterizedTest
    @CsvSource({"y.example,0", "mx.y.example,0", "x.example,1", "smart.example,0"})
    void othersKeepWhatWasLearnt(String destination, int count) {
        world.run(
                () -> {
                    peer();
                    world.sim.network().host(X).refuse(true);
                    world.exchanger("y.example", 10, "mx.y.example", "192.0.2.26");
                    world.send("r@x.example");
                    world.send("r@y.example");
                    world.sim.advance(Duration.ofMinutes(5));
                    assertThat(world.current().clear(destination)).hasSize(count);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"smart.example", "smart.example:25", "x.example", "uplink"})
    void aSmarthostIsFoundByItsNameAndByWhatGoesThere(String destination) {
        world.rules =
                World.rules(
                        World.route(
                                "uplink",
                                Route.Smarthost.of(
                                        List.of(new HostPort("smart.example", 25)),
                                        Route.Hop.DEFAULT)));
        world.run(
                () -> {
                    world.sim.dns().address("smart.example", X);
                    world.sim.network().host(X).refuse(true);
                    world.send("r@x.example");
                    world.sim.advance(Duration.ofMinutes(5));
                    assertThat(world.current().clear(destination))
                            .extracting(Learned::site)
                            .containsExactly("route uplink");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\nb"})
    void whatNamesNothingIsRefused(String destination) {
        world.run(
                () ->
                        assertThatThrownBy(() -> world.current().learned(destination))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageContaining("320"));
    }
}
