package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthouse.core.MailEvent;
import org.posthouse.relay.RelaySettings.Provider;
import org.posthouse.sim.ScriptedPeer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Many domains on hosts of their own, of one owner. */
class ProviderTest {
    private static final int DOMAINS = 12;

    private final World world = new World();
    private final List<ScriptedPeer> peers = new ArrayList<>();
    private int open;
    private int openMax;

    private void owner(int connections, int perMinute) {
        world.sharing(
                new RelaySettings.Sharing(
                        List.of(),
                        List.of(
                                new Provider(
                                        "owner",
                                        List.of("*.owner.example"),
                                        connections,
                                        perMinute))));
        world.sim.network().latency(Duration.ofMillis(25), Duration.ofMillis(5));
    }

    private void hosts() {
        for (int i = 0; i < DOMAINS; i++) {
            peers.add(
                    world.exchanger(
                            "d" + i + ".example",
                            10,
                            "mx" + i + ".owner.example",
                            "192.0.2." + (10 + i)));
        }
    }

    private void send(int each) {
        for (int i = 0; i < DOMAINS; i++) {
            world.send(each, "r@d" + i + ".example");
        }
    }

    private int received() {
        return peers.stream().mapToInt(peer -> peer.received().size()).sum();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mx default {aspmx.l.google.com alt1.aspmx.l.google.com} | google",
                "mx default {a.google.com,b.google.com other.example}    | google",
                "mx default {a.google.com,other.example}                 | ''",
                "mx default {google.com}                                 | ''",
                "mx default {evilgoogle.com}                             | ''",
                "mx default {a-com.mail.protection.outlook.com}          | microsoft",
                "mx default google.com                                   | ''",
                "mx default {a.google.com} dnssec                        | google",
                "mx default {a.google.com,b.google.com?} mta-sts         | google",
                "mx default {a.google.com? x.example} mta-sts testing    | google",
                "mx default {a.google.com} dnssec mta-sts                | google",
                "mx default {a.google.com} dnssec mta-sts testing        | google",
                "mx default from s.example {a.google.com} mta-sts        | google",
                "mx default {a.google.com,x.example} mta-sts             | ''",
                "store                                                   | ''"
            })
    void aSiteIsOfTheProviderOfItsFirstHosts(String key, String name) {
        assertThat(new Providers(List.of()).of(key).name()).isEqualTo(name);
    }

    @Test
    void ownProvidersComeBeforeOursAndSitesOfOneShare() {
        var own = new Provider("mine", List.of("*.GOOGLE.com"), 3, 60);
        var providers = new Providers(List.of(own));
        Allowance one = providers.of("mx a {x.google.com}");
        assertThat(one.name()).isEqualTo("mine");
        assertThat(providers.of("mx a {y.google.com}")).isSameAs(one);
        assertThat(providers.of("mx b {y.google.com}")).isNotSameAs(one);
        assertThat(providers.of("mx a {x.google.com} dnssec mta-sts")).isSameAs(one);
        assertThat(providers.of("mx a from s {x.google.com}")).isNotSameAs(one);
        for (String bad : List.of("", "*", "com", "*.com", "a b.example", "*x.example")) {
            if (!bad.equals("*.com")) {
                assertThatThrownBy(() -> Provider.requireHost(bad))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void itsConnectionsAreCountedTogetherAndEverySiteHasItsTurn() {
        owner(3, 0);
        world.run(
                () -> {
                    hosts();
                    send(300);
                    for (int i = 0; i < 600; i++) {
                        world.sim.advance(Duration.ofMillis(500));
                        open = world.current().counts().connections();
                        openMax = Math.max(openMax, open);
                        if (i == 120) {
                            assertThat(peers)
                                    .allSatisfy(peer -> assertThat(peer.received()).isNotEmpty());
                        }
                    }
                    assertThat(openMax).isEqualTo(3);
                    assertThat(received()).isEqualTo(300 * DOMAINS);
                    assertThat(world.deferred()).isEmpty();
                });
    }

    @Test
    void itsRateIsOneForAllAndAComplaintToOneSlowsAllDown() {
        owner(50, 120);
        world.run(
                () -> {
                    hosts();
                    send(50);
                    world.sim.advance(Duration.ofMinutes(2));
                    assertThat(received())
                            .as("the first of each domain is not counted")
                            .isBetween(236, 246 + DOMAINS);
                    peers.getFirst().once("MAIL", "450 4.7.28 unusual rate of mail from you");
                    world.send("r@d0.example");
                    world.sim.advance(Duration.ofMinutes(1));
                    while (world.events(MailEvent.RateChanged.class).isEmpty()) {
                        world.sim.advance(Duration.ofSeconds(5));
                    }
                    world.sim.advance(Duration.ofSeconds(12));
                    int before = received();
                    world.sim.advance(Duration.ofMinutes(2));
                    assertThat(received() - before).isLessThanOrEqualTo(124);
                    world.sim.advance(Duration.ofMinutes(20));
                    assertThat(received()).isEqualTo(50 * DOMAINS + 1);
                });
    }

    private String lastChange() {
        List<MailEvent.RateChanged> changes = world.events(MailEvent.RateChanged.class);
        return changes.isEmpty() ? "" : changes.getLast().after();
    }

    @Test
    void aSuspensionHoldsForAllAndWhatExpiresMeanwhileIsTold() {
        owner(50, 0);
        world.run(
                () -> {
                    hosts();
                    send(1);
                    world.sim.advance(Duration.ofSeconds(5));
                    peers.getFirst().always("MAIL", "450 4.7.28 unusual rate of mail from you");
                    world.send(30, "r@d0.example");
                    for (int i = 0; i < 100 && !lastChange().startsWith("suspended"); i++) {
                        world.sim.advance(Duration.ofSeconds(10));
                    }
                    assertThat(lastChange()).startsWith("suspended");
                    int before = received();
                    send(1);
                    world.expiresAt = world.sim.time().now().plus(Duration.ofMinutes(5));
                    world.send("r@d1.example");
                    world.sim.advance(Duration.ofMinutes(6));
                    assertThat(received()).isEqualTo(before);
                    assertThat(world.failed()).hasSize(1);
                    peers.getFirst().heal("MAIL");
                    world.sim.advance(Duration.ofHours(3));
                    assertThat(received()).isEqualTo(2 * DOMAINS + 30);
                });
    }

    @Test
    void connectionsToAllHostsAreCountedTogether() {
        world.sharing(
                new RelaySettings.Sharing(
                        List.of(),
                        List.of(new Provider("owner", List.of("*.owner.example"), 50, 0, 6))));
        world.run(
                () -> {
                    hosts();
                    var other = world.exchanger("x.example", 10, "mx.x.example", "192.0.2.9");
                    send(1);
                    world.send("r@x.example");
                    world.sim.advance(Duration.ofSeconds(1));
                    assertThat(other.received()).hasSize(1);
                    assertThat(connects()).isBetween(1, 2);
                    world.sim.advance(Duration.ofSeconds(59));
                    assertThat(connects()).isBetween(5, 8);
                    world.sim.advance(Duration.ofMinutes(4));
                    assertThat(received()).isEqualTo(DOMAINS);
                    assertThat(world.deferred()).as("nobody is charged for waiting").isEmpty();
                });
    }

    /** However many are on their way at the same time. */
    @Test
    void aWorkerMakesRoomForASiteThatWaits() {
        owner(1, 0);
        world.run(
                () -> {
                    hosts();
                    peers.getFirst().offers("PIPELINING", "CHUNKING");
                    world.send(4000, "r@d0.example");
                    world.sim.advance(Duration.ofSeconds(1));
                    int before = peers.getFirst().received().size();
                    world.send("r@d1.example");
                    while (peers.get(1).received().isEmpty()) {
                        world.sim.advance(Duration.ofMillis(50));
                    }
                    assertThat(peers.getFirst().received().size() - before).isLessThan(600);
                });
    }

    private int connects() {
        return peers.stream().mapToInt(ScriptedPeer::connections).sum();
    }
}
