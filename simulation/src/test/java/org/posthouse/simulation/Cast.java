package org.posthouse.simulation;

import org.posthouse.sim.SimNetwork;
import org.posthouse.sim.SimPlatform;

import java.net.InetSocketAddress;
import java.util.List;

/** Who is there in every scenario: domains, hosts, clients; and who of them may do what. */
final class Cast {
    static final InetSocketAddress HERE = SimNetwork.socket("192.0.2.1", 25);

    /** Its mail is stored here. */
    static final String HOME = "home.example";

    /** Its mail is accepted from anyone, and passed on. */
    static final String PARTNER = "partner.example";

    /** It has a host of its own, which has no extensions. */
    static final String PLAIN = "plain.example";

    static final String PLAIN_HOST = "198.51.100.4";

    /** Where mail of insiders goes. */
    static final List<String> OUTSIDE =
            List.of("far.example", "twin.example", PLAIN, "two.example");

    static final List<String> INSIDERS = List.of("10.0.0.5", "10.0.0.6");
    static final List<String> STRANGERS = List.of("203.0.113.7", "203.0.113.8");

    static final List<String> HOSTS =
            List.of("198.51.100.1", "198.51.100.2", "198.51.100.3", PLAIN_HOST);

    private Cast() {}

    static void publish(SimPlatform world) {
        world.dns()
                .mx("far.example", 10, "mx1.far.example")
                .mx("far.example", 20, "mx2.far.example")
                .mx("twin.example", 10, "mx1.far.example")
                .mx("twin.example", 20, "mx2.far.example")
                .mx(PARTNER, 10, "mx.partner.example")
                .mx("two.example", 5, "mx2.far.example", "mx.partner.example")
                .mx("writer.example", 5, "mx.partner.example")
                .address("mx1.far.example", HOSTS.get(0))
                .address("mx2.far.example", HOSTS.get(1))
                .address("mx.partner.example", HOSTS.get(2))
                .address(PLAIN, PLAIN_HOST);
    }

    /**
     * How many sites, each a set of hosts that one mail exchanger record or more name, a host is
     * in.
     */
    static int sitesOf(String host) {
        boolean isShared = host.equals(HOSTS.get(1)) || host.equals(HOSTS.get(2));
        return isShared ? 2 : 1;
    }

    /** The rules in other words than the engine's: whose mail is taken for whom. */
    static boolean isTaken(String client, String recipient) {
        String domain = domainOf(recipient);
        return domain.equals(HOME) || domain.equals(PARTNER) || client.startsWith("10.");
    }

    static String domainOf(String address) {
        return address.substring(address.lastIndexOf('@') + 1);
    }

    /** No host knows such a recipient. */
    static boolean isUnknown(String recipient) {
        return recipient.startsWith("no");
    }

    /** Every host has no room for such a recipient, ever. */
    static boolean isFull(String recipient) {
        return recipient.startsWith("full");
    }

    /** Every host greylists such a recipient. */
    static boolean isGreylisted(String recipient) {
        return recipient.startsWith("grey");
    }
}
