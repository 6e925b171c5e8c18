package org.posthouse.relay;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * Where we listen ourselves: an exchanger there is a loop.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface OwnAddresses {
    /** Nowhere. */
    OwnAddresses NONE = address -> false;

    /** True when a connection to this address and port would reach ourselves. */
    boolean contains(InetSocketAddress address);

    /**
     * Of bound listeners. A wildcard listener answers on loopback addresses; that it answers on the
     * machine's others too is seen once connected, when both ends have the same address.
     */
    static OwnAddresses of(List<InetSocketAddress> bound) {
        List<InetSocketAddress> copy = List.copyOf(bound);
        return address -> {
            for (InetSocketAddress own : copy) {
                boolean wildcard = own.getAddress().isAnyLocalAddress();
                boolean reaches =
                        own.getAddress().equals(address.getAddress())
                                || (wildcard && isOnThisMachine(address));
                if (reaches && own.getPort() == address.getPort()) {
                    return true;
                }
            }
            return false;
        };
    }

    private static boolean isOnThisMachine(InetSocketAddress address) {
        return address.getAddress().isLoopbackAddress() || address.getAddress().isAnyLocalAddress();
    }
}
