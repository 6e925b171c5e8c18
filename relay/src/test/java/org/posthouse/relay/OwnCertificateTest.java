package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.MailEvent;
import org.posthouse.policy.AddressPattern;
import org.posthouse.policy.OwnCertificate;
import org.posthouse.policy.Route;
import org.posthouse.policy.Route.Hop;
import org.posthouse.policy.Route.TlsMode;
import org.posthouse.sim.ScriptedPeer;

import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import javax.net.ssl.SSLContext;

/** Next hops that ask who we are in the handshake of TLS. */
class OwnCertificateTest {
    private static final String MX = "192.0.2.25";
    private static final OwnCertificate OURS = certificate("ours");
    private static final OwnCertificate OTHER = certificate("other");

    private final World world = new World();
    private final Map<OwnCertificate, SSLContext> contexts = new HashMap<>();

    OwnCertificateTest() {
        world.tls = (shown, verifies) -> contexts.computeIfAbsent(shown, each -> context());
        world.sim.dns().address("smart.example", MX);
    }

    private static OwnCertificate certificate(String name) {
        return new OwnCertificate(Path.of("/", name + ".pem"), Path.of("/", name + ".key"));
    }

    private static SSLContext context() {
        try {
            return SSLContext.getInstance("TLS");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A host that takes only those who show our certificate. */
    private ScriptedPeer demanding() {
        world.sim
                .network()
                .host(MX)
                .demandsOfClients(context -> context.equals(contexts.get(OURS)));
        return world.peer(MX).offers("STARTTLS", "PIPELINING");
    }

    /** A route for a domain of its own to the one host. */
    private static Route to(String domain, TlsMode mode, OwnCertificate shown) {
        return route(domain, smarthost(World.hop(mode, 5).showing(shown)));
    }

    private static Route route(String domain, Route.Via via) {
        return new Route("for " + domain, List.of(new AddressPattern("*@" + domain)), via);
    }

    private static Route.Smarthost smarthost(Hop hop) {
        return Route.Smarthost.of(List.of(new Route.HostPort("smart.example", 25)), hop);
    }

    private void send(String... recipients) {
        for (String recipient : recipients) {
            world.send(recipient);
        }
        world.sim.advance(Duration.ofMinutes(1));
    }

    private List<String> mails(ScriptedPeer peer) {
        return peer.received().stream().map(each -> each.rcpts().toString()).toList();
    }

    private static final String NONE_SHOWN =
            "421 4.7.5 TLS failed: the host wants a certificate of ours, and was shown none in TLS";

    @Test
    void theRouteThatShowsItGetsItsMailThroughAndTheOthersWait() {
        world.rules =
                World.rules(
                        to("a.example", TlsMode.AUTO, OURS),
                        to("b.example", TlsMode.REQUIRE, OwnCertificate.NONE),
                        to("c.example", TlsMode.OPPORTUNISTIC, OTHER));
        world.run(
                () -> {
                    ScriptedPeer peer = demanding();
                    send("x@b.example", "x@c.example", "x@a.example");
                    send("y@a.example", "y@b.example", "y@c.example");
                    assertThat(world.delivered())
                            .containsExactly(
                                    "x@a.example at smart.example[192.0.2.25]:25",
                                    "y@a.example at smart.example[192.0.2.25]:25");
                    assertThat(mails(peer)).hasSize(2);
                    assertThat(world.failed()).isEmpty();
                    assertThat(world.deferred())
                            .extracting(e -> e.reply().toString())
                            .isNotEmpty()
                            .containsOnly(NONE_SHOWN);
                    assertThat(world.deferred())
                            .extracting(e -> e.recipient().domain())
                            .contains("b.example", "c.example");
                });
    }

    /** All at once, so that who shares what is not a matter of order. */
    @Test
    void noConnectionIsSharedBetweenCertificates() {
        world.rules =
                World.rules(
                        to("a.example", TlsMode.AUTO, OURS),
                        to("b.example", TlsMode.AUTO, OTHER),
                        to("c.example", TlsMode.AUTO, OwnCertificate.NONE));
        world.run(
                () -> {
                    ScriptedPeer peer = world.peer(MX).offers("STARTTLS", "PIPELINING");
                    for (int i = 0; i < 3; i++) {
                        send("x@a.example", "x@b.example", "x@c.example");
                    }
                    assertThat(peer.received()).hasSize(9);
                    var byConnection = new HashMap<Integer, List<String>>();
                    for (ScriptedPeer.Received each : peer.received()) {
                        byConnection.merge(
                                each.connection(),
                                each.rcpts(),
                                (one, other) -> {
                                    assertThat(one).isEqualTo(other);
                                    return one;
                                });
                    }
                    assertThat(contexts.keySet())
                            .containsExactlyInAnyOrder(OURS, OTHER, OwnCertificate.NONE);
                });
    }

    @Test
    void anotherCertificateIsShownOverAnotherConnection() {
        world.rules = World.rules(to("a.example", TlsMode.AUTO, OTHER));
        world.run(
                () -> {
                    ScriptedPeer peer = world.peer(MX).offers("STARTTLS", "PIPELINING");
                    world.send("x@a.example");
                    world.sim.advance(Duration.ofSeconds(2));
                    world.rules = World.rules(to("a.example", TlsMode.AUTO, OURS));
                    world.send("y@a.example");
                    world.sim.advance(Duration.ofSeconds(2));
                    world.send("z@a.example");
                    world.sim.advance(Duration.ofSeconds(2));
                    assertThat(peer.received())
                            .extracting(ScriptedPeer.Received::connection)
                            .containsExactly(1, 2, 2);
                });
    }

    /** What a host refused to one certificate says nothing of another. */
    @Test
    void brokenTlsIsRememberedForThoseWhoShowTheSame() {
        world.sim.dns().mx("a.example", 10, "smart.example").mx("b.example", 10, "smart.example");
        world.rules =
                World.rules(
                        route("a.example", mx(OURS)), route("b.example", mx(OwnCertificate.NONE)));
        world.run(
                () -> {
                    ScriptedPeer peer = demanding();
                    send("x@b.example");
                    assertThat(peer.received()).as("in clear text").hasSize(1);
                    assertThat(levels()).containsExactly("NONE");
                    send("x@a.example");
                    assertThat(levels()).containsExactly("NONE", "OPPORTUNISTIC");
                });
    }

    private static Route.Mx mx(OwnCertificate shown) {
        return new Route.Mx(World.hop(TlsMode.AUTO, 5).showing(shown), false);
    }

    private List<String> levels() {
        return world.events(MailEvent.Secured.class).stream()
                .map(each -> each.level().name())
                .toList();
    }

    /** Else mail of the one would go to the second host because of the other. */
    @Test
    void aHostThatRefusesOneCertificateIsNotPutLastForAnother() {
        world.sim.dns().address("second.example", "192.0.2.26");
        var hosts =
                List.of(
                        new Route.HostPort("smart.example", 25),
                        new Route.HostPort("second.example", 25));
        Hop hop = World.hop(TlsMode.REQUIRE, 1);
        world.rules =
                World.rules(
                        route("a.example", Route.Smarthost.of(hosts, hop.showing(OURS))),
                        route("b.example", Route.Smarthost.of(hosts, hop)));
        world.run(
                () -> {
                    ScriptedPeer first = demanding();
                    ScriptedPeer second = world.peer("192.0.2.26").offers("STARTTLS", "PIPELINING");
                    world.send("x@b.example");
                    world.sim.advance(Duration.ofSeconds(2));
                    world.send("x@a.example");
                    world.sim.advance(Duration.ofSeconds(2));
                    assertThat(mails(second)).containsExactly("[RCPT TO:<x@b.example>]");
                    assertThat(mails(first)).containsExactly("[RCPT TO:<x@a.example>]");
                });
    }

    @Test
    void mailWaitsForACertificateThatCantBeRead() {
        world.rules =
                World.rules(
                        to("a.example", TlsMode.AUTO, OURS),
                        to("b.example", TlsMode.AUTO, OwnCertificate.NONE));
        world.tls =
                (shown, verifies) -> {
                    if (shown.equals(OURS)) {
                        throw new IllegalStateException("no such file:\n/ours.pem");
                    }
                    return context();
                };
        world.run(
                () -> {
                    ScriptedPeer peer = world.peer(MX).offers("STARTTLS", "PIPELINING");
                    send("x@a.example", "x@b.example");
                    assertThat(mails(peer)).containsExactly("[RCPT TO:<x@b.example>]");
                    assertThat(peer.connections()).isOne();
                    assertThat(world.deferred())
                            .extracting(e -> e.reply().toString())
                            .isNotEmpty()
                            .containsOnly(
                                    "450 4.7.5 smart.example: our certificate can't be shown: no"
                                            + " such file: /ours.pem");
                });
    }

    @Test
    void withTlsFromTheFirstOctetAndByLmtp() {
        var at = new Route.HostPort("smart.example", 24);
        var peer = new Route.Peer(at, 1, 1, TlsMode.REQUIRE, Route.Credentials.NONE);
        Hop shows = World.hop(TlsMode.REQUIRE, 5).showing(OURS);
        Hop implicit = World.hop(TlsMode.IMPLICIT, 5);
        world.rules =
                World.rules(
                        route("a.example", smarthost(implicit.showing(OURS))),
                        route("b.example", smarthost(implicit)),
                        route("c.example", new Route.Lmtp(List.of(peer), shows)));
        world.run(
                () -> {
                    demanding().implicitTls().offers("PIPELINING");
                    var store = new ScriptedPeer(world.sim, MX, 24).lmtp().offers("STARTTLS");
                    world.peers.add(store);
                    send("x@a.example", "x@b.example", "x@c.example");
                    assertThat(world.delivered())
                            .containsExactlyInAnyOrder(
                                    "x@a.example at smart.example[192.0.2.25]:25",
                                    "x@c.example at smart.example[192.0.2.25]:24");
                    assertThat(world.deferred())
                            .extracting(e -> e.reply().toString())
                            .isNotEmpty()
                            .containsOnly(NONE_SHOWN);
                });
    }
}
