package org.posthouse.daemon;

import org.posthouse.platform.Dns;
import org.posthouse.platform.DnsAnswer;
import org.posthouse.policy.IpAddress;
import org.posthouse.policy.IpNetwork;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Whether a record of SPF (RFC 7208) lets an address send: as far as its own terms ip4, ip6, a, mx
 * and all say. What it includes is not followed, so that the answer may be "perhaps".
 */
final class SpfCover {
    private static final int TERMS_MAX = 100;
    private static final int NAMES_MAX = 10;

    private final Dns dns;
    private final String domain;
    private final InetAddress address;

    SpfCover(Dns dns, String domain, InetAddress address) {
        this.dns = dns;
        this.domain = domain;
        this.address = address;
    }

    /** The answer. */
    enum Covers {
        YES,
        NO,
        /** A term was not followed, or could not be looked up. */
        PERHAPS
    }

    /** The first term that matches counts. */
    Covers of(String record) {
        Covers otherwise = Covers.NO;
        List<String> terms = List.of(record.strip().split(" +", TERMS_MAX));
        for (String term : terms.subList(1, terms.size())) {
            boolean isRefusal = term.startsWith("-") || term.startsWith("~");
            boolean isMarked = isRefusal || term.startsWith("+") || term.startsWith("?");
            switch (matches(isMarked ? term.substring(1) : term)) {
                case YES -> {
                    return isRefusal ? orPerhaps(otherwise) : Covers.YES;
                }
                case PERHAPS -> otherwise = Covers.PERHAPS;
                case NO -> {}
            }
        }
        return otherwise;
    }

    private static Covers orPerhaps(Covers otherwise) {
        return otherwise == Covers.PERHAPS ? Covers.PERHAPS : Covers.NO;
    }

    private Covers matches(String term) {
        String lower = term.toLowerCase(Locale.ROOT);
        int colon = lower.indexOf(':');
        String name = colon < 0 ? lower : lower.substring(0, colon);
        String value = colon < 0 ? domain : lower.substring(colon + 1);
        return switch (name) {
            case "all" -> Covers.YES;
            case "ip4", "ip6" -> isIn(value);
            case "a" -> isAt(value);
            case "mx" -> isExchanger(value);
            default -> lower.startsWith("exp=") ? Covers.NO : Covers.PERHAPS;
        };
    }

    private Covers isIn(String network) {
        try {
            boolean isIn = IpNetwork.parse(network).contains(IpAddress.of(address.getAddress()));
            return isIn ? Covers.YES : Covers.NO;
        } catch (IllegalArgumentException e) {
            return Covers.PERHAPS;
        }
    }

    private Covers isAt(String host) {
        if (host.indexOf('%') >= 0 || host.indexOf('/') >= 0) {
            return Covers.PERHAPS;
        }
        boolean isV4 = address.getAddress().length == 4;
        return switch (isV4 ? dns.a(host) : dns.aaaa(host)) {
            case DnsAnswer.Found<InetAddress> found ->
                    found.records().contains(address) ? Covers.YES : Covers.NO;
            case DnsAnswer.NoData<InetAddress> none -> Covers.NO;
            case DnsAnswer.NoDomain<InetAddress> none -> Covers.NO;
            case DnsAnswer.TemporaryFailure<InetAddress> failure -> Covers.PERHAPS;
        };
    }

    private Covers isExchanger(String of) {
        if (of.indexOf('%') >= 0 || of.indexOf('/') >= 0) {
            return Covers.PERHAPS;
        }
        return switch (dns.mx(of)) {
            case DnsAnswer.Found<Dns.Mx> found ->
                    best(found.records().stream().limit(NAMES_MAX).map(mx -> isAt(mx.host())));
            case DnsAnswer.NoData<Dns.Mx> none -> Covers.NO;
            case DnsAnswer.NoDomain<Dns.Mx> none -> Covers.NO;
            case DnsAnswer.TemporaryFailure<Dns.Mx> failure -> Covers.PERHAPS;
        };
    }

    private static Covers best(Stream<Covers> each) {
        List<Covers> all = each.toList();
        return all.contains(Covers.YES)
                ? Covers.YES
                : all.contains(Covers.PERHAPS) ? Covers.PERHAPS : Covers.NO;
    }
}
