package org.posthouse.testkit.virtual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.DeadlineExceeded;
import org.posthouse.platform.DiskFile;
import org.posthouse.platform.Dns;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.Https;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.platform.Network;
import org.posthouse.platform.Signal;
import org.posthouse.platform.Threads.Task;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

final class VirtualPlatformTest {
    private static final Instant START = Instant.parse("2026-03-02T09:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final InetSocketAddress THEIRS = new InetSocketAddress("203.0.113.1", 25);

    private final JdkPlatform real = JdkPlatform.create(DnsSettings.servers(List.of(THEIRS)));
    private final VirtualPlatform world = new VirtualPlatform(START, time -> noDns(), Https.NONE);
    private final VirtualClock clock = world.clock();
    private final List<String> seen = new CopyOnWriteArrayList<>();

    private Dns noDns() {
        return real.dns();
    }

    @AfterEach
    void close() {
        world.close();
        real.close();
    }

    /** Something done on a thread inside. */
    private interface Work {
        void run() throws Exception;
    }

    private Task inside(String name, Work work) {
        return world.threads()
                .start(
                        name,
                        () -> {
                            try {
                                work.run();
                                see(name + " ended");
                            } catch (InterruptedException | IOException e) {
                                see(name + " " + e.getClass().getSimpleName());
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        });
    }

    private void see(String what) {
        seen.add(what + " at " + Duration.between(START, world.time().now()));
    }

    @Test
    void timePassesOnlyAsFarAsItIsLet() {
        inside("sleeper", () -> world.time().sleep(HOUR));

        clock.advance(HOUR.minusNanos(1));
        assertThat(seen).isEmpty();
        clock.advance(Duration.ofNanos(1));

        assertThat(seen).containsExactly("sleeper ended at PT1H");
        assertThat(world.time().now()).isEqualTo(START.plus(HOUR));
        assertThat(clock.liveThreads()).isEmpty();
    }

    @Test
    void whoWaitsForTheSameInstantIsWokenInOrderOneAtATime() {
        var order = new ArrayList<Integer>(); // by one thread at a time
        for (int i = 0; i < 50; i++) {
            int number = i;
            inside(
                    "thread " + i,
                    () -> {
                        world.time().sleep(HOUR);
                        order.add(number);
                    });
            clock.advance(Duration.ZERO);
        }

        clock.advance(HOUR);

        assertThat(order).hasSize(50).isSorted();
    }

    @Test
    void theClockStandsWhileAnybodyWorks() {
        Signal work = world.time().signal();
        Signal done = world.time().signal();
        inside(
                "worker",
                () -> {
                    for (int i = 0; i < 2000; i++) {
                        work.await(Deadline.NEVER);
                        done.raise();
                    }
                });
        inside(
                "master",
                () -> {
                    for (int i = 0; i < 2000; i++) {
                        work.raise();
                        assertThat(done.await(world.time().after(Duration.ofNanos(1)))).isTrue();
                    }
                });

        clock.advance(HOUR);

        assertThat(seen).containsExactlyInAnyOrder("worker ended at PT0S", "master ended at PT0S");
    }

    @Test
    void signalsAreRememberedAndLoweredOnce() {
        Signal signal = world.time().signal();
        signal.raise();
        signal.raise();
        inside(
                "waiter",
                () -> {
                    see("first " + signal.await(world.time().after(HOUR)));
                    see("second " + signal.await(world.time().after(HOUR)));
                    see("past " + signal.await(world.time().after(Duration.ZERO)));
                });

        clock.advance(HOUR);

        assertThat(seen)
                .containsExactly(
                        "first true at PT0S",
                        "second false at PT1H",
                        "past false at PT1H",
                        "waiter ended at PT1H");
    }

    @Test
    void aWaitOutsideMovesTheClock() throws InterruptedException {
        inside("sleeper", () -> world.time().sleep(HOUR));
        Task late = inside("late", () -> world.time().sleep(HOUR.multipliedBy(3)));

        assertThat(late.join(world.time().after(HOUR.multipliedBy(2)))).isFalse();
        assertThat(world.time().now()).isEqualTo(START.plus(HOUR.multipliedBy(2)));
        assertThat(late.join(Deadline.NEVER)).isTrue();
        world.time().sleep(HOUR);

        assertThat(seen).containsExactly("sleeper ended at PT1H", "late ended at PT3H");
        assertThat(world.time().now()).isEqualTo(START.plus(HOUR.multipliedBy(4)));
    }

    @Test
    void interruptsEndWaitsAndAreNotLost() {
        Task sleeper = inside("sleeper", () -> world.time().sleep(HOUR));
        Task reader =
                inside("reader", () -> pair().client().read(new byte[1], 0, 1, Deadline.NEVER));
        var begun = new CountDownLatch(1);
        Task busy =
                inside(
                        "busy",
                        () -> {
                            begun.countDown();
                            boolean interrupted = false;
                            while (!interrupted) {
                                interrupted = Thread.currentThread().isInterrupted();
                            }
                            world.time().sleep(HOUR);
                        });
        awaitUnchecked(begun);
        busy.interrupt();
        clock.advance(Duration.ZERO);
        sleeper.interrupt();
        reader.interrupt();

        clock.advance(Duration.ZERO);

        assertThat(seen)
                .containsExactlyInAnyOrder(
                        "sleeper InterruptedException at PT0S",
                        "reader InterruptedIOException at PT0S",
                        "busy InterruptedException at PT0S");
        assertThat(List.of(sleeper, reader, busy)).allMatch(Task::isDone);
    }

    private static void awaitUnchecked(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aThreadThatDiesIsAFailure() {
        inside(
                "mortal",
                () -> {
                    world.time().sleep(HOUR);
                    throw new IllegalStateException("oh");
                });

        assertThatThrownBy(() -> clock.advance(HOUR))
                .isInstanceOf(AssertionError.class)
                .hasMessage("a thread died of an exception")
                .hasRootCauseMessage("oh");
        clock.advance(HOUR);
    }

    @Test
    void whoWorksForEverIsToldWithItsStack() {
        var impatient = new VirtualClock(Duration.ofMillis(20));
        var threads = new VirtualThreads(impatient, real.threads());
        var end = new CountDownLatch(1);
        Task stuck = threads.start("stuck", () -> awaitUnchecked(end));

        assertThatThrownBy(() -> impatient.advance(HOUR))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("who works does not end:\nstuck")
                .hasMessageContaining("awaitUnchecked");

        end.countDown();
        impatient.advance(HOUR);
        assertThat(stuck.isDone()).isTrue();
    }

    @Test
    void nobodyInsideMovesTheClock() {
        inside(
                "insider",
                () ->
                        assertThatThrownBy(() -> clock.advance(HOUR))
                                .isInstanceOf(IllegalStateException.class));

        clock.advance(Duration.ZERO);

        assertThat(seen).containsExactly("insider ended at PT0S");
        assertThatThrownBy(() -> clock.advance(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private MemoryConnection.Pair pair() {
        return MemoryConnection.pair(clock, new InetSocketAddress("192.0.2.1", 5000), THEIRS);
    }

    private static void send(Connection connection, String text) throws IOException {
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        connection.write(octets, 0, octets.length, Deadline.NEVER);
    }

    private static String receive(Connection connection) throws IOException {
        var into = new byte[100];
        int count = connection.read(into, 0, into.length, Deadline.NEVER);
        return count < 0 ? "end" : new String(into, 0, count, StandardCharsets.ISO_8859_1);
    }

    @Test
    void octetsArriveInOrderThenTheEnd() throws IOException {
        var pair = pair();
        send(pair.client(), "hello ");
        send(pair.client(), "there");
        pair.client().close();
        pair.client().close();

        assertThat(pair.server().hasInput()).isTrue();
        assertThat(receive(pair.server())).isEqualTo("hello there");
        assertThat(receive(pair.server())).isEqualTo("end");
        assertThatThrownBy(() -> send(pair.server(), "x")).isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> send(pair.client(), "x")).isInstanceOf(SocketException.class);
        assertThat(pair.client().remote()).isEqualTo(pair.server().local()).isEqualTo(THEIRS);
    }

    @Test
    void muchPassesWhileTheOtherEndReads() {
        var much = new byte[1_000_003];
        for (int i = 0; i < much.length; i++) {
            much[i] = (byte) (i * 31 + i / 1009);
        }
        var pair = pair();
        var got = ByteBuffer.allocate(much.length);
        inside(
                "writer",
                () -> {
                    pair.client().write(much, 0, much.length, world.time().after(HOUR));
                    pair.client().linger(1, world.time().after(HOUR));
                });
        inside(
                "reader",
                () -> {
                    var into = new byte[777];
                    int count = pair.server().read(into, 0, into.length, Deadline.NEVER);
                    while (count >= 0) {
                        got.put(into, 0, count);
                        count = pair.server().read(into, 0, into.length, Deadline.NEVER);
                    }
                    pair.server().close();
                });

        clock.advance(Duration.ZERO);

        assertThat(got.array()).isEqualTo(much);
        assertThat(seen).hasSize(2);
    }

    @Test
    void readsAndWritesEndAtTheirDeadline() {
        var pair = pair();
        var much = new byte[100_000];
        inside("writer", () -> pair.client().write(much, 0, much.length, world.time().after(HOUR)));
        inside("reader", () -> pair.client().read(much, 0, 1, world.time().after(HOUR)));
        Deadline past = world.time().after(Duration.ZERO);
        assertThatThrownBy(() -> pair.server().read(much, 0, 1, past))
                .isInstanceOf(DeadlineExceeded.class);
        assertThatThrownBy(() -> pair.server().write(much, 0, 1, past))
                .isInstanceOf(DeadlineExceeded.class);

        clock.advance(HOUR);

        assertThat(seen)
                .containsExactly(
                        "writer DeadlineExceeded at PT1H", "reader DeadlineExceeded at PT1H");
    }

    @Test
    void hostsAreReachedAsTheyAre() throws IOException {
        MemoryHost host = world.network().host(THEIRS);
        Connection first = connect();
        try (Connection accepted = host.listening().accept()) {
            send(first, "hello");
            assertThat(receive(accepted)).isEqualTo("hello");

            host.is(MemoryHost.Reach.REFUSES, HOUR);
            assertThatThrownBy(() -> receive(first)).isInstanceOf(SocketException.class);
            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        }
        clock.advance(HOUR);
        connect().close();
        host.is(MemoryHost.Reach.SILENT);
        assertThatThrownBy(this::connect).isInstanceOf(DeadlineExceeded.class);
        assertThat(world.time().now()).isEqualTo(START.plus(HOUR.multipliedBy(2)));
        inside("caller", this::connect);
        clock.advance(Duration.ofMinutes(1));
        host.is(MemoryHost.Reach.UP);
        clock.advance(Duration.ZERO);

        assertThat(seen).containsExactly("caller ended at PT2H1M");
        assertThat(host.knocks()).hasSize(5);
        host.listening().close();
        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        assertThatThrownBy(() -> host.listening().accept()).isInstanceOf(SocketException.class);
        assertThatThrownBy(
                        () ->
                                world.network()
                                        .connect(
                                                new InetSocketAddress("203.0.113.2", 25),
                                                Network.ANY_SOURCE,
                                                Deadline.NEVER))
                .isInstanceOf(NoRouteToHostException.class);
    }

    private Connection connect() throws IOException {
        return world.network().connect(THEIRS, Network.ANY_SOURCE, world.time().after(HOUR));
    }

    @Test
    void realClientsReachWhoListens() throws IOException {
        try (Network.Listening listening =
                world.network().listen(new InetSocketAddress("0.0.0.0", 0), 5)) {
            inside(
                    "server",
                    () -> {
                        try (Connection accepted = listening.accept()) {
                            send(accepted, "you said " + receive(accepted));
                        }
                    });

            assertThat(listening.address().getAddress().isLoopbackAddress()).isTrue();
            try (Connection client =
                    real.network()
                            .connect(listening.address(), Network.ANY_SOURCE, Deadline.NEVER)) {
                send(client, "hello");
                assertThat(receive(client)).isEqualTo("you said hello");
                assertThat(receive(client)).isEqualTo("end");
            }
        }
    }

    @Test
    void acceptsEndWithThePortOrAnInterrupt() throws IOException {
        Network.Listening listening =
                world.network().listen(new InetSocketAddress("0.0.0.0", 0), 5);
        Task server = inside("server", listening::accept);
        clock.advance(Duration.ZERO);
        server.interrupt();
        clock.advance(Duration.ZERO);
        inside("other", listening::accept);
        clock.advance(Duration.ZERO);
        listening.close();
        listening.close();
        clock.advance(Duration.ZERO);

        assertThat(seen)
                .containsExactly(
                        "server " + InterruptedIOException.class.getSimpleName() + " at PT0S",
                        "other SocketException at PT0S");
        assertThat(listening.isClosed()).isTrue();
    }

    @Test
    void filesAreWhatWasWrittenToThem(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("file");
        try (DiskFile file = world.disk().create(path)) {
            file.write(ByteBuffer.wrap(new byte[] {7}), 0);
            file.write(ByteBuffer.allocate(10_000), 1);
            file.write(ByteBuffer.allocate(10_000), 10_001);
            assertThat(file.size()).isEqualTo(20_001);
            file.write(ByteBuffer.wrap(new byte[] {8}), 20_000);
            file.write(ByteBuffer.allocate(5), 20_001);
            file.truncate(20_003);
            file.write(ByteBuffer.allocate(4), 20_003);
            file.force();
            var into = ByteBuffer.allocate(10);
            assertThat(file.read(into, 20_000)).isEqualTo(7);
            assertThat(into.get(0)).isEqualTo((byte) 8);
        }
        assertThat(Files.readAllBytes(path)).hasSize(20_007).startsWith(7, 0, 0);
    }
}
