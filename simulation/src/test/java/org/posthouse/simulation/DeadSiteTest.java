package org.posthouse.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.posthouse.Posthouse;
import org.posthouse.PosthouseBuilder;
import org.posthouse.QueueView;
import org.posthouse.core.DeliveryId;
import org.posthouse.platform.Network;
import org.posthouse.platform.Threads;
import org.posthouse.sim.SimCrash;
import org.posthouse.sim.SimLoss;
import org.posthouse.sim.SimNetwork;
import org.posthouse.sim.SimPlatform;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * Next hops that are dead for days while the engine loses its power, or its process, again and
 * again, and an operator holds, retries and releases: when they work again, every message that got
 * 250 arrives, and none of it waits for a restart.
 */
class DeadSiteTest {
    private static final InetSocketAddress HERE = SimNetwork.socket("127.0.0.1", 2525);
    private static final InetSocketAddress THERE = SimNetwork.socket("198.51.100.1", 25);
    private static final List<String> DOMAINS = List.of("far.example", "wide.example");
    private static final int MESSAGES = 50;

    @Test
    void whatWaitsForDeadSitesArrivesWhenTheyWork() throws Exception {
        for (long seed = 1; seed <= 6; seed++) {
            oneHistory(seed);
        }
    }

    @Test
    @Tag("campaign")
    void whatWaitsForDeadSitesArrivesInManySeeds() throws Exception {
        for (long seed = 1000; seed <= 1500; seed++) {
            oneHistory(seed);
        }
    }

    private static void oneHistory(long seed) throws Exception {
        var random = new Random(seed);
        Set<String> acknowledged = new TreeSet<>();
        Map<String, Integer> taken = SimSink.noneTaken();
        var world = new SimPlatform(seed);
        for (String domain : DOMAINS) {
            world.dns().mx(domain, 10, "mx." + domain).address("mx." + domain, "198.51.100.1");
        }
        int crashes = 1 + random.nextInt(3);
        for (int round = 0; round < crashes; round++) {
            world.disk().crashAt(150 + random.nextInt(600));
            String prefix = "r" + round;
            SimPlatform now = world;
            try {
                now.run(() -> load(now, prefix, random, acknowledged));
            } catch (SimCrash crash) {
                // what this is about
            }
            world = world.restart(random.nextBoolean() ? SimLoss.POWER : SimLoss.PROCESS);
        }
        var sink = new SimSink(world, taken, random.nextLong(), 0);
        SimPlatform last = world;
        last.run(() -> heal(last, sink));
        last.assertQuiet();
        assertThat(taken.keySet()).as("seed %d", seed).containsAll(acknowledged);
        assertThat(sink.violations()).isEmpty();
    }

    private static PosthouseBuilder engine(SimPlatform world) {
        return Posthouse.builder()
                .hostname("mail.shop.example")
                .data(Path.of("/data"))
                .platform(world)
                .listen(HERE, listener -> {})
                .relay(rule -> rule.name("here").clients("127.0.0.0/8"));
    }

    /** Nobody listens there: connections are refused. */
    private static void load(
            SimPlatform world, String prefix, Random random, Set<String> acknowledged)
            throws Exception {
        try (Posthouse mail = engine(world).start()) {
            var senders = new ArrayList<Threads.Task>();
            for (String domain : DOMAINS) {
                String name = prefix + domain;
                var sender = new SimSender(world, acknowledged);
                senders.add(
                        world.threads()
                                .start(
                                        name,
                                        () -> sender.send(HERE, name, MESSAGES, "ada@" + domain)));
            }
            for (Threads.Task sender : senders) {
                sender.join(world.time().after(Duration.ofDays(1)));
            }
            for (int i = 0; i < 30; i++) {
                world.advance(Duration.ofMinutes(random.nextInt(30)));
                operate(mail.queue(), random);
            }
        }
    }

    private static void operate(QueueView queue, Random random) {
        List<QueueView.Entry> entries = queue.list(1000);
        if (entries.isEmpty()) {
            return;
        }
        DeliveryId id = entries.get(random.nextInt(entries.size())).id();
        boolean unused =
                switch (random.nextInt(3)) {
                    case 0 -> queue.hold(id);
                    case 1 -> queue.release(id);
                    default -> queue.retryNow(id);
                };
    }

    private static void heal(SimPlatform world, SimSink sink) throws Exception {
        try (Posthouse mail = engine(world).start()) {
            world.advance(Duration.ofMinutes(40));
            long waiting = mail.queue().messages();
            try (Network.Listening listening = sink.listen(THERE)) {
                world.advance(Duration.ofMinutes(8));
                List<QueueView.Entry> held = mail.queue().list(1000);
                assertThat(held).allMatch(QueueView.Entry::held);
                assertThat(held.size()).isLessThan(Math.max(1, (int) waiting));
                held.forEach(entry -> assertThat(mail.queue().release(entry.id())).isTrue());
                world.advance(Duration.ofMinutes(1));
                assertThat(mail.queue().messages()).isZero();
                assertThat(listening.isClosed()).isFalse();
            }
        }
    }
}
