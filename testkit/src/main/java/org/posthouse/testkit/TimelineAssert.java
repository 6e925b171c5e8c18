package org.posthouse.testkit;

import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;
import org.posthouse.Timeline;
import org.posthouse.core.EnhancedStatus;
import org.posthouse.core.MailEvent;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Assertions about what happened to a message that an engine relayed: {@code
 * assertThat(posthouse.timeline(id)).endsWith(EXPIRED).hasMoreAttemptsThan(20)}.
 *
 * @since 0.1
 */
public final class TimelineAssert extends AbstractAssert<TimelineAssert, Timeline> {
    private static final EnhancedStatus GIVEN_UP = EnhancedStatus.of("5.4.7");

    TimelineAssert(@Nullable Timeline timeline) {
        super(timeline, TimelineAssert.class);
    }

    /** How it stands with a recipient in the end. */
    public enum End {
        /** In the queue yet. */
        QUEUED,
        /** A next hop took it, or the local store. */
        DELIVERED,
        /** Refused for good. */
        FAILED,
        /** Given up, since it was deferred for too long. */
        EXPIRED,
        /** Removed by the operator, without a report. */
        DROPPED,
        /** Others get it in its place: the operator said so. */
        REDIRECTED,
        /** Nothing is known of it any more. */
        UNKNOWN
    }

    /** All recipients ended like this, or stand so by now. */
    public TimelineAssert endsWith(End end) {
        Timeline timeline = timeline();
        for (Timeline.ForRecipient each : timeline.recipients()) {
            check(each, end);
        }
        return this;
    }

    /** The recipient of this address ended like this. */
    public TimelineAssert endsWith(End end, String address) {
        Timeline.ForRecipient recipient =
                timeline().recipients().stream()
                        .filter(each -> each.mailbox().address().equals(address))
                        .findFirst()
                        .orElse(null);
        if (recipient == null) {
            failWithMessage("expected recipient %s, but there are %s", address, addresses());
        } else {
            check(recipient, end);
        }
        return this;
    }

    private void check(Timeline.ForRecipient recipient, End expected) {
        End found = endOf(recipient);
        if (found != expected) {
            failWithMessage(
                    "expected end %s of %s, but it is %s: %s",
                    expected, recipient.mailbox().address(), found, told());
        }
    }

    private End endOf(Timeline.ForRecipient recipient) {
        return switch (recipient.state()) {
            case QUEUED -> End.QUEUED;
            case DELIVERED -> End.DELIVERED;
            case DROPPED -> End.DROPPED;
            case REDIRECTED -> End.REDIRECTED;
            case UNKNOWN -> End.UNKNOWN;
            case FAILED -> isGivenUp(recipient) ? End.EXPIRED : End.FAILED;
        };
    }

    private boolean isGivenUp(Timeline.ForRecipient recipient) {
        return events(MailEvent.Failed.class)
                .filter(failed -> failed.recipient().equals(recipient.mailbox()))
                .anyMatch(failed -> failed.reply().status().equals(GIVEN_UP));
    }

    /** There were so many attempts to deliver, those of all recipients' domains together. */
    public TimelineAssert hasAttempts(int count) {
        long found = attempts();
        if (found != count) {
            failWithMessage("expected %s attempts, but there are %s: %s", count, found, told());
        }
        return this;
    }

    /** There were more attempts to deliver than these. */
    public TimelineAssert hasMoreAttemptsThan(int count) {
        long found = attempts();
        if (found <= count) {
            failWithMessage(
                    "expected more attempts than %s, but there are %s: %s", count, found, told());
        }
        return this;
    }

    /** The last thing that is told of it happened at this instant. */
    public TimelineAssert endsAt(Instant instant) {
        Instant found =
                events(MailEvent.class)
                        .map(MailEvent::at)
                        .max(Instant::compareTo)
                        .orElse(timeline().acceptedAt());
        if (!found.equals(instant)) {
            failWithMessage("expected end at %s, but it is %s: %s", instant, found, told());
        }
        return this;
    }

    private long attempts() {
        return timeline().deliveries().stream().mapToLong(way -> attempts(way.events())).sum();
    }

    /** An attempt may try several hosts, one behind the other; then its outcome is told. */
    private static long attempts(List<MailEvent> events) {
        long count = 0;
        boolean isTrying = false;
        for (MailEvent event : events) {
            boolean isTry = event instanceof MailEvent.Tried;
            count += isTry && !isTrying ? 1 : 0;
            isTrying = isTry;
        }
        return count;
    }

    private <E extends MailEvent> Stream<E> events(Class<E> type) {
        return timeline().deliveries().stream()
                .flatMap(way -> way.events().stream())
                .filter(type::isInstance)
                .map(type::cast);
    }

    /** The replies, in their order. */
    private List<String> told() {
        return events(MailEvent.Tried.class)
                .map(tried -> tried.at() + " " + tried.nexthop() + " " + tried.reply())
                .toList();
    }

    private List<String> addresses() {
        return timeline().recipients().stream().map(each -> each.mailbox().address()).toList();
    }

    private Timeline timeline() {
        isNotNull();
        return Objects.requireNonNull(actual);
    }
}
