package org.posthouse.relay;

import java.time.Instant;
import java.util.Locale;

/**
 * Something that was learnt about a site by itself, and that bounds what is sent there.
 *
 * @param site the nexthop as the unit of connections: {@code mx out {mx1.far.example}}
 * @param kind what it is about
 * @param what holds, in words: {@code 12.0/minute}
 * @param until when it may change by itself, at the earliest
 * @since 0.1
 */
public record Learned(String site, Kind kind, String what, Instant until) {
    /** What was learnt. */
    public enum Kind {
        /** The host said that we are too fast. With it all sites of its provider are bounded. */
        RATE,
        /** The host takes no more connections. */
        CONNECTIONS,
        /** No host can be reached. */
        CIRCUIT,
        /** The source has a bad name there: others are used in its place. */
        SOURCE;

        /** Its word on the command line. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
