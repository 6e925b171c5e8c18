package org.posthouse.sim;

import org.jspecify.annotations.Nullable;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Threads;

/** One simulated thread: a virtual thread that runs when the scheduler picks it. */
final class SimThread implements Threads.Task {
    final int number;
    final String name;
    private final SimCondition ended;
    private @Nullable Thread thread;
    private boolean done;

    SimThread(int number, String name, SimScheduler scheduler) {
        this.number = number;
        this.name = name;
        this.ended = new SimCondition(scheduler);
    }

    void bind(Thread bound) {
        thread = bound;
    }

    void end() {
        done = true;
        ended.signalAll();
    }

    @Override
    public void interrupt() {
        Thread bound = thread;
        if (bound != null) {
            bound.interrupt();
        }
    }

    @Override
    public boolean isDone() {
        return done;
    }

    @Override
    public boolean join(Deadline deadline) throws InterruptedException {
        while (!done) {
            if (!ended.await(deadline)) {
                return done;
            }
        }
        return true;
    }

    /** True when it waits for a monitor. */
    boolean isBlocked() {
        Thread bound = thread;
        return bound != null && bound.getState() == Thread.State.BLOCKED;
    }

    /** True when it was given a monitor and is about to be made ready. */
    boolean isInHandover() {
        Thread bound = thread;
        return bound != null
                && (bound.getState() == Thread.State.RUNNABLE || SimMonitors.isGiven(bound));
    }

    /** Name, state and the innermost frames, for reports. */
    String describe(int frames) {
        StringBuilder text = new StringBuilder("#" + number + " " + name);
        Thread bound = thread;
        if (bound != null) {
            text.append(' ').append(bound.getState());
            StackTraceElement[] stack = bound.getStackTrace();
            int shown = 0;
            for (StackTraceElement element : stack) {
                if (isNoise(element) || shown == frames) {
                    continue;
                }
                text.append("\n        at ").append(element);
                shown++;
            }
        }
        return text.toString();
    }

    private static boolean isNoise(StackTraceElement element) {
        String type = element.getClassName();
        return type.startsWith("java.lang.VirtualThread")
                || type.startsWith("java.util.concurrent.locks.LockSupport")
                || type.startsWith("jdk.internal.")
                || type.equals(SimCondition.class.getName());
    }
}
