package org.posthouse.relay;

import org.posthouse.core.Idna;
import org.posthouse.core.Reply;
import org.posthouse.platform.AddressLiteral;
import org.posthouse.platform.Dns;
import org.posthouse.platform.DnsAnswer;
import org.posthouse.platform.Entropy;
import org.posthouse.policy.Route;
import org.posthouse.policy.Route.HostPort;
import org.posthouse.policy.Route.Peer;
import org.posthouse.policy.Route.SocketFile;
import org.posthouse.policy.Route.TlsMode;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds the hosts of a domain (RFC 5321 section 5.1): its exchangers by preference, equal ones in
 * random order; without any, the domain itself. Exchangers that are ourselves are dropped together
 * with all of the same or a higher preference value, so that mail does not loop; addresses of the
 * inside are dropped unless the route is internal.
 */
final class MxResolver {
    /** Exchangers of one domain that are looked at. */
    static final int HOSTS_MAX = 20;

    private static final String IPV6_TAG = "ipv6:";

    private final Dns dns;
    private final Entropy entropy;
    private final String ownName;
    private final OwnAddresses own;
    private final Runnable atAddresses;

    /**
     * Begins.
     *
     * @param atAddresses run before addresses are looked up
     */
    MxResolver(Dns dns, Entropy entropy, String ownName, OwnAddresses own, Runnable atAddresses) {
        this.atAddresses = atAddresses;
        this.dns = dns;
        this.entropy = entropy;
        this.ownName = ownName.toLowerCase(Locale.ROOT);
        this.own = own;
    }

    /** The hosts for a recipient's domain, which may be an address literal or have U-labels. */
    Exchangers exchangers(String domain, Route.Mx via) {
        if (domain.startsWith("[")) {
            return literal(domain, via);
        }
        String name;
        try {
            name = Idna.toAscii(domain);
        } catch (IllegalArgumentException e) {
            return failed(550, "5.1.2", "not a domain name: " + domain);
        }
        return switch (dns.mx(name)) {
            case DnsAnswer.Found<Dns.Mx> found -> ofRecords(name, found, via);
            case DnsAnswer.NoData<Dns.Mx> none -> implicit(name, via);
            case DnsAnswer.NoDomain<Dns.Mx> none ->
                    via.internal() ? implicit(name, via) : noDomain(name);
            case DnsAnswer.TemporaryFailure<Dns.Mx> failure ->
                    deferred("look-up of the MX of " + name + " failed: " + failure.reason());
        };
    }

    /** The addresses of fixed hosts, in order; hosts without any are left out. */
    Exchangers fixed(Route.Fixed via) {
        boolean lmtp = via instanceof Route.Lmtp;
        List<Exchangers.Host> found = new ArrayList<>();
        List<String> unknown = new ArrayList<>(0);
        atAddresses.run();
        for (Peer each : PeerOrder.of(via.peers(), entropy)) {
            switch (each.at()) {
                case SocketFile socket -> found.add(Exchangers.Host.at(socket, each, lmtp));
                case HostPort host -> {
                    AddressLookup lookup = AddressLookup.of(dns, host.host(), true);
                    if (lookup.isTemporary()) {
                        unknown.add(host.host());
                    }
                    if (!lookup.addresses().isEmpty()) {
                        boolean isAsked = usesDnssec(each.tls());
                        found.add(
                                new Exchangers.Host(
                                        host.host(),
                                        0,
                                        host.port(),
                                        lookup.addresses(),
                                        Optional.of(each),
                                        lmtp,
                                        Published.of(
                                                isAsked
                                                        ? lookup.tlsaBases(dns)
                                                        : Published.Bases.NONE)));
                    }
                }
            }
        }
        if (!found.isEmpty()) {
            return new Exchangers.Found(found, unknown);
        }
        // What an operator configured may be repaired: the mail waits.
        String what = unknown.isEmpty() ? "no address found for " : "look-up failed for ";
        return deferred(what + via.peers().stream().map(Peer::at).toList());
    }

    private static boolean usesDnssec(TlsMode tls) {
        return tls == TlsMode.AUTO || tls == TlsMode.DANE || tls == TlsMode.VERIFY;
    }

    private Exchangers literal(String domain, Route.Mx via) {
        String text = domain.substring(1, domain.length() - 1);
        String address = text.startsWith(IPV6_TAG) ? text.substring(IPV6_TAG.length()) : text;
        return AddressLiteral.parse(address)
                .map(found -> ofAddress(domain, found, via))
                .orElseGet(() -> failed(550, "5.1.2", "not an address literal: " + domain));
    }

    private Exchangers ofAddress(String domain, InetAddress address, Route.Mx via) {
        var plan = new Plan("", via, false);
        plan.add(domain, 0, AddressLookup.of(address, via.internal()));
        return plan.result(domain);
    }

    private Exchangers implicit(String name, Route.Mx via) {
        atAddresses.run();
        AddressLookup lookup = AddressLookup.of(dns, name, via.internal());
        if (lookup.addresses().isEmpty() && !lookup.isKnown() && !lookup.isTemporary()) {
            return noDomain(name);
        }
        var plan = new Plan(name, via, true);
        plan.add(name, 0, lookup);
        return plan.result(name);
    }

    private Exchangers ofRecords(String name, DnsAnswer.Found<Dns.Mx> found, Route.Mx via) {
        List<Dns.Mx> ordered = inOrder(found.records());
        if (ordered.isEmpty()) {
            return failed(556, "5.1.10", name + " does not accept mail (null MX)");
        }
        var plan = new Plan(name, via, found.authentic());
        atAddresses.run();
        for (Dns.Mx each : ordered) {
            if (plan.isPastOurselves(each.preference())) {
                break;
            }
            if (each.host().equals(ownName)) {
                plan.meetOurselves(each.preference());
            } else {
                plan.add(
                        each.host(),
                        each.preference(),
                        AddressLookup.of(dns, each.host(), via.internal()));
            }
        }
        return plan.result(name);
    }

    /** By preference, equal ones shuffled, null MX left out (RFC 7505), at most HOSTS_MAX. */
    private List<Dns.Mx> inOrder(List<Dns.Mx> records) {
        List<Dns.Mx> ordered = new ArrayList<>(records);
        ordered.removeIf(each -> each.host().isEmpty() || each.host().equals("."));
        for (int i = ordered.size() - 1; i > 0; i--) {
            int other = entropy.below(i + 1);
            Dns.Mx swapped = ordered.get(i);
            ordered.set(i, ordered.get(other));
            ordered.set(other, swapped);
        }
        ordered.sort(Comparator.comparingInt(Dns.Mx::preference));
        return ordered.size() > HOSTS_MAX ? ordered.subList(0, HOSTS_MAX) : ordered;
    }

    private static Exchangers noDomain(String name) {
        return failed(550, "5.1.2", "the domain " + name + " does not exist");
    }

    private static Exchangers failed(int code, String status, String text) {
        return new Exchangers.Failed(Reply.of(code, status, text));
    }

    private static Exchangers deferred(String text) {
        return new Exchangers.Deferred(Reply.of(451, "4.4.3", text));
    }

    /** Gathers usable hosts, and why the others are not. */
    private final class Plan {
        private final String domain;
        private final Route.Mx via;
        private final boolean isSigned;
        private final List<Exchangers.Host> hosts = new ArrayList<>();
        private final List<String> unknown = new ArrayList<>(0);
        private int ourPreference = Integer.MAX_VALUE;
        private boolean insideOnly;

        /**
         * Begins.
         *
         * @param isSigned the names of hosts are as the domain's owner has signed them
         */
        Plan(String domain, Route.Mx via, boolean isSigned) {
            this.domain = domain;
            this.via = via;
            this.isSigned = isSigned && usesDnssec(via.settings().tls());
        }

        void add(String name, int preference, AddressLookup lookup) {
            int port = via.settings().port();
            for (InetAddress address : lookup.addresses()) {
                if (own.contains(new InetSocketAddress(address, port))) {
                    meetOurselves(preference);
                    return;
                }
            }
            if (lookup.isTemporary()) {
                unknown.add(name);
            }
            insideOnly |= lookup.isInsideOnly();
            if (!lookup.addresses().isEmpty()) {
                Published.TlsaBases bases = isSigned ? lookup.tlsaBases(dns) : Published.Bases.NONE;
                hosts.add(
                        new Exchangers.Host(name, preference, port, lookup.addresses())
                                .with(new Published(bases, domain, Published.Sts.NONE)));
            }
        }

        void meetOurselves(int preference) {
            ourPreference = preference;
            hosts.removeIf(host -> host.preference() >= preference);
        }

        boolean isPastOurselves(int preference) {
            return preference >= ourPreference;
        }

        Exchangers result(String domain) {
            if (!hosts.isEmpty()) {
                return new Exchangers.Found(hosts, unknown);
            }
            if (!unknown.isEmpty()) {
                return deferred("no address of an MX of " + domain + " could be looked up");
            }
            if (ourPreference != Integer.MAX_VALUE) {
                return failed(554, "5.4.6", "mail for " + domain + " loops back to myself");
            }
            String why =
                    insideOnly && !via.internal()
                            ? "leads into a private network"
                            : "has no address";
            return failed(550, "5.4.4", "the mail exchanger of " + domain + " " + why);
        }
    }
}
