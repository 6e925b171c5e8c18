package org.posthouse.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Random;

class ReceivedFieldTest {
    private static final Instant AT = Instant.parse("2026-11-04T01:02:03.9Z");
    private static final Recipient ADA = Recipient.of(Mailbox.parse("ada@example.net"));
    private static final Recipient BOB = Recipient.of(Mailbox.parse("bob@example.net"));

    private static String text(Origin origin, String tls, Recipient... recipients) {
        var envelope = new Envelope(ReversePath.NULL, MailOptions.NONE, List.of(recipients));
        return new ReceivedField(origin, "mx.example", "7A-1", tls, "", envelope, AT).text();
    }

    @Test
    void namesASingleRecipient() {
        var origin = new Origin("public", "192.0.2.1", "client.example", "", "ESMTPS");
        assertThat(text(origin, "TLSv1.3 with cipher TLS_AES_128_GCM_SHA256", ADA))
                .isEqualTo(
                        "Received: from client.example ([192.0.2.1])\r\n"
                                + "\tby mx.example with ESMTPS id 7A-1\r\n"
                                + "\t(using TLSv1.3 with cipher TLS_AES_128_GCM_SHA256)\r\n"
                                + "\tfor <ada@example.net>;\r\n"
                                + "\tWed, 4 Nov 2026 01:02:03 +0000\r\n");
    }

    @Test
    void namesTheClientsCertificate() {
        var origin = new Origin("public", "192.0.2.1", "client.example", "", "ESMTPS");
        var envelope = new Envelope(ReversePath.NULL, MailOptions.NONE, List.of(ADA));
        String client = "0a".repeat(32) + " CN=evil)\r\nX: y, O=a(b";
        String text =
                new ReceivedField(origin, "mx.example", "", "TLSv1.3", client, envelope, AT).text();
        assertThat(text)
                .contains(
                        "\r\n\t(using TLSv1.3,\r\n\tclient certificate "
                                + "0a".repeat(32)
                                + " CN=evil???X: y, O=a?b)\r\n");
    }

    @Test
    void namesNoneOfSeveralRecipients() {
        var origin = new Origin("public", "2001:db8::1", "[IPv6:2001:db8::1]", "", "ESMTP");
        assertThat(text(origin, "", ADA, BOB))
                .isEqualTo(
                        "Received: from [IPv6:2001:db8::1] ([IPv6:2001:db8::1])\r\n"
                                + "\tby mx.example with ESMTP id 7A-1;\r\n"
                                + "\tWed, 4 Nov 2026 01:02:03 +0000\r\n");
    }

    @Test
    void hasNoFromClauseForMailOfOurOwn() {
        assertThat(text(Origin.INTERNAL, "", ADA, BOB))
                .startsWith("Received: by mx.example id 7A-1;\r\n");
    }

    @Test
    void keepsItsFormWhateverTheClientSays() {
        String evil = "a(b)\r\nX: \"<;>\\\u0000ü" + "x".repeat(2000);
        var origin = new Origin("public", "192.0.2.1\r\nX: y", evil, "", "ESMTP\r\n");
        String text = text(origin, "x)\r\ny", ADA);
        assertThat(text)
                .startsWith("Received: from a?b???X:????????xxx")
                .contains(" ([IPv6:192.0.2.1??X:?y])", "with ESMTP??", "(using x???y)");
        for (String line : text.split("\r\n")) {
            assertThat(line.length()).isLessThan(ProtocolLimits.TEXT_LINE_OCTETS_MAX);
            assertThat(line).matches("(Received:|\t)[\\x20-\\x7e]*");
        }
    }

    @Test
    void knowsTheProtocols() {
        assertThat(ReceivedField.protocol(false, true, true, true)).isEqualTo("SMTP");
        assertThat(ReceivedField.protocol(true, false, false, false)).isEqualTo("ESMTP");
        assertThat(ReceivedField.protocol(true, false, true, false)).isEqualTo("ESMTPA");
        assertThat(ReceivedField.protocol(true, true, false, false)).isEqualTo("ESMTPS");
        assertThat(ReceivedField.protocol(true, true, true, false)).isEqualTo("ESMTPSA");
        assertThat(ReceivedField.protocol(true, false, false, true)).isEqualTo("UTF8SMTP");
        assertThat(ReceivedField.protocol(true, false, true, true)).isEqualTo("UTF8SMTPA");
        assertThat(ReceivedField.protocol(true, true, false, true)).isEqualTo("UTF8SMTPS");
        assertThat(ReceivedField.protocol(true, true, true, true)).isEqualTo("UTF8SMTPSA");
    }

    @Test
    void formatsDatesAsTheStandardLibraryDoes() {
        var random = new Random(14);
        for (int round = 0; round < 10_000; round++) {
            Instant at = Instant.ofEpochSecond(random.nextLong(-10_000_000_000L, 100_000_000_000L));
            assertThat(MailDate.format(at))
                    .isEqualTo(
                            DateTimeFormatter.RFC_1123_DATE_TIME
                                    .format(at.atOffset(ZoneOffset.UTC))
                                    .replace("GMT", "+0000"));
        }
    }
}
