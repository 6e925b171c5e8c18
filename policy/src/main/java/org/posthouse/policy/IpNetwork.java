package org.posthouse.policy;

import java.util.Objects;

/**
 * A network in CIDR notation: an address and the number of leading bits that count.
 *
 * @since 0.1
 */
public record IpNetwork(IpAddress base, int bits) {
    /** Checks the number of bits. */
    public IpNetwork {
        Objects.requireNonNull(base);
        if (bits < 0 || bits > base.octets().length * 8) {
            throw new IllegalArgumentException("/" + bits + " is too long for " + base);
        }
    }

    /**
     * Reads {@code 10.0.0.0/8}, {@code 2001:db8::/32} or a single address.
     *
     * @throws IllegalArgumentException when it is none, or has bits set behind its length
     */
    public static IpNetwork parse(String text) {
        throw new UnsupportedOperationException(text);
    }

    /** True when the address lies in it. */
    public boolean contains(IpAddress address) {
        if (address.isV4() != base.isV4()) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            if (address.bit(i) != base.bit(i)) {
                return false;
            }
        }
        return true;
    }
}
