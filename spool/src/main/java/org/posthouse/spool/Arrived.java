package org.posthouse.spool;

import java.util.List;

/**
 * A message as the index takes it in.
 *
 * @param octets of the message, prefix included
 * @param acceptOctets what its accept record counts as live
 * @param dueMillis when its deliveries are first due
 * @param expires it has an instant of its own at which it is given up
 * @param deliveries in the order of their numbers
 */
record Arrived(
        long id,
        String acceptId,
        long octets,
        long acceptOctets,
        long dueMillis,
        boolean expires,
        List<Grouping.Group> deliveries) {}
