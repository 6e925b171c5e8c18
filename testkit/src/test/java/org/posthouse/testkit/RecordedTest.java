package org.posthouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.Message;
import org.posthouse.Posthouse;
import org.posthouse.core.SpoolId;

import java.time.Duration;

/** Next hops answer as they did when this was recorded. */
@PosthouseTest
class RecordedTest {
    private static final Duration LONGER_THAN_ANY_TIMEOUT = Duration.ofMinutes(11);

    /** mx1.example.net[192.0.2.1]:25, 2026-03-02T09:00:00Z: 452 4.2.2 "ada" is full/over. */
    @Test
    void try1(FakeInternet net) {
        net.domain("example.net").mx("mx1.example.net");
        net.host("mx1.example.net")
                .replays(
                        """
                        S: 220 mx1.example.net ESMTP
                        C: EHLO mail.shop.example
                        S: 250-mx1.example.net
                        S: 250 PIPELINING
                        C: MAIL FROM:<app@shop.example>
                        C: RCPT TO:<ada@example.net>
                        C: RCPT TO:<bob@example.net>
                        C: RCPT TO:<eve@example.org>
                        C: DATA
                        S: 250 2.1.0 ok
                        S: 452 4.2.2 "ada" is full\\over
                        S: 452 4.2.2 \"""bob\""" too\s
                        S: 550 5.1.1 who
                        S: 554 5.5.1 no recipients
                        """);
        Posthouse posthouse = net.start(net.builder().hostname("mail.shop.example"));

        Message message =
                Message.builder()
                        .from("app@shop.example")
                        .to("ada@example.net", "bob@example.net")
                        .subject("Recorded")
                        .text("Recorded")
                        .build();
        SpoolId id = posthouse.submit(message).id();
        net.advance(LONGER_THAN_ANY_TIMEOUT);

        assertThat(posthouse.tries(id).getFirst().reply().toString())
                .startsWith("452 4.2.2 \"ada\" is full\\over");
    }

    /**
     * mx1.example.net[192.0.2.1]:25, 2026-03-02T09:00:00Z: 421 4.4.2 timed out waiting for the
     * reply to EHLO.
     */
    @Test
    void try2(FakeInternet net) {
        net.domain("mx1.example.net").mx("mx1.example.net");
        net.host("mx1.example.net")
                .replays(
                        """
                        S: 220 mx1.example.net ESMTP
                        C: EHLO mail.shop.example
                        (timed out waiting for the reply to EHLO)
                        """);
        Posthouse posthouse = net.start(net.builder().hostname("mail.shop.example"));

        Message message =
                Message.builder()
                        .from("postmaster@mail.example")
                        .to("somebody@mx1.example.net")
                        .subject("Recorded")
                        .text("Recorded")
                        .build();
        SpoolId id = posthouse.submit(message).id();
        net.advance(LONGER_THAN_ANY_TIMEOUT);

        assertThat(posthouse.tries(id).getFirst().reply().toString()).startsWith("421 4.4.2");
    }

    /**
     * mx1.example.net[192.0.2.1]:25, 2026-03-02T09:00:00Z: 421 4.4.1 connect to
     * mx1.example.net[192.0.2.1]:25: Connection refused.
     */
    @Test
    void try3(FakeInternet net) {
        net.domain("mx1.example.net").mx("mx1.example.net");
        net.host("mx1.example.net").down();
        Posthouse posthouse = net.start(net.builder().hostname("mail.example"));

        Message message =
                Message.builder()
                        .from("postmaster@mail.example")
                        .to("somebody@mx1.example.net")
                        .subject("Recorded")
                        .text("Recorded")
                        .build();
        SpoolId id = posthouse.submit(message).id();
        net.advance(LONGER_THAN_ANY_TIMEOUT);

        assertThat(posthouse.tries(id).getFirst().reply().toString()).startsWith("421 4.4.1");
    }

    /**
     * mx1.example.net[192.0.2.1]:25, 2026-03-02T09:00:00Z: 421 4.4.1 connect to
     * mx1.example.net[192.0.2.1]:25: timed out.
     */
    @Test
    void try4(FakeInternet net) {
        net.domain("mx1.example.net").mx("mx1.example.net");
        net.host("mx1.example.net").silent();
        Posthouse posthouse = net.start(net.builder().hostname("mail.example"));

        Message message =
                Message.builder()
                        .from("postmaster@mail.example")
                        .to("somebody@mx1.example.net")
                        .subject("Recorded")
                        .text("Recorded")
                        .build();
        SpoolId id = posthouse.submit(message).id();
        net.advance(LONGER_THAN_ANY_TIMEOUT);

        assertThat(posthouse.tries(id).getFirst().reply().toString()).startsWith("421 4.4.1");
    }
}
