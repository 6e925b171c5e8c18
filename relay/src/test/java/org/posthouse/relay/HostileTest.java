package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthouse.core.MailEvent;
import org.posthouse.platform.Entropy;
import org.posthouse.sim.ScriptedPeer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Hosts that do anything: whatever happens, every recipient is delivered or reported as failed,
 * settles once, and is delivered twice only if a connection broke behind the content.
 */
class HostileTest {
    private static final int MESSAGES = 150;
    private static final List<String> REPLIES =
            List.of(
                    ScriptedPeer.CLOSE,
                    ScriptedPeer.SILENCE,
                    "421 4.3.2 closing",
                    "421 4.7.0 too many connections",
                    "450 4.7.0 too many connections",
                    "450 4.7.1 greylisted, try again in 60 seconds",
                    "451 4.3.0 trouble",
                    "452 4.5.3 too many recipients",
                    "550 5.7.1 no",
                    "552 too much",
                    "garbage",
                    "354 what",
                    "250-never\r\n251 ending");
    private static final List<String> COMMANDS =
            List.of(
                    "GREETING",
                    "EHLO",
                    "HELO",
                    "MAIL",
                    "RCPT",
                    "DATA",
                    "BDAT",
                    ".",
                    "RSET",
                    "QUIT");
    private static final List<String[]> OFFERS =
            List.of(
                    new String[] {"PIPELINING", "CHUNKING", "SIZE"},
                    new String[] {"PIPELINING", "DSN"},
                    new String[] {"CHUNKING", "STARTTLS"},
                    new String[] {"STARTTLS", "PIPELINING"},
                    new String[] {"X"});

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void nothingIsLostAndEverybodySettlesOnce(long seed) {
        var world = new World(seed);
        Entropy random = world.sim.entropy();
        world.sim.network().latency(Duration.ofMillis(5), Duration.ofMillis(20));
        world.run(
                () -> {
                    List<ScriptedPeer> peers = new ArrayList<>();
                    for (int d = 0; d < 3; d++) {
                        for (int h = 0; h < 2; h++) {
                            peers.add(
                                    world.exchanger(
                                            "d" + d + ".example",
                                            h * 10,
                                            "mx" + h + ".d" + d + ".example",
                                            "192.0.2." + (10 * d + h + 10)));
                        }
                    }
                    for (int i = 0; i < MESSAGES; i++) {
                        for (int times = 0; times < 4; times++) {
                            disturb(world, random, peers);
                        }
                        world.send(
                                "a" + i + "@d" + random.below(3) + ".example",
                                "b" + i + "@d" + random.below(3) + ".example");
                        world.sim.advance(Duration.ofMillis(random.below(20_000)));
                    }
                    calm(world, peers);
                    world.sim.advance(Duration.ofDays(6));
                    check(world, peers);
                });
    }

    private static void disturb(World world, Entropy random, List<ScriptedPeer> peers) {
        ScriptedPeer peer = peers.get(random.below(peers.size()));
        var host =
                world.sim
                        .network()
                        .host("192.0.2." + (10 * random.below(3) + random.below(2) + 10));
        switch (random.below(8)) {
            case 0 -> peer.offers(OFFERS.get(random.below(OFFERS.size())));
            case 1 -> host.resetConnections();
            case 2 -> host.refuse(random.below(2) == 0);
            case 3 -> host.failTls(random.below(2) == 0);
            case 4 -> host.cutAfterReceiving(random.below(600));
            case 5 -> host.cutAfterSending(random.below(300));
            default ->
                    peer.once(
                            COMMANDS.get(random.below(COMMANDS.size())),
                            REPLIES.get(random.below(REPLIES.size())));
        }
    }

    private static void calm(World world, List<ScriptedPeer> peers) {
        for (int d = 0; d < 3; d++) {
            for (int h = 0; h < 2; h++) {
                world.sim.network().host("192.0.2." + (10 * d + h + 10)).refuse(false);
            }
        }
        assertThat(peers).hasSize(6);
    }

    private static void check(World world, List<ScriptedPeer> peers) {
        assertThat(world.spool.admin().deliveryCount()).isZero();
        Map<String, Integer> settled = new HashMap<>();
        Map<String, Integer> taken = new HashMap<>();
        Map<String, Integer> ambiguous = new HashMap<>();
        for (MailEvent.Delivered e : world.events(MailEvent.Delivered.class)) {
            settled.merge(e.recipient().address(), 1, Integer::sum);
        }
        for (MailEvent.Failed e : world.failed()) {
            settled.merge(e.recipient().address(), 1, Integer::sum);
        }
        for (MailEvent.Deferred e : world.deferred()) {
            if (e.reply().status().toString().equals("4.4.2")
                    || e.reply().status().toString().equals("4.5.0")
                    || e.reply().code() == 421) {
                ambiguous.merge(e.recipient().address(), 1, Integer::sum);
            }
        }
        peers.stream()
                .flatMap(peer -> peer.received().stream())
                .flatMap(message -> message.rcpts().stream())
                .map(line -> line.substring("RCPT TO:<".length(), line.indexOf('>')))
                .forEach(address -> taken.merge(address, 1, Integer::sum));
        settled.remove(World.SENDER);
        assertThat(world.deferred().size()).isGreaterThan(10);
        assertThat(world.failed()).isNotEmpty();
        assertThat(settled).hasSize(2 * MESSAGES);
        assertThat(settled.values()).allMatch(count -> count == 1);
        taken.forEach(
                (address, count) ->
                        assertThat(count - 1)
                                .as(address)
                                .isLessThanOrEqualTo(ambiguous.getOrDefault(address, 0)));
        long reported = world.failed().stream().filter(MailEvent.Failed::report).count();
        assertThat(reported).isEqualTo(world.failed().size());
        long told =
                world.stored.stream()
                        .filter(s -> s.content().contains("Action: failed"))
                        .mapToLong(s -> s.content().split("Action: failed", -1).length - 1)
                        .sum();
        assertThat(told).isEqualTo(world.failed().size());
    }
}
