package org.posthouse.relay;

import org.posthouse.core.Reply;
import org.posthouse.policy.Route;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where a domain's mail goes. */
sealed interface Exchangers {
    /**
     * Hosts to try, in this order.
     *
     * @param hosts at least one, each with at least one address
     * @param unknown others, of which no address could be looked up for now
     */
    record Found(List<Host> hosts, List<String> unknown) implements Exchangers {
        public Found {
            hosts = List.copyOf(hosts);
            unknown = List.copyOf(unknown);
        }
    }

    /** Nowhere, ever. */
    record Failed(Reply reply) implements Exchangers {}

    /** Not known now. */
    record Deferred(Reply reply) implements Exchangers {}

    /**
     * A host with its addresses in the order to try them.
     *
     * @param peer of the route; empty: an exchanger
     * @param lmtp it speaks LMTP
     * @param published about it
     */
    record Host(
            String name,
            int preference,
            int port,
            List<InetAddress> addresses,
            Optional<Route.Peer> peer,
            boolean lmtp,
            Published published) {
        public Host {
            addresses = List.copyOf(addresses);
        }

        /** An exchanger. */
        Host(String name, int preference, int port, List<InetAddress> addresses) {
            this(name, preference, port, addresses, Optional.empty(), false, Published.NOTHING);
        }

        /** Behind a Unix-domain socket; it has no address but that of this machine. */
        static Host at(Route.SocketFile socket, Route.Peer peer, boolean lmtp) {
            return new Host(
                    socket.toString(),
                    0,
                    0,
                    List.of(InetAddress.getLoopbackAddress()),
                    Optional.of(peer),
                    lmtp,
                    Published.NOTHING);
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
            return new Host(name, preference, port, turned, peer, lmtp, published);
        }

        Host with(Published.Sts sts) {
            return with(published.with(sts));
        }

        Host with(Published other) {
            return new Host(name, preference, port, addresses, peer, lmtp, other);
        }

        /** Of a connection to it: those of the route but for what it has of its own. */
        Route.Hop settings(Route.Hop route) {
            return peer.map(route::of).orElse(route);
        }

        /** One of its addresses has this {@link #nameAt}. */
        boolean isNamed(String text) {
            return addresses.stream()
                    .anyMatch(each -> nameAt(new InetSocketAddress(each, port)).equals(text));
        }

        /** For logs: its name and the address that is tried. */
        String nameAt(InetSocketAddress remote) {
            if (port == 0) {
                return name;
            }
            String address = remote.getAddress().getHostAddress();
            return (name.equals(address) ? "" : name) + "[" + address + "]:" + remote.getPort();
        }
    }
}
