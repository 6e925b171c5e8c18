package org.posthouse.relay;

import org.posthouse.policy.IpAddress;
import org.posthouse.policy.IpNetwork;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/**
 * Which addresses are of the outside. A foreign zone must not steer mail into our own network, so
 * that routes that are not internal connect to no other.
 */
final class AddressScope {
    private static final byte[] NAT64 = {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};
    private static final byte[] SIX_TO_FOUR = {0x20, 0x02};
    private static final List<IpNetwork> INSIDE =
            List.of(
                    // "this network", private, carrier-grade NAT, loopback, link-local
                    IpNetwork.parse("0.0.0.0/8"),
                    IpNetwork.parse("10.0.0.0/8"),
                    IpNetwork.parse("100.64.0.0/10"),
                    IpNetwork.parse("127.0.0.0/8"),
                    IpNetwork.parse("169.254.0.0/16"),
                    IpNetwork.parse("172.16.0.0/12"),
                    IpNetwork.parse("192.168.0.0/16"),
                    // multicast, reserved, broadcast
                    IpNetwork.parse("224.0.0.0/3"),
                    // unspecified, loopback and other embedded IPv4, unique local, link-local,
                    // site-local, multicast
                    IpNetwork.parse("::/96"),
                    IpNetwork.parse("fc00::/7"),
                    IpNetwork.parse("fe80::/10"),
                    IpNetwork.parse("fec0::/10"),
                    IpNetwork.parse("ff00::/8"));

    private AddressScope() {}

    /** True for loopback, link-local, private, multicast and the like, however written. */
    static boolean isInside(InetAddress address) {
        byte[] octets = address.getAddress();
        if (startsWith(octets, NAT64)) {
            return isInside(IpAddress.of(Arrays.copyOfRange(octets, 12, 16)));
        }
        if (octets.length == 16 && startsWith(octets, SIX_TO_FOUR)) {
            return isInside(IpAddress.of(Arrays.copyOfRange(octets, 2, 6)));
        }
        return isInside(IpAddress.of(octets));
    }

    private static boolean isInside(IpAddress address) {
        for (IpNetwork network : INSIDE) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWith(byte[] octets, byte[] start) {
        return octets.length > start.length
                && Arrays.equals(octets, 0, start.length, start, 0, start.length);
    }
}
