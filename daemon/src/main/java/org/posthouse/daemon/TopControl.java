package org.posthouse.daemon;

import org.jspecify.annotations.Nullable;
import org.posthouse.EngineCounts;
import org.posthouse.Posthouse;
import org.posthouse.QueueShape;
import org.posthouse.QueueView.Entry;
import org.posthouse.core.Glob;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.TimeSource;
import org.posthouse.relay.Standing;
import org.posthouse.relay.Suspension;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** The whole daemon at a glance: how much comes and goes, and where mail waits. */
final class TopControl {
    static final int ROWS_MAX = 100;

    /** Domains among which a filter looks. */
    private static final int LOOKED_AT_MAX = 1000;

    /** The queue is not gone through more often. */
    private static final Duration SHAPE_AGE_MIN = Duration.ofSeconds(2);

    /** Nor for a larger part of the time than one of so many. */
    private static final int SHARE = 20;

    private final Posthouse engine;
    private final TimeSource time;
    private final Recent recent;
    private final Instant startedAt;
    private final long startedNanos;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock, as the deadline. */
    private QueueShape shape;

    private Deadline again;

    TopControl(Posthouse engine, TimeSource time, Recent recent) {
        this.engine = engine;
        this.time = time;
        this.recent = recent;
        startedAt = time.now();
        startedNanos = time.nanos();
        again = time.after(Duration.ZERO);
        var none = new QueueShape.Row("", List.of(), 0, 0, java.util.Optional.empty());
        shape = new QueueShape(none, List.of(), 0, none);
    }

    ControlAnswer answer(ControlRequest request) {
        Instant now = time.now();
        var wanted = new Glob(request.text("domain"));
        QueueShape known = shape(now);
        List<Suspension> suspensions = engine.queue().suspensions();
        List<QueueShape.Row> shown =
                known.rows().stream()
                        .filter(row -> wanted.matches(row.name()))
                        .limit(ROWS_MAX)
                        .toList();
        Map<String, Standing> standings =
                engine.queue().standings(shown.stream().map(QueueShape.Row::name).toList());
        List<String> rows =
                shown.stream()
                        .map(
                                row ->
                                        JsonLine.of(
                                                json -> {
                                                    row(json, row, suspensions, now);
                                                    standing(json, standings.get(row.name()));
                                                }))
                        .toList();
        return new ControlAnswer(rows, ControlAnswer.ok(json -> whole(json, known, now)).last());
    }

    /** As it was a moment ago. */
    private QueueShape shape(Instant now) {
        lock.lock();
        try {
            if (time.isPast(again)) {
                long begun = time.nanos();
                shape = engine.queue().shape(now, LOOKED_AT_MAX);
                Duration rest = Duration.ofNanos((time.nanos() - begun) * SHARE);
                again = time.after(rest.compareTo(SHAPE_AGE_MIN) > 0 ? rest : SHAPE_AGE_MIN);
            }
            return shape;
        } finally {
            lock.unlock();
        }
    }

    private void row(JsonLine json, QueueShape.Row row, List<Suspension> suspensions, Instant now) {
        String said = recent.lastReply(row.name());
        json.text("domain", row.name())
                .number("deliveries", row.total())
                .number("held", row.held())
                .number("due", row.due())
                .numbers("ages", row.ages())
                .text("oldest_at", row.oldestAt().map(Instant::toString).orElse(""))
                .text("last_reply", said.isEmpty() ? ofOldest(row) : said)
                .flag("suspended", suspensions.stream().anyMatch(each -> isOf(each, row.name())));
        Recent.Outcomes minutes = recent.of(row.name(), now, 5);
        Recent.Outcomes hour = recent.of(row.name(), now, Recent.MINUTES);
        json.number("outcomes_5m", minutes.all())
                .number("delivered_5m", minutes.delivered())
                .number("outcomes_1h", hour.all())
                .number("delivered_1h", hour.delivered());
    }

    /** Nothing where its next hops are not known. */
    private static void standing(JsonLine json, @Nullable Standing standing) {
        if (standing == null) {
            return;
        }
        json.number("connections", standing.connections())
                .number("connections_max", standing.connectionsMax())
                .text("pace", standing.pace().word());
        if (standing.pace() == Standing.Pace.PAUSING) {
            json.text("next_try_at", standing.nextTryAt().toString());
        }
    }

    private String ofOldest(QueueShape.Row row) {
        return row.oldest().flatMap(engine.queue()::find).map(Entry::lastReply).orElse("");
    }

    private static boolean isOf(Suspension suspension, String domain) {
        return suspension.scope() == Suspension.Scope.DOMAIN
                && new Glob(suspension.pattern()).matches(domain);
    }

    private void whole(JsonLine json, QueueShape known, Instant now) {
        EngineCounts counts = engine.counts();
        json.text("now", now.toString())
                .text("version", Version.text())
                .text("started_at", startedAt.toString())
                .number("up_ms", (time.nanos() - startedNanos) / 1_000_000)
                .number("sessions", counts.sessions())
                .number("connections", counts.relay().connections())
                .number("in_flight", counts.relay().active())
                .number("messages", counts.messages())
                .number("deliveries", counts.relay().deliveries())
                .number("held", counts.relay().held())
                .number("due", known.total().due())
                .numbers("ages", known.total().ages())
                .text("oldest_at", known.total().oldestAt().map(Instant::toString).orElse(""))
                .number("commits", counts.commits())
                .number("commit_us", counts.commitTime().toNanos() / 1000)
                .number("free_octets", counts.freeOctets());
        for (Recent.Kind each : Recent.Kind.values()) {
            json.numbers(each.name().toLowerCase(java.util.Locale.ROOT), recent.seconds(each, now));
        }
    }
}
