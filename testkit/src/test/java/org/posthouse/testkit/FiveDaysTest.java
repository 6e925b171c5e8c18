package org.posthouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthouse.testkit.FaultPoint.rcptTo;
import static org.posthouse.testkit.MailAssertions.assertThat;
import static org.posthouse.testkit.Selectors.to;
import static org.posthouse.testkit.TimelineAssert.End.EXPIRED;

import org.junit.jupiter.api.Test;
import org.posthouse.Message;
import org.posthouse.Posthouse;
import org.posthouse.core.SpoolId;

import java.time.Duration;
import java.util.List;

/** What the page "Five days in a second" shows, word for word. */
@PosthouseTest
class FiveDaysTest {
    private static final Message ORDER =
            Message.builder()
                    .from("app@shop.example")
                    .to("ada@partner.example")
                    .subject("Order 1")
                    .text("Three teapots, please.")
                    .build();

    @Test
    void waitsForThePartner(FakeInternet net) {
        net.domain("partner.example").mx("mx1.partner.example", "mx2.partner.example");
        FakeHost first = net.host("mx1.partner.example").down(Duration.ofDays(3));
        FakeHost second = net.host("mx2.partner.example").down();

        Posthouse mail = net.start(net.builder().hostname("mail.shop.example"));
        mail.submit(ORDER);
        net.advance(Duration.ofDays(4));

        ReceivedMail received = net.one(to("ada@partner.example"));
        assertThat(received).hasSubject("Order 1");
        assertThat(received.receivedAt()).isAfter(FakeInternet.START.plus(Duration.ofDays(3)));
        assertThat(first.connectionsAt()).hasSizeGreaterThan(100);
        assertThat(second.received()).isEmpty();
    }

    @Test
    void tellsTheAuthorAfterFiveDays(FakeInternet net) {
        net.domain("partner.example").mx("mx.partner.example");
        net.domain("shop.example").mx("mx.shop.example");
        net.host("mx.partner.example").down();

        Posthouse mail = net.start(net.builder().hostname("mail.shop.example"));
        mail.submit(ORDER);
        net.runUntilSettled();

        List<ReceivedMail> reports = net.reportsTo("app@shop.example");
        assertThat(reports).hasSize(2); // "it is delayed", after four hours, and this one
        assertThat(reports.getLast()).hasTextContaining("ada@partner.example");
        assertThat(net.now()).isEqualTo(FakeInternet.START.plus(Duration.ofDays(5)));
    }

    @Test
    void triesLessOftenEachTime(FakeInternet net) {
        net.domain("partner.example").mx("mx.partner.example");
        FakeHost host = net.host("mx.partner.example");
        host.when(rcptTo("ada@*")).refuse(452, "4.2.2", "mailbox full").times(2);

        Posthouse mail = net.start(net.builder().hostname("mail.shop.example"));
        mail.submit(ORDER);
        net.runUntilSettled();

        List<Attempt> attempts = host.attempts(to("ada@partner.example"));
        assertThat(attempts).hasSize(3);
        assertThat(attempts.get(0)).isAt(FakeInternet.START).hasRefusal(452, "4.2.2");
        assertThat(attempts.get(1)).isAtLeast(Duration.ofMinutes(4), attempts.get(0)).wasRefused();
        assertThat(attempts.get(2)).isAtLeast(Duration.ofMinutes(8), attempts.get(1)).wasReceived();
    }

    @Test
    void expiresWhereNobodyTakesIt(FakeInternet net, Posthouse posthouse) {
        net.domain("partner.example").mx(10, "mx1.partner.example").mx(20, "mx2.partner.example");
        net.host("mx1.partner.example").down();
        net.host("mx2.partner.example").when(rcptTo()).refuse(451, "4.3.0", "later");

        SpoolId id = posthouse.submit(ORDER).id();
        net.clock().advance(Duration.ofDays(6));

        assertThat(posthouse.timeline(id)).endsWith(EXPIRED).hasMoreAttemptsThan(20);
    }
}
