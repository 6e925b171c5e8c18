package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthouse.relay.Certificates.chain;
import static org.posthouse.relay.Certificates.tlsa;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.posthouse.core.MailEvent;
import org.posthouse.core.TlsFault;
import org.posthouse.core.TlsLevel;
import org.posthouse.platform.Dns.Tlsa;
import org.posthouse.policy.Route;
import org.posthouse.policy.Route.TlsMode;
import org.posthouse.sim.ScriptedPeer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What next hops publish by TLSA records is kept to (RFC 7672). */
class DaneTest {
    private static final String MX1 = "192.0.2.25";
    private static final String MX2 = "192.0.2.26";
    private static final String AT_MX1 = "_25._tcp.mx1.x.example";

    private final World world = new World();
    private ScriptedPeer first;

    @BeforeEach
    void signed() {
        world.sim
                .dns()
                .mx("x.example", 10, "mx1.x.example")
                .address("mx1.x.example", MX1)
                .secure("x.example", "mx1.x.example", AT_MX1);
        world.sim.network().host(MX1).certificates(chain("mx1", "inter", "ca"));
    }

    private void run(Runnable body) {
        world.run(
                () -> {
                    first = world.peer(MX1).offers("STARTTLS", "PIPELINING");
                    body.run();
                });
    }

    /** How safe the conversations were that one more message brought about. */
    private List<TlsLevel> levels(String recipient) {
        world.events.clear();
        world.send(recipient);
        world.sim.advance(Duration.ofMinutes(1));
        return world.events(MailEvent.Secured.class).stream()
                .map(MailEvent.Secured::level)
                .toList();
    }

    private List<TlsFault> faults() {
        return world.events(MailEvent.TlsFailed.class).stream()
                .map(MailEvent.TlsFailed::fault)
                .toList();
    }

    private String lastReply() {
        return world.deferred().getLast().reply().toString();
    }

    @Test
    void theCertificateThatIsPublishedIsTaken() {
        world.sim.dns().tlsa(AT_MX1, tlsa(3, "stranger"), tlsa(3, "mx1"));
        run(
                () -> {
                    assertThat(levels("bob@x.example")).containsExactly(TlsLevel.DANE);
                    assertThat(faults()).isEmpty();
                    assertThat(first.received()).hasSize(1);
                });
    }

    @Test
    void anotherOneGetsNothingAndTheNextExchangerIsTried() {
        world.sim.dns().tlsa(AT_MX1, tlsa(3, "stranger"));
        run(
                () -> {
                    assertThat(levels("bob@x.example")).isEmpty();
                    assertThat(first.received()).isEmpty();
                    assertThat(first.commands()).doesNotContain("MAIL FROM:<ada@us.example>");
                    assertThat(lastReply()).contains("4.7.5", "none of those that TLSA names");
                    var told = world.events(MailEvent.TlsFailed.class).getFirst();
                    assertThat(told.fault()).isEqualTo(TlsFault.TLSA_INVALID);
                    assertThat(told.domain()).isEqualTo("x.example");
                    assertThat(told.nexthop()).isEqualTo("mx1.x.example");
                    assertThat(told.wanted()).isEqualTo(TlsLevel.DANE);
                    assertThat(told.isUsed()).isFalse();
                    world.sim.advance(Duration.ofDays(6));
                    assertThat(first.received()).isEmpty();
                    assertThat(world.failed()).hasSize(1);

                    world.sim.dns().mx("x.example", 20, "mx2.x.example");
                    world.sim.dns().address("mx2.x.example", MX2).secure("mx2.x.example");
                    ScriptedPeer second = world.peer(MX2).offers("STARTTLS");
                    assertThat(levels("bob@x.example")).containsExactly(TlsLevel.OPPORTUNISTIC);
                    assertThat(second.received()).hasSize(1);
                });
    }

    @Test
    void whoHasRecordsAndNoTlsGetsNothing() {
        world.sim.dns().tlsa(AT_MX1, tlsa(3, "mx1"));
        run(
                () -> {
                    first.offers("PIPELINING");
                    assertThat(levels("bob@x.example")).isEmpty();
                    assertThat(faults()).containsOnly(TlsFault.STARTTLS_NOT_SUPPORTED);
                    first.offers("STARTTLS").always("STARTTLS", "454 4.7.0 not now");
                    world.sim.advance(Duration.ofMinutes(3));
                    first.heal("STARTTLS");
                    world.sim.network().host(MX1).failTls(true);
                    world.sim.advance(Duration.ofMinutes(10));
                    assertThat(faults()).contains(TlsFault.VALIDATION_FAILURE);
                    assertThat(first.received()).isEmpty();
                    world.sim.network().host(MX1).failTls(false);
                    world.sim.advance(Duration.ofMinutes(10));
                    assertThat(first.received()).hasSize(1);
                });
    }

    @Test
    void recordsThatCantBeLookedUpKeepTheMail() {
        world.sim.dns().failTemporarily(AT_MX1);
        run(
                () -> {
                    assertThat(levels("bob@x.example")).isEmpty();
                    assertThat(faults()).containsOnly(TlsFault.DNSSEC_INVALID);
                    assertThat(lastReply()).contains("look-up of TLSA at " + AT_MX1 + " failed");
                    assertThat(first.connections()).isZero();
                    world.sim.dns().heal(AT_MX1);
                    world.sim.advance(Duration.ofMinutes(10));
                    assertThat(first.received()).hasSize(1);
                });
    }

    /** RFC 7672 section 2.2: what is not signed is as if it were not there. */
    @Test
    void withoutSignaturesThereIsNoDane() {
        world.sim.dns().tlsa(AT_MX1, tlsa(3, "stranger"));
        run(
                () -> {
                    world.sim.dns().insecure(AT_MX1);
                    assertThat(levels("bob@x.example")).containsExactly(TlsLevel.OPPORTUNISTIC);
                    world.sim.dns().secure(AT_MX1).insecure("mx1.x.example");
                    long asked = world.sim.dns().calls("TLSA", AT_MX1);
                    world.sim.advance(Duration.ofMinutes(10));
                    assertThat(levels("bob@x.example")).containsExactly(TlsLevel.OPPORTUNISTIC);
                    world.sim.dns().secure("mx1.x.example").insecure("x.example");
                    world.sim.advance(Duration.ofMinutes(10));
                    assertThat(levels("bob@x.example")).containsExactly(TlsLevel.OPPORTUNISTIC);
                    assertThat(world.sim.dns().calls("TLSA", AT_MX1)).isEqualTo(asked);
                });
    }

    /** RFC 7672 section 2.2: encryption is needed, whoever is there. */
    @Test
    void recordsThatCantBeUsedStillAskForEncryption() {
        world.sim.dns().tlsa(AT_MX1, new Tlsa(1, 1, 1, "ab".repeat(32)));
        run(
                () -> {
                    assertThat(levels("bob@x.example")).containsExactly(TlsLevel.OPPORTUNISTIC);
                    world.sim.advance(Duration.ofMinutes(1));
                    first.offers("PIPELINING");
                    assertThat(levels("bob@x.example")).isEmpty();
                    assertThat(first.received()).hasSize(1);
                });
    }

    @Test
    void withoutRecordsEncryptionIsOpportunistic() {
        run(
                () -> {
                    assertThat(levels("bob@x.example")).containsExactly(TlsLevel.OPPORTUNISTIC);
                    world.sim.advance(Duration.ofMinutes(1));
                    first.offers("PIPELINING");
                    assertThat(levels("bob@x.example")).containsExactly(TlsLevel.NONE);
                });
    }

    /** RFC 7672 section 2.2.2. */
    @Test
    void aliasesOfAnExchanger() {
        var dns = world.sim.dns();
        dns.mx("y.example", 10, "mx.y.example").alias("mx.y.example", "mx1.x.example");
        dns.secure("y.example", "mx.y.example", "_25._tcp.mx.y.example");
        dns.tlsa("_25._tcp.mx.y.example", tlsa(3, "stranger"));
        dns.tlsa(AT_MX1, tlsa(3, "mx1"));
        run(
                () -> {
                    assertThat(levels("bob@y.example"))
                            .as("where a signed alias leads to")
                            .containsExactly(TlsLevel.DANE);
                    dns.remove(AT_MX1);
                    world.sim.advance(Duration.ofMinutes(10));
                    assertThat(levels("bob@y.example")).as("else at the alias").isEmpty();
                    assertThat(faults()).containsOnly(TlsFault.TLSA_INVALID);
                    dns.insecure("mx1.x.example");
                    world.sim.advance(Duration.ofHours(1));
                    world.events.clear();
                    world.sim.advance(Duration.ofMinutes(20));
                    assertThat(faults())
                            .as("a signed alias that leads to what is not signed")
                            .containsOnly(TlsFault.TLSA_INVALID);
                    assertThat(first.received()).hasSize(1);
                    dns.insecure("mx.y.example");
                    world.sim.advance(Duration.ofHours(1));
                    assertThat(first.received()).hasSize(2);
                });
    }

    /** RFC 7672 section 2.1: who can keep an answer from us must not keep us from DANE. */
    @Test
    void anAliasThatCantBeLookedUpKeepsTheMail() {
        var dns = world.sim.dns();
        dns.mx("y.example", 10, "mx.y.example").alias("mx.y.example", "mx1.x.example");
        dns.secure("y.example", "mx.y.example", "_25._tcp.mx.y.example");
        dns.insecure("mx1.x.example").tlsa("_25._tcp.mx.y.example", tlsa(3, "mx1"));
        dns.failTemporarily("CNAME", "mx.y.example");
        run(
                () -> {
                    assertThat(levels("bob@y.example")).isEmpty();
                    assertThat(faults()).containsOnly(TlsFault.DNSSEC_INVALID);
                    assertThat(lastReply())
                            .contains("look-up of the alias mx.y.example failed: SERVFAIL");
                    assertThat(first.connections()).isZero();
                    dns.heal("mx.y.example");
                    world.events.clear();
                    world.sim.advance(Duration.ofMinutes(15));
                    assertThat(world.events(MailEvent.Secured.class))
                            .extracting(MailEvent.Secured::level)
                            .containsExactly(TlsLevel.DANE);
                });
    }

    /** Whoever has no MX records is his own exchanger. */
    @Test
    void theDomainItself() {
        var dns = world.sim.dns().address("z.example", MX1).secure("z.example");
        dns.secure("_25._tcp.z.example").tlsa("_25._tcp.z.example", tlsa(3, "mx1"));
        run(() -> assertThat(levels("bob@z.example")).containsExactly(TlsLevel.DANE));
    }

    /** What proves a host for one domain proves it for another only if both may ask for it. */
    @Test
    void aNameOfTheDomainAloneIsNoProofForOthers() {
        var dns = world.sim.dns();
        dns.mx("y.example", 10, "mx1.x.example").secure("y.example");
        dns.tlsa(AT_MX1, tlsa(2, "ca"));
        world.sim.network().host(MX1).certificates(chain("domain", "inter", "ca"));
        world.rules =
                World.rules(World.route("one", new Route.Mx(World.hop(TlsMode.AUTO, 1), false)));
        run(
                () -> {
                    assertThat(levels("bob@x.example")).containsExactly(TlsLevel.DANE);
                    for (String domain : List.of("x", "y", "x", "y")) {
                        world.send("bob@" + domain + ".example");
                    }
                    world.sim.advance(Duration.ofMinutes(20));
                    assertThat(first.received())
                            .allSatisfy(
                                    each ->
                                            assertThat(each.rcpts().toString())
                                                    .contains("x.example"));
                    assertThat(first.received()).hasSize(3);
                    world.sim.network().host(MX1).certificates(chain("mx1", "inter", "ca"));
                    world.sim.advance(Duration.ofMinutes(20));
                    assertThat(first.received()).hasSize(5);
                });
    }

    /** A domain that is not signed has the same exchanger: its mail must not open the way. */
    @Test
    void aConversationForADomainWithoutSignaturesIsNotUsedForOneWith() {
        var dns = world.sim.dns();
        dns.mx("y.example", 10, "mx1.x.example");
        dns.tlsa(AT_MX1, tlsa(3, "stranger"));
        run(
                () -> {
                    var sent = new ArrayList<String>();
                    for (int i = 0; i < 20; i++) {
                        sent.add((i % 2 == 0 ? "x" : "y") + ".example");
                        world.send("bob@" + sent.getLast());
                    }
                    world.sim.advance(Duration.ofMinutes(5));
                    assertThat(first.received())
                            .hasSize(10)
                            .allSatisfy(
                                    each ->
                                            assertThat(each.rcpts().toString())
                                                    .contains("y.example"));
                });
    }

    @Test
    void aRouteMayRequireIt() {
        world.rules =
                World.rules(World.route("dane", new Route.Mx(World.hop(TlsMode.DANE, 1), false)));
        run(
                () -> {
                    assertThat(levels("bob@x.example")).isEmpty();
                    assertThat(faults()).containsOnly(TlsFault.DANE_REQUIRED);
                    assertThat(lastReply()).contains("no TLSA record that DNSSEC vouches for");
                    world.sim.dns().tlsa(AT_MX1, tlsa(0, "mx1"));
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(faults()).contains(TlsFault.DANE_REQUIRED);
                    world.sim.dns().tlsa(AT_MX1, tlsa(3, "mx1"));
                    world.sim.advance(Duration.ofMinutes(10));
                    assertThat(first.received()).hasSize(1);
                });
    }

    /** RFC 7672 section 2.2: also for hosts that are given. */
    @Test
    void aSmarthostMayPublishItsCertificate() {
        var hosts = List.of(new Route.HostPort("mx1.x.example", 25));
        world.rules =
                World.rules(
                        World.route(
                                "smart", Route.Smarthost.of(hosts, World.hop(TlsMode.AUTO, 1))));
        world.sim.dns().tlsa(AT_MX1, tlsa(2, "inter"));
        run(
                () -> {
                    assertThat(levels("bob@far.example")).containsExactly(TlsLevel.DANE);
                    world.sim.network().host(MX1).certificates(chain("domain", "inter"));
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(levels("bob@far.example")).isEmpty();
                    assertThat(faults()).contains(TlsFault.TLSA_INVALID);
                });
    }

    @Test
    void otherModesDoNotAsk() {
        world.sim.dns().tlsa(AT_MX1, tlsa(3, "stranger"));
        world.rules =
                World.rules(
                        World.route(
                                "op", new Route.Mx(World.hop(TlsMode.OPPORTUNISTIC, 1), false)));
        run(
                () -> {
                    assertThat(levels("bob@x.example")).containsExactly(TlsLevel.OPPORTUNISTIC);
                    assertThat(world.sim.dns().calls("TLSA", AT_MX1)).isZero();
                });
    }
}
