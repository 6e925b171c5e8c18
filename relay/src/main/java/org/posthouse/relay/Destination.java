package org.posthouse.relay;

import org.posthouse.core.Glob;
import org.posthouse.policy.PolicySet;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Sites as an operator names them: by a host, by the route, or by a domain whose mail goes there by
 * the rules of now.
 *
 * @param pattern whatever the case; {@code *} stands for any characters of a host or route
 * @param keys of sites where mail for such a domain is looked up, or that lead to such a host
 */
record Destination(String pattern, Set<String> keys) {
    /**
     * Finds out what is meant.
     *
     * @throws IllegalArgumentException when that can't name anything
     */
    static Destination of(PolicySet rules, String text) {
        if (text.isBlank()
                || text.length() > Suspension.PATTERN_CHARS_MAX
                || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "a destination is a host, a domain or a route, on one line of at most "
                            + Suspension.PATTERN_CHARS_MAX
                            + " characters");
        }
        String pattern = text.toLowerCase(Locale.ROOT);
        Set<String> keys = new HashSet<>(Router.sitesOf(rules, pattern));
        keys.addAll(Router.sitesAt(rules, new Glob(pattern)));
        keys.remove("");
        return new Destination(pattern, keys);
    }

    /** True if a site is meant, by what its key tells. */
    boolean has(String key) {
        if (keys.contains(key)) {
            return true;
        }
        var like = new Glob(pattern);
        SiteNames names = SiteNames.of(key);
        return names.names().stream().anyMatch(like::matches)
                || (!names.route().isEmpty() && like.matches(names.route()));
    }
}
