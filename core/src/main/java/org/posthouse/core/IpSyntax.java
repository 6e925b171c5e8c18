package org.posthouse.core;

import java.util.Arrays;
import java.util.Optional;

/**
 * IP addresses as text: IPv4 in four decimal numbers without leading zeros, IPv6 as RFC 4291
 * section 2.2 writes it (with {@code ::} and with a dotted end), without zones.
 *
 * @since 0.1
 */
public final class IpSyntax {
    private static final int V6_OCTETS = 16;
    private static final int TEXT_MAX = 45;

    private final String text;
    private int at;

    private IpSyntax(String text) {
        this.text = text;
    }

    /** The 4 octets of an IPv4 address; empty when the text is none. */
    public static Optional<byte[]> v4(String text) {
        if (text.length() > TEXT_MAX) {
            return Optional.empty();
        }
        var octets = new byte[4];
        var syntax = new IpSyntax(text);
        boolean valid = syntax.dotted(octets, 0) && syntax.at == text.length();
        return valid ? Optional.of(octets) : Optional.empty();
    }

    /** The 16 octets of an IPv6 address; empty when the text is none. */
    public static Optional<byte[]> v6(String text) {
        if (text.length() > TEXT_MAX) {
            return Optional.empty();
        }
        return new IpSyntax(text).groups();
    }

    private Optional<byte[]> groups() {
        var octets = new byte[V6_OCTETS];
        int count = 0;
        int gap = -1;
        if (text.startsWith("::")) {
            gap = 0;
            at = 2;
        }
        boolean groupNeeded = gap < 0;
        while (at < text.length() || groupNeeded) {
            int taken = count <= 14 ? group(octets, count) : 0;
            if (taken == 0) {
                return Optional.empty();
            }
            count += taken;
            groupNeeded = false;
            if (at == text.length()) {
                break;
            }
            if (taken != 2 || text.charAt(at++) != ':') {
                return Optional.empty();
            }
            groupNeeded = true;
            if (at < text.length() && text.charAt(at) == ':') {
                if (gap >= 0) {
                    return Optional.empty();
                }
                gap = count;
                at++;
                groupNeeded = false;
            }
        }
        return spread(octets, count, gap);
    }

    private static Optional<byte[]> spread(byte[] octets, int count, int gap) {
        if (gap < 0) {
            return count == V6_OCTETS ? Optional.of(octets) : Optional.empty();
        }
        if (count > V6_OCTETS - 2) {
            return Optional.empty();
        }
        int behind = count - gap;
        System.arraycopy(octets, gap, octets, V6_OCTETS - behind, behind);
        Arrays.fill(octets, gap, V6_OCTETS - behind, (byte) 0);
        return Optional.of(octets);
    }

    /** Reads 1 to 4 hexadecimal digits, or a dotted end: 2 or 4 octets, 0 for neither. */
    private int group(byte[] octets, int to) {
        int start = at;
        int value = 0;
        while (at < text.length() && at - start < 4 && Octets.hexDigit(text.charAt(at)) >= 0) {
            value = value << 4 | Octets.hexDigit(text.charAt(at++));
        }
        if (at < text.length() && text.charAt(at) == '.') {
            at = start;
            return to <= 12 && dotted(octets, to) ? 4 : 0;
        }
        octets[to] = (byte) (value >> 8);
        octets[to + 1] = (byte) value;
        return at > start ? 2 : 0;
    }

    private boolean dotted(byte[] octets, int to) {
        for (int i = 0; i < 4; i++) {
            if (i > 0 && (at == text.length() || text.charAt(at++) != '.')) {
                return false;
            }
            int number = decimal();
            if (number < 0) {
                return false;
            }
            octets[to + i] = (byte) number;
        }
        return true;
    }

    private int decimal() {
        int start = at;
        int value = 0;
        while (at < text.length() && at - start < 3 && Octets.isDigit(text.charAt(at))) {
            value = value * 10 + text.charAt(at++) - '0';
        }
        boolean leadingZero = at - start > 1 && text.charAt(start) == '0';
        return at == start || value > 255 || leadingZero ? -1 : value;
    }
}
