package org.posthouse.relay;

import org.posthouse.platform.Entropy;
import org.posthouse.policy.Route.Peer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The order in which the hosts of a route are asked: the lowest order first, and of one order each
 * with a probability by its weight (RFC 2782). A weight of 0 counts as a hundredth.
 */
final class PeerOrder {
    private static final int UNIT = 100;

    private PeerOrder() {}

    static List<Peer> of(List<Peer> peers, Entropy entropy) {
        List<Peer> left = new ArrayList<>(peers);
        left.sort(Comparator.comparingInt(Peer::order));
        List<Peer> ordered = new ArrayList<>(left.size());
        while (!left.isEmpty()) {
            ordered.add(left.remove(drawn(left, entropy)));
        }
        return ordered;
    }

    /** One of those with the lowest order. */
    private static int drawn(List<Peer> left, Entropy entropy) {
        int order = left.getFirst().order();
        int sum = 0;
        int count = 0;
        while (count < left.size() && left.get(count).order() == order) {
            sum += share(left.get(count));
            count++;
        }
        if (count == 1) {
            return 0;
        }
        int drawn = entropy.below(sum);
        int index = 0;
        while (drawn >= share(left.get(index))) {
            drawn -= share(left.get(index));
            index++;
        }
        return index;
    }

    private static int share(Peer peer) {
        return Math.max(1, peer.weight() * UNIT);
    }
}
