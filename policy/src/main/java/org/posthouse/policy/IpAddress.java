package org.posthouse.policy;

import org.posthouse.core.IpSyntax;

import java.util.Arrays;
import java.util.Optional;

/**
 * An IPv4 or IPv6 address as octets; an IPv4-mapped IPv6 address is the IPv4 address it maps.
 *
 * @since 0.1
 */
public final class IpAddress {
    private static final int V4 = 4;
    private static final int V6 = 16;
    private static final byte LOOPBACK_V4 = 127;
    private final byte[] octets;

    private IpAddress(byte[] octets) {
        this.octets = octets;
    }

    /**
     * From 4 or 16 octets, as {@code InetAddress.getAddress()} gives them.
     *
     * @throws IllegalArgumentException for any other length
     */
    public static IpAddress of(byte[] octets) {
        if (octets.length != V4 && octets.length != V6) {
            throw new IllegalArgumentException("an address has 4 or 16 octets");
        }
        return new IpAddress(
                isMapped(octets) ? Arrays.copyOfRange(octets, 12, V6) : octets.clone());
    }

    /**
     * Reads {@code 192.0.2.1} or {@code 2001:db8::1}.
     *
     * @throws IllegalArgumentException when the text is no address
     */
    public static IpAddress parse(String text) {
        Optional<byte[]> v4 = IpSyntax.v4(text);
        return v4.or(() -> IpSyntax.v6(text))
                .map(IpAddress::of)
                .orElseThrow(() -> new IllegalArgumentException("not an IP address: " + text));
    }

    /** True for IPv4. */
    public boolean isV4() {
        return octets.length == V4;
    }

    /** The octets, 4 or 16. */
    public byte[] octets() {
        return octets.clone();
    }

    /** The number of bits, 32 or 128. */
    int length() {
        return octets.length * 8;
    }

    /** True when both are of one family and agree in so many bits from the left. */
    boolean startsWith(IpAddress other, int bits) {
        if (octets.length != other.octets.length) {
            return false;
        }
        int whole = bits >> 3;
        for (int i = 0; i < whole; i++) {
            if (octets[i] != other.octets[i]) {
                return false;
            }
        }
        int rest = bits & 7;
        return rest == 0 || ((octets[whole] ^ other.octets[whole]) & (0xff00 >> rest) & 0xff) == 0;
    }

    /** True when no bit from this one on is set. */
    boolean isZeroFrom(int bit) {
        for (int i = bit; i < length(); i++) {
            if ((octets[i >> 3] >> (7 - (i & 7)) & 1) == 1) {
                return false;
            }
        }
        return true;
    }

    /** The address with this bit set. */
    IpAddress withBit(int bit) {
        byte[] copy = octets.clone();
        copy[bit >> 3] |= (byte) (1 << (7 - (bit & 7)));
        return new IpAddress(copy);
    }

    /** True for 127.0.0.0/8 and ::1. */
    public boolean isLoopback() {
        if (isV4()) {
            return octets[0] == LOOPBACK_V4;
        }
        for (int i = 0; i < V6 - 1; i++) {
            if (octets[i] != 0) {
                return false;
            }
        }
        return octets[V6 - 1] == 1;
    }

    private static boolean isMapped(byte[] octets) {
        if (octets.length != V6 || octets[10] != -1 || octets[11] != -1) {
            return false;
        }
        for (int i = 0; i < 10; i++) {
            if (octets[i] != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IpAddress that && Arrays.equals(octets, that.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    /** Four decimal numbers, or the form of RFC 5952. */
    @Override
    public String toString() {
        return isV4() ? v4() : v6();
    }

    private String v4() {
        return (octets[0] & 255)
                + "."
                + (octets[1] & 255)
                + "."
                + (octets[2] & 255)
                + "."
                + (octets[3] & 255);
    }

    private String v6() {
        int gap = gap();
        int gapEnd = gap + zeros(gap);
        var text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i >= gap && i < gapEnd) {
                text.append(i == gap ? "::" : "");
                continue;
            }
            text.append(i > 0 && i != gapEnd ? ":" : "").append(Integer.toHexString(group(i)));
        }
        return text.toString();
    }

    /** Where the first of the longest runs of two or more zero groups starts; 8 without one. */
    private int gap() {
        int gap = 8;
        int longest = 1;
        for (int i = 0; i < 8; i++) {
            int zeros = zeros(i);
            if (zeros > longest) {
                longest = zeros;
                gap = i;
            }
        }
        return gap;
    }

    private int zeros(int from) {
        int to = from;
        while (to < 8 && group(to) == 0) {
            to++;
        }
        return to - from;
    }

    private int group(int index) {
        return (octets[2 * index] & 255) << 8 | (octets[2 * index + 1] & 255);
    }
}
