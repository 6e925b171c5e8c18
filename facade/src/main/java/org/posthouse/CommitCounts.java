package org.posthouse;

import jdk.jfr.FlightRecorder;

import org.posthouse.platform.TimeSource;
import org.posthouse.spool.AcceptResult;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** Counts what is made durable and how long that takes, and remembers that it could not be. */
final class CommitCounts {
    /** So long is remembered that the queue could not store. */
    private static final Duration REMEMBERED = Duration.ofMinutes(1);

    private final TimeSource time;
    private final LongAdder count = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    /** The last one; without words before the first. */
    private volatile Failure last = new Failure("", 0);

    private record Failure(String why, long atNanos) {}

    CommitCounts(TimeSource time) {
        this.time = time;
    }

    AcceptResult counted(Supplier<AcceptResult> commit) {
        Optional<AcceptCommit> recorded = recorded();
        long begun = time.nanos();
        AcceptResult result = commit.get();
        long now = time.nanos();
        switch (result) {
            case AcceptResult.Accepted accepted -> {
                count.increment();
                nanos.add(now - begun);
            }
            case AcceptResult.NoSpace none -> last = new Failure("there is no room", now);
            case AcceptResult.Unavailable no -> last = new Failure(no.reason(), now);
        }
        recorded.ifPresent(event -> event.end(result instanceof AcceptResult.Accepted));
        return result;
    }

    /**
     * Empty while nobody records: to load the recorder took a tenth of the first message's time.
     */
    private static Optional<AcceptCommit> recorded() {
        if (!FlightRecorder.isInitialized()) {
            return Optional.empty();
        }
        var event = new AcceptCommit();
        event.begin();
        return Optional.of(event);
    }

    long count() {
        return count.sum();
    }

    Duration time() {
        return Duration.ofNanos(nanos.sum());
    }

    /** Why it could not store within the last minute; empty when it could. */
    Optional<String> hindrance() {
        Failure failure = last;
        boolean isRecent = time.nanos() - failure.atNanos() < REMEMBERED.toNanos();
        return failure.why().isEmpty() || !isRecent
                ? Optional.empty()
                : Optional.of("the queue can't store: " + failure.why());
    }
}
