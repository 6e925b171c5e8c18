package org.posthouse.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The promise behind 250: what was acknowledged arrives, whenever the process dies. */
@Tag("interop")
class KillTest {
    private static final int ROUNDS = 20;
    private static final int CAMPAIGN_ROUNDS = 200;
    private static final int CONNECTIONS = 8;
    private static final int LARGE_EVERY = 17;

    @TempDir Path folder;

    @Test
    @Timeout(value = 300, unit = TimeUnit.SECONDS)
    void whatWasAcknowledgedArrivesWheneverTheProcessIsKilled() {
        kill(ROUNDS);
    }

    @Test
    @Tag("campaign")
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void theSameManyTimes() {
        kill(CAMPAIGN_ROUNDS);
    }

    private void kill(int rounds) {
        Set<String> acknowledged = new ConcurrentSkipListSet<>();
        try (Sink sink = Sink.listen("127.0.0.1", 0)) {
            String configuration =
                    Configurations.LOCAL
                            + Configurations.RELAY
                            + Configurations.smarthost("127.0.0.1:" + sink.port())
                            + Configurations.retry("1s");
            for (int round = 1; round <= rounds; round++) {
                oneRound(configuration, round, acknowledged);
            }
            assertThat(acknowledged).hasSizeGreaterThan(rounds * 10);
            try (DaemonProcess daemon = DaemonProcess.start(folder, configuration)) {
                Await.until(
                        "everything acknowledged is in the sink",
                        Await.LONG,
                        () -> missing(acknowledged, sink).isEmpty(),
                        () -> "missing: " + missing(acknowledged, sink) + "\n" + daemon.log());
                assertThat(daemon.log()).doesNotContain("\tat ");
            }
            for (Sink.Taken taken : sink.taken()) {
                assertWhole(taken);
            }
        }
    }

    /** Loads it over some connections and kills it in the middle. */
    private void oneRound(String configuration, int round, Set<String> acknowledged) {
        try (DaemonProcess daemon = DaemonProcess.start(folder, configuration)) {
            var here = new AtomicInteger();
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                String name = "r" + round + "c" + i;
                clients.add(
                        Thread.ofVirtual()
                                .start(() -> load(daemon.port(), name, acknowledged, here)));
            }
            // Another place in the work each time: some acknowledgements later than the last round.
            int killAfter = 5 + round * 13 % 97;
            Await.until(
                    killAfter + " acknowledgements",
                    Await.LONG,
                    () -> here.get() >= killAfter,
                    () -> here.get() + " came\n" + daemon.log());
            daemon.kill();
            join(clients);
        }
    }

    private static void load(int port, String name, Set<String> acknowledged, AtomicInteger here) {
        try (Sender sender = Sender.connect(port)) {
            for (int number = 0; ; number++) {
                String id = name + "n" + number;
                String reply =
                        sender.send("bob@shop.example", "ada@example.net", content(id, number));
                if (reply.startsWith("250")) {
                    acknowledged.add(id);
                    here.incrementAndGet();
                }
            }
        } catch (IOException e) {
            // killed, as intended
        }
    }

    /** A message that says how long it is; now and then a large one. */
    private static String content(String id, int number) {
        int lines = number % LARGE_EVERY == LARGE_EVERY - 1 ? 6000 : 60;
        return "X-Id: "
                + id
                + "\r\nX-Lines: "
                + lines
                + "\r\n\r\n"
                + ("line of " + id + "\r\n").repeat(lines);
    }

    private static Set<String> missing(Set<String> acknowledged, Sink sink) {
        var missing = new TreeSet<>(acknowledged);
        for (Sink.Taken taken : sink.taken()) {
            missing.remove(field(taken, "X-Id: "));
        }
        return missing;
    }

    private static void assertWhole(Sink.Taken taken) {
        String id = field(taken, "X-Id: ");
        int lines = Integer.parseInt(field(taken, "X-Lines: "));
        assertThat(Maildir.withoutReceived(taken.content()))
                .isEqualTo(
                        "X-Id: "
                                + id
                                + "\r\nX-Lines: "
                                + lines
                                + "\r\n\r\n"
                                + ("line of " + id + "\r\n").repeat(lines));
        assertThat(taken.reversePath()).isEqualTo("bob@shop.example");
        assertThat(taken.recipients()).containsExactly("ada@example.net");
    }

    private static String field(Sink.Taken taken, String name) {
        int start = taken.content().indexOf(name) + name.length();
        return taken.content().substring(start, taken.content().indexOf('\r', start));
    }

    private static void join(List<Thread> clients) {
        try {
            for (Thread client : clients) {
                client.join(java.time.Duration.ofSeconds(30));
                assertThat(client.isAlive()).isFalse();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
