package org.posthouse.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.posthouse.Posthouse;
import org.posthouse.PosthouseBuilder;
import org.posthouse.platform.Threads;
import org.posthouse.sim.SimCrash;
import org.posthouse.sim.SimLoss;
import org.posthouse.sim.SimNetwork;
import org.posthouse.sim.SimPlatform;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * The whole engine in a simulated world that loses its power, or its process, again and again while
 * clients send and a flaky next hop takes: every message that got 250 arrives.
 */
@ExtendWith(Quiet.class)
class CrashRestartTest {
    private static final InetSocketAddress HERE = SimNetwork.socket("127.0.0.1", 2525);
    private static final InetSocketAddress THERE = SimNetwork.socket("198.51.100.1", 25);
    private static final int CLIENTS = 3;
    private static final int MESSAGES = 6;

    @Test
    void acceptedMessagesAreNeverLost() throws Exception {
        for (long seed = 1; seed <= 40; seed++) {
            oneHistory(seed);
        }
    }

    @Test
    @Tag("campaign")
    void acceptedMessagesAreNeverLostInManySeeds() throws Exception {
        for (long seed = 1000; seed <= 5000; seed++) {
            oneHistory(seed);
        }
    }

    @Test
    void equalSeedsGiveEqualHistories() throws Exception {
        assertThat(oneHistory(7)).isEqualTo(oneHistory(7));
    }

    private static long oneHistory(long seed) throws Exception {
        var random = new Random(seed);
        Set<String> acknowledged = new TreeSet<>();
        Map<String, Integer> taken = SimSink.noneTaken();
        var world = new SimPlatform(seed);
        world.dns()
                .mx("far.example", 10, "mx.far.example")
                .address("mx.far.example", "198.51.100.1");
        int crashes = 1 + random.nextInt(3);
        int copiesAllowed = 0;
        for (int round = 0; round < crashes; round++) {
            world.disk().crashAt(20 + random.nextInt(400));
            var sink = new SimSink(world, taken, random.nextLong(), 10);
            String prefix = "r" + round;
            SimPlatform now = world;
            try {
                now.run(() -> load(now, sink, prefix, acknowledged));
            } catch (SimCrash crash) {
                // what this is about
            }
            copiesAllowed += sink.unanswered + CLIENTS * MESSAGES;
            world = world.restart(random.nextBoolean() ? SimLoss.POWER : SimLoss.PROCESS);
        }
        var sink = new SimSink(world, taken, random.nextLong(), 0);
        SimPlatform last = world;
        last.run(() -> drain(last, sink));
        last.assertQuiet();
        assertThat(taken.keySet()).as("seed %d", seed).containsAll(acknowledged);
        assertThat(sink.violations()).isEmpty();
        int copies = taken.values().stream().mapToInt(Integer::intValue).sum();
        assertThat(copies - taken.size()).as("copies, seed %d", seed).isLessThan(copiesAllowed);
        return last.traceHash();
    }

    private static PosthouseBuilder engine(SimPlatform world) {
        return Posthouse.builder()
                .hostname("mail.shop.example")
                .data(Path.of("/data"))
                .platform(world)
                .listen(HERE, listener -> {})
                .relay(rule -> rule.name("here").clients("127.0.0.0/8"));
    }

    private static void load(
            SimPlatform world, SimSink sink, String prefix, Set<String> acknowledged)
            throws Exception {
        try (var listening = sink.listen(THERE);
                Posthouse mail = engine(world).start()) {
            assertThat(mail.isRunning()).isTrue();
            assertThat(listening.address()).isEqualTo(THERE);
            var senders = new ArrayList<Threads.Task>();
            for (int i = 0; i < CLIENTS; i++) {
                String name = prefix + "c" + i;
                var sender = new SimSender(world, acknowledged);
                senders.add(
                        world.threads()
                                .start(
                                        name,
                                        () ->
                                                sender.send(
                                                        HERE, name, MESSAGES, "ada@far.example")));
            }
            for (Threads.Task sender : senders) {
                sender.join(world.time().after(Duration.ofDays(1)));
            }
            world.advance(Duration.ofMinutes(20));
        }
    }

    private static void drain(SimPlatform world, SimSink sink) throws Exception {
        try (var listening = sink.listen(THERE);
                Posthouse mail = engine(world).start()) {
            for (int hour = 0; hour < 24 && mail.queue().messages() > 0; hour++) {
                world.advance(Duration.ofHours(1));
            }
            assertThat(mail.queue().messages()).isZero();
            assertThat(listening.isClosed()).isFalse();
        }
    }
}
