package org.posthouse.relay;

import org.posthouse.core.MailEvent.Circuit;

import java.time.Duration;

/**
 * Whether a site may be connected to. A failed connection plan (every host and address tried)
 * weighs one over the connections that the site has: one of many says little, so that the others go
 * on. With one or two, the second in a row is enough. A plan that was under way when the circuit
 * opened is no further news. A site that worked within the last half minute is suspected only: it
 * is left alone for seconds, since it may just be starting again. Instants in milliseconds of the
 * steady clock.
 *
 * <pre>
 * state      | plan failed                                   | plan succeeded | now
 * -----------+-----------------------------------------------+----------------+---------------------------
 * CLOSED     | weight below 1: CLOSED                        | CLOSED         | connects
 *            | first of one or two connections, or a success |                |
 *            | within 30 s: SUSPECTED; else OPEN             |                |
 * SUSPECTED  | as before                                     | CLOSED         | connects not, for seconds
 * OPEN       | as before                                     | CLOSED         | connects not, until the time
 * HALF_OPEN  | a success within 30 s: SUSPECTED; else OPEN   | CLOSED         | connects once
 * </pre>
 *
 * An operator who clears it, closes it; one who asks for an attempt, opens it half.
 */
final class SiteCircuit {
    /** A site that worked as recently is not taken for dead. */
    static final Duration RECENT = Duration.ofSeconds(30);

    /** With so few connections, failures are counted, not weighed. */
    private static final int FEW = 2;

    /** Sums of fractions are not exact. */
    private static final double FULL = 1 - 1e-9;

    private final Watch watch;
    private Circuit state = Circuit.CLOSED;
    private double weight;
    private int failures;
    private int probes;
    private long untilMillis;
    private long downSinceMillis;
    private boolean worked;
    private long workedAtMillis;

    /** Is told each change of state. */
    interface Watch {
        void changed(Circuit before, Circuit after);
    }

    SiteCircuit(Watch watch) {
        this.watch = watch;
    }

    private void enter(Circuit next) {
        Circuit before = state;
        state = next;
        if (next != before) {
            watch.changed(before, next);
        }
    }

    /** True when connections may be opened freely. */
    boolean isClosed() {
        return state == Circuit.CLOSED;
    }

    /** True when nothing may be connected before the instant {@link #untilMillis}. */
    boolean isOpen() {
        return state == Circuit.OPEN || state == Circuit.SUSPECTED;
    }

    /** With {@link #isOpen}: when the next probe may go. */
    long untilMillis() {
        return untilMillis;
    }

    /** How often it was opened since it last worked. */
    int probes() {
        return probes;
    }

    /** Since when nothing worked; of use unless it is closed. */
    long downSinceMillis() {
        return downSinceMillis;
    }

    /**
     * The time may have come: one connection may then be tried.
     *
     * @param budget of all sites together; without room in it, the time is put off
     */
    void tick(long nowMillis, ProbeBudget budget) {
        if (isOpen() && nowMillis >= untilMillis) {
            untilMillis = budget.take(nowMillis);
            if (untilMillis <= nowMillis) {
                enter(Circuit.HALF_OPEN);
            }
        }
    }

    /** An operator asks for a probe now. */
    void probeNow() {
        if (isOpen()) {
            enter(Circuit.HALF_OPEN);
        }
    }

    /**
     * A plan failed.
     *
     * @param connections that stand, are being opened, or failed just now; at least 1
     */
    void failed(long nowMillis, int connections, RetrySchedule schedule) {
        if (isOpen() && nowMillis < untilMillis) {
            return;
        }
        if (failures == 0) {
            downSinceMillis = nowMillis;
        }
        failures++;
        weight += 1.0 / Math.max(1, connections);
        boolean few = connections <= FEW;
        boolean enough = !isClosed() || (few ? failures >= FEW : weight >= FULL);
        boolean recent = workedLately(nowMillis);
        if (enough && !recent) {
            probes++;
            Duration outage = Duration.ofMillis(nowMillis - downSinceMillis);
            open(Circuit.OPEN, nowMillis + schedule.probeDelay(probes, outage).toMillis());
        } else if (enough || few) {
            open(Circuit.SUSPECTED, nowMillis + schedule.suspectDelay(failures).toMillis());
        }
    }

    private void open(Circuit as, long until) {
        untilMillis = until;
        enter(as);
    }

    /** Within the last half minute. */
    boolean workedLately(long nowMillis) {
        return worked && nowMillis - workedAtMillis < RECENT.toMillis();
    }

    /** It was open when we stopped, or died: no news. */
    void restore(int opened, long sinceMillis, long until) {
        failures = FEW;
        probes = opened;
        downSinceMillis = sinceMillis;
        untilMillis = until;
        state = Circuit.OPEN;
    }

    /** A host was connected to and answered. */
    void succeeded(long nowMillis) {
        worked = true;
        workedAtMillis = nowMillis;
        clear();
    }

    /** An operator takes back what was learnt. */
    void clear() {
        failures = 0;
        probes = 0;
        weight = 0;
        enter(Circuit.CLOSED);
    }
}
