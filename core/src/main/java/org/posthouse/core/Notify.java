package org.posthouse.core;

/**
 * The NOTIFY parameter of RCPT: when reports about this recipient are wanted (RFC 3461 section
 * 4.1).
 *
 * @param specified false when the client gave no NOTIFY parameter
 * @param success report delivery
 * @param failure report failure
 * @param delay report delay
 * @since 0.1
 */
public record Notify(boolean specified, boolean success, boolean failure, boolean delay) {
    /** No parameter given: failures are reported, delays may be. */
    public static final Notify UNSPECIFIED = new Notify(false, false, true, true);

    /** {@code NOTIFY=NEVER}. */
    public static final Notify NEVER = new Notify(true, false, false, false);

    /** The parameter's value as RCPT carries it, for example {@code FAILURE,DELAY}. */
    public String value() {
        if (!success && !failure && !delay) {
            return "NEVER";
        }
        var words = new StringBuilder();
        append(words, success, "SUCCESS");
        append(words, failure, "FAILURE");
        append(words, delay, "DELAY");
        return words.toString();
    }

    private static void append(StringBuilder words, boolean wanted, String word) {
        if (wanted) {
            words.append(words.isEmpty() ? "" : ",").append(word);
        }
    }
}
