package org.posthouse.relay;

import java.time.Instant;
import java.util.Collection;
import java.util.Locale;

/**
 * How it stands with the next hops of a domain at this moment, all of its sites together. Domains
 * that lead to the same site are told the same.
 *
 * @param connections that stand
 * @param connectionsMax how many there may be by routes and providers, and as far as hosts have
 *     said that they take no more; 0 when that is not known yet
 * @param pace of the site that goes best
 * @param nextTryAt of a site that pauses, when it is tried again at the earliest; otherwise now
 * @since 0.1
 */
public record Standing(int connections, int connectionsMax, Pace pace, Instant nextTryAt) {
    /** How mail goes. */
    public enum Pace {
        /** As fast as our own settings allow. */
        FREE,
        /** The other side said that we are too fast, or takes no more connections than stand. */
        SLOWED,
        /**
         * Nothing goes for now: no host can be reached, or the other side complained repeatedly.
         */
        PAUSING;

        /** Its word in answers. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Of at least one site. */
    static Standing of(Collection<Site> sites, Moment now) {
        int connections = 0;
        int most = 0;
        long nextTry = Long.MAX_VALUE;
        Pace best = Pace.PAUSING;
        for (Site site : sites) {
            connections += site.established();
            most += site.connectionsMost(now.steady());
            Pace pace = site.pace(now.steady());
            best = pace.compareTo(best) < 0 ? pace : best;
            nextTry = Math.min(nextTry, site.opensMillis(now.steady()));
        }
        long at = Math.max(nextTry, now.steady());
        return new Standing(connections, most, best, Instant.ofEpochMilli(now.wallOf(at)));
    }
}
