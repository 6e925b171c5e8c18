package org.posthouse.core;

/**
 * Where delivery reports of a message go (RFC 5321 section 4.1.1.2): a {@link Mailbox}, or the null
 * reverse-path {@code <>} of reports themselves, which never causes another report.
 *
 * @since 0.1
 */
public sealed interface ReversePath permits Mailbox, ReversePath.Null {
    /** The null reverse-path {@code <>}. */
    ReversePath NULL = new Null();

    /** The path as it stands between the angle brackets of MAIL FROM; empty for the null path. */
    String address();

    // Not a default method: those tie the initialization of this interface to that of its classes,
    // and two threads that start at either end would wait for each other.
    /** True for {@code <>}. */
    boolean isNull();

    /** The null reverse-path {@code <>} (RFC 5321 section 4.5.5). */
    record Null() implements ReversePath {
        @Override
        public String address() {
            return "";
        }

        @Override
        public boolean isNull() {
            return true;
        }

        @Override
        public String toString() {
            return "<>";
        }
    }
}
