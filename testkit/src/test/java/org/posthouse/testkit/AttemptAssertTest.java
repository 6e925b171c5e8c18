package org.posthouse.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.posthouse.testkit.MailAssertions.assertThat;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.posthouse.core.Reply;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

final class AttemptAssertTest {
    private static final Instant AT = Instant.parse("2026-03-02T09:00:00Z");

    private final Attempt refused = attempt(AT);
    private final Attempt received = attempt(AT.plusSeconds(300));

    AttemptAssertTest() {
        refused.refused(Reply.of(452, "4.2.2", "mailbox full"));
        received.became(
                new ReceivedMail(
                        received,
                        List.of("ada@example.com"),
                        AT,
                        "Subject: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
    }

    private static Attempt attempt(Instant at) {
        var attempt = new Attempt(at, "app@shop.example", "");
        attempt.names("ada@example.com");
        return attempt;
    }

    @Test
    void saysWhatIs() {
        assertThat(refused)
                .isFrom("app@shop.example")
                .isTo("ada@example.com")
                .isAt(AT)
                .wasRefused()
                .hasRefusal(452, "4.2.2");
        assertThat(received).wasReceived().isAtLeast(Duration.ofMinutes(5), refused);
    }

    @Test
    void failsInWordsWhereItIsNotSo() {
        fails(() -> assertThat(refused).isFrom("bob@x.example"), "but it is: app@shop.example");
        fails(() -> assertThat(refused).isTo(), "to of the attempt: [], but it is: [ada@");
        fails(() -> assertThat(refused).isAt(AT.plusSeconds(1)), "2026-03-02T09:00:01Z, but");
        fails(() -> assertThat(refused).wasReceived(), "expected a mail, but: app@shop.example");
        fails(() -> assertThat(received).wasRefused(), "expected a refusal, but: app@");
        fails(() -> assertThat(attempt(AT)).wasRefused(), "not ended");
        fails(() -> assertThat(refused).hasRefusal(452, "4.2.1"), "452 4.2.1, but there are [452");
        fails(() -> assertThat(refused).hasRefusal(451, "4.2.2"), "451 4.2.2, but");
        fails(
                () -> assertThat(received).isAtLeast(Duration.ofMinutes(6), refused),
                "at least PT6M later, but it is PT5M");
    }

    private static void fails(ThrowingCallable assertion, String words) {
        assertThatThrownBy(assertion)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(words);
    }
}
