package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.junit.jupiter.api.Test;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.Dialogue;
import org.posthouse.core.MailEvent;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Origin;
import org.posthouse.core.Outcome;
import org.posthouse.core.Recipient;
import org.posthouse.core.Reply;
import org.posthouse.core.SpoolId;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;

class MetersTest {
    private static final Instant AT = Instant.parse("2026-03-01T12:00:00Z");
    private static final Reply OK = Reply.of(250, "2.0.0", "ok");
    private static final Reply GREY = Reply.of(451, "4.7.1", "greylisted");

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Meters meters =
            new Meters(registry, new Destinations(List.of("Named.example"), 5));

    private static DeliveryId delivery(int number) {
        return new DeliveryId(new SpoolId(1_000_000 + number), 0);
    }

    private static MailEvent delivered(int number, String domain, int attempt) {
        return new MailEvent.Delivered(
                AT,
                delivery(number),
                Mailbox.parse("user" + number + "@" + domain),
                "mx." + domain + "[192.0.2.1]:25",
                OK,
                attempt,
                Duration.ofSeconds(3),
                false);
    }

    @Test
    void handshakesAreCountedByVersionAndGroupOfCiphers() {
        meters.emit(new MailEvent.SessionOpened(AT, 7, "public", "192.0.2.1"));
        meters.emit(new MailEvent.SessionSecured(AT, 7, "TLSv1.3", "TLS_AES_256_GCM_SHA384"));
        meters.emit(new MailEvent.SessionSecured(AT, 7, "TLSv1.3", "TLS_AES_128_GCM_SHA256"));
        meters.emit(new MailEvent.SessionSecured(AT, 7, "", ""));
        assertThat(handshakes("1.3", "aes-gcm")).isEqualTo(2);
        assertThat(handshakes("failed", "none")).isOne();
        assertThat(TlsNames.cipher("TLS_CHACHA20_POLY1305_SHA256")).isEqualTo("chacha20");
        assertThat(TlsNames.cipher("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384")).isEqualTo("aes-cbc");
        assertThat(TlsNames.cipher("whatever")).isEqualTo("other");
        assertThat(TlsNames.version("SSLv9")).isEqualTo("other");
    }

    private double handshakes(String version, String cipher) {
        return count(
                "posthouse.tls.inbound",
                "listener",
                "public",
                "version",
                version,
                "cipher",
                cipher);
    }

    @Test
    void whatIsDoneByHandIsCountedByKindAndRecipients() {
        List<Mailbox> two =
                List.of(Mailbox.parse("a@named.example"), Mailbox.parse("b@named.example"));
        meters.emit(byHand(MailEvent.Change.HELD, List.of()));
        meters.emit(byHand(MailEvent.Change.DROPPED, two));
        assertThat(count("posthouse.deliveries.changed", "change", "held")).isOne();
        assertThat(count("posthouse.deliveries.changed", "change", "dropped")).isOne();
        assertThat(
                        count(
                                "posthouse.recipients",
                                "destination",
                                "named.example",
                                "result",
                                "dropped"))
                .isEqualTo(2);
    }

    private static MailEvent byHand(MailEvent.Change change, List<Mailbox> former) {
        return new MailEvent.DeliveryChanged(AT, delivery(1), change, former, "");
    }

    private static MailEvent deferred(int number, String domain) {
        return new MailEvent.Deferred(
                AT,
                delivery(number),
                Mailbox.parse("user" + number + "@" + domain),
                "mx." + domain,
                GREY,
                1,
                AT,
                Outcome.Cause.GREYLISTED,
                false);
    }

    private static MailEvent tried(Reply reply, MailEvent.Step reached, String proof) {
        return new MailEvent.Tried(
                AT,
                delivery(1),
                1,
                "mx",
                new MailEvent.Protection(proof.isEmpty() ? "" : "TLSv1.3", proof),
                reply,
                reached,
                Duration.ofMillis(200),
                false,
                Dialogue.NONE);
    }

    private double count(String name, String... tags) {
        return registry.get(name).tags(tags).counter().count();
    }

    @Test
    void seriesAreBoundedWhateverTheDomains() {
        for (int i = 0; i < 10_000; i++) {
            String domain = "d" + i + ".example";
            meters.emit(delivered(i, domain, 1 + i % 9));
            meters.emit(deferred(i, domain));
        }
        for (int i = 0; i < 20 * 3 * Destinations.MUCH; i++) {
            meters.emit(delivered(i, "busy" + i % 20 + ".example", 1));
        }
        meters.emit(delivered(1, "named.example", 1));
        var destinations = new TreeSet<String>();
        registry.getMeters()
                .forEach(
                        meter -> {
                            for (Tag tag : meter.getId().getTags()) {
                                assertThat(tag.getValue()).doesNotContain("@").hasSizeLessThan(30);
                                if (tag.getKey().equals("destination")) {
                                    destinations.add(tag.getValue());
                                }
                            }
                        });
        assertThat(destinations).contains("named.example", "other").hasSize(7);
        assertThat(destinations.stream().filter(each -> each.startsWith("busy"))).hasSize(5);
        assertThat(registry.getMeters()).hasSizeLessThan(7 * 6 + 20);
        String text = registry.scrape();
        assertThat(text).doesNotContain("@").doesNotContain("user").doesNotContain("d77.example");
        assertThat(text.lines().count()).isLessThan(700);
        double all =
                registry.find("posthouse.recipients").tag("result", "delivered").counters().stream()
                        .mapToDouble(each -> each.count())
                        .sum();
        assertThat(all).isEqualTo(10_000 + 20 * 3 * Destinations.MUCH + 1);
    }

    @Test
    void everyKindOfEventIsCounted() {
        meters.emit(new MailEvent.SessionOpened(AT, 7, "public", "192.0.2.9"));
        meters.emit(new MailEvent.Refused(AT, 7, "RCPT", "x@y.example", "PH-R101", GREY));
        meters.emit(new MailEvent.Authenticated(AT, 7, "scram-sha-256", "ada", true));
        meters.emit(new MailEvent.Authenticated(AT, 7, "X-MINE-" + AT, "ada", false));
        meters.emit(
                new MailEvent.Received(
                        AT,
                        new SpoolId(9),
                        new Origin("public", "192.0.2.9", "c", "ada", "ESMTPSA"),
                        Mailbox.parse("a@b.example"),
                        List.of(Recipient.of(Mailbox.parse("c@d.example"))),
                        12_000));
        meters.emit(new MailEvent.SessionClosed(AT, 7, "QUIT"));
        meters.emit(new MailEvent.Refused(AT, 7, "RCPT", "x@y.example", "PH-R101", GREY));
        meters.emit(new MailEvent.Trouble(AT, "PH-S030", "the disk"));
        meters.emit(
                new MailEvent.CircuitChanged(
                        AT, "x", MailEvent.Circuit.CLOSED, MailEvent.Circuit.HALF_OPEN, "", AT));
        assertThat(count("posthouse.connections", "listener", "public")).isEqualTo(1);
        assertThat(count("posthouse.smtp.refusals", "listener", "public", "code", "PH-R101"))
                .isEqualTo(1);
        assertThat(count("posthouse.smtp.refusals", "listener", "", "stage", "rcpt")).isEqualTo(1);
        assertThat(count("posthouse.smtp.auth", "mechanism", "SCRAM-SHA-256", "result", "ok"))
                .isEqualTo(1);
        assertThat(count("posthouse.smtp.auth", "mechanism", "other", "result", "failed"))
                .isEqualTo(1);
        assertThat(count("posthouse.messages.received", "listener", "public")).isEqualTo(1);
        assertThat(registry.get("posthouse.message.size").summary().totalAmount())
                .isEqualTo(12_000);
        assertThat(count("posthouse.trouble", "code", "PH-S030")).isEqualTo(1);
        assertThat(count("posthouse.circuit", "state", "half_open")).isEqualTo(1);
        assertThat(registry.scrape())
                .contains("posthouse_messages_received_total{listener=\"public\"} 1.0")
                .contains(
                        "posthouse_message_size_bytes_bucket{listener=\"public\",le=\"32000.0\"}");
    }

    @Test
    void triesAreCountedByWhatCameOfThem() {
        Reply late = Reply.of(421, "4.4.2", "timed out in RCPT");
        meters.emit(tried(OK, MailEvent.Step.DATA, "certificate"));
        meters.emit(tried(OK, MailEvent.Step.DATA, "none"));
        meters.emit(tried(GREY, MailEvent.Step.RCPT, ""));
        meters.emit(tried(late, MailEvent.Step.RCPT, "anything new"));
        meters.emit(tried(late, MailEvent.Step.CONNECTING, ""));
        meters.emit(tried(GREY, MailEvent.Step.RESOLVING_MX, ""));
        meters.emit(tried(GREY, MailEvent.Step.NEGOTIATING_TLS, ""));
        meters.emit(tried(Reply.of(550, "5.1.1", "no"), MailEvent.Step.RCPT, ""));
        assertThat(count("posthouse.attempts", "result", "delivered")).isEqualTo(2);
        for (String result : List.of("deferred", "timeout", "connect", "dns", "tls", "failed")) {
            assertThat(count("posthouse.attempts", "result", result)).as(result).isEqualTo(1);
        }
        assertThat(count("posthouse.tls.outbound", "level", "certificate")).isEqualTo(1);
        assertThat(count("posthouse.tls.outbound", "level", "opportunistic")).isEqualTo(2);
        assertThat(count("posthouse.tls.outbound", "level", "none")).isEqualTo(2);
        meters.emit(deferred(1, "x.example"));
        assertThat(count("posthouse.diagnosis", "class", "PH-D030")).isEqualTo(1);
    }
}
