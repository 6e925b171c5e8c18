package org.posthouse.sim;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Runs simulated threads one at a time on the thread that drives it.
 *
 * <p>Each simulated thread is a virtual thread whose scheduler puts its continuation into {@link
 * #runnable}; the driver picks one by the seed and runs it until it parks. When nothing can run,
 * threads that wait for that ({@link #settle}) are woken; then the clock jumps to the next timer;
 * when there is no timer either, nothing can ever happen again: a deadlock, reported with all
 * stacks.
 */
final class SimScheduler {
    private static final long HANDOVER_MILLIS_MAX = 10_000; // real ones; it takes microseconds
    private static final long BLOCKED_MILLIS = 20; // for the instant between two of its steps
    private static final int FRAMES_SHOWN = 8;

    /** With one of so many of the steps that are allowed, the clock has to move. */
    private static final int INSTANTS_MIN = 10;

    private static final Method NEW_VIRTUAL_THREAD = newVirtualThreadMethod();

    final SimTimers timers = new SimTimers();
    private final SimRandom random;
    private final Object handover = new Object();
    private final List<Ready> runnable = new ArrayList<>(); // guarded by handover
    private final Set<SimThread> live = new LinkedHashSet<>();
    private final List<Thread> settling = new ArrayList<>();
    private final SimTrace trace;
    private @Nullable Throwable failure;
    private @Nullable SimCrash crash;
    private @Nullable SimThread current;
    private @Nullable Thread driver;
    private int threadNumbers;
    private long nanos;
    private long steps;
    private long stepsMax = 50_000_000;

    /** Steps before the clock moved last. */
    private long stepsBefore;

    private record Ready(SimThread thread, Runnable continuation) {}

    SimScheduler(SimRandom random, SimTrace trace, long nanos) {
        this.random = random;
        this.trace = trace;
        this.nanos = nanos;
    }

    long nanos() {
        return nanos;
    }

    long steps() {
        return steps;
    }

    void stepsMax(long max) {
        stepsMax = max;
    }

    SimThread start(String name, Runnable body) {
        if (crash != null) {
            throw new IllegalStateException("the simulated machine has crashed: restart it");
        }
        SimThread thread = new SimThread(++threadNumbers, name, this);
        live.add(thread);
        Executor executor = continuation -> makeReady(new Ready(thread, continuation));
        Thread virtual = newVirtualThread(executor, name, () -> runBody(thread, body));
        thread.bind(virtual);
        virtual.start();
        return thread;
    }

    /** Drives the world until the body has returned and nothing can run without the clock. */
    void drive(String name, Runnable body) {
        if (driver != null || Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("already driven; start threads by threads() instead");
        }
        driver = Thread.currentThread();
        try {
            SimThread first = start(name, body);
            while (!first.isDone()) {
                if (!stepNow() && !wakeSettling()) {
                    jump(first);
                }
            }
            while (stepNow() || wakeSettling()) {
                // until nothing can run at this instant
            }
        } finally {
            driver = null;
        }
    }

    /** Lets all others run until they wait for the clock or for each other. */
    void settle() {
        requireSimulatedThread();
        Thread me = Thread.currentThread();
        settling.add(me);
        while (settling.contains(me)) {
            LockSupport.park(this);
            if (Thread.currentThread().isInterrupted()) {
                settling.remove(me);
            }
        }
    }

    /** A point where another thread may be picked. */
    @SuppressWarnings("ThreadPriorityCheck") // the scheduler relied on is this one
    void yieldPoint() {
        if (isSimulatedThread()) {
            Thread.yield();
        }
    }

    /** Ends the world as a crash does; returns what the calling thread has to throw. */
    SimCrash crash(String where) {
        SimCrash error = new SimCrash(where);
        crash = error;
        return error;
    }

    /** Every act on the world starts with this: nothing is done after the crash. */
    void checkAlive() {
        if (crash != null) {
            throw crash;
        }
    }

    boolean isSimulatedThread() {
        return Thread.currentThread().isVirtual() && current != null;
    }

    void requireSimulatedThread() {
        if (!isSimulatedThread()) {
            throw new IllegalStateException("would wait: call this inside SimPlatform.run");
        }
    }

    List<String> liveThreads() {
        return live.stream().map(thread -> thread.name).collect(Collectors.toList());
    }

    String report(String title) {
        String threads =
                live.stream()
                        .map(thread -> "    " + thread.describe(FRAMES_SHOWN))
                        .collect(Collectors.joining("\n"));
        return title + " (step " + steps + ", " + nanos + " ns, " + trace + ")\n" + threads;
    }

    private void runBody(SimThread thread, Runnable body) {
        try {
            body.run();
        } catch (SimCrash e) {
            crash = e;
        } catch (Throwable e) { // a thread that dies of an exception fails the whole run
            if (failure == null) {
                failure = new AssertionError("simulated thread " + thread.name + " died", e);
            }
        } finally {
            live.remove(thread);
            thread.end();
        }
    }

    private void makeReady(Ready ready) {
        synchronized (handover) {
            runnable.add(ready);
            handover.notifyAll();
        }
    }

    private boolean stepNow() {
        throwWhatEndsTheWorld();
        Ready next = pick();
        if (next == null) {
            return false;
        }
        if (++steps > stepsMax) {
            throw new AssertionError(report("more than " + stepsMax + " steps"));
        }
        if (steps - stepsBefore > stepsMax / INSTANTS_MIN) {
            String title = "more than " + stepsMax / INSTANTS_MIN + " steps at one instant";
            throw new AssertionError(report(title));
        }
        if (Thread.interrupted()) {
            throw new AssertionError(report("the driving thread was interrupted"));
        }
        trace.add(next.thread.number, nanos);
        current = next.thread;
        try {
            next.continuation.run();
        } finally {
            current = null;
        }
        throwWhatEndsTheWorld();
        return true;
    }

    private @Nullable Ready pick() {
        synchronized (handover) {
            int count = runnable.size();
            if (count == 0) {
                return null;
            }
            int chosen = count == 1 ? 0 : random.below(count);
            Ready ready = runnable.get(chosen);
            Ready last = runnable.remove(count - 1);
            if (chosen < count - 1) {
                runnable.set(chosen, last);
            }
            return ready;
        }
    }

    private boolean wakeSettling() {
        if (settling.isEmpty() || awaitMonitorHandover()) {
            return !settling.isEmpty();
        }
        Thread thread = settling.remove(random.below(settling.size()));
        LockSupport.unpark(thread);
        return true;
    }

    private void jump(SimThread first) {
        if (awaitMonitorHandover()) {
            return;
        }
        SimTimers.Timer timer = timers.take();
        if (timer == null) {
            throw new AssertionError(
                    report(
                            "deadlock: nothing can run and no timer is set; waiting for "
                                    + first.name));
        }
        nanos = Math.max(nanos, timer.at);
        stepsBefore = steps;
        timer.action.run();
        Long next = timers.earliest();
        while (next != null && next <= nanos) {
            timer = timers.take();
            if (timer != null) {
                timer.action.run();
            }
            next = timers.earliest();
        }
    }

    /**
     * A thread that waited to enter a monitor is made ready by a thread of the JVM, a little later;
     * the clock must not jump meanwhile.
     */
    private boolean awaitMonitorHandover() {
        if (live.stream().anyMatch(SimThread::isInHandover)) {
            return awaitReady(HANDOVER_MILLIS_MAX);
        }
        return live.stream().anyMatch(SimThread::isBlocked) && awaitReady(BLOCKED_MILLIS);
    }

    @SuppressWarnings("WaitNotInLoop") // waking early is right: the caller asks again
    private boolean awaitReady(long millis) {
        synchronized (handover) {
            if (runnable.isEmpty()) {
                try {
                    handover.wait(millis);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return !runnable.isEmpty();
        }
    }

    private void throwWhatEndsTheWorld() {
        if (crash != null) {
            throw crash;
        }
        Throwable thrown = failure;
        if (thrown != null) {
            failure = null;
            SimThrow.unchecked(thrown);
        }
    }

    private static Method newVirtualThreadMethod() {
        try {
            Method method =
                    Class.forName("java.lang.ThreadBuilders")
                            .getDeclaredMethod(
                                    "newVirtualThread",
                                    Executor.class,
                                    String.class,
                                    int.class,
                                    Runnable.class);
            method.setAccessible(true);
            return method;
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalStateException(
                    "the simulation needs java --add-opens java.base/java.lang="
                            + "org.posthouse.sim,ALL-UNNAMED",
                    e);
        }
    }

    private static Thread newVirtualThread(Executor executor, String name, Runnable body) {
        try {
            return (Thread) NEW_VIRTUAL_THREAD.invoke(null, executor, name, 0, body);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }
}
