package org.posthouse.relay;

import org.posthouse.core.Reply;

import java.net.InetAddress;
import java.util.List;

/** Where a domain's mail goes. */
sealed interface Exchangers {
    /** Hosts to try, in this order; at least one, each with at least one address. */
    record Found(List<Host> hosts) implements Exchangers {
        public Found {
            hosts = List.copyOf(hosts);
        }
    }

    /** Nowhere, ever. */
    record Failed(Reply reply) implements Exchangers {}

    /** Not known now. */
    record Deferred(Reply reply) implements Exchangers {}

    /** A host with its addresses in the order to try them. */
    record Host(
            String name,
            int preference,
            int port,
            List<InetAddress> addresses,
            Published published) {
        /** About which nothing is published. */
        Host(String name, int preference, int port, List<InetAddress> addresses) {
            this(name, preference, port, addresses, Published.NOTHING);
        }

        Host with(Published.Sts sts) {
            return new Host(name, preference, port, addresses, published.with(sts));
        }

        public Host {
            addresses = List.copyOf(addresses);
        }
    }
}
