package org.posthouse.policy;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * An IPv4 or IPv6 address as octets; an IPv4-mapped IPv6 address is the IPv4 address it maps.
 *
 * @since 0.1
 */
public final class IpAddress {
    private static final int V4 = 4;
    private static final int V6 = 16;
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

    /** True for IPv4. */
    public boolean isV4() {
        return octets.length == V4;
    }

    /** The octets, 4 or 16. */
    public byte[] octets() {
        return octets.clone();
    }

    /** Bit number {@code index} from the left. */
    boolean bit(int index) {
        return (octets[index >> 3] >> (7 - (index & 7)) & 1) == 1;
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

    @Override
    public String toString() {
        if (!isV4()) {
            return HexFormat.of().formatHex(octets);
        }
        return (octets[0] & 255)
                + "."
                + (octets[1] & 255)
                + "."
                + (octets[2] & 255)
                + "."
                + (octets[3] & 255);
    }
}
