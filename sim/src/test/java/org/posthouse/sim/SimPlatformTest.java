package org.posthouse.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Signal;
import org.posthouse.platform.Threads;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

class SimPlatformTest {
    private final SimPlatform sim = new SimPlatform(1);

    @Test
    void timeJumpsWhenNothingCanRun() throws Exception {
        Instant before = sim.time().now();
        sim.run(() -> sim.time().sleep(Duration.ofDays(5)));
        assertThat(sim.time().now()).isEqualTo(before.plus(Duration.ofDays(5)));
        sim.advance(Duration.ofHours(1));
        assertThat(sim.time().now()).isEqualTo(before.plus(Duration.ofHours(121)));
        sim.assertNothingOpen();
    }

    @Test
    void timersFireInTheirOrder() throws Exception {
        List<Integer> order = new ArrayList<>();
        sim.run(
                () -> {
                    for (int i : new int[] {3, 1, 2}) {
                        sim.threads().start("t" + i, () -> sleepThenAdd(i, order));
                    }
                    sim.advance(Duration.ofMinutes(1));
                });
        assertThat(order).containsExactly(1, 2, 3);
    }

    private void sleepThenAdd(int seconds, List<Integer> order) {
        sim.advance(Duration.ofSeconds(seconds));
        order.add(seconds);
    }

    @Test
    void theSeedDecidesTheOrderOfThreads() throws Exception {
        Set<List<Integer>> orders = new HashSet<>();
        for (long seed = 0; seed < 40; seed++) {
            List<Integer> order = orderOfFour(new SimPlatform(seed));
            assertThat(orderOfFour(new SimPlatform(seed))).isEqualTo(order);
            orders.add(order);
        }
        assertThat(orders).hasSizeGreaterThan(10);
    }

    private static List<Integer> orderOfFour(SimPlatform sim) {
        List<Integer> order = new ArrayList<>();
        sim.run(
                () -> {
                    for (int i = 0; i < 4; i++) {
                        int number = i;
                        sim.threads().start("t" + i, () -> order.add(number));
                    }
                });
        return order;
    }

    @Test
    void equalSeedsGiveEqualHashes() throws Exception {
        assertThat(hashOfMixedWork(7)).isEqualTo(hashOfMixedWork(7));
        assertThat(hashOfMixedWork(7)).isNotEqualTo(hashOfMixedWork(8));
    }

    private static long hashOfMixedWork(long seed) throws Exception {
        SimPlatform sim = new SimPlatform(seed);
        LinkedBlockingQueue<Integer> queue = new LinkedBlockingQueue<>(3);
        sim.run(
                () -> {
                    for (int i = 0; i < 5; i++) {
                        sim.threads().start("producer" + i, () -> produce(sim, queue));
                    }
                    long sum = 0;
                    for (int i = 0; i < 50; i++) {
                        sum = sum * 31 + queue.take();
                    }
                    sim.trace("sum " + sum);
                });
        sim.assertQuiet();
        return sim.traceHash();
    }

    private static void produce(SimPlatform sim, LinkedBlockingQueue<Integer> queue) {
        try {
            for (int i = 0; i < 10; i++) {
                sim.time().sleep(Duration.ofMillis(sim.entropy().below(100)));
                queue.put(i);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void locksAndConditionsOfTheJdkWork() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        Condition changed = lock.newCondition();
        int[] turns = new int[1];
        sim.run(
                () -> {
                    Threads.Task other =
                            sim.threads()
                                    .startDedicated(
                                            "other", () -> takeTurns(lock, changed, turns, 1));
                    takeTurns(lock, changed, turns, 0);
                    assertThat(other.join(Deadline.NEVER)).isTrue();
                });
        assertThat(turns[0]).isEqualTo(20);
    }

    private static void takeTurns(ReentrantLock lock, Condition changed, int[] turns, int parity) {
        lock.lock();
        try {
            for (int i = 0; i < 10; i++) {
                while (turns[0] % 2 != parity) {
                    changed.awaitUninterruptibly();
                }
                turns[0]++;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    @Test
    void aMonitorHeldWhileTheOtherSleepsIsHandedOverBeforeTimeJumps() throws Exception {
        Object monitor = new Object();
        Instant start = sim.time().now();
        List<Instant> entered = new ArrayList<>();
        sim.run(
                () -> {
                    for (int i = 0; i < 3; i++) {
                        sim.threads().start("t" + i, () -> sleepInside(monitor, entered));
                    }
                    sim.advance(Duration.ofSeconds(100));
                });
        assertThat(entered).containsExactly(start, start.plusSeconds(10), start.plusSeconds(20));
    }

    private void sleepInside(Object monitor, List<Instant> entered) {
        synchronized (monitor) {
            entered.add(sim.time().now());
            sim.advance(Duration.ofSeconds(10));
        }
    }

    @Test
    void signalsAreRememberedAndLowered() throws Exception {
        sim.run(
                () -> {
                    Signal signal = sim.time().signal();
                    signal.raise();
                    signal.raise();
                    assertThat(signal.await(in(1))).isTrue();
                    long before = sim.time().nanos();
                    assertThat(signal.await(in(5))).isFalse();
                    assertThat(sim.time().nanos() - before).isEqualTo(5_000_000_000L);
                    sim.threads().start("raiser", () -> raiseLater(signal));
                    assertThat(signal.await(Deadline.NEVER)).isTrue();
                });
    }

    private void raiseLater(Signal signal) {
        sim.advance(Duration.ofHours(1));
        signal.raise();
    }

    @Test
    void interruptsEndSleepAndWaitAndJoin() throws Exception {
        List<String> ended = new ArrayList<>();
        sim.run(
                () -> {
                    Threads.Task sleeper =
                            start(ended, "sleep", () -> sim.time().sleep(Duration.ofDays(1)));
                    Threads.Task waiter =
                            start(ended, "wait", () -> sim.time().signal().await(Deadline.NEVER));
                    Threads.Task joiner = start(ended, "join", () -> sleeper.join(Deadline.NEVER));
                    sim.settle();
                    joiner.interrupt();
                    sim.settle();
                    sleeper.interrupt();
                    waiter.interrupt();
                });
        assertThat(ended).containsExactlyInAnyOrder("sleep", "wait", "join");
        assertThat(ended).startsWith("join");
        sim.assertQuiet();
    }

    private Threads.Task start(List<String> ended, String name, SimBody<Exception> body) {
        return sim.threads()
                .start(
                        name,
                        () -> {
                            try {
                                body.run();
                            } catch (InterruptedException e) {
                                ended.add(name);
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        });
    }

    @Test
    void joinEndsAtItsDeadline() throws Exception {
        sim.run(
                () -> {
                    Threads.Task task =
                            sim.threads().start("t", () -> sim.advance(Duration.ofSeconds(9)));
                    assertThat(task.join(in(5))).isFalse();
                    assertThat(task.isDone()).isFalse();
                    assertThat(task.join(in(5))).isTrue();
                });
    }

    @Test
    void aDeadlockIsReportedWithItsThreads() throws Exception {
        assertThatThrownBy(() -> sim.run(() -> new LinkedBlockingQueue<>().take()))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("deadlock")
                .hasMessageContaining("body")
                .hasMessageContaining("LinkedBlockingQueue.take");
    }

    @Test
    void anEndlessRunEnds() throws Exception {
        sim.stepsMax(1000);
        assertThatThrownBy(
                        () ->
                                sim.run(
                                        () -> {
                                            while (true) {
                                                sim.advance(Duration.ofSeconds(1));
                                            }
                                        }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("more than 1000 steps");
    }

    @Test
    @SuppressWarnings("ThreadPriorityCheck") // another thread may be picked there
    void aRunThatStaysAtOneInstantEnds() throws Exception {
        sim.stepsMax(1000);
        assertThatThrownBy(
                        () ->
                                sim.run(
                                        () -> {
                                            sim.advance(Duration.ofSeconds(1));
                                            while (true) {
                                                Thread.yield();
                                            }
                                        }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("more than 100 steps at one instant");
    }

    @Test
    void theBodysExceptionIsThrownAsItIs() throws Exception {
        IOException thrown = new IOException("as it is");
        assertThatThrownBy(
                        () ->
                                sim.run(
                                        () -> {
                                            throw thrown;
                                        }))
                .isSameAs(thrown);
    }

    @Test
    void aThreadThatDiesFailsTheRun() throws Exception {
        assertThatThrownBy(
                        () ->
                                sim.run(
                                        () -> {
                                            sim.threads().start("dies", () -> fail("why"));
                                            sim.advance(Duration.ofSeconds(1));
                                        }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("dies")
                .hasRootCauseMessage("why");
    }

    private static void fail(String why) {
        throw new IllegalStateException(why);
    }

    @Test
    void leftThreadsAreNamed() throws Exception {
        sim.run(
                () -> {
                    sim.threads().start("left over", () -> sim.advance(Duration.ofDays(1)));
                });
        assertThat(sim.liveThreads()).containsExactly("left over");
        assertThatThrownBy(sim::assertQuiet).hasMessageContaining("left over");
        sim.advance(Duration.ofDays(2));
        sim.assertQuiet();
    }

    @Test
    void theWallClockMayJumpAndDeadlinesDoNotNotice() throws Exception {
        sim.run(
                () -> {
                    Deadline deadline = in(10);
                    Instant before = sim.time().now();
                    sim.time().jumpWallClock(Duration.ofHours(-3));
                    assertThat(sim.time().now()).isEqualTo(before.minusSeconds(3 * 3600));
                    assertThat(sim.time().isPast(deadline)).isFalse();
                });
    }

    @Test
    void manyThreadsAndTimersAreCheap() throws Exception {
        int[] done = new int[1];
        sim.run(
                () -> {
                    for (int i = 0; i < 1000; i++) {
                        sim.threads()
                                .start(
                                        "t" + i,
                                        () -> {
                                            for (int j = 0; j < 50; j++) {
                                                sim.advance(Duration.ofMinutes(j + 1L));
                                            }
                                            done[0]++;
                                        });
                    }
                    sim.advance(Duration.ofDays(1));
                });
        assertThat(done[0]).isEqualTo(1000);
    }

    private Deadline in(int seconds) {
        return sim.time().after(Duration.ofSeconds(seconds));
    }
}
