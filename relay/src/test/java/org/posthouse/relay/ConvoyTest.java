package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthouse.client.HostTrait;
import org.posthouse.core.Disposition;
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.policy.Route;
import org.posthouse.sim.ScriptedPeer;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Messages of one hop that are on their way over one connection at the same time. */
class ConvoyTest {
    private final World world = new World();
    private final Route.Hop one = World.hop(Route.TlsMode.OFF, 1);

    private ScriptedPeer host(String... offers) {
        world.rules = World.rules(World.route("default", new Route.Mx(one, false)));
        world.sim.network().latency(Duration.ofMillis(50), Duration.ZERO);
        return world.exchanger("x.example", 10, "mx.x.example", "192.0.2.1").offers(offers);
    }

    private void send(int count) {
        for (int i = 0; i < count; i++) {
            world.send("r" + i + "@x.example");
        }
    }

    private static List<String> recipients(ScriptedPeer peer) {
        return peer.received().stream().flatMap(each -> each.rcpts().stream()).toList();
    }

    private static List<String> all(int count) {
        return IntStream.range(0, count).mapToObj(i -> "RCPT TO:<r" + i + "@x.example>").toList();
    }

    @Test
    void aFarHostGetsHundredsInAFewRoundTrips() {
        var peer = host("PIPELINING", "CHUNKING");
        world.run(
                () -> {
                    send(200);
                    world.sim.advance(Duration.ofSeconds(2)); // 20 round trips
                    assertThat(recipients(peer)).containsExactlyElementsOf(all(200));
                    assertThat(world.delivered()).hasSize(200);
                    assertThat(peer.connections()).isEqualTo(1);
                });
    }

    @Test
    void withPipeliningAloneEachTakesOneRoundTrip() {
        var peer = host("PIPELINING");
        world.run(
                () -> {
                    send(15);
                    world.sim.advance(Duration.ofMillis(2100)); // 4 to open, 2 for the first
                    assertThat(recipients(peer)).containsExactlyElementsOf(all(15));
                });
    }

    @Test
    void aCutDelaysOnlyWhatIsPerhapsDelivered() {
        var peer = host("PIPELINING", "CHUNKING");
        world.run(
                () -> {
                    peer.once("RCPT TO:<r3@", ScriptedPeer.CLOSE);
                    send(20);
                    world.sim.advance(Duration.ofMinutes(1));
                    var ambiguous =
                            world.deferred().stream()
                                    .filter(e -> e.reply().toString().contains("perhaps"))
                                    .toList();
                    assertThat(ambiguous).hasSizeBetween(1, 5);
                    assertThat(world.delivered()).hasSize(20 - ambiguous.size());
                    world.sim.advance(Duration.ofHours(1));
                    assertThat(recipients(peer)).containsExactlyInAnyOrderElementsOf(all(20));
                });
    }

    @Test
    void whatStandsBehind421GoesAtOnceAndNothingTwice() {
        var peer = host("PIPELINING", "CHUNKING");
        world.run(
                () -> {
                    peer.once("RCPT TO:<r3@", "421 4.3.2 closing");
                    send(20);
                    world.sim.advance(Duration.ofSeconds(3));
                    assertThat(recipients(peer)).containsExactlyInAnyOrderElementsOf(all(20));
                    assertThat(world.deferred()).isEmpty();
                    assertThat(peer.connections()).isEqualTo(2);
                });
    }

    @Test
    void refusalsInTheMiddleAreOfThatMessageOnly() {
        var peer = host("PIPELINING", "CHUNKING");
        world.run(
                () -> {
                    peer.always("RCPT TO:<r5@", "550 5.1.1 nobody")
                            .always("RCPT TO:<r7@", "450 4.2.1 later");
                    send(20);
                    world.sim.advance(Duration.ofSeconds(2));
                    assertThat(peer.received()).hasSize(18);
                    assertThat(world.failed()).hasSize(1);
                    assertThat(world.failed().get(0).recipient().address())
                            .isEqualTo("r5@x.example");
                    assertThat(world.deferred()).hasSize(1);
                    assertThat(peer.connections()).isEqualTo(1);
                });
    }

    /** In milliseconds of the first message, and whether many are on their way at a time. */
    @ParameterizedTest
    @CsvSource({"OFF, 200, false", "LEARNED, 200, true", "TRUSTED, 100, true"})
    void contentGoesWithItsEnvelopeWhereTheRouteLetsIt(
            Route.Streaming streaming, long first, boolean many) {
        var peer = host("PIPELINING", "CHUNKING");
        var hop =
                new Route.Hop(
                        one.port(),
                        one.tls(),
                        one.credentials(),
                        one.connectionsMax(),
                        one.sources(),
                        one.idleTimeout(),
                        one.messagesPerMinute(),
                        one.certificate(),
                        streaming);
        world.rules = World.rules(World.route("default", new Route.Mx(hop, false)));
        world.run(
                () -> {
                    Instant begin = world.sim.time().now();
                    send(21);
                    world.sim.advance(Duration.ofSeconds(1));
                    MailEvent delivered = world.events(MailEvent.Delivered.class).getFirst();
                    Duration opened = Duration.ofMillis(250); // connected, greeted, EHLO
                    assertThat(Duration.between(begin.plus(opened), delivered.at()).toMillis())
                            .isEqualTo(first);
                    assertThat(peer.connections()).isEqualTo(1);
                    assertThat(world.delivered().size() == 21).isEqualTo(many);
                });
    }

    @Test
    void limitsOfTheHostAreObeyed() {
        var peer = host("PIPELINING", "CHUNKING", "LIMITS MAILMAX=7 RCPTMAX=2");
        world.run(
                () -> {
                    send(18);
                    world.send("a@x.example", "b@x.example", "c@x.example", "d@x.example");
                    world.sim.advance(Duration.ofSeconds(10));
                    assertThat(world.delivered()).hasSize(22);
                    assertThat(peer.received()).hasSize(20);
                    assertThat(peer.received()).allMatch(each -> each.rcpts().size() <= 2);
                    for (int connection = 1; connection <= peer.connections(); connection++) {
                        int number = connection;
                        assertThat(peer.received())
                                .filteredOn(each -> each.connection() == number)
                                .hasSizeBetween(1, 7);
                    }
                    assertThat(world.deferred()).isEmpty();
                });
    }

    @Test
    void domainsOfOneConnectionAreLimited() {
        var peer = host("PIPELINING", "CHUNKING", "LIMITS RCPTDOMAINMAX=1");
        world.rules =
                World.rules(
                        World.route(
                                "default",
                                Route.Smarthost.of(
                                        List.of(new Route.HostPort("mx.x.example", 25)), one)));
        world.run(
                () -> {
                    for (int i = 0; i < 6; i++) {
                        world.send("a@d" + i % 2 + ".example");
                    }
                    world.sim.advance(Duration.ofSeconds(20));
                    assertThat(world.delivered()).hasSize(6);
                    for (var each : peer.received()) {
                        assertThat(peer.received())
                                .filteredOn(other -> other.connection() == each.connection())
                                .allMatch(other -> other.rcpts().equals(each.rcpts()));
                    }
                });
    }

    @Test
    void whatThisHostCantTakeGoesToTheNextOne() {
        var peer = host("PIPELINING", "CHUNKING", "SIZE 100");
        var second = world.exchanger("x.example", 20, "mx2.x.example", "192.0.2.2");
        world.run(
                () -> {
                    for (int i = 0; i < 12; i++) {
                        String text = World.TEXT + (i == 6 ? "x".repeat(200) : "") + "\r\n";
                        world.send(
                                Mailbox.parse(World.SENDER),
                                MailOptions.NONE,
                                World.recipients("r" + i + "@x.example"),
                                text,
                                new Disposition.Relayed("people", ""));
                    }
                    world.sim.advance(Duration.ofSeconds(5));
                    assertThat(world.delivered()).hasSize(12);
                    assertThat(peer.received().size() + second.received().size()).isEqualTo(12);
                    assertThat(recipients(second)).contains("RCPT TO:<r6@x.example>");
                    assertThat(world.deferred()).isEmpty();
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"BDAT", "RCPT"})
    void fallBacksAreTakenAtOnceAndRemembered(String at) {
        var peer = host("PIPELINING", "CHUNKING");
        world.run(
                () -> {
                    peer.once(at, at.equals("BDAT") ? "502 5.5.1 what" : "garbage");
                    send(1);
                    world.sim.advance(Duration.ofSeconds(3));
                    assertThat(world.delivered()).hasSize(1);
                    assertThat(world.deferred()).isEmpty();
                    assertThat(peer.commands().stream().filter("DATA"::equals))
                            .hasSize(at.equals("BDAT") ? 1 : 0);
                    assertThat(peer.connections()).isEqualTo(2);
                    world.sim.advance(Duration.ofMinutes(5));
                    send(1);
                    world.sim.advance(Duration.ofSeconds(3));
                    assertThat(world.delivered()).hasSize(2);
                    assertThat(peer.connections()).isEqualTo(3);
                });
    }

    /** The host answers what is on its way behind it all the same. */
    @Test
    void aRefusalForTheNumberOfConnectionsRepeatsNothingThatIsOnItsWay() {
        var peer = host("PIPELINING", "CHUNKING");
        world.run(
                () -> {
                    String busy = "451 4.3.2 too many concurrent connections";
                    peer.once("RCPT TO:<r7@", busy, busy);
                    send(20);
                    world.sim.advance(Duration.ofHours(1));
                    assertThat(recipients(peer)).containsExactlyInAnyOrderElementsOf(all(20));
                    assertThat(world.events(MailEvent.Trouble.class)).isEmpty();
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"PIPELINING", "PIPELINING CHUNKING"})
    void whatFollowsTheNextHostsMessageIsNotForgotten(String offers) {
        var peer = host("PIPELINING", "CHUNKING", "SIZE 100");
        var second =
                world.exchanger("x.example", 20, "mx2.x.example", "192.0.2.2")
                        .offers(offers.split(" "));
        world.run(
                () -> {
                    for (int i = 0; i < 24; i++) {
                        String text = World.TEXT + (i % 6 == 1 ? "x".repeat(200) : "") + "\r\n";
                        world.send(
                                Mailbox.parse(World.SENDER),
                                MailOptions.NONE,
                                World.recipients("r" + i + "@x.example"),
                                text,
                                new Disposition.Relayed("people", ""));
                    }
                    world.sim.advance(Duration.ofHours(1));
                    List<String> taken = new ArrayList<>(recipients(peer));
                    taken.addAll(recipients(second));
                    assertThat(taken).containsExactlyInAnyOrderElementsOf(all(24));
                    assertThat(world.deferred()).isEmpty();
                    assertThat(world.events(MailEvent.Trouble.class)).isEmpty();
                });
    }

    @Test
    void stoppingPolitelyEndsWhatIsOnItsWay() {
        var peer = host("PIPELINING", "CHUNKING");
        world.durable = true;
        world.run(
                () -> {
                    send(100);
                    world.sim.advance(Duration.ofMillis(900));
                    int before = peer.received().size();
                    assertThat(before).isBetween(1, 99);
                    world.restart();
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(recipients(peer)).containsExactlyInAnyOrderElementsOf(all(100));
                });
    }

    @Test
    void memoryOfHostsIsBoundedAndExpires() {
        world.sim.run(
                () -> {
                    var memory = new HostMemory(world.sim.time());
                    assertThat(memory.traits("a:25")).isEmpty();
                    memory.learn("a:25", Set.of(HostTrait.CUT));
                    world.sim.advance(Duration.ofMinutes(30));
                    memory.learn("a:25", Set.of(HostTrait.NO_CHUNKING));
                    assertThat(memory.traits("a:25"))
                            .containsExactly(HostTrait.NO_CHUNKING, HostTrait.CUT);
                    world.sim.advance(Duration.ofMinutes(31));
                    assertThat(memory.traits("a:25")).containsExactly(HostTrait.NO_CHUNKING);
                    world.sim.advance(Duration.ofMinutes(31));
                    assertThat(memory.traits("a:25")).isEmpty();
                    for (int i = 0; i <= HostMemory.HOSTS_MAX; i++) {
                        memory.learn(i + ":25", Set.of(HostTrait.PROVEN));
                    }
                    assertThat(memory.traits("0:25")).isEmpty();
                    assertThat(memory.traits("1:25")).containsExactly(HostTrait.PROVEN);
                });
    }
}
