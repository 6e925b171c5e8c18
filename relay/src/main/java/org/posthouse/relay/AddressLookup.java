package org.posthouse.relay;

import org.posthouse.platform.AddressLiteral;
import org.posthouse.platform.Dns;
import org.posthouse.platform.DnsAnswer;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** The addresses of one host: both families, taking turns, IPv6 first. */
final class AddressLookup {
    /** Of one host, at most. */
    static final int ADDRESSES_MAX = 10;

    private final List<InetAddress> addresses = new ArrayList<>();
    private boolean known;
    private boolean temporary;
    private boolean insideOnly;
    private String host = "";
    private boolean signed = true;
    private String alias = "";

    private AddressLookup() {}

    /**
     * Looks a host up.
     *
     * @param internal addresses of the inside are usable, and names that only the machine itself
     *     knows are found
     */
    static AddressLookup of(Dns dns, String host, boolean internal) {
        var lookup = new AddressLookup();
        AddressLiteral.parse(host)
                .ifPresentOrElse(lookup.addresses::add, () -> lookup.ask(dns, host, internal));
        lookup.keepUsable(internal);
        return lookup;
    }

    /** An address given as such. */
    static AddressLookup of(InetAddress address, boolean internal) {
        var lookup = new AddressLookup();
        lookup.addresses.add(address);
        lookup.keepUsable(internal);
        return lookup;
    }

    /** The usable addresses; may be empty. */
    List<InetAddress> addresses() {
        return addresses;
    }

    /** Nothing found, but only for now. */
    boolean isTemporary() {
        return temporary && addresses.isEmpty();
    }

    /** There were addresses, all of the inside. */
    boolean isInsideOnly() {
        return insideOnly;
    }

    /** The name exists, as far as it was told. */
    boolean isKnown() {
        return known;
    }

    /**
     * The names under which TLSA records of the host count (RFC 7672 section 2.2.2): where aliases
     * lead to, then the host itself; the host alone where only its own alias is signed; none where
     * DNSSEC does not vouch for it.
     */
    Published.TlsaBases tlsaBases(Dns dns) {
        if (host.isEmpty() || addresses.isEmpty() || (!signed && alias.isEmpty())) {
            return Published.Bases.NONE;
        }
        if (signed) {
            return alias.isEmpty() ? Published.Bases.of(host) : Published.Bases.of(alias, host);
        }
        return switch (dns.cname(host)) {
            case DnsAnswer.Found<String> found ->
                    found.authentic() ? Published.Bases.of(host) : Published.Bases.NONE;
            case DnsAnswer.NoData<String> none -> Published.Bases.NONE;
            case DnsAnswer.NoDomain<String> none -> Published.Bases.NONE;
            case DnsAnswer.TemporaryFailure<String> failure ->
                    new Published.NoBases(
                            "look-up of the alias " + host + " failed: " + failure.reason());
        };
    }

    private void ask(Dns dns, String host, boolean internal) {
        this.host = host;
        List<InetAddress> six = recordsOf(dns.aaaa(host));
        List<InetAddress> four = recordsOf(dns.a(host));
        for (int i = 0; i < Math.max(six.size(), four.size()); i++) {
            if (i < six.size()) {
                addresses.add(six.get(i));
            }
            if (i < four.size()) {
                addresses.add(four.get(i));
            }
        }
        if (addresses.isEmpty() && internal) {
            addresses.addAll(recordsOf(dns.system(host)));
        }
    }

    private List<InetAddress> recordsOf(DnsAnswer<InetAddress> answer) {
        return switch (answer) {
            case DnsAnswer.Found<InetAddress> found -> {
                known = true;
                signed &= found.authentic();
                alias = alias.isEmpty() ? found.alias() : alias;
                yield found.records();
            }
            case DnsAnswer.NoData<InetAddress> none -> {
                known = true;
                yield List.of();
            }
            case DnsAnswer.NoDomain<InetAddress> none -> List.of();
            case DnsAnswer.TemporaryFailure<InetAddress> failure -> {
                temporary = true;
                yield List.of();
            }
        };
    }

    private void keepUsable(boolean internal) {
        if (!internal) {
            insideOnly = addresses.removeIf(AddressScope::isInside) && addresses.isEmpty();
        }
        if (addresses.size() > ADDRESSES_MAX) {
            addresses.subList(ADDRESSES_MAX, addresses.size()).clear();
        }
    }
}
