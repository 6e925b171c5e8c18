package org.posthouse.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.DiskFile;
import org.posthouse.platform.Network;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** A small durable service in a bad world: clients send octets, it forces each, then answers. */
class SimWorldTest {
    private static final InetSocketAddress SERVER = SimNetwork.socket("198.51.100.9", 25);
    private static final Path LOG = Path.of("/data/log");
    private static final int CLIENTS = 5;
    private static final int OCTETS_EACH = 20;

    /** Runs the service until it dies in its nth change of the disk; counts what was answered. */
    private static int serveUntilCrash(SimPlatform sim, long crashAt) throws Exception {
        int[] answered = new int[1];
        sim.network().latency(Duration.ofMillis(5), Duration.ofMillis(20));
        sim.disk().forceTakes(Duration.ofMillis(3));
        sim.disk().createDirectories(LOG.getParent());
        sim.disk().crashAt(crashAt);
        assertThatThrownBy(
                        () ->
                                sim.run(
                                        () -> {
                                            start(sim, answered);
                                            sim.advance(Duration.ofHours(1));
                                        }))
                .isInstanceOf(SimCrash.class);
        return answered[0];
    }

    private static void start(SimPlatform sim, int[] answered) throws IOException {
        Network.Listening listening = sim.network().listen(SERVER, 10);
        DiskFile log = sim.disk().create(LOG);
        sim.disk().forceDirectory(LOG.getParent());
        long[] end = new long[1];
        for (int i = 0; i < CLIENTS; i++) {
            sim.threads().start("server" + i, () -> serve(sim, listening, log, end));
            sim.threads().start("client" + i, () -> send(sim, answered));
        }
    }

    private static void serve(
            SimPlatform sim, Network.Listening listening, DiskFile log, long[] end) {
        byte[] octet = new byte[1];
        try (Connection connection = listening.accept()) {
            while (connection.read(octet, 0, 1, Deadline.NEVER) > 0) {
                log.write(ByteBuffer.wrap(octet.clone()), end[0]++);
                log.force();
                connection.write(octet, 0, 1, Deadline.NEVER);
            }
        } catch (IOException e) {
            sim.trace("server: " + e);
        }
    }

    private static void send(SimPlatform sim, int[] answered) {
        byte[] octet = {'x'};
        try (Connection connection =
                sim.network().connect(SERVER, Network.ANY_SOURCE, Deadline.NEVER)) {
            for (int i = 0; i < OCTETS_EACH; i++) {
                connection.write(octet, 0, 1, Deadline.NEVER);
                connection.read(octet, 0, 1, Deadline.NEVER);
                answered[0]++;
            }
        } catch (IOException e) {
            sim.trace("client: " + e);
        }
    }

    @Test
    void whatWasAnsweredIsOnTheDiskAfterEveryCrash() throws Exception {
        for (long seed = 0; seed < 60; seed++) {
            SimPlatform sim = new SimPlatform(seed);
            int answered = serveUntilCrash(sim, 4 + seed);
            SimDisk left = sim.restart(SimLoss.POWER).disk();
            int kept = 0;
            for (byte octet : left.exists(LOG) ? left.contents(LOG) : new byte[0]) {
                kept += octet == 'x' ? 1 : 0;
            }
            assertThat(kept).as("seed " + seed).isGreaterThanOrEqualTo(answered);
        }
    }

    @Test
    void equalSeedsGiveEqualWorldsAndOthersOtherOnes() throws Exception {
        Set<Long> hashes = new HashSet<>();
        for (long seed = 0; seed < 20; seed++) {
            SimPlatform first = new SimPlatform(seed);
            SimPlatform second = new SimPlatform(seed);
            assertThat(serveUntilCrash(first, 60)).isEqualTo(serveUntilCrash(second, 60));
            assertThat(first.traceHash()).isEqualTo(second.traceHash());
            assertThat(first.steps()).isEqualTo(second.steps());
            hashes.add(first.traceHash());
        }
        assertThat(hashes).hasSize(20);
    }
}
