package org.posthouse.relay;

import org.posthouse.platform.TimeSource;

/**
 * An instant by both clocks, in milliseconds. The wall's says when something is due: spool, events
 * and files speak of it, and somebody may set it. The steady one says how long something lasts:
 * what is known of sites goes by it alone, so that a clock that is set back stops no probe.
 *
 * @param wall by the wall clock
 * @param steady by the monotonic clock; as the wall's, had nobody set that since the start
 */
record Moment(long wall, long steady) {
    private static final long NANOS = 1_000_000;

    /** What is as far away stays so: forever, or never yet. */
    private static final long FAR = Long.MAX_VALUE / 4;

    /** By the wall clock, as it is set now. */
    long wallOf(long steadyMillis) {
        return isFar(steadyMillis) ? steadyMillis : steadyMillis - steady + wall;
    }

    /** By the steady clock. */
    long steadyOf(long wallMillis) {
        return isFar(wallMillis) ? wallMillis : wallMillis - wall + steady;
    }

    private static boolean isFar(long millis) {
        return millis > FAR || millis < -FAR;
    }

    /** Tells moments. */
    static final class Clock {
        private final TimeSource time;
        private final long startMillis;
        private final long startNanos;

        Clock(TimeSource time) {
            this.time = time;
            startMillis = time.now().toEpochMilli();
            startNanos = time.nanos();
        }

        Moment now() {
            long passed = (time.nanos() - startNanos) / NANOS;
            return new Moment(time.now().toEpochMilli(), startMillis + passed);
        }
    }
}
