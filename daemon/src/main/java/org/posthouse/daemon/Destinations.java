package org.posthouse.daemon;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Which recipient domains metrics count by name: those that were named, and some that get the most
 * mail; all others are one. A name that was given stays, so that no series ends, and their number
 * has a bound. One thread tells of deliveries; any may ask.
 */
final class Destinations {
    /** All that have no name of their own. */
    static final String OTHER = "other";

    /** So many deliveries make a domain one of those that get much, while there is room. */
    static final int MUCH = 100;

    /** Domains that are counted to find those; then the counting begins anew. */
    private static final int COUNTED_MAX = 10_000;

    private final int most;
    private final Map<String, Integer> counted = new HashMap<>();
    private volatile Set<String> named;

    /**
     * Begins.
     *
     * @param always these in any case
     * @param top so many more
     */
    Destinations(List<String> always, int top) {
        var names = new HashSet<String>();
        always.forEach(domain -> names.add(domain.toLowerCase(Locale.ROOT)));
        named = Set.copyOf(names);
        most = names.size() + top;
    }

    /** The name that a domain is counted by. */
    String of(String domain) {
        return named.contains(domain) ? domain : OTHER;
    }

    /** The same, and one delivery more. */
    String counting(String domain) {
        Set<String> now = named;
        if (!now.contains(domain) && now.size() < most) {
            if (counted.size() >= COUNTED_MAX) {
                counted.clear();
            }
            if (counted.merge(domain, 1, Integer::sum) >= MUCH) {
                counted.remove(domain);
                var more = new HashSet<>(now);
                more.add(domain);
                named = Set.copyOf(more);
            }
        }
        return of(domain);
    }
}
