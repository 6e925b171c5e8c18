package org.posthouse.relay;

import org.posthouse.core.Reply;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
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

        /** The same, with IPv4 before IPv6, both still taking turns. */
        Host byIpv4First() {
            List<InetAddress> four = new ArrayList<>();
            List<InetAddress> six = new ArrayList<>();
            addresses.forEach(each -> (each instanceof Inet4Address ? four : six).add(each));
            List<InetAddress> turned = new ArrayList<>();
            for (int i = 0; i < addresses.size(); i++) {
                if (i < four.size()) {
                    turned.add(four.get(i));
                }
                if (i < six.size()) {
                    turned.add(six.get(i));
                }
            }
            return new Host(name, preference, port, turned, published);
        }

        Host with(Published.Sts sts) {
            return new Host(name, preference, port, addresses, published.with(sts));
        }

        public Host {
            addresses = List.copyOf(addresses);
        }
    }
}
