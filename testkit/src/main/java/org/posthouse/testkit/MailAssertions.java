package org.posthouse.testkit;

import org.posthouse.Timeline;

import java.util.Optional;

/**
 * Assertions about mail, for static import beside those of AssertJ.
 *
 * @since 0.1
 */
public final class MailAssertions {
    private MailAssertions() {}

    /** Begins assertions about a mail. */
    public static ReceivedMailAssert assertThat(ReceivedMail mail) {
        return new ReceivedMailAssert(mail);
    }

    /** Begins assertions about a try to hand over a mail. */
    public static AttemptAssert assertThat(Attempt attempt) {
        return new AttemptAssert(attempt);
    }

    /** Begins assertions about what happened to a message. */
    public static TimelineAssert assertThat(Timeline timeline) {
        return new TimelineAssert(timeline);
    }

    /** The same for what {@link org.posthouse.Posthouse#timeline} gives, which has to be there. */
    public static TimelineAssert assertThat(Optional<Timeline> timeline) {
        return new TimelineAssert(timeline.orElse(null));
    }
}
