package org.posthouse.sim;

import org.jspecify.annotations.Nullable;
import org.posthouse.platform.NoSpaceException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Which disk operations are to fail, and where the machine is to die. */
final class SimDiskFaults {
    private final Map<SimDiskOperation, Long> counts = new EnumMap<>(SimDiskOperation.class);
    private final List<Planned> planned = new ArrayList<>();
    private long changes;
    private long crashAt = Long.MAX_VALUE;
    private Moment crashMoment = Moment.ANY;

    /** When the machine dies, in the operation that it dies at. */
    enum Moment {
        BEFORE,
        WITHIN,
        ANY
    }

    private record Planned(
            SimDiskOperation operation, long from, long to, SimDiskFailure failure) {}

    void fail(SimDiskOperation operation, long nth, long times, SimDiskFailure failure) {
        long from = count(operation) + nth;
        long to = times == Long.MAX_VALUE ? Long.MAX_VALUE : from + times;
        planned.add(new Planned(operation, from, to, failure));
    }

    void heal() {
        planned.clear();
    }

    void crashAt(long nthChange, Moment moment) {
        crashAt = changes + nthChange;
        crashMoment = moment;
    }

    Moment crashMoment() {
        return crashMoment;
    }

    long count(SimDiskOperation operation) {
        return counts.getOrDefault(operation, 0L);
    }

    long changes() {
        return changes;
    }

    /** Counts an operation; tells how it is to fail, or null. */
    @Nullable SimDiskFailure next(SimDiskOperation operation) {
        long number = counts.merge(operation, 1L, Long::sum);
        if (operation.changes()) {
            changes++;
        }
        for (Planned each : planned) {
            if (each.operation == operation && number >= each.from && number < each.to) {
                return each.failure;
            }
        }
        return null;
    }

    boolean crashesNow(SimDiskOperation operation) {
        return operation.changes() && changes >= crashAt;
    }

    static IOException exception(SimDiskFailure failure, SimDiskOperation operation, Path path) {
        return switch (failure) {
            case INPUT_OUTPUT_ERROR ->
                    new IOException(path + ": " + operation + ": Input/output error");
            case NO_SPACE -> new NoSpaceException(path + ": No space left on device");
        };
    }
}
