package org.posthouse.daemon;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvents;
import org.posthouse.core.Reply;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Counts events. No address, no message and no login is a tag; domains are a bounded number, see
 * {@link Destinations}. One thread tells it events.
 */
final class Meters implements MailEvents {
    /** Sessions whose listener is remembered; of others it is not said. */
    private static final int SESSIONS_MAX = 50_000;

    private static final Set<String> PROOFS = Set.of("certificate", "dane", "mta-sts");
    private static final Duration[] DELIVERY_TIMES = {
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        Duration.ofMinutes(1),
        Duration.ofMinutes(10),
        Duration.ofHours(1),
        Duration.ofHours(4),
        Duration.ofDays(1)
    };

    private final MeterRegistry registry;
    private final Destinations destinations;
    private final Map<Long, String> listeners = new LinkedHashMap<>();

    Meters(MeterRegistry registry, Destinations destinations) {
        this.registry = registry;
        this.destinations = destinations;
    }

    @Override
    public boolean wantsSteps() {
        return false;
    }

    @Override
    public void emit(MailEvent event) {
        switch (event) {
            case MailEvent.SessionOpened e -> opened(e);
            case MailEvent.SessionClosed e -> listeners.remove(e.session());
            case MailEvent.SessionSecured e ->
                    count(
                            "posthouse.tls.inbound",
                            "listener",
                            listeners.getOrDefault(e.session(), ""),
                            "version",
                            TlsNames.version(e.version()),
                            "cipher",
                            TlsNames.cipher(e.cipher()));
            case MailEvent.Authenticated e -> {
                String result = e.succeeded() ? "ok" : "failed";
                count("posthouse.smtp.auth", "mechanism", mechanism(e), "result", result);
            }
            case MailEvent.Refused e ->
                    count(
                            "posthouse.smtp.refusals",
                            "listener",
                            listeners.getOrDefault(e.session(), ""),
                            "stage",
                            e.stage().toLowerCase(Locale.ROOT),
                            "code",
                            e.code());
            case MailEvent.Received e -> received(e);
            case MailEvent.Tried e -> tried(e);
            case MailEvent.Delivered e -> delivered(e);
            case MailEvent.Deferred e -> {
                recipient(e.recipient().domain(), "deferred");
                count("posthouse.diagnosis", "class", e.diagnosis().code());
            }
            case MailEvent.Failed e -> {
                recipient(e.recipient().domain(), "failed");
                count("posthouse.diagnosis", "class", e.diagnosis().code());
                if (e.report()) {
                    count("posthouse.dsn.sent", "kind", "failed");
                }
                if (e.reply().status().toString().equals("5.4.7")) {
                    count("posthouse.expired");
                }
            }
            case MailEvent.Unreported e -> count("posthouse.unreported");
            case MailEvent.RateChanged e -> count("posthouse.throttle");
            case MailEvent.CircuitChanged e ->
                    count("posthouse.circuit", "state", e.after().name().toLowerCase(Locale.ROOT));
            case MailEvent.Trouble e -> count("posthouse.trouble", "code", e.code());
            case MailEvent.TlsFailed e ->
                    count("posthouse.tls.unproven", "fault", e.fault().word());
            case MailEvent.Settled e -> count("posthouse.messages.settled");
            case MailEvent.AttemptStep e -> {}
            case MailEvent.QueueChanged e -> {}
            case MailEvent.DeliveryChanged e -> changed(e);
            case MailEvent.Secured e -> {}
            case MailEvent.Routed e -> {}
        }
    }

    private void opened(MailEvent.SessionOpened e) {
        count("posthouse.connections", "listener", e.listener());
        if (listeners.size() < SESSIONS_MAX) {
            listeners.put(e.session(), e.listener());
        }
    }

    /** What a client calls its mechanism is not ours to name a series by. */
    private static String mechanism(MailEvent.Authenticated e) {
        String said = e.mechanism().toUpperCase(Locale.ROOT);
        boolean isKnown =
                said.matches("PLAIN|LOGIN|CRAM-MD5|SCRAM-SHA-256(-PLUS)?|OAUTHBEARER|XOAUTH2");
        return isKnown ? said : "other";
    }

    private void received(MailEvent.Received e) {
        String listener = e.origin().listener();
        count("posthouse.messages.received", "listener", listener);
        DistributionSummary.builder("posthouse.message.size")
                .baseUnit("bytes")
                .tag("listener", listener)
                .serviceLevelObjectives(4e3, 32e3, 256e3, 2e6, 16e6)
                .register(registry)
                .record((double) e.octets());
    }

    private void tried(MailEvent.Tried e) {
        String result = result(e);
        count("posthouse.attempts", "result", result);
        registry.timer("posthouse.attempt.duration", "result", result).record(e.elapsed());
        if (isTransacting(e.reached())) {
            count("posthouse.tls.outbound", "level", level(e.protection()));
            count("posthouse.outbound.reuse", "reused", e.reused() ? "yes" : "no");
        }
    }

    private static boolean isTransacting(MailEvent.Step step) {
        return switch (step) {
            case MAIL, RCPT, DATA -> true;
            default -> false;
        };
    }

    private static String level(MailEvent.Protection protection) {
        if (protection.tls().isEmpty()) {
            return "none";
        }
        return PROOFS.contains(protection.proof()) ? protection.proof() : "opportunistic";
    }

    private static String result(MailEvent.Tried e) {
        if (e.succeeded()) {
            return "delivered";
        }
        Reply reply = e.reply();
        return switch (e.reached()) {
            case IDLE_WAIT, RESOLVING_MX, RESOLVING_ADDRESS -> "dns";
            case CONNECTING -> "connect";
            case NEGOTIATING_TLS -> "tls";
            case AUTHENTICATING -> "auth";
            case CONNECTED, ESTABLISHED_TLS, HELLO, MAIL, RCPT, DATA, STORING, DONE ->
                    reply.lines().getFirst().startsWith("timed out")
                            ? "timeout"
                            : reply.isPermanent() ? "failed" : "deferred";
        };
    }

    private void delivered(MailEvent.Delivered e) {
        String destination = recipient(e.recipient().domain(), "delivered");
        Timer.builder("posthouse.delivery.time")
                .tag("destination", destination)
                .tag("attempts", attempts(e.attempt()))
                .serviceLevelObjectives(DELIVERY_TIMES)
                .register(registry)
                .record(e.elapsed());
    }

    private void changed(MailEvent.DeliveryChanged e) {
        String change = e.change().name().toLowerCase(Locale.ROOT);
        count("posthouse.deliveries.changed", "change", change);
        e.recipients().forEach(each -> recipient(each.domain(), change));
    }

    private static String attempts(int count) {
        return count <= 2 ? Integer.toString(count) : count <= 5 ? "3_5" : "more";
    }

    private String recipient(String domain, String result) {
        String destination = destinations.counting(domain);
        count("posthouse.recipients", "destination", destination, "result", result);
        return destination;
    }

    private void count(String name, String... tags) {
        registry.counter(name, tags).increment();
    }
}
