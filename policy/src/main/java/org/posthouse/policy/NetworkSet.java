package org.posthouse.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Networks as sets of addresses. */
final class NetworkSet {
    private static final Comparator<IpNetwork> BY_ADDRESS =
            Comparator.<IpNetwork, Boolean>comparing(n -> !n.base().isV4())
                    .thenComparing(n -> n.base().octets(), java.util.Arrays::compareUnsigned)
                    .thenComparingInt(IpNetwork::bits);

    private NetworkSet() {}

    /**
     * The fewest networks that hold the same addresses, in order: contained ones go, two halves
     * become a whole. Sorted, a network is next to those inside it and to its other half, so that
     * one walk with a stack finds all of it.
     */
    static List<IpNetwork> minimal(List<IpNetwork> networks) {
        var stack = new ArrayList<IpNetwork>();
        for (IpNetwork network : networks.stream().sorted(BY_ADDRESS).toList()) {
            if (stack.isEmpty() || !stack.getLast().contains(network)) {
                stack.add(network);
                merge(stack);
            }
        }
        return List.copyOf(stack);
    }

    private static void merge(List<IpNetwork> stack) {
        while (stack.size() > 1) {
            Optional<IpNetwork> whole = whole(stack.get(stack.size() - 2), stack.getLast());
            if (whole.isEmpty()) {
                return;
            }
            stack.removeLast();
            stack.set(stack.size() - 1, whole.get());
        }
    }

    private static Optional<IpNetwork> whole(IpNetwork lower, IpNetwork upper) {
        if (lower.bits() != upper.bits() || lower.bits() == 0) {
            return Optional.empty();
        }
        int bits = lower.bits() - 1;
        boolean isWhole =
                lower.base().isV4() == upper.base().isV4()
                        && lower.base().isZeroFrom(bits)
                        && upper.equals(new IpNetwork(lower.base(), bits).half(true));
        return isWhole ? Optional.of(new IpNetwork(lower.base(), bits)) : Optional.empty();
    }

    /** The addresses that are in both. */
    static List<IpNetwork> both(List<IpNetwork> some, List<IpNetwork> others) {
        var both = new ArrayList<IpNetwork>();
        for (IpNetwork one : some) {
            for (IpNetwork other : others) {
                if (one.contains(other)) {
                    both.add(other);
                } else if (other.contains(one)) {
                    both.add(one);
                }
            }
        }
        return minimal(both);
    }

    static boolean contains(List<IpNetwork> networks, IpAddress address) {
        for (IpNetwork network : networks) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }
}
