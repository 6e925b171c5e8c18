package org.posthouse.daemon;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;

import org.posthouse.DnsCount;
import org.posthouse.EngineCounts;
import org.posthouse.Posthouse;
import org.posthouse.QueueShape;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.TimeSource;
import org.posthouse.server.SessionView;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is asked of the engine whenever somebody reads metrics: the counts each time, the queue by
 * destination at most every half minute, since all of it is gone through.
 */
final class Gauges {
    private static final Duration SHAPE_AGE_MAX = Duration.ofSeconds(30);

    /** Domains that are looked at one by one; what is behind them is among the others. */
    private static final int DOMAINS_MAX = 1000;

    /** How fast mail leaves is measured over so many. */
    private static final int RATE_MINUTES = 10;

    private final Posthouse engine;
    private final Destinations destinations;
    private final TimeSource time;
    private final Recent recent;
    private final MultiGauge active;
    private final MultiGauge messages;
    private final MultiGauge oldest;
    private final MultiGauge ages;
    private final MultiGauge drain;
    private final MultiGauge certificates;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile EngineCounts counts;

    /** Guarded by the lock. */
    private Deadline shapeAgainAt;

    /** Registers all of them. */
    Gauges(
            Posthouse engine,
            Destinations destinations,
            Watch.Around around,
            MeterRegistry registry) {
        this.engine = engine;
        this.destinations = destinations;
        this.time = around.time();
        this.recent = around.recent();
        shapeAgainAt = around.time().after(Duration.ZERO);
        counts = engine.counts();
        active = MultiGauge.builder("posthouse.connections.active").register(registry);
        messages = MultiGauge.builder("posthouse.queue.messages").register(registry);
        oldest =
                MultiGauge.builder("posthouse.queue.oldest").baseUnit("seconds").register(registry);
        ages = MultiGauge.builder("posthouse.queue.age").register(registry);
        drain =
                MultiGauge.builder("posthouse.queue.drain.estimate")
                        .baseUnit("seconds")
                        .register(registry);
        certificates =
                MultiGauge.builder("posthouse.certificate.expiry")
                        .baseUnit("seconds")
                        .register(registry);
        reloads(around.reloads(), registry);
        gauge(registry, "posthouse.queue.deliveries", () -> counts.relay().deliveries());
        gauge(registry, "posthouse.queue.in.flight", () -> counts.relay().active());
        gauge(registry, "posthouse.outbound.connections", () -> counts.relay().connections());
        gauge(registry, "posthouse.ready", () -> engine.health().ready() ? 1 : 0);
        Gauge.builder("posthouse.spool.free", () -> counts.freeOctets())
                .baseUnit("bytes")
                .register(registry);
        FunctionTimer.builder(
                        "posthouse.store.commit",
                        engine,
                        of -> of.counts().commits(),
                        of -> of.counts().commitTime().toNanos(),
                        TimeUnit.NANOSECONDS)
                .register(registry);
        for (int i = 0; i < counts.dns().size(); i++) {
            lookUps(i, registry);
        }
        FunctionCounter.builder(
                        "posthouse.events.dropped", engine, of -> of.counts().eventsDropped())
                .register(registry);
        Gauge.builder("posthouse.build.info", () -> 1)
                .tags("version", Version.text(), "java", System.getProperty("java.version", ""))
                .register(registry);
    }

    /** The engine tells all kinds from its start, in the same order always. */
    private void lookUps(int index, MeterRegistry registry) {
        DnsCount kind = counts.dns().get(index);
        FunctionTimer.builder(
                        "posthouse.dns.lookup",
                        this,
                        of -> of.counts.dns().get(index).count(),
                        of -> of.counts.dns().get(index).time().toNanos(),
                        TimeUnit.NANOSECONDS)
                .tags("type", kind.type(), "result", kind.result())
                .register(registry);
    }

    private static void reloads(Reloads reloads, MeterRegistry registry) {
        FunctionCounter.builder("posthouse.config.reload", reloads, Reloads::taken)
                .tag("result", "ok")
                .register(registry);
        FunctionCounter.builder("posthouse.config.reload", reloads, Reloads::failed)
                .tag("result", "failed")
                .register(registry);
        Gauge.builder("posthouse.config.loaded", () -> reloads.loadedAt().getEpochSecond())
                .baseUnit("seconds")
                .register(registry);
    }

    private static void gauge(
            MeterRegistry registry, String name, java.util.function.Supplier<Number> value) {
        Gauge.builder(name, value).register(registry);
    }

    /** Looks again. */
    void refresh() {
        lock.lock();
        try {
            counts = engine.counts();
            Map<String, Integer> sessions = new TreeMap<>();
            engine.addresses().keySet().forEach(name -> sessions.put(name, 0));
            for (SessionView session : engine.sessions()) {
                sessions.merge(session.listener(), 1, Integer::sum);
            }
            active.register(rows(sessions, "listener"), true);
            if (time.isPast(shapeAgainAt)) {
                shapeAgainAt = time.after(SHAPE_AGE_MAX);
                Instant now = time.now();
                shape(engine.queue().shape(now, DOMAINS_MAX), now);
                certificates.register(ends(now), true);
            }
        } finally {
            lock.unlock();
        }
    }

    private List<MultiGauge.Row<?>> ends(Instant now) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        for (Posthouse.CertificateEnd each : engine.certificateEnds()) {
            Tags name = Tags.of("name", each.file().toString());
            rows.add(MultiGauge.Row.of(name, Duration.between(now, each.endsAt()).toSeconds()));
        }
        return rows;
    }

    private static List<MultiGauge.Row<?>> rows(Map<String, Integer> values, String tag) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        values.forEach((name, value) -> rows.add(MultiGauge.Row.of(Tags.of(tag, name), value)));
        return rows;
    }

    private void shape(QueueShape shape, Instant now) {
        Map<String, DestinationCells> byDestination = new TreeMap<>();
        for (QueueShape.Row row : shape.rows()) {
            String name = destinations.of(row.name());
            cells(byDestination, name).add(row, recent.of(row.name(), now, RATE_MINUTES));
        }
        cells(byDestination, Destinations.OTHER).add(shape.others(), new Recent.Outcomes(0, 0));
        List<MultiGauge.Row<?>> states = new ArrayList<>();
        List<MultiGauge.Row<?>> oldestOf = new ArrayList<>();
        List<MultiGauge.Row<?>> agesOf = new ArrayList<>();
        List<MultiGauge.Row<?>> drainOf = new ArrayList<>();
        byDestination.forEach(
                (destination, cells) -> {
                    Tags tags = Tags.of("destination", destination);
                    cells.states(tags, states);
                    cells.ages(tags, agesOf);
                    oldestOf.add(MultiGauge.Row.of(tags, cells.oldestSeconds(now)));
                    cells.drainSeconds(RATE_MINUTES)
                            .ifPresent(left -> drainOf.add(MultiGauge.Row.of(tags, left)));
                });
        messages.register(states, true);
        oldest.register(oldestOf, true);
        ages.register(agesOf, true);
        drain.register(drainOf, true);
    }

    private static DestinationCells cells(Map<String, DestinationCells> by, String name) {
        return by.computeIfAbsent(name, each -> new DestinationCells());
    }
}
