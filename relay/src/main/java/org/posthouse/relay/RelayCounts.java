package org.posthouse.relay;

/**
 * How much is where, at this moment.
 *
 * @param deliveries not done
 * @param active being attempted, about to be, or being settled
 * @param parked waiting for a next hop that can't be reached
 * @param held waiting for an operator
 * @param connections open to next hops
 * @since 0.1
 */
public record RelayCounts(int deliveries, int active, long parked, long held, int connections) {}
