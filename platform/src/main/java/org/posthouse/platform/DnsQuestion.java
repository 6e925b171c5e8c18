package org.posthouse.platform;

import java.util.Optional;

/**
 * What is asked.
 *
 * @param name as {@link #normalize} gives it
 */
record DnsQuestion(String name, Type type) {
    private static final int NAME_OCTETS_MAX = 253; // as text, without the final dot
    private static final int LABEL_OCTETS_MAX = 63;

    /** The kind of records; SYSTEM for what the machine's own look-up finds. */
    enum Type {
        MX,
        A,
        AAAA,
        TXT,
        TLSA,
        CNAME,
        PTR,
        SYSTEM
    }

    /**
     * In lower case, without a final dot; empty for what can't be a name (RFC 1035 section 3.1).
     */
    static Optional<String> normalize(String name) {
        int length = name.endsWith(".") ? name.length() - 1 : name.length();
        if (length == 0 || length > NAME_OCTETS_MAX) {
            return Optional.empty();
        }
        var text = new StringBuilder(length);
        int labelOctets = 0;
        for (int i = 0; i < length; i++) {
            char c = name.charAt(i);
            labelOctets = c == '.' ? 0 : labelOctets + 1;
            boolean emptyLabel = c == '.' && (i == 0 || name.charAt(i - 1) == '.');
            boolean graphic = c > ' ' && c < 0x7f && c != '\\';
            if (!graphic || emptyLabel || labelOctets > LABEL_OCTETS_MAX) {
                return Optional.empty();
            }
            text.append(c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c);
        }
        return labelOctets == 0 ? Optional.empty() : Optional.of(text.toString());
    }

    /** The name on the wire, uncompressed. */
    byte[] nameOctets() {
        byte[] octets = new byte[name.length() + 2];
        int lengthAt = 0;
        for (int i = 0; i <= name.length(); i++) {
            if (i == name.length() || name.charAt(i) == '.') {
                octets[lengthAt] = (byte) (i - lengthAt);
                lengthAt = i + 1;
            } else {
                octets[i + 1] = (byte) name.charAt(i);
            }
        }
        return octets;
    }

    /** The name under which the names of an address are found (RFC 1035 3.5, RFC 3596 2.5). */
    static String reverse(byte[] address) {
        var text = new StringBuilder();
        for (int i = address.length - 1; i >= 0; i--) {
            int octet = address[i] & 0xff;
            if (address.length == 4) {
                text.append(octet).append('.');
            } else {
                text.append(Character.forDigit(octet & 15, 16)).append('.');
                text.append(Character.forDigit(octet >> 4, 16)).append('.');
            }
        }
        return text.append(address.length == 4 ? "in-addr.arpa" : "ip6.arpa").toString();
    }
}
