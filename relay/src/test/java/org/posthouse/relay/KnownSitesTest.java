package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvent.Step;
import org.posthouse.platform.Disk;
import org.posthouse.sim.SimPlatform;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** What a restart knows of sites that could not be reached. */
class KnownSitesTest {
    private static final Path FILE = Path.of("/state/next-hops");
    private static final List<KnownSites.Fact> SOME =
            List.of(
                    new KnownSites.Dead("mx default {a,b c}", 3, 1000, 2000),
                    new KnownSites.Dead("mx ü {x.example}", 1, 5, 6),
                    new KnownSites.Limited("mx ü {x.example}", 7, 8),
                    new KnownSites.Slowed("mx default {a,b c}", 1500, 9, 0),
                    new KnownSites.LeftAlone("mx pool from s {a}", 1800, 77));

    private final World world = new World();

    private static String text(SimPlatform sim) throws IOException {
        return new String(sim.disk().contents(FILE), StandardCharsets.UTF_8);
    }

    @Test
    void whatIsWrittenIsRead() throws Exception {
        var sim = new SimPlatform(1);
        Disk disk = sim.disk();
        var file = new KnownSites(disk, FILE.getParent());
        sim.run(
                () -> {
                    assertThat(file.read()).isEmpty();
                    file.write(SOME);
                    assertThat(file.read()).isEqualTo(SOME);
                    file.write(List.of());
                    assertThat(file.read()).isEmpty();
                    file.write(
                            IntStream.range(0, KnownSites.FACTS_MAX + 5)
                                    .<KnownSites.Fact>mapToObj(
                                            i -> new KnownSites.Dead("s\n" + i, 1, 1, 1))
                                    .toList());
                    assertThat(file.read()).as("a name that is no line").isEmpty();
                    file.write(
                            IntStream.range(0, KnownSites.FACTS_MAX + 5)
                                    .<KnownSites.Fact>mapToObj(
                                            i -> new KnownSites.Dead("s" + i, 1, 1, 1))
                                    .toList());
                    assertThat(file.read()).hasSize(KnownSites.FACTS_MAX);
                });
    }

    @Test
    void aFileThatIsNotWholeCountsAsNone() throws Exception {
        var sim = new SimPlatform(1);
        sim.run(() -> new KnownSites(sim.disk(), FILE.getParent()).write(SOME));
        String whole = text(sim);
        assertThat(KnownSites.parse(whole)).isEqualTo(SOME);
        for (int cut = 0; cut < whole.length(); cut++) {
            assertThat(KnownSites.parse(whole.substring(0, cut))).isEmpty();
            String other = whole.substring(0, cut) + "?" + whole.substring(cut + 1);
            assertThat(KnownSites.parse(other)).isEmpty();
        }
    }

    private int connects() {
        return (int)
                world.events(MailEvent.AttemptStep.class).stream()
                        .filter(step -> step.step() == Step.CONNECTING)
                        .count();
    }

    @Test
    void aRestartDoesNotTryWhatIsKnownToBeDead() throws IOException {
        world.durable = true;
        world.run(
                () -> {
                    world.peer("192.0.2.25");
                    world.sim.network().host("192.0.2.25").refuse(true);
                    for (int i = 0; i < 40; i++) {
                        String domain = "d" + i + ".example";
                        world.sim.dns().mx(domain, 10, "mx." + domain);
                        world.sim.dns().address("mx." + domain, "192.0.2.25");
                        world.send("bob@" + domain);
                    }
                    world.sim.advance(Duration.ofMinutes(30));
                    world.restart();
                    int before = connects();
                    world.sim.advance(Duration.ofMillis(500));
                    assertThat(connects() - before).isLessThan(4);
                    world.sim.network().host("192.0.2.25").refuse(false);
                    world.sim.advance(Duration.ofMinutes(6));
                    assertThat(world.delivered()).hasSize(40);
                    world.restart();
                    assertThat(text(world.sim)).doesNotContain("{");
                    world.send("bob@d7.example");
                    world.sim.settle();
                    assertThat(world.delivered()).hasSize(41);
                });
    }

    @Test
    void whatIsOverdueAfterARestartComesWithinAMinute() {
        world.durable = true;
        world.run(
                () -> {
                    world.peer("192.0.2.25");
                    world.sim.network().host("192.0.2.25").refuse(true);
                    for (int i = 0; i < 40; i++) {
                        String domain = "d" + i + ".example";
                        world.sim.dns().mx(domain, 10, "mx." + domain);
                        world.sim.dns().address("mx." + domain, "192.0.2.25");
                        world.send("bob@" + domain);
                    }
                    world.sim.advance(Duration.ofMinutes(30));
                    world.current().drain(Duration.ZERO);
                    world.sim.advance(Duration.ofHours(2));
                    world.sim.network().host("192.0.2.25").refuse(false);
                    world.restart();
                    world.sim.advance(Duration.ofSeconds(5));
                    assertThat(world.delivered()).hasSizeLessThan(10);
                    world.sim.advance(Duration.ofSeconds(60));
                    assertThat(world.delivered()).hasSize(40);
                });
    }

    @Test
    void aRestartKnowsHowManyConnectionsAHostTakes() throws IOException {
        world.durable = true;
        world.run(
                () -> {
                    world.sim.network().latency(Duration.ofMillis(25), Duration.ofMillis(5));
                    var peer =
                            world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25")
                                    .takesAtOnce(3, "421 4.7.0 too many connections from you");
                    world.send(500, "bob@x.example");
                    world.sim.advance(Duration.ofMinutes(2));
                    assertThat(peer.received()).hasSize(500);
                    assertThat(peer.refused()).isPositive();
                    world.restart();
                    assertThat(text(world.sim)).contains("limit 3 ");
                    int before = peer.refused();
                    world.send(500, "bob@x.example");
                    world.sim.advance(Duration.ofMinutes(2));
                    assertThat(peer.received()).hasSize(1000);
                    assertThat(peer.refused() - before).isLessThanOrEqualTo(1);
                    world.sim.advance(Duration.ofHours(25));
                    world.restart();
                    assertThat(text(world.sim)).doesNotContain("limit");
                });
    }

    @Test
    void aRestartKnowsHowFastAHostWantsIt() {
        world.durable = true;
        world.run(
                () -> {
                    var peer = world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25");
                    world.send(40, "bob@x.example");
                    world.sim.advance(Duration.ofSeconds(30));
                    peer.once("RCPT", "450 4.7.28 unusual rate of mail from you");
                    world.send(400, "bob@x.example");
                    world.sim.advance(Duration.ofMinutes(1));
                    int taken = peer.received().size();
                    world.restart();
                    world.sim.advance(Duration.ofMinutes(2));
                    assertThat(peer.received().size() - taken).isBetween(5, 100);
                    world.sim.advance(Duration.ofHours(1));
                    assertThat(peer.received()).hasSize(440);
                });
    }
}
