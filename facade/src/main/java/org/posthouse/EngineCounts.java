package org.posthouse;

import org.posthouse.relay.RelayCounts;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * How much is where in an engine at this moment, and what it has done since its start; for metrics.
 *
 * @param sessions connected now
 * @param messages in the queue
 * @param relay where deliveries are, and connections to next hops
 * @param commits messages made durable
 * @param commitTime how long their clients waited for that, together
 * @param eventsDropped events that listeners were too slow for
 * @param freeOctets room in the file system of the queue; -1 where it can't be told
 * @param dns look-ups, by what was asked for and how they ended
 * @since 0.1
 */
public record EngineCounts(
        int sessions,
        long messages,
        RelayCounts relay,
        long commits,
        Duration commitTime,
        long eventsDropped,
        long freeOctets,
        List<DnsCount> dns) {
    /** Checks that nothing is missing. */
    public EngineCounts {
        Objects.requireNonNull(relay);
        Objects.requireNonNull(commitTime);
        dns = List.copyOf(dns);
    }
}
