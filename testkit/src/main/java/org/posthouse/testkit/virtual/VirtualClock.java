package org.posthouse.testkit.virtual;

import org.posthouse.platform.Deadline;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.platform.Signal;
import org.posthouse.platform.TimeSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A clock that stands still while anybody works. Threads are real, and their waits are counted: who
 * wakes a thread counts it as working before it runs, so that "nobody works" is never a guess.
 *
 * <p>When nobody works, the clock goes to the next instant that somebody waits for, and one of
 * those who wait for it is woken: as far as {@link #advance} says, and while a thread from outside
 * (one that {@link VirtualThreads} did not start, such as a test that closes an engine) waits here.
 *
 * <table>
 * <caption>Threads</caption>
 * <tr><th>Kind</th><th>Counted as working</th><th>Moves the clock by waiting</th></tr>
 * <tr><td>inside</td><td>yes</td><td>no</td></tr>
 * <tr><td>outside</td><td>no</td><td>yes</td></tr>
 * <tr><td>bystander</td><td>no</td><td>no</td></tr>
 * </table>
 */
public final class VirtualClock {
    /** Real time without a step of the clock, after which a test has hung. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final long START_NANOS = 1_000_000_000L;

    /** Guards all that is virtual: waits, pipes, ports. Nothing else is locked within. */
    final ReentrantLock lock = new ReentrantLock();

    private final TimeSource real = JdkPlatform.clocks();
    private final Duration patience;
    private final TreeSet<Pause> timers = new TreeSet<>();
    private final Set<Pause> outside = new LinkedHashSet<>();
    private final Set<VirtualTask> tasks = new LinkedHashSet<>();
    private final List<Throwable> deaths = new ArrayList<>();
    private long nanos = START_NANOS;
    private long numbers;
    private int working;
    private long steps;
    private Optional<Drive> drive = Optional.empty();

    /** Somebody who wants the clock to go, and is told when it has. */
    private record Drive(long until, Signal over) {}

    /**
     * A clock at some instant.
     *
     * @param patience real time without a step, after which a test has hung
     */
    VirtualClock(Duration patience) {
        this.patience = patience;
    }

    /** Nanoseconds by this clock. */
    public long nanos() {
        lock.lock();
        try {
            return nanos;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets this much time pass and everything due meanwhile happen, then what needs no more time.
     *
     * @throws AssertionError when somebody works and does not end, or a thread inside has died
     */
    public void advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("time does not go back: " + duration);
        }
        drive(nanos() + duration.toNanos());
    }

    /**
     * Goes on to the next instant that somebody waits for.
     *
     * @return false when that lies behind this one; the clock has not moved then
     */
    public boolean step(long untilNanos) {
        if (isAnybodyAtWork()) {
            advance(Duration.ZERO);
        }
        long next;
        lock.lock();
        try {
            next = timers.isEmpty() ? Long.MAX_VALUE : timers.first().at();
        } finally {
            lock.unlock();
        }
        if (next > untilNanos) {
            return false;
        }
        drive(next);
        return true;
    }

    private boolean isAnybodyAtWork() {
        lock.lock();
        try {
            return working > 0;
        } finally {
            lock.unlock();
        }
    }

    private void drive(long until) {
        Signal over = real.signal();
        lock.lock();
        try {
            if (VirtualTask.current(this).isPresent()) {
                throw new IllegalStateException("a thread inside can't move the clock");
            }
            if (drive.isPresent()) {
                throw new IllegalStateException("another thread moves the clock");
            }
            drive = Optional.of(new Drive(until, over));
            goOn();
        } finally {
            lock.unlock();
        }
        try {
            awaitPatiently(over);
        } finally {
            stop();
        }
        requireNoDeaths();
    }

    private void stop() {
        lock.lock();
        try {
            drive = Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private void awaitPatiently(Signal over) {
        try {
            long before = -1;
            while (!over.await(real.after(patience))) {
                long now = steps();
                if (now == before) {
                    throw new AssertionError("who works does not end:" + whoWorks());
                }
                before = now;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while time passed", e);
        }
    }

    private long steps() {
        lock.lock();
        try {
            return steps;
        } finally {
            lock.unlock();
        }
    }

    private void requireNoDeaths() {
        lock.lock();
        try {
            if (!deaths.isEmpty()) {
                var error = new AssertionError("a thread died of an exception", deaths.getFirst());
                deaths.clear();
                throw error;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Those who work, with what they are at. */
    private String whoWorks() {
        var text = new StringBuilder();
        lock.lock();
        try {
            tasks.stream().filter(VirtualTask::works).forEach(task -> text.append(task.stack()));
        } finally {
            lock.unlock();
        }
        return text.toString();
    }

    /**
     * Waits at a gate; the caller holds the lock, which is free meanwhile.
     *
     * @return true when it was opened, false at the deadline
     */
    boolean pause(Gate gate, Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (isPast(deadline)) {
            return false;
        }
        var pause = new Pause(this, gate, deadline, numbers++);
        begin(pause);
        try {
            while (!pause.isOver()) {
                pause.woken.await();
            }
        } catch (InterruptedException e) {
            wake(pause, Pause.End.INTERRUPTED);
        }
        if (pause.end() == Pause.End.INTERRUPTED) {
            throw new InterruptedException();
        }
        return pause.end() == Pause.End.OPENED;
    }

    /** Whoever calls it holds the lock. */
    boolean isPast(Deadline deadline) {
        return !deadline.isNever() && deadline.nanos() <= nanos;
    }

    private void begin(Pause pause) {
        pause.gate.waiting.add(pause);
        if (pause.isTimed()) {
            timers.add(pause);
        }
        if (pause.task.isPresent()) {
            pause.task.get().paused(Optional.of(pause));
            working--;
        } else if (!VirtualTask.isBystander()) {
            outside.add(pause);
        }
        goOn();
    }

    /** Ends a wait, once; whoever waited works from now on. */
    void wake(Pause pause, Pause.End end) {
        if (pause.isOver()) {
            return;
        }
        pause.over(end);
        pause.gate.waiting.remove(pause);
        timers.remove(pause);
        outside.remove(pause);
        pause.task.ifPresent(
                task -> {
                    task.paused(Optional.empty());
                    working++;
                });
    }

    /** Moves the clock as far as it is wanted, while nobody works. */
    private void goOn() {
        while (working == 0 && isWanted()) {
            Pause next = timers.pollFirst();
            nanos = Math.max(nanos, next.at());
            steps++;
            wake(next, Pause.End.LATE);
        }
        if (working == 0 && drive.isPresent()) {
            nanos = Math.max(nanos, drive.get().until());
            drive.get().over().raise();
        }
    }

    private boolean isWanted() {
        if (timers.isEmpty()) {
            return false;
        }
        long next = timers.first().at();
        return !outside.isEmpty() || drive.filter(each -> next <= each.until()).isPresent();
    }

    /** Before the thread begins. */
    void started(VirtualTask task) {
        lock.lock();
        try {
            tasks.add(task);
            working++;
        } finally {
            lock.unlock();
        }
    }

    /** At its very end. */
    void ended(VirtualTask task, Optional<Throwable> death) {
        lock.lock();
        try {
            tasks.remove(task);
            death.ifPresent(deaths::add);
            working--;
            task.end();
            goOn();
        } finally {
            lock.unlock();
        }
    }

    /** The names of the threads inside that have not ended, in the order of their start. */
    public List<String> liveThreads() {
        lock.lock();
        try {
            return tasks.stream().map(VirtualTask::name).toList();
        } finally {
            lock.unlock();
        }
    }
}
