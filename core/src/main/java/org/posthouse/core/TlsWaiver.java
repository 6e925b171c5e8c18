package org.posthouse.core;

/**
 * The field {@code TLS-Required: No} (RFC 8689 section 3), by which an author says that a message
 * is to arrive even where TLS can't be had as the recipients' domains want it: such as one that
 * tells them so. There is no other value, and more than one such field means nothing.
 *
 * @since 0.1
 */
public final class TlsWaiver {
    private static final String NAME = "TLS-Required";
    private static final int VALUE_OCTETS_MAX = 100;

    private TlsWaiver() {}

    /** True for a header section that says so. */
    public static boolean isIn(byte[] section) {
        int count = 0;
        boolean isNo = false;
        var fields = new HeaderFields(section, 0, section.length);
        while (fields.next()) {
            if (fields.is(NAME)) {
                count++;
                isNo = fields.value(VALUE_OCTETS_MAX).strip().equalsIgnoreCase("no");
            }
        }
        return count == 1 && isNo;
    }
}
