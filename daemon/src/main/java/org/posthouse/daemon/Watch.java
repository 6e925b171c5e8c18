package org.posthouse.daemon;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.posthouse.Posthouse;
import org.posthouse.core.MailEvents;
import org.posthouse.daemon.config.Configuration;
import org.posthouse.platform.TimeSource;

import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * Metrics and health of a daemon: {@link #events} is told what happens, {@link #serve} tells it.
 */
final class Watch {
    /** Whatever goes wrong with a tag: there are never more series than that many meters have. */
    private static final int METERS_MAX = 10_000;

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Configuration.Watch settings;
    private final Destinations destinations;
    private final Meters meters;

    Watch(Configuration.Watch settings) {
        this.settings = settings;
        registry.config().meterFilter(new Bound());
        destinations = new Destinations(settings.destinations(), settings.top());
        meters = new Meters(registry, destinations);
    }

    /** Where the engine tells events. */
    MailEvents events() {
        return meters;
    }

    /**
     * What is asked besides the engine.
     *
     * @param recent remembers how the last hour went
     * @param reloads counts them
     */
    record Around(TimeSource time, Recent recent, Reloads reloads) {}

    /**
     * Answers for an engine from now on.
     *
     * @throws IOException when the port can't be had
     */
    WatchServer serve(Posthouse engine, Around around) throws IOException {
        var gauges = new Gauges(engine, destinations, around, registry);
        return WatchServer.start(
                settings.bind(),
                () -> {
                    gauges.refresh();
                    return registry.scrape();
                },
                engine::health);
    }

    InetSocketAddress bind() {
        return settings.bind();
    }

    private final class Bound implements MeterFilter {
        @Override
        public MeterFilterReply accept(Meter.Id id) {
            return registry.getMeters().size() < METERS_MAX
                    ? MeterFilterReply.NEUTRAL
                    : MeterFilterReply.DENY;
        }
    }
}
