package org.posthouse.spool;

import java.util.List;

/**
 * A message as the index takes it in.
 *
 * @param octets of the message, prefix included
 * @param acceptOctets what its accept record counts as live
 * @param dueMillis when its deliveries are first due
 * @param deliveries in the order of their numbers
 */
record Arrived(
        long id,
        String acceptId,
        long octets,
        long acceptOctets,
        long dueMillis,
        List<Grouping.Group> deliveries) {}
