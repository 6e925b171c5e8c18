package org.posthouse.platform;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * Reads IP addresses from text without ever asking the domain name system.
 *
 * @since 0.1
 */
public final class AddressLiteral {
    private static final int OCTETS_V4 = 4;
    private static final int TEXT_MAX = 45;

    private AddressLiteral() {}

    /** The address that a dotted quad or an IPv6 text (RFC 4291 section 2.2) stands for. */
    public static Optional<InetAddress> parse(String text) {
        if (text.isEmpty() || text.length() > TEXT_MAX) {
            return Optional.empty();
        }
        return text.indexOf(':') >= 0 ? parseV6(text) : parseV4(text);
    }

    private static Optional<InetAddress> parseV4(String text) {
        byte[] octets = new byte[OCTETS_V4];
        int index = 0;
        int value = -1;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? '.' : text.charAt(i);
            if (c == '.') {
                if (value < 0 || index == OCTETS_V4) {
                    return Optional.empty();
                }
                octets[index++] = (byte) value;
                value = -1;
            } else if (c >= '0' && c <= '9' && value != 0) {
                value = Math.max(value, 0) * 10 + (c - '0');
                if (value > 255) {
                    return Optional.empty();
                }
            } else {
                return Optional.empty();
            }
        }
        return index == OCTETS_V4 ? of(octets) : Optional.empty();
    }

    private static Optional<InetAddress> parseV6(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 'f' || (Character.digit(c, 16) < 0 && c != ':' && c != '.')) {
                return Optional.empty();
            }
        }
        try {
            // a text with a colon is never looked up
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    private static Optional<InetAddress> of(byte[] octets) {
        try {
            return Optional.of(InetAddress.getByAddress(octets));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
