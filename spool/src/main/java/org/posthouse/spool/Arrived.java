package org.posthouse.spool;

import java.util.List;

/**
 * A message as the index takes it in.
 *
 * @param octets of the message, prefix included
 * @param acceptOctets what its accept record counts as live
 * @param dueMillis when its deliveries are first due
 * @param expires it has an instant of its own at which it is given up
 * @param ownWay it has one of its own: its domains do not tell where it goes
 * @param deliveries in the order of their numbers
 */
record Arrived(
        long id,
        String acceptId,
        long octets,
        long acceptOctets,
        long dueMillis,
        boolean expires,
        boolean ownWay,
        List<Grouping.Group> deliveries) {}
