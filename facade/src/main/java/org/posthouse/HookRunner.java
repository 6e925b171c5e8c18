package org.posthouse;

import org.posthouse.platform.Platform;
import org.posthouse.platform.Threads.Task;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Runs hooks on threads of their own, so that one that hangs costs its session one command. Such a
 * hook is interrupted and left behind; when too many are, further hooks fail at once.
 */
final class HookRunner {
    /** Hooks left behind and still running. */
    static final int LEFT_BEHIND_MAX = 1000;

    private final Platform platform;
    private final Duration timeout;
    private final AtomicInteger leftBehind = new AtomicInteger();

    HookRunner(Platform platform, Duration timeout) {
        this.platform = platform;
        this.timeout = timeout;
    }

    /** One for other hooks, which those of this one that hang do not count for. */
    HookRunner another() {
        return new HookRunner(platform, timeout);
    }

    /** What the hook of a stage returned, or threw; the two exclude each other. */
    private record Result<T>(Optional<T> value, Optional<Throwable> thrown) {}

    /**
     * Runs a hook.
     *
     * @throws IllegalStateException when it hangs, or when too many do; what the hook threw is
     *     thrown on
     */
    <T> T run(String stage, Supplier<T> hook) {
        if (leftBehind.get() >= LEFT_BEHIND_MAX) {
            throw new IllegalStateException("too many hooks hang");
        }
        var call = new Call<T>();
        Task task =
                platform.threads()
                        .start(
                                "hook-" + stage,
                                () -> {
                                    if (call.end(resultOf(hook))) {
                                        leftBehind.decrementAndGet();
                                    }
                                });
        if (!hasEnded(task) && call.leave()) {
            leftBehind.incrementAndGet();
            task.interrupt();
            throw new IllegalStateException(
                    "the hook of stage " + stage + " took longer than " + timeout);
        }
        return valueOf(call.result.orElseThrow());
    }

    private boolean hasEnded(Task task) {
        try {
            return task.join(platform.time().after(timeout));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static <T> Result<T> resultOf(Supplier<T> hook) {
        try {
            return new Result<>(Optional.of(hook.get()), Optional.empty());
        } catch (Throwable e) { // thrown again by the thread that waits
            return new Result<>(Optional.empty(), Optional.of(e));
        }
    }

    private static <T> T valueOf(Result<T> result) {
        if (result.thrown().isPresent()) {
            switch (result.thrown().get()) {
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                default -> throw new IllegalStateException(result.thrown().get());
            }
        }
        return result.value().orElseThrow();
    }

    /** Whether a hook ended first, or was left first. */
    private static final class Call<T> {
        private final AtomicBoolean isOver = new AtomicBoolean();
        volatile Optional<Result<T>> result = Optional.empty();

        /** False when it has ended. */
        boolean leave() {
            return isOver.compareAndSet(false, true);
        }

        /** True when it had been left. */
        boolean end(Result<T> ended) {
            result = Optional.of(ended);
            return !isOver.compareAndSet(false, true);
        }
    }
}
