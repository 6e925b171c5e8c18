package org.posthouse.interop;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Waits for what another process does: real time, always bounded. */
final class Await {
    static final Duration LONG = Duration.ofSeconds(30);

    private static final Duration STEP = Duration.ofMillis(20);

    private Await() {}

    /** Until it holds; fails after half a minute. */
    static void until(String what, Callable<Boolean> condition) {
        until(what, LONG, condition, () -> "");
    }

    /** Until it holds; fails after the time, with the detail. */
    static void until(
            String what, Duration within, Callable<Boolean> condition, Supplier<String> detail) {
        long end = System.nanoTime() + within.toNanos();
        try {
            while (!condition.call()) {
                if (System.nanoTime() - end > 0) {
                    throw new AssertionError(
                            "not within " + within + ": " + what + "\n" + detail.get());
                }
                Thread.sleep(STEP);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting: " + what, e);
        } catch (Exception e) {
            throw new AssertionError(what, e);
        }
    }
}
