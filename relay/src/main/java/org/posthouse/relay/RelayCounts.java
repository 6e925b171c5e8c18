package org.posthouse.relay;

/**
 * How much is where, at this moment.
 *
 * @param deliveries not done
 * @param active being attempted, about to be, or being settled
 * @param parked waiting in the spool for a next hop that can't be reached, as far as known by name:
 *     a bounded number for each next hop
 * @param held waiting for an operator
 * @param connections open to next hops
 * @since 0.1
 */
public record RelayCounts(long deliveries, int active, int parked, long held, int connections) {}
