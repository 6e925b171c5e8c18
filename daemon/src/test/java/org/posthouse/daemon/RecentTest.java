package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.MailEvent;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Outcome;
import org.posthouse.core.Reply;
import org.posthouse.core.SpoolId;

import java.time.Duration;
import java.time.Instant;

/** What is remembered of the last hour. */
class RecentTest {
    private static final Instant AT = Instant.parse("2026-03-01T12:00:00Z");
    private static final DeliveryId DELIVERY = new DeliveryId(new SpoolId(7), 0);

    private final Recent recent = new Recent();

    private void delivered(Instant at, String domain) {
        Mailbox ada = Mailbox.parse("ada@" + domain);
        Reply ok = Reply.of(250, "2.0.0", "ok");
        recent.emit(
                new MailEvent.Delivered(
                        at, DELIVERY, ada, "mx1", ok, 1, Duration.ofSeconds(1), false));
    }

    private void deferred(Instant at, String domain, String reply) {
        recent.emit(
                new MailEvent.Deferred(
                        at,
                        DELIVERY,
                        Mailbox.parse("ada@" + domain),
                        "mx1",
                        Reply.of(451, "4.7.1", reply),
                        1,
                        at.plusSeconds(300),
                        Outcome.Cause.GREYLISTED,
                        false));
    }

    @Test
    void outcomesAreCountedForAnHour() {
        delivered(AT, "far.example");
        delivered(AT.plusSeconds(60), "near.example");
        deferred(AT.plusSeconds(120), "far.example", "later");
        Instant now = AT.plusSeconds(130);
        assertThat(recent.of("far.example", now, 60)).isEqualTo(new Recent.Outcomes(1, 2));
        assertThat(recent.of("far.example", now, 1)).isEqualTo(new Recent.Outcomes(0, 1));
        assertThat(recent.of("none.example", now, 60)).isEqualTo(new Recent.Outcomes(0, 0));
        assertThat(recent.ofAll(now, 60)).isEqualTo(new Recent.Outcomes(2, 3));
        assertThat(recent.lastReply("far.example")).isEqualTo("451 4.7.1 later");
        assertThat(recent.lastReply("near.example")).isEmpty();
        Instant later = AT.plusSeconds(3600);
        assertThat(recent.of("far.example", later, 60)).isEqualTo(new Recent.Outcomes(0, 1));
        assertThat(recent.ofAll(later, 60)).isEqualTo(new Recent.Outcomes(1, 2));
        assertThat(recent.ofAll(later.plusSeconds(3600), 60)).isEqualTo(new Recent.Outcomes(0, 0));
    }

    @Test
    void secondsThatAreOverAreCountedTheOldestFirst() {
        delivered(AT, "far.example");
        delivered(AT, "far.example");
        delivered(AT.plusSeconds(3), "far.example");
        var counts = recent.seconds(Recent.Kind.DELIVERED, AT.plusSeconds(4));
        assertThat(counts).hasSize(Recent.SECONDS).endsWith(0L, 2L, 0L, 0L, 1L);
        assertThat(recent.seconds(Recent.Kind.DELIVERED, AT.plusSeconds(3)))
                .as("the running second is not over")
                .endsWith(0L, 2L, 0L, 0L);
        assertThat(recent.seconds(Recent.Kind.DELIVERED, AT.plusSeconds(200))).containsOnly(0L);
        assertThat(recent.seconds(Recent.Kind.FAILED, AT.plusSeconds(4))).containsOnly(0L);
    }

    @Test
    void aClockThatGoesBackBreaksNothing() {
        delivered(AT, "far.example");
        delivered(AT.minusSeconds(86_400), "far.example");
        assertThat(recent.ofAll(AT, 60)).isEqualTo(new Recent.Outcomes(2, 2));
    }

    @Test
    void theDomainOfWhichNothingWasHeardForLongestIsForgotten() {
        for (int i = 0; i <= Recent.DOMAINS_MAX; i++) {
            deferred(AT, "d" + i + ".example", "later");
        }
        assertThat(recent.lastReply("d0.example")).isEmpty();
        assertThat(recent.lastReply("d1.example")).isNotEmpty();
    }
}
