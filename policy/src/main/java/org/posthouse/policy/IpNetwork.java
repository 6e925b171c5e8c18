package org.posthouse.policy;

import java.util.Objects;

/**
 * A network in CIDR notation: an address and the number of leading bits that count. IPv4-mapped
 * networks of IPv6 are the IPv4 networks that they map; {@code ::/0} holds no IPv4 address.
 *
 * @since 0.1
 */
public record IpNetwork(IpAddress base, int bits) {
    private static final int MAPPED_BITS = 96;

    /** Checks the number of bits, and that none is set behind them. */
    public IpNetwork {
        Objects.requireNonNull(base);
        if (bits < 0 || bits > base.length()) {
            throw new IllegalArgumentException("/" + bits + " does not fit " + base);
        }
        if (!base.isZeroFrom(bits)) {
            throw new IllegalArgumentException(base + " has bits set behind its first " + bits);
        }
    }

    /**
     * Reads {@code 10.0.0.0/8}, {@code 2001:db8::/32} or a single address.
     *
     * @throws IllegalArgumentException when it is none, or has bits set behind its length
     */
    public static IpNetwork parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        IpAddress base = IpAddress.parse(address);
        if (slash < 0) {
            return new IpNetwork(base, base.length());
        }
        int bits = number(text, slash + 1);
        boolean mapped = base.isV4() && address.indexOf(':') >= 0;
        return new IpNetwork(base, mapped ? bits - MAPPED_BITS : bits);
    }

    /** True when the address lies in it. */
    public boolean contains(IpAddress address) {
        return address.startsWith(base, bits);
    }

    /** True when all of the other network lies in it. */
    boolean contains(IpNetwork other) {
        return bits <= other.bits && contains(other.base);
    }

    /** The half of it whose next bit is 0, or the one whose next bit is 1. */
    IpNetwork half(boolean upper) {
        return new IpNetwork(upper ? base.withBit(bits) : base, bits + 1);
    }

    private static int number(String text, int from) {
        int digits = text.length() - from;
        int value = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9' || digits > 3 || (digits > 1 && text.charAt(from) == '0')) {
                throw new IllegalArgumentException("not a network: " + text);
            }
            value = value * 10 + c - '0';
        }
        if (digits == 0) {
            throw new IllegalArgumentException("not a network: " + text);
        }
        return value;
    }

    /** CIDR notation. */
    @Override
    public String toString() {
        return base + "/" + bits;
    }
}
