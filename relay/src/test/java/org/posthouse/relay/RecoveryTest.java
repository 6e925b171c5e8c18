package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthouse.core.MailEvent;
import org.posthouse.core.Mailbox;
import org.posthouse.platform.Entropy;
import org.posthouse.sim.ScriptedPeer;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How quickly mail gets through when a host works again, and how few times a host says no. */
class RecoveryTest {
    private static final int SITES = 60;
    private static final int MESSAGES_EACH = 25;
    private static final Duration P95_MAX = Duration.ofMinutes(6);

    private static String domain(int site) {
        return "d" + site + ".example";
    }

    private static String address(int site) {
        return "192.0.2." + (site + 1);
    }

    /** Mail comes all through the outages, which begin one after the other. */
    private static List<Duration> delays(Duration outage, long seed) {
        var world = new World(seed);
        world.sim.network().latency(Duration.ofMillis(20), Duration.ofMillis(10));
        Entropy random = world.sim.entropy();
        var workedAt = new Instant[SITES];
        world.run(
                () -> {
                    for (int site = 0; site < SITES; site++) {
                        String host = "mx." + domain(site);
                        world.exchanger(domain(site), 10, host, address(site));
                        world.send("before@" + domain(site));
                    }
                    world.sim.advance(Duration.ofMinutes(1));
                    world.events.clear();
                    breaks(world, true, workedAt);
                    Duration step = outage.minusSeconds(2 * SITES).dividedBy(MESSAGES_EACH);
                    for (int round = 0; round < MESSAGES_EACH; round++) {
                        for (int site = 0; site < SITES; site++) {
                            world.send("r" + random.below(1000) + "@" + domain(site));
                        }
                        world.sim.advance(step);
                    }
                    breaks(world, false, workedAt);
                    world.sim.advance(Duration.ofHours(1));
                });
        List<Duration> delays = new ArrayList<>();
        for (MailEvent.Delivered each : world.events(MailEvent.Delivered.class)) {
            if (!each.recipient().domain().equals("us.example")) { // a delay report of ours
                delays.add(Duration.between(workedAt[site(each.recipient())], each.at()));
            }
        }
        assertThat(delays).hasSize(SITES * MESSAGES_EACH);
        delays.sort(null);
        return delays;
    }

    private static int site(Mailbox recipient) {
        String domain = recipient.domain();
        return Integer.parseInt(domain.substring(1, domain.indexOf('.')));
    }

    private static void breaks(World world, boolean whether, Instant[] workedAt) {
        for (int site = 0; site < SITES; site++) {
            var host = world.sim.network().host(address(site));
            host.refuse(whether);
            if (whether) {
                host.resetConnections();
            }
            world.sim.advance(Duration.ofSeconds(1));
            workedAt[site] = world.sim.time().now();
        }
    }

    private static Duration at(List<Duration> sorted, int percent) {
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 60, 180, 1440})
    void mailIsThroughWithinMinutesOfTheEndOfAnOutage(int minutes) {
        List<Duration> delays = delays(Duration.ofMinutes(minutes), 7 + minutes);
        long mean = (long) delays.stream().mapToLong(Duration::toSeconds).average().orElseThrow();
        System.out.printf(
                "recovery after %4d min: mean %3d s, p50 %3d s, p95 %3d s, most %3d s%n",
                minutes,
                mean,
                at(delays, 50).toSeconds(),
                at(delays, 95).toSeconds(),
                at(delays, 100).toSeconds());
        assertThat(at(delays, 95)).isLessThanOrEqualTo(P95_MAX);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PIPELINING CHUNKING", "PIPELINING", "8BITMIME"})
    void aHostThatTakesFiveConnectionsSaysNoSeldomAndDefersNothing(String offers) {
        int count = 10_000;
        var world = new World(5);
        world.sim.network().latency(Duration.ofMillis(25), Duration.ofMillis(5));
        world.run(
                () -> {
                    ScriptedPeer peer =
                            world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25")
                                    .offers(offers.split(" "))
                                    .takesAtOnce(5, "421 4.7.0 too many connections from you");
                    Instant begin = world.sim.time().now();
                    for (int i = 0; i < count; i++) {
                        world.send("bob@x.example");
                    }
                    while (world.delivered().size() < count) {
                        world.sim.advance(Duration.ofSeconds(10));
                    }
                    Duration took = Duration.between(begin, world.sim.time().now());
                    System.out.printf(
                            "five connections, %s: %d refused, %d deferred, %d s%n",
                            Arrays.toString(offers.split(" ")),
                            peer.refused(),
                            world.deferred().size(),
                            took.toSeconds());
                    assertThat(world.deferred()).isEmpty();
                    assertThat(peer.received()).hasSize(count);
                    assertThat(peer.refused()).isLessThanOrEqualTo(20);
                });
    }

    /** Where the host does not say why, but refuses the connection. */
    @Test
    void aHostThatRefusesTheSixthConnectionWithoutAWord() {
        var world = new World(6);
        world.sim.network().latency(Duration.ofMillis(25), Duration.ofMillis(5));
        world.run(
                () -> {
                    ScriptedPeer peer =
                            world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25")
                                    .offers("PIPELINING")
                                    .takesAtOnce(5, ScriptedPeer.CLOSE);
                    for (int i = 0; i < 3000; i++) {
                        world.send("bob@x.example");
                    }
                    world.sim.advance(Duration.ofMinutes(10));
                    assertThat(world.deferred()).isEmpty();
                    assertThat(peer.received()).hasSize(3000);
                    assertThat(peer.refused()).isLessThanOrEqualTo(20);
                });
    }
}
