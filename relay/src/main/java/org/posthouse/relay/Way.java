package org.posthouse.relay;

import java.util.List;
import java.util.Optional;

/**
 * The way of a delivery by the rules of now: that of the first of its recipients that is left. Of a
 * route with several sources, by the one that an attempt would take now.
 *
 * @param route the name of its route; empty for the local store, a host that was chosen for it, and
 *     where there is no way
 * @param site the nexthop as the unit of connections, as far as it is known: {@code mx out
 *     {mx1.far.example}}, {@code route smarthost}, {@code via relay.example:25}, {@code store}
 * @param names of the hosts there, with and without their port
 * @param suspension that keeps it back
 * @since 0.1
 */
public record Way(String route, String site, List<String> names, Optional<Suspension> suspension) {
    /** Copies the list. */
    public Way {
        names = List.copyOf(names);
    }
}
