package org.posthouse.testkit;

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
}
