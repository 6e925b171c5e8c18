package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvents;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.AddressLiteral;
import org.posthouse.platform.TimeSource;
import org.posthouse.policy.OwnCertificate;
import org.posthouse.policy.Route;
import org.posthouse.policy.Route.Credentials;
import org.posthouse.policy.Route.Hop;
import org.posthouse.policy.Route.Source;
import org.posthouse.policy.Route.TlsMode;
import org.posthouse.sim.ScriptedPeer;
import org.posthouse.sim.SimPlatform;
import org.posthouse.spool.QueuedDelivery;
import org.posthouse.spool.StoredMessage;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Several sources of one route. */
class SourceTest {
    private static final Source ONE = new Source(List.of("198.51.100.1"), "out1.us.example", 1);
    private static final Source TWO = new Source(List.of("198.51.100.2"), "out2.us.example", 3);

    private static final DeliveryId BEFORE_ALL = new DeliveryId(new SpoolId(1), 0);

    private final World world = new World();

    private static Hop hop(Source... sources) {
        return new Hop(
                25,
                TlsMode.OFF,
                Credentials.NONE,
                5,
                List.of(sources),
                Duration.ofSeconds(1),
                0,
                OwnCertificate.NONE,
                Route.Streaming.LEARNED);
    }

    private static String chosen(SourceChoice choice, long message, Source... sources) {
        Hop chosen =
                choice.of(new DeliveryId(new SpoolId(message), 0))
                        .by(hop(sources), source -> "mx to " + source.name());
        return chosen.source().name();
    }

    /** By weight, within four standard deviations; and few move when one comes. */
    @Test
    void sharesFollowTheWeightsAndAMessageStaysWithItsSource() {
        TimeSource time = new SimPlatform(1).time();
        var choice =
                new SourceChoice(
                        time,
                        MailEvents.NONE,
                        site -> new SourceChoice.At(site, false),
                        time.signal());
        var three = new Source(List.of(), "out3.us.example", 4);
        Map<String, Integer> shares = new HashMap<>();
        int moved = 0;
        for (long message = 1; message <= 10_000; message++) {
            String first = chosen(choice, message, ONE, TWO);
            assertThat(chosen(choice, message, TWO, ONE)).isEqualTo(first);
            shares.merge(first, 1, Integer::sum);
            String then = chosen(choice, message, ONE, TWO, three);
            if (!then.equals(first)) {
                assertThat(then).isEqualTo(three.name());
                moved++;
            }
        }
        assertThat(shares.get(ONE.name())).isBetween(2_327, 2_673);
        assertThat(moved).isBetween(4_800, 5_200);
    }

    private List<String> helos(ScriptedPeer peer) {
        return peer.commands().stream().filter(each -> each.startsWith("EHLO")).toList();
    }

    private ScriptedPeer peer() {
        world.rules = World.rules(World.route("pool", new Route.Mx(hop(ONE, TWO), false)));
        return world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25");
    }

    @Test
    void eachHasItsOwnNameAndConnections() {
        world.run(
                () -> {
                    var peer = peer();
                    for (int i = 0; i < 40; i++) {
                        world.send("a@x.example");
                    }
                    world.sim.advance(Duration.ofSeconds(30));
                    assertThat(peer.received()).hasSize(40);
                    assertThat(helos(peer))
                            .contains("EHLO out1.us.example", "EHLO out2.us.example");
                });
    }

    /** Whoever greylists wants to see the same client again. */
    @Test
    void whatWasGreylistedComesAgainBySameSourceOverARestart() {
        world.durable = true;
        world.run(
                () -> {
                    var peer = peer();
                    for (int i = 0; i < 10; i++) {
                        peer.once("RCPT TO:<a" + i + "@", "450 4.7.1 greylisted, try again later");
                        world.send("a" + i + "@x.example");
                        world.sim.advance(Duration.ofSeconds(2));
                    }
                    assertThat(world.deferred()).hasSize(10);
                    List<String> before = sourceOfEach(peer);
                    world.restart();
                    world.sim.advance(Duration.ofMinutes(30));
                    assertThat(peer.received()).hasSize(10);
                    List<String> all = sourceOfEach(peer);
                    assertThat(all).hasSize(20);
                    assertThat(all.subList(10, 20)).containsExactlyInAnyOrderElementsOf(before);
                });
    }

    /** Four equal exchangers that do not tell each other whom they greylisted. */
    @Test
    void whatWasGreylistedComesAgainToTheSameHost() {
        world.run(
                () -> {
                    List<ScriptedPeer> equals = new ArrayList<>();
                    for (int i = 1; i <= 4; i++) {
                        String host = "mx" + i + ".x.example";
                        equals.add(world.exchanger("x.example", 10, host, "192.0.2." + i));
                    }
                    for (int i = 0; i < 10; i++) {
                        String mailbox = "a" + i + "@x.example";
                        equals.forEach(
                                each -> each.once("RCPT TO:<" + mailbox, "450 4.7.1 greylisted"));
                        world.send(mailbox);
                        world.sim.advance(Duration.ofMinutes(8));
                        assertThat(world.delivered()).hasSize(i + 1);
                    }
                    assertThat(equals.stream().filter(each -> each.received().size() > 0))
                            .hasSizeGreaterThan(1);
                });
    }

    /** A host that was asked because a better one was down is not preferred to it. */
    @Test
    void theHostThatGreylistedGoesBeforeItsEqualsOnly() {
        List<Exchangers.Host> hosts = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            hosts.add(new Exchangers.Host("mx" + i, i / 3, 25, List.of(address(i))));
        }
        assertThat(order(hosts, "mx4[192.0.2.4]:25")).isEqualTo("mx0 mx1 mx2 mx4 mx3 mx5");
        assertThat(order(hosts, "mx2[192.0.2.2]:25")).isEqualTo("mx2 mx0 mx1 mx3 mx4 mx5");
        assertThat(order(hosts, "gone[192.0.2.9]:25")).isEqualTo("mx0 mx1 mx2 mx3 mx4 mx5");
        assertThat(order(hosts, "")).isEqualTo("mx0 mx1 mx2 mx3 mx4 mx5");
    }

    private static String order(List<Exchangers.Host> hosts, String greylister) {
        List<Exchangers.Host> turned = new ArrayList<>(hosts);
        Dialer.putBeforeItsEquals(greylister, turned);
        return turned.stream().map(Exchangers.Host::name).collect(Collectors.joining(" "));
    }

    private static InetAddress address(int last) {
        return AddressLiteral.parse("192.0.2." + last).orElseThrow();
    }

    /** Recipients with the name that was said at their connection; one connection at a time. */
    private static List<String> sourceOfEach(ScriptedPeer peer) {
        List<String> found = new ArrayList<>();
        String name = "";
        for (String command : peer.commands()) {
            name = command.startsWith("EHLO") ? command : name;
            if (command.startsWith("RCPT")) {
                found.add(command + " " + name);
            }
        }
        return found;
    }

    @Test
    void aSourceWithABadNameIsLeftAloneThereAndItsMailGoesByAnotherOnce() {
        world.run(
                () -> {
                    var peer = peer();
                    peer.always("MAIL", "554 5.7.1 client host blocked using zen.spamhaus.org");
                    world.send("a@x.example");
                    world.sim.advance(Duration.ofSeconds(5));
                    assertThat(world.failed()).isEmpty();
                    assertThat(world.deferred()).hasSize(1);
                    String first = helos(peer).getFirst();
                    assertThat(world.events(MailEvent.RateChanged.class))
                            .extracting(MailEvent.RateChanged::after)
                            .containsExactly("suspended");
                    // fresh mail goes by the other one at once
                    peer.heal("MAIL");
                    for (int i = 0; i < 10; i++) {
                        world.send("b@x.example");
                    }
                    world.sim.advance(Duration.ofSeconds(30));
                    assertThat(peer.received()).hasSize(10);
                    assertThat(helos(peer).stream().filter(first::equals)).hasSize(1);
                    // and what was refused, by its schedule
                    world.sim.advance(Duration.ofMinutes(20));
                    assertThat(peer.received()).hasSize(11);
                    assertThat(helos(peer).getLast()).isNotEqualTo(first);
                });
    }

    /** The hosts refuse a source, whichever domain of theirs its mail is for. */
    @Test
    void aBadNameHoldsForAllDomainsOfASiteAndOverARestart() {
        world.durable = true;
        world.run(
                () -> {
                    var peer = peer();
                    world.sim.dns().mx("y.example", 10, "mx.x.example");
                    for (int i = 0; i < 10; i++) {
                        world.send("a@x.example");
                        world.send("a@y.example");
                    }
                    world.sim.advance(Duration.ofMinutes(2));
                    assertThat(peer.received()).hasSize(20);
                    peer.once("MAIL", "554 5.7.1 client host blocked using zen.spamhaus.org");
                    world.send("b@x.example");
                    world.sim.advance(Duration.ofSeconds(5));
                    String bad = helos(peer).getLast();
                    int before = peer.commands().size();
                    for (int i = 0; i < 10; i++) {
                        world.send("b@y.example");
                    }
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(peer.received()).hasSize(30);
                    world.restart();
                    for (int i = 0; i < 10; i++) {
                        world.send("c@x.example");
                    }
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(peer.received()).hasSize(40);
                    List<String> after = peer.commands().subList(before, peer.commands().size());
                    assertThat(after).contains("RCPT TO:<c@x.example>").doesNotContain(bad);
                    int restarted = helos(peer).size();
                    world.sim.advance(Duration.ofMinutes(40));
                    for (int i = 0; i < 10; i++) {
                        world.send("d@x.example");
                    }
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(helos(peer).lastIndexOf(bad))
                            .as("it ends")
                            .isGreaterThanOrEqualTo(restarted);
                });
    }

    @Test
    void newMailGoesByAnotherSourceWhileOneIsTooFast() {
        world.run(
                () -> {
                    var peer = peer();
                    peer.always("MAIL", "450 4.7.28 unusual rate of mail from you");
                    int sent = 0;
                    while (suspensions() == 0 && sent < 40) {
                        world.send("a@x.example");
                        sent++;
                        world.sim.advance(Duration.ofSeconds(30));
                    }
                    assertThat(suspensions()).isEqualTo(1);
                    peer.heal("MAIL");
                    String bad = helos(peer).getLast();
                    int before = peer.commands().size();

                    for (int i = 0; i < 10; i++) {
                        world.send("b@x.example");
                    }
                    world.sim.advance(Duration.ofMinutes(25));
                    assertThat(
                                    peer.received().stream()
                                            .filter(each -> each.rcpts().toString().contains("b@")))
                            .hasSize(10);
                    assertThat(peer.commands().subList(before, peer.commands().size()))
                            .doesNotContain(bad);
                });
    }

    private long suspensions() {
        return world.events(MailEvent.RateChanged.class).stream()
                .filter(each -> each.after().startsWith("suspended"))
                .count();
    }

    @Test
    void theWayOfADeliveryNamesTheSourceThatItGoesBy() {
        world.run(
                () -> {
                    var peer = peer();
                    peer.always("RCPT", "451 4.2.0 later");
                    for (int i = 0; i < 10; i++) {
                        world.send("a" + i + "@x.example");
                        world.sim.advance(Duration.ofSeconds(2));
                    }
                    List<String> named = new ArrayList<>();
                    for (QueuedDelivery each : world.spool.admin().list(BEFORE_ALL, 10)) {
                        StoredMessage message = world.spool.message(each.id().message());
                        var stored = world.spool.delivery(each.id());
                        Way way = world.current().wayOf(message, each, stored);
                        named.add(
                                message.envelope().recipients().getFirst().mailbox().address()
                                        + " "
                                        + SiteKey.of(way.site()).source());
                    }
                    List<String> seen =
                            sourceOfEach(peer).stream()
                                    .map(each -> each.replaceAll("RCPT TO:<|>|EHLO ", ""))
                                    .toList();
                    assertThat(named).containsExactlyElementsOf(seen);
                    assertThat(seen.toString()).contains(ONE.name(), TWO.name());
                });
    }

    @Test
    void thatWhichBothAreRefusedForFails() {
        world.run(
                () -> {
                    var peer = peer();
                    peer.always("MAIL", "554 5.7.1 client host blocked using zen.spamhaus.org");
                    world.send("a@x.example");
                    world.sim.advance(Duration.ofMinutes(40));
                    assertThat(world.failed()).hasSize(1);
                    assertThat(helos(peer)).hasSize(2).doesNotHaveDuplicates();
                });
    }

    @Test
    void aDomainThatIsTriedNowIsTriedByEachSource() {
        world.run(
                () -> {
                    var peer = peer();
                    world.sim.network().host("192.0.2.25").refuse(true);
                    for (int i = 0; i < 40; i++) {
                        world.send("a" + i + "@x.example");
                    }
                    world.sim.advance(Duration.ofHours(1));
                    world.sim.network().host("192.0.2.25").refuse(false);
                    assertThat(world.current().retryNow("x.example")).isEqualTo(40);
                    world.sim.advance(Duration.ofSeconds(5));
                    assertThat(peer.received()).hasSize(40);
                    assertThat(helos(peer))
                            .contains("EHLO out1.us.example", "EHLO out2.us.example");
                });
    }
}
