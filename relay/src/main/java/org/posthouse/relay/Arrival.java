package org.posthouse.relay;

import org.posthouse.spool.QueuedDelivery;

/**
 * A delivery that was just taken, with what is known of it before anything is read. Instants in
 * milliseconds of the wall clock.
 *
 * @param queued as the spool gave it
 * @param dueMillis no attempt before
 * @param lookMillis to be looked at, even if not due: it may be time to warn or to expire
 * @param site the key of its site, when its domain tells; otherwise empty
 */
record Arrival(QueuedDelivery queued, long dueMillis, long lookMillis, String site) {}
