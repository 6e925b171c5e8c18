package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthouse.relay.Certificates.chain;
import static org.posthouse.relay.Certificates.tlsa;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.posthouse.core.Disposition;
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.SpoolId;
import org.posthouse.core.TlsLevel;
import org.posthouse.policy.Route;
import org.posthouse.policy.Route.TlsMode;
import org.posthouse.policy.Verdict;
import org.posthouse.sim.ScriptedPeer;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Mail whose header says TLS-Required: No leaves whatever is published (RFC 8689 section 3). */
class WaiverTest {
    private static final String MX = "192.0.2.25";
    private static final String AT_MX = "_25._tcp.mx1.x.example";

    private final World world = new World();
    private final Set<SpoolId> waived = new HashSet<>();
    private ScriptedPeer peer;

    @BeforeEach
    void names() {
        world.sim.dns().mx("x.example", 10, "mx1.x.example").address("mx1.x.example", MX);
        world.sim.network().host(MX).certificates(chain("mx1"));
    }

    private void run(Runnable body) {
        world.run(
                () -> {
                    peer = world.peer(MX).offers("STARTTLS", "PIPELINING");
                    body.run();
                });
    }

    private void records(String certificate) {
        world.sim.dns().secure("x.example", "mx1.x.example", AT_MX);
        world.sim.dns().tlsa(AT_MX, tlsa(3, certificate));
    }

    private void send(String recipient, boolean waives) {
        SpoolId id =
                world.send(
                        Mailbox.parse(World.SENDER),
                        MailOptions.NONE.waivingTls(waives),
                        World.recipients(recipient));
        if (waives) {
            waived.add(id);
        }
    }

    private List<String> taken() {
        return peer.received().stream()
                .map(each -> String.join(" ", each.rcpts()).replaceAll(".*<(.*)@.*", "$1"))
                .toList();
    }

    private List<TlsLevel> levels() {
        return world.events(MailEvent.Secured.class).stream()
                .map(MailEvent.Secured::level)
                .toList();
    }

    /** The site is known as dead to all other mail, before and behind it. */
    @Test
    void itGoesWhereTheCertificateIsNotTheOnePublished() {
        records("stranger");
        run(
                () -> {
                    for (int i = 0; i < 3; i++) {
                        send("strict@x.example", false);
                        world.sim.advance(Duration.ofMinutes(2));
                    }
                    assertThat(world.delivered()).isEmpty();
                    send("waived@x.example", true);
                    send("strict@x.example", false);
                    world.sim.advance(Duration.ofSeconds(5));
                    assertThat(taken()).containsExactly("waived");
                    assertThat(levels()).containsExactly(TlsLevel.OPPORTUNISTIC);
                    send("waived@x.example", true);
                    world.sim.advance(Duration.ofMinutes(30));
                    assertThat(taken()).containsExactly("waived", "waived");
                    assertThat(world.failed()).isEmpty();
                });
    }

    @Test
    void itGoesWithoutTlsWhereThereIsNone() {
        records("mx1");
        run(
                () -> {
                    world.sim.network().host(MX).failTls(true);
                    send("waived@x.example", true);
                    send("strict@x.example", false);
                    world.sim.advance(Duration.ofMinutes(2));
                    assertThat(taken()).containsExactly("waived");
                    assertThat(levels()).containsExactly(TlsLevel.NONE);
                });
    }

    @Test
    void itGoesToAHostThatThePolicyDoesNotName() {
        world.sim.dns().txt("_mta-sts.x.example", "v=STSv1; id=1;");
        String policy = "version: STSv1\nmode: enforce\nmx: mx9.x.example\nmax_age: 86400\n";
        world.sim.dns().address("mta-sts.x.example", "192.0.2.80");
        world.sim.https().serve("mta-sts.x.example", StsPolicies.PATH, policy);
        run(
                () -> {
                    send("strict@x.example", false);
                    world.sim.advance(Duration.ofMinutes(2));
                    send("waived@x.example", true);
                    world.sim.advance(Duration.ofMinutes(2));
                    assertThat(taken()).containsExactly("waived");
                });
    }

    /** Else mail that waives would lend its connection to mail that asks for more. */
    @Test
    void itSharesNoConnectionWithOtherMail() {
        records("mx1");
        run(
                () -> {
                    for (boolean waives : new boolean[] {true, false, true, false, true, true}) {
                        send(waives ? "waived@x.example" : "strict@x.example", waives);
                        world.sim.advance(Duration.ofSeconds(1));
                    }
                    for (int i = 0; i < 20; i++) {
                        send(i % 2 == 0 ? "waived@x.example" : "strict@x.example", i % 2 == 0);
                    }
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(peer.received()).hasSize(26);
                    assertThat(levels()).contains(TlsLevel.DANE, TlsLevel.OPPORTUNISTIC);
                    for (MailEvent.Secured each : world.events(MailEvent.Secured.class)) {
                        boolean isWaived = waived.contains(each.delivery().message());
                        assertThat(each.level())
                                .isEqualTo(isWaived ? TlsLevel.OPPORTUNISTIC : TlsLevel.DANE);
                    }
                    for (int number = 1; number <= peer.connections(); number++) {
                        int connection = number;
                        assertThat(
                                        peer.received().stream()
                                                .filter(each -> each.connection() == connection)
                                                .map(each -> each.rcpts().getFirst())
                                                .distinct())
                                .hasSize(1);
                    }
                });
    }

    @ParameterizedTest
    @EnumSource(names = {"VERIFY", "DANE", "MTA_STS"})
    void whatTheOperatorDemandsIsNotWaived(TlsMode mode) {
        world.rules = World.rules(World.route("r", new Route.Mx(World.hop(mode, 1), false)));
        world.sim.network().host(MX).certificateUntrusted();
        run(
                () -> {
                    send("waived@x.example", true);
                    world.sim.advance(Duration.ofMinutes(2));
                    assertThat(taken()).isEmpty();
                    assertThat(world.deferred()).isNotEmpty();
                });
    }

    @Test
    void aSmarthostIsTakenAsItIsButNotWithAPassword() {
        records("stranger");
        var host = List.of(new Route.HostPort("mx1.x.example", 25));
        world.rules = World.rules(World.route("r", Route.Smarthost.of(host, Route.Hop.DEFAULT)));
        run(
                () -> {
                    send("strict@x.example", false);
                    send("waived@x.example", true);
                    world.sim.advance(Duration.ofMinutes(2));
                    assertThat(taken()).containsExactly("waived");
                    var login =
                            new Route.Hop(
                                    25,
                                    TlsMode.AUTO,
                                    new Route.Credentials("ada", "secret"),
                                    1,
                                    "",
                                    "",
                                    Duration.ofSeconds(1));
                    world.rules = World.rules(World.route("r", Route.Smarthost.of(host, login)));
                    send("again@x.example", true);
                    world.sim.advance(Duration.ofMinutes(2));
                    assertThat(taken()).containsExactly("waived");
                    assertThat(peer.commands()).noneMatch(each -> each.startsWith("AUTH"));
                });
    }

    @Test
    void itIsStillSoBehindARestart() {
        records("stranger");
        world.durable = true;
        run(
                () -> {
                    peer.always("RCPT", "450 4.2.0 not now");
                    send("waived@x.example", true);
                    send("strict@x.example", false);
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(taken()).isEmpty();
                    world.restart();
                    peer.heal("RCPT");
                    world.sim.advance(Duration.ofMinutes(30));
                    assertThat(taken()).containsExactly("waived");
                });
    }

    @Test
    void itIsStillSoWhenItIsRedirected() {
        run(
                () -> {
                    peer.always("RCPT", "450 4.2.0 not now");
                    SpoolId id =
                            world.send(
                                    Mailbox.parse(World.SENDER),
                                    MailOptions.NONE.waivingTls(true),
                                    World.recipients("first@x.example"));
                    world.sim.advance(Duration.ofSeconds(10));
                    var other =
                            new Verdict.Target(
                                    Mailbox.parse("other@x.example"),
                                    new Disposition.Relayed("people", ""));
                    boolean done =
                            world.current().redirect(World.first(id), List.of(other), each -> true);
                    assertThat(done).isTrue();
                    records("stranger");
                    peer.heal("RCPT");
                    world.sim.advance(Duration.ofMinutes(30));
                    assertThat(taken()).containsExactly("other");
                });
    }

    @Test
    void aSiteOfSuchMailHasTheNamesOfTheOther() {
        for (String key :
                List.of("mx r x.example", "mx r from s {mx1,mx2 mx3} dnssec", "route r", "store")) {
            assertThat(SiteKey.of(SiteKey.WAIVED + key)).isEqualTo(SiteKey.of(key));
        }
        assertThat(SiteNames.of("waived via mx.example:26"))
                .isEqualTo(SiteNames.of("via mx.example:26"));
    }
}
