package org.posthouse.server;

import org.posthouse.platform.Deadline;
import org.posthouse.platform.TimeSource;

import java.time.Duration;

/**
 * How long a session waits for its client, and how many errors it bears: what the limits say, and
 * less for a stranger under stress. A stranger is neither exempt nor logged in.
 */
final class Patience {
    private final Reception reception;
    private final LiveSession live;

    Patience(Reception reception, LiveSession live) {
        this.reception = reception;
        this.live = live;
    }

    boolean isStranger() {
        return reception.stress().isStranger(live);
    }

    private boolean isHurried() {
        return reception.stress().isOn() && isStranger();
    }

    /** By when the next line must come; within a transaction no later than that one's end. */
    Deadline command() {
        Duration timeout = reception.limits().commandTimeout();
        Deadline line = time().after(isHurried() ? shorter(timeout, Stress.COMMAND) : timeout);
        return live.current() instanceof SessionState.Transacting open
                ? line.earlier(open.transaction().deadline())
                : line; // content has a clock of its own
    }

    /** For a transaction that begins: from MAIL to the content. */
    Deadline transaction() {
        return time().after(reception.limits().transactionTimeout());
    }

    /** For a content that begins: it ends sooner when stress begins. */
    ContentClock content() {
        Duration timeout = reception.limits().dataTimeout();
        return new ContentClock(
                time().after(timeout),
                time().after(shorter(timeout, Stress.CONTENT)),
                this::isHurried,
                reception.limits().dataOctetsPerSecondMin());
    }

    int errorsMax() {
        int most = reception.limits().errorsMax();
        return isHurried() ? Math.min(most, Stress.ERRORS_MAX) : most;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private TimeSource time() {
        return reception.platform().time();
    }
}
