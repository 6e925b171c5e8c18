package org.posthouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.posthouse.testkit.FaultPoint.rcptTo;
import static org.posthouse.testkit.MailAssertions.assertThat;
import static org.posthouse.testkit.TimelineAssert.End.DELIVERED;
import static org.posthouse.testkit.TimelineAssert.End.EXPIRED;
import static org.posthouse.testkit.TimelineAssert.End.FAILED;
import static org.posthouse.testkit.TimelineAssert.End.QUEUED;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.posthouse.Message;
import org.posthouse.Posthouse;
import org.posthouse.core.SpoolId;

import java.time.Duration;
import java.util.Optional;

@PosthouseTest
final class TimelineAssertTest {
    private static final String ADA = "ada@partner.example";
    private static final String BOB = "bob@partner.example";
    private static final String CY = "cy@partner.example";

    /** Ada has no room, Bob is not there, Cy takes it. */
    private static SpoolId submit(FakeInternet net, Posthouse posthouse) {
        net.domain("partner.example").mx("mx.partner.example");
        FakeHost host = net.host("mx.partner.example");
        host.when(rcptTo(ADA)).refuse(452, "4.2.2", "mailbox full");
        host.when(rcptTo(BOB)).refuse(550, "5.1.1", "nobody");
        Message message =
                Message.builder()
                        .from("app@shop.example")
                        .to(ADA, BOB, CY)
                        .subject("x")
                        .text("y")
                        .build();
        return posthouse.submit(message).id();
    }

    @Test
    void tellsHowItEnded(FakeInternet net, Posthouse posthouse) {
        SpoolId id = submit(net, posthouse);
        net.runUntilQuiet();
        assertThat(posthouse.timeline(id))
                .endsWith(QUEUED, ADA)
                .endsWith(FAILED, BOB)
                .endsWith(DELIVERED, CY)
                .endsAt(FakeInternet.START)
                .hasAttempts(1);

        net.clock().advance(Duration.ofDays(6));
        assertThat(posthouse.timeline(id))
                .endsWith(EXPIRED, ADA)
                .endsAt(FakeInternet.START.plus(Duration.ofDays(5)))
                .hasMoreAttemptsThan(20);
    }

    @Test
    void attemptsAtAHostThatIsDownCount(FakeInternet net, Posthouse posthouse) {
        net.domain("partner.example").mx("mx.partner.example");
        net.host("mx.partner.example").down();
        SpoolId id = submit(net, posthouse);
        net.clock().advance(Duration.ofDays(6));
        assertThat(posthouse.timeline(id)).endsWith(EXPIRED).hasMoreAttemptsThan(20);
    }

    @Test
    void failsInWordsWhereItIsNotSo(FakeInternet net, Posthouse posthouse) {
        SpoolId id = submit(net, posthouse);
        net.runUntilQuiet();
        var timeline = posthouse.timeline(id).orElseThrow();

        fails(() -> assertThat(timeline).endsWith(DELIVERED), "expected end DELIVERED of " + ADA);
        fails(() -> assertThat(timeline).endsWith(EXPIRED, BOB), "but it is FAILED");
        fails(() -> assertThat(timeline).endsWith(EXPIRED, BOB), "203.0.113.1");
        fails(() -> assertThat(timeline).endsWith(FAILED, "eve@x.example"), "but there are [ada@");
        fails(() -> assertThat(timeline).hasAttempts(2), "expected 2 attempts, but there are 1");
        fails(() -> assertThat(timeline).hasMoreAttemptsThan(1), "more attempts than 1");
        fails(() -> assertThat(timeline).endsAt(FakeInternet.START.plusSeconds(1)), "09:00:01Z");
        fails(() -> assertThat(Optional.<org.posthouse.Timeline>empty()).hasAttempts(0), "null");
    }

    private static void fails(ThrowingCallable assertion, String words) {
        assertThatThrownBy(assertion)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(words);
    }
}
