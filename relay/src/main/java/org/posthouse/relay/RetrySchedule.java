package org.posthouse.relay;

import org.posthouse.core.Outcome.Cause;
import org.posthouse.platform.Entropy;
import org.posthouse.spool.StoredMessage;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The delays of one delivery, as a function of cause, attempts and the next hop's hint. Every delay
 * is spread by a random factor from 0.8 to 1.2, so that what failed together does not come back
 * together; a hint is never undercut.
 *
 * <pre>
 * TEMPORARY   5, 10, 20, 40, 80, 160 min, then 4 h; at least the hint
 * RATE        as TEMPORARY
 * REPUTATION  as MAILBOX
 * MAILBOX     15, 30, 60, 120 min, then 4 h; at least the hint
 * GREYLISTED  the hint from 60 s to 60 min, plus 5 to 30 s; without one as TEMPORARY
 * AMBIGUOUS   as TEMPORARY, at least 15 min: it may have been delivered
 * NET         does not count as an attempt; the site's probe says when
 *
 * A ladder in the settings takes the place of both tables, not of hints and least delays.
 * </pre>
 */
final class RetrySchedule {
    private static final Duration AMBIGUOUS_MIN = Duration.ofMinutes(15);
    private static final Duration HINT_MIN = Duration.ofMinutes(1);
    private static final Duration HINT_MAX = Duration.ofMinutes(60);
    private static final int HINT_EXTRA_SECONDS_MIN = 5;
    private static final int HINT_EXTRA_SECONDS_MAX = 30;

    /** A site that could not be reached for that long is probed less often. */
    private static final Duration LONG_OUTAGE = Duration.ofDays(1);

    private static final Duration SUSPECT_FIRST = Duration.ofSeconds(1);
    private static final int RESTART_SPREAD_MILLIS = 60_000;
    private static final double JITTER = 0.2;
    private static final int DOUBLINGS_MAX = 30;
    private static final List<Duration> TEMPORARY = minutes(5, 10, 20, 40, 80, 160, 240);
    private static final List<Duration> MAILBOX = minutes(15, 30, 60, 120, 240);

    private final RelaySettings.Retry settings;
    private final Entropy entropy;

    RetrySchedule(RelaySettings.Retry settings, Entropy entropy) {
        this.settings = settings;
        this.entropy = entropy;
    }

    /**
     * How long to wait after an attempt.
     *
     * @param cause what the attempt failed of; not NET
     * @param attempts how many have counted so far, this one included; at least 1
     * @param hint how long the next hop asked for; zero for not at all
     */
    Duration delayAfter(Cause cause, int attempts, Duration hint) {
        Duration delay = jittered(step(ladder(cause), attempts));
        return switch (cause) {
            case NET -> delay;
            case TEMPORARY, RATE, REPUTATION, MAILBOX ->
                    hint.isZero() ? delay : longer(delay, hinted(hint));
            case GREYLISTED -> hint.isZero() ? delay : hinted(hint);
            case AMBIGUOUS -> longer(AMBIGUOUS_MIN, delay);
        };
    }

    private List<Duration> ladder(Cause cause) {
        if (!settings.ladder().isEmpty()) {
            return settings.ladder();
        }
        return switch (cause) {
            case MAILBOX, REPUTATION -> MAILBOX;
            case NET, TEMPORARY, RATE, GREYLISTED, AMBIGUOUS -> TEMPORARY;
        };
    }

    /**
     * How long an unreachable site is left alone.
     *
     * @param opened how often in a row, this time included
     * @param outage for how long it did not work
     */
    Duration probeDelay(int opened, Duration outage) {
        boolean isLong = outage.compareTo(LONG_OUTAGE) >= 0;
        Duration most = settings.probeMax();
        most = isLong ? longer(most, settings.probeMaxLater()) : most;
        return jittered(
                doubled(settings.probeFirst(), opened, longer(most, settings.probeFirst())));
    }

    /**
     * When a site is probed after a restart: when it would have been, but what is overdue not all
     * at once, and never later than it could be after a failure now.
     */
    long restoredMillis(long untilMillis, long nowMillis) {
        Duration most = longer(settings.probeMax(), settings.probeMaxLater());
        long latest = nowMillis + most.toMillis();
        long earliest = nowMillis + entropy.below(RESTART_SPREAD_MILLIS);
        return Math.max(Math.min(untilMillis, latest), Math.min(earliest, latest));
    }

    /** How long a site is left alone that may be unreachable, after so many failures in a row. */
    Duration suspectDelay(int failures) {
        Duration most = settings.probeFirst();
        return jittered(doubled(SUSPECT_FIRST, failures, most));
    }

    private static Duration doubled(Duration first, int count, Duration most) {
        int doublings = Math.min(Math.max(count - 1, 0), DOUBLINGS_MAX);
        Duration delay = first;
        for (int i = 0; i < doublings && delay.compareTo(most) < 0; i++) {
            delay = delay.multipliedBy(2);
        }
        return delay.compareTo(most) > 0 ? most : delay;
    }

    /** When a message is given up: by its age, or at the instant of its own if that is earlier. */
    Instant expiresAt(StoredMessage message) {
        Instant byAge = message.beginsAt().plus(settings.giveUpAfter());
        return message.expiresAt().isBefore(byAge) ? message.expiresAt() : byAge;
    }

    /**
     * When a delivery of a message without an instant of its own is to be looked at although it is
     * not due: to warn or to expire. In milliseconds of the wall clock, not before the exact
     * instant.
     */
    long lookMillis(long begunAtMillis, boolean warned) {
        Duration age = warns() && !warned ? settings.warnAfter() : settings.giveUpAfter();
        return begunAtMillis + age.plusNanos(999_999).toMillis();
    }

    /** The same for any message. */
    long lookMillis(StoredMessage message, boolean warned) {
        long byAge = lookMillis(message.beginsAt().toEpochMilli(), warned);
        return Math.min(byAge, Timetable.millis(message.expiresAt()));
    }

    /** At which age a report of ours is given up. */
    Duration reportsGiveUpAfter() {
        Duration own = settings.reportsGiveUpAfter();
        return own.compareTo(settings.giveUpAfter()) < 0 ? own : settings.giveUpAfter();
    }

    /** True when delay reports are made at all. */
    boolean warns() {
        return settings.warnAfter().compareTo(settings.giveUpAfter()) < 0;
    }

    RelaySettings.Retry settings() {
        return settings;
    }

    private Duration hinted(Duration hint) {
        Duration asked = hint.compareTo(HINT_MAX) > 0 ? HINT_MAX : longer(hint, HINT_MIN);
        int spread = HINT_EXTRA_SECONDS_MAX - HINT_EXTRA_SECONDS_MIN + 1;
        return asked.plusSeconds(HINT_EXTRA_SECONDS_MIN + entropy.below(spread));
    }

    private Duration jittered(Duration delay) {
        double factor = 1 - JITTER + 2 * JITTER * entropy.fraction();
        return Duration.ofMillis(Math.round(delay.toMillis() * factor));
    }

    private static Duration step(List<Duration> ladder, int attempts) {
        return ladder.get(Math.min(Math.max(attempts, 1), ladder.size()) - 1);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static List<Duration> minutes(long... values) {
        return java.util.Arrays.stream(values).mapToObj(Duration::ofMinutes).toList();
    }
}
