package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.MailEvent;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.DiskFile;
import org.posthouse.policy.AddressPattern;
import org.posthouse.policy.Route;
import org.posthouse.relay.Suspension.Scope;
import org.posthouse.sim.ScriptedPeer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** An operator suspends a part of the queue and resumes it. */
class SuspensionTest {
    private final World world = new World();

    private void suspend(Scope scope, String pattern, Instant until) {
        Instant now = world.sim.time().now();
        world.current().suspend(new Suspension(scope, pattern, "maintenance", now, until));
    }

    private ScriptedPeer exchanger() {
        return world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25");
    }

    private long attempts() {
        return world.events(MailEvent.AttemptStep.class).stream()
                .filter(step -> step.step() == MailEvent.Step.CONNECTING)
                .count();
    }

    @ParameterizedTest
    @CsvSource({
        "DOMAIN,x.example",
        "DOMAIN,*.EXAMPLE",
        "SITE,mx.x.example",
        "SITE,mx.*",
        "ROUTE,default",
        "FROM,ada@us.example",
        "FROM,*@us.example",
        "LOGIN,ada"
    })
    void waitsWithoutAnAttemptUntilItIsResumedAlsoOverARestart(Scope scope, String pattern) {
        world.durable = true;
        world.run(
                () -> {
                    ScriptedPeer peer = exchanger();
                    suspend(scope, pattern, Instant.MAX);
                    SpoolId before = world.send("bob@x.example");
                    world.sim.advance(Duration.ofHours(1));
                    world.restart();
                    SpoolId behind = world.send("eve@x.example");
                    world.sim.advance(Duration.ofHours(1));
                    assertThat(attempts()).isZero();
                    assertThat(peer.received()).isEmpty();
                    assertThat(world.deferred()).isEmpty();
                    for (SpoolId id : List.of(before, behind)) {
                        var stored = world.spool.delivery(World.first(id));
                        assertThat(stored.progress().attempts()).isZero();
                    }
                    assertThat(way(before).suspension())
                            .hasValueSatisfying(
                                    by -> assertThat(by.reason()).isEqualTo("maintenance"));
                    assertThat(world.current().resume(scope, pattern)).isTrue();
                    world.sim.advance(Duration.ofSeconds(1));
                    assertThat(world.delivered()).hasSize(2);
                    assertThat(world.current().resume(scope, pattern)).isFalse();
                    assertThat(world.current().suspensions()).isEmpty();
                    assertThat(world.events(MailEvent.QueueChanged.class))
                            .extracting(MailEvent.QueueChanged::change)
                            .containsExactly("suspended", "resumed");
                });
    }

    private Way way(SpoolId id) {
        DeliveryId delivery = World.first(id);
        return world.current()
                .wayOf(
                        world.spool.message(id),
                        world.spool.admin().find(delivery).orElseThrow(),
                        world.spool.delivery(delivery));
    }

    @Test
    void othersGoOn() {
        world.run(
                () -> {
                    exchanger();
                    world.exchanger("y.example", 10, "mx.y.example", "192.0.2.26");
                    suspend(Scope.SITE, "mx.x.example", Instant.MAX);
                    suspend(Scope.LOGIN, "bob", Instant.MAX);
                    suspend(Scope.FROM, "<>", Instant.MAX);
                    world.send("bob@x.example");
                    world.send("bob@y.example");
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(world.delivered())
                            .containsExactly("bob@y.example at mx.y.example[192.0.2.26]:25");
                });
    }

    @Test
    void aSmarthostIsSuspendedByItsNameAndTheStoreByIts() {
        world.rules =
                World.rules(
                        World.route(
                                "corp",
                                Route.Smarthost.of(
                                        List.of(Route.HostPort.parse("192.0.2.25:587", 25)),
                                        Route.Hop.DEFAULT)));
        world.run(
                () -> {
                    suspend(Scope.SITE, "192.0.2.25", Instant.MAX);
                    suspend(Scope.SITE, "store", Instant.MAX);
                    SpoolId id = world.send("bob@x.example");
                    world.send("eve@us.example");
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(attempts()).isZero();
                    assertThat(world.stored).isEmpty();
                    assertThat(way(id).route()).isEqualTo("corp");
                    world.current().resume(Scope.SITE, "STORE");
                    world.sim.advance(Duration.ofSeconds(1));
                    assertThat(world.stored).hasSize(1);
                });
    }

    @ParameterizedTest
    @CsvSource({"DOMAIN,x.example", "LOGIN,ada", "FROM,ada@us.example"})
    void whatGoesSeveralWaysWaitsAsAWhole(Scope scope, String pattern) {
        var smart = Route.HostPort.parse("192.0.2.26:25", 25);
        world.rules =
                World.rules(
                        new Route(
                                "bob",
                                List.of(new AddressPattern("bob@x.example")),
                                Route.Smarthost.of(
                                        List.of(smart), World.hop(Route.TlsMode.OFF, 1))),
                        World.route(
                                "default", new Route.Mx(World.hop(Route.TlsMode.OFF, 1), false)));
        world.run(
                () -> {
                    exchanger();
                    world.peer("192.0.2.26");
                    suspend(scope, pattern, Instant.MAX);
                    world.send("bob@x.example", "eve@x.example");
                    world.sim.advance(Duration.ofHours(1));
                    assertThat(attempts()).isZero();
                    assertThat(world.deferred()).isEmpty();
                    world.assertInStep();
                    assertThat(world.current().resume(scope, pattern)).isTrue();
                    world.sim.advance(Duration.ofSeconds(1));
                    assertThat(world.delivered()).hasSize(2);
                });
    }

    /** Its other way is being tried already: it must not be given back behind its back. */
    @Test
    void whatHasToMoveToAnotherSiteIsNotTakenFromItsOtherWay() {
        var smart = Route.HostPort.parse("192.0.2.26:25", 25);
        world.rules =
                World.rules(
                        new Route(
                                "bob",
                                List.of(new AddressPattern("bob@x.example")),
                                Route.Smarthost.of(
                                        List.of(smart), World.hop(Route.TlsMode.OFF, 1))),
                        World.route(
                                "default", new Route.Mx(World.hop(Route.TlsMode.OFF, 1), false)));
        world.run(
                () -> {
                    exchanger();
                    world.sim.dns().mx("y.example", 10, "mx.x.example");
                    var slow = world.peer("192.0.2.26");
                    world.sim
                            .network()
                            .host("192.0.2.26")
                            .latency(Duration.ofSeconds(1), Duration.ZERO);
                    world.send("ann@y.example");
                    world.sim.settle();
                    world.sim.dns().latency(Duration.ofMillis(500));
                    world.send("bob@x.example", "eve@x.example");
                    world.sim.advance(Duration.ofMillis(100));
                    suspend(Scope.LOGIN, "ada", Instant.MAX);
                    world.sim.advance(Duration.ofMinutes(1));
                    world.assertInStep();
                    assertThat(world.current().resume(Scope.LOGIN, "ada")).isTrue();
                    world.sim.advance(Duration.ofMinutes(10));
                    assertThat(slow.received()).hasSize(1);
                    assertThat(world.delivered()).hasSize(3);
                });
    }

    @Test
    void endsByItself() {
        world.run(
                () -> {
                    exchanger();
                    suspend(Scope.LOGIN, "ada", world.sim.time().now().plusSeconds(600));
                    world.send("bob@x.example");
                    world.sim.advance(Duration.ofSeconds(590));
                    assertThat(world.delivered()).isEmpty();
                    world.sim.advance(Duration.ofSeconds(11));
                    assertThat(world.delivered()).hasSize(1);
                    assertThat(world.current().suspensions()).isEmpty();
                });
    }

    @ParameterizedTest
    @CsvSource({"DOMAIN,x.example", "LOGIN,ada"})
    void delayReportsAndExpiryComeAtTheirTime(Scope scope, String pattern) {
        world.run(
                () -> {
                    exchanger();
                    suspend(scope, pattern, Instant.MAX);
                    world.send("bob@x.example");
                    world.sim.advance(Duration.ofHours(3));
                    assertThat(world.stored).isEmpty();
                    world.sim.advance(Duration.ofHours(2));
                    assertThat(world.stored)
                            .singleElement()
                            .satisfies(r -> assertThat(r.content()).contains("Action: delayed"));
                    world.sim.advance(Duration.ofDays(5));
                    assertThat(world.stored).hasSize(2);
                    assertThat(world.stored.getLast().content())
                            .contains("Action: failed", "suspended by the operator");
                    assertThat(world.spool.admin().deliveryCount()).isZero();
                    assertThat(attempts()).isZero();
                });
    }

    @Test
    void whatWaitsAtASiteGoesBackAndOnlyWhatRunsEnds() {
        world.rules =
                World.rules(
                        World.route(
                                "default", new Route.Mx(World.hop(Route.TlsMode.OFF, 1), false)));
        world.sim.network().latency(Duration.ofMillis(50), Duration.ofMillis(50));
        world.run(
                () -> {
                    exchanger();
                    for (int i = 0; i < 200; i++) {
                        world.send("bob" + i + "@x.example");
                    }
                    world.sim.advance(Duration.ofSeconds(2));
                    int before = world.delivered().size();
                    assertThat(before).isBetween(1, 100);
                    suspend(Scope.FROM, "ada@us.example", Instant.MAX);
                    world.sim.advance(Duration.ofMinutes(10));
                    int ended = world.delivered().size();
                    assertThat(ended).isBetween(before, before + 70);
                    assertThat(world.deferred()).isEmpty();
                    world.assertInStep();
                    world.current().resume(Scope.FROM, "ada@us.example");
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(world.delivered()).hasSize(200);
                });
    }

    @Test
    void resumingTriesAnUnreachableSiteAtOnce() {
        world.run(
                () -> {
                    exchanger();
                    world.sim.network().host("192.0.2.25").refuse(true);
                    world.send("bob@x.example");
                    world.sim.advance(Duration.ofHours(3));
                    suspend(Scope.DOMAIN, "x.example", Instant.MAX);
                    world.sim.advance(Duration.ofMinutes(20));
                    world.sim.network().host("192.0.2.25").refuse(false);
                    world.current().resume(Scope.DOMAIN, "x.example");
                    world.sim.advance(Duration.ofSeconds(1));
                    assertThat(world.delivered()).hasSize(1);
                });
    }

    @Test
    void aDamagedFileStopsTheStart() throws IOException {
        world.durable = true;
        world.run(
                () -> {
                    suspend(Scope.DOMAIN, "x.example", Instant.MAX);
                    assertThat(world.current().suspensions()).hasSize(1);
                });
        try (DiskFile file = world.sim.disk().open(World.MEMORY.resolve("suspensions"))) {
            file.write(ByteBuffer.wrap(new byte[] {'X'}), 30);
            file.force();
        }
        assertThatThrownBy(() -> world.run(() -> {}))
                .isInstanceOf(RelayException.class)
                .hasMessageContaining("not whole");
    }

    @Test
    void theyAreBounded() {
        world.run(
                () -> {
                    for (int i = 0; i < SuspensionBook.MAX; i++) {
                        suspend(Scope.DOMAIN, "d" + i + ".example", Instant.MAX);
                    }
                    suspend(Scope.DOMAIN, "d0.example", world.sim.time().now().plusSeconds(60));
                    assertThatThrownBy(() -> suspend(Scope.DOMAIN, "more.example", Instant.MAX))
                            .isInstanceOf(RelayException.class);
                    world.sim.advance(Duration.ofMinutes(2));
                    suspend(Scope.DOMAIN, "more.example", Instant.MAX);
                    assertThat(world.current().suspensions()).hasSize(SuspensionBook.MAX);
                });
    }

    @Test
    void aFileIsReadAsItWasWritten() {
        Instant since = Instant.ofEpochMilli(1_700_000_000_123L);
        List<Suspension> all =
                List.of(
                        new Suspension(Scope.FROM, "<>", "", since, Instant.MAX),
                        new Suspension(
                                Scope.SITE, "mx.*", "für morgen", since, since.plusMillis(7)));
        String text = SuspensionFile.text(all);
        assertThat(SuspensionFile.parse(text)).contains(all);
        for (int cut = 0; cut < text.length(); cut++) {
            assertThat(SuspensionFile.parse(text.substring(0, cut))).isEmpty();
        }
        assertThat(SuspensionFile.parse(text.replace("mx", "my"))).isEqualTo(Optional.empty());
        assertThatThrownBy(() -> new Suspension(Scope.FROM, "a\tb", "", since, since))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sitesAreKnownByTheNamesOfTheirHosts() {
        assertThat(SiteNames.of("mx out x.example"))
                .isEqualTo(new SiteNames("out", List.of("x.example")));
        assertThat(SiteNames.of("mx a b {mx1.x.example,mx2.x.example mx3.x.example}"))
                .isEqualTo(
                        new SiteNames(
                                "a b", List.of("mx1.x.example", "mx2.x.example", "mx3.x.example")));
        assertThat(SiteNames.of("via h.example:25").names()).contains("h.example", "h.example:25");
        assertThat(SiteNames.of("route corp").route()).isEqualTo("corp");
        assertThat(SiteNames.of("route corp from a").route()).isEqualTo("corp");
        assertThat(SiteNames.of("mx out from a x.example"))
                .isEqualTo(new SiteNames("out", List.of("x.example")));
        assertThat(SiteNames.of("store").names()).containsExactly("store");
    }

    /** Its site is named after its hosts and after the proofs that are asked of them. */
    @ParameterizedTest
    @CsvSource({"ROUTE,default", "SITE,mx.x.example"})
    void aDomainWithAPolicyIsHeldAndProbedAsAnyOther(Scope scope, String pattern) {
        world.sim.dns().txt("_mta-sts.x.example", "v=STSv1; id=1;");
        world.sim.dns().address("mta-sts.x.example", "192.0.2.80");
        world.sim
                .https()
                .serve(
                        "mta-sts.x.example",
                        StsPolicies.PATH,
                        "version: STSv1\nmode: testing\nmx: mx.x.example\nmax_age: 604800\n");
        world.run(
                () -> {
                    exchanger();
                    world.send("bob@x.example");
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(world.delivered()).hasSize(1);
                    suspend(scope, pattern, Instant.MAX);
                    SpoolId id = world.send("bob@x.example");
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(world.delivered()).hasSize(1);
                    assertThat(way(id).site())
                            .isEqualTo("mx default {mx.x.example} mta-sts testing");
                    assertThat(way(id).route()).isEqualTo("default");
                    assertThat(way(id).names()).containsExactly("mx.x.example");
                    assertThat(way(id).suspension()).isPresent();
                    world.current().resume(scope, pattern);
                    world.sim.advance(Duration.ofSeconds(1));
                    assertThat(world.delivered()).hasSize(2);
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mx out {a,b? c}                            | out",
                "mx out {a,b? c} dnssec                     | out",
                "mx out {a,b? c} mta-sts                    | out",
                "mx out {a?,b c?} mta-sts testing           | out",
                "mx out {a,b c} dnssec mta-sts              | out",
                "mx out {a,b c} dnssec mta-sts testing      | out",
                "mx out from s {a,b c} dnssec mta-sts       | out",
                "mx a from b from s {a,b c} mta-sts testing | a from b",
                "mx x {y} z {a,b? c} mta-sts                | x {y} z"
            })
    void aKeyTellsRouteAndHostsWhateverIsBehindThem(String key, String route) {
        assertThat(SiteNames.of(key)).isEqualTo(new SiteNames(route, List.of("a", "b", "c")));
    }

    @ParameterizedTest
    @CsvSource({"out,1,''", "out,2,s.example", "a from b,1,s.example", "a from b,2,s.example"})
    void aKeyTellsRouteAndSourceWhateverTheyAreCalled(String route, int sources, String source) {
        String path = SiteKey.path(route, "s.example", sources);
        for (String key :
                List.of(
                        "route " + path,
                        "mx " + path + " x.example",
                        "mx " + path + " {mx.x.example?} mta-sts")) {
            assertThat(SiteKey.of(key).route()).isEqualTo(route);
            assertThat(SiteKey.of(key).source()).isEqualTo(source);
        }
        assertThat(SiteKey.of("route " + SiteKey.path(route, "", 1)).route()).isEqualTo(route);
    }

    /** And it does not share a site with the source of another. */
    @Test
    void aRouteMayHaveAFromInItsName() {
        world.rules =
                World.rules(
                        World.route(
                                "a from b", new Route.Mx(World.hop(Route.TlsMode.OFF, 1), false)));
        world.run(
                () -> {
                    exchanger();
                    suspend(Scope.ROUTE, "a from b", Instant.MAX);
                    SpoolId id = world.send("bob@x.example");
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(attempts()).isZero();
                    assertThat(way(id).route()).isEqualTo("a from b");
                });
    }
}
