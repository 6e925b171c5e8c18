package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthouse.relay.Certificates.chain;
import static org.posthouse.relay.Certificates.tlsa;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.posthouse.core.BodyType;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Ret;
import org.posthouse.policy.Route;
import org.posthouse.policy.Route.TlsMode;
import org.posthouse.sim.ScriptedPeer;

import java.time.Duration;

/** Mail with REQUIRETLS leaves to hosts that have proved to be those meant (RFC 8689). */
class RequireTlsTest {
    private static final String MX1 = "192.0.2.25";
    private static final String HERE = "192.0.2.77";
    private static final MailOptions REQUIRED =
            new MailOptions(0, BodyType.SEVEN_BIT, false, Ret.UNSPECIFIED, "", "", true);

    private final World world = new World();
    private ScriptedPeer peer;
    private ScriptedPeer author;

    @BeforeEach
    void names() {
        world.sim.dns().mx("x.example", 10, "mx1.x.example").address("mx1.x.example", MX1);
        world.sim.dns().mx("author.example", 10, "mx.author.example");
        world.sim.dns().address("mx.author.example", HERE);
    }

    private void run(Runnable body) {
        world.run(
                () -> {
                    peer = world.peer(MX1).offers("STARTTLS", "REQUIRETLS");
                    author = world.peer(HERE);
                    body.run();
                });
    }

    private void send() {
        world.send(
                Mailbox.parse("ada@author.example"), REQUIRED, World.recipients("bob@x.example"));
        world.sim.advance(Duration.ofMinutes(1));
    }

    private void assertRefused() {
        send();
        assertThat(peer.received()).isEmpty();
        assertThat(world.failed().getLast().reply().status().toString()).isEqualTo("5.7.30");
    }

    private void assertTaken() {
        send();
        assertThat(world.failed()).isEmpty();
        assertThat(peer.received())
                .singleElement()
                .satisfies(each -> assertThat(each.mail()).endsWith(" REQUIRETLS"));
    }

    @Test
    void nobodyVouchesForTheHost() {
        run(this::assertRefused);
    }

    @Test
    void daneDoes() {
        var dns = world.sim.dns();
        dns.secure("x.example", "mx1.x.example", "_25._tcp.mx1.x.example");
        dns.tlsa("_25._tcp.mx1.x.example", tlsa(3, "mx1"));
        world.sim.network().host(MX1).certificates(chain("mx1"));
        run(this::assertTaken);
    }

    @Test
    void aPolicyDoes() {
        policy("enforce");
        run(this::assertTaken);
    }

    /** What is tested is not relied on, though the host would fit. */
    @Test
    void aPolicyThatIsTestedDoesNot() {
        policy("testing");
        run(this::assertRefused);
    }

    private void policy(String mode) {
        world.sim.dns().txt("_mta-sts.x.example", "v=STSv1; id=1;");
        String policy = "version: STSv1\nmode: " + mode + "\nmx: mx1.x.example\nmax_age: 86400\n";
        world.sim.dns().address("mta-sts.x.example", "192.0.2.80");
        world.sim.https().serve("mta-sts.x.example", StsPolicies.PATH, policy);
    }

    /** A certificate proves a name; that the name is right, only DNSSEC tells. */
    @Test
    void aCertificateDoesWhereTheNameIsSigned() {
        world.rules =
                World.rules(World.route("v", new Route.Mx(World.hop(TlsMode.VERIFY, 1), false)));
        run(
                () -> {
                    assertRefused();
                    world.events.clear();
                    world.sim.dns().secure("x.example", "mx1.x.example");
                    world.sim.advance(Duration.ofMinutes(10));
                    assertTaken();
                });
    }

    /** RFC 8689 section 5. */
    @Test
    void theReportTellsNothingOfTheMailAndAsksForTheSame() {
        run(
                () -> {
                    assertRefused();
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(author.received())
                            .singleElement()
                            .satisfies(
                                    each -> {
                                        assertThat(each.mail()).doesNotContain("REQUIRETLS");
                                        assertThat(each.content())
                                                .contains("Status: 5.7.30")
                                                .doesNotContain("the body", "Subject: hello");
                                    });
                    world.sim.dns().secure("author.example", "mx.author.example");
                    world.sim.dns().secure("_25._tcp.mx.author.example");
                    world.sim.dns().tlsa("_25._tcp.mx.author.example", tlsa(3, "mx1"));
                    world.sim.network().host(HERE).certificates(chain("mx1"));
                    author.offers("STARTTLS", "REQUIRETLS");
                    world.sim.advance(Duration.ofMinutes(10));
                    assertRefused();
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(author.received().getLast().mail())
                            .isEqualTo("MAIL FROM:<> REQUIRETLS");
                });
    }
}
