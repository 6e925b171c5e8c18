package org.posthouse.daemon;

import org.posthouse.core.Idna;
import org.posthouse.platform.Dns;
import org.posthouse.platform.DnsAnswer;
import org.posthouse.platform.TlsaMatch;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Compares what an installation should publish with what a resolver finds. What is published though
 * it need not be (MTA-STS, TLSRPT, DANE) is looked at, too: wrong, it keeps mail away.
 */
final class DnsCheck {
    private static final int FOUND_CHARS = 120;

    private final Dns dns;
    private final Wanted wanted;
    private final List<DnsFinding> findings = new ArrayList<>();
    private final Set<InetAddress> addresses = new LinkedHashSet<>();

    /**
     * What should be.
     *
     * @param names of the installation
     * @param addresses it is known by to others; none: those that its name has
     * @param chain of its certificate; empty without one
     */
    record Wanted(
            DnsRecords.Names names,
            List<InetAddress> addresses,
            List<X509Certificate> chain,
            Instant now) {}

    DnsCheck(Dns dns, Wanted wanted) {
        this.dns = dns;
        this.wanted = wanted;
    }

    /** Everything. */
    List<DnsFinding> run() {
        String host = Idna.toAscii(wanted.names().hostname());
        address(host);
        addresses.addAll(wanted.addresses());
        addresses.forEach(each -> pointer(host, each));
        text(DnsRecords.spfOfHost(host), "v=spf1");
        for (String each : wanted.names().domains()) {
            domain(host, Idna.toAscii(each));
        }
        dane(host);
        return List.copyOf(findings);
    }

    private void address(String host) {
        var here = new ArrayList<InetAddress>();
        String why = "";
        for (DnsAnswer<InetAddress> answer : List.of(dns.a(host), dns.aaaa(host))) {
            switch (answer) {
                case DnsAnswer.Found<InetAddress> found -> here.addAll(found.records());
                case DnsAnswer.NoData<InetAddress> none -> {}
                case DnsAnswer.NoDomain<InetAddress> none -> {}
                case DnsAnswer.TemporaryFailure<InetAddress> failure -> why = failure.reason();
            }
        }
        DnsRecords.Line line = DnsRecords.address(host);
        if (here.isEmpty()) {
            add(why.isEmpty() ? DnsFinding.missing(line) : DnsFinding.unknown(host, "A", why));
            return;
        }
        addresses.addAll(here);
        String text = text(here);
        boolean isOurs = here.containsAll(wanted.addresses());
        add(isOurs ? DnsFinding.ok(host, "A", text) : different(line, wanted.addresses(), text));
    }

    private static DnsFinding different(
            DnsRecords.Line line, List<InetAddress> addresses, String found) {
        return DnsFinding.different(
                new DnsRecords.Line(line.name(), line.type(), text(addresses), ""), found);
    }

    private static String text(List<InetAddress> addresses) {
        return String.join(" ", addresses.stream().map(InetAddress::getHostAddress).toList());
    }

    /** Many hosts take no mail from addresses whose name does not lead back. */
    private void pointer(String host, InetAddress address) {
        String name = address.getHostAddress();
        var line = new DnsRecords.Line(name, "PTR", host + ".", "");
        add(
                switch (dns.ptr(address)) {
                    case DnsAnswer.Found<String> found ->
                            found.records().stream().anyMatch(each -> each.equalsIgnoreCase(host))
                                    ? DnsFinding.ok(name, "PTR", host)
                                    : DnsFinding.different(line, joined(found.records()));
                    case DnsAnswer.NoData<String> none -> DnsFinding.missing(line);
                    case DnsAnswer.NoDomain<String> none -> DnsFinding.missing(line);
                    case DnsAnswer.TemporaryFailure<String> failure ->
                            DnsFinding.unknown(name, "PTR", failure.reason());
                });
    }

    private void domain(String host, String domain) {
        exchanger(host, domain);
        DnsRecords.Line senders = DnsRecords.spf(domain, wanted.names().smarthost());
        if (!domain.equals(host)) {
            text(senders, "v=spf1");
        }
        text(DnsRecords.dmarc(domain), "v=DMARC1");
        optional(domain, "_mta-sts." + domain, "v=STSv1; id=1");
        optional(domain, "_smtp._tls." + domain, "v=TLSRPTv1; rua=mailto:postmaster@" + domain);
    }

    private void exchanger(String host, String domain) {
        DnsRecords.Line line = DnsRecords.exchanger(domain, host);
        add(
                switch (dns.mx(domain)) {
                    case DnsAnswer.Found<Dns.Mx> found -> {
                        String text =
                                joined(
                                        found.records().stream()
                                                .map(mx -> mx.preference() + " " + mx.host())
                                                .toList());
                        yield found.records().stream().anyMatch(mx -> mx.host().equals(host))
                                ? DnsFinding.ok(domain, "MX", text)
                                : DnsFinding.different(line, text);
                    }
                    case DnsAnswer.NoData<Dns.Mx> none -> DnsFinding.missing(line);
                    case DnsAnswer.NoDomain<Dns.Mx> none -> DnsFinding.missing(line);
                    case DnsAnswer.TemporaryFailure<Dns.Mx> failure ->
                            DnsFinding.unknown(domain, "MX", failure.reason());
                });
    }

    /** A text record of which there has to be exactly one. */
    private void text(DnsRecords.Line line, String version) {
        add(
                switch (dns.txt(line.name())) {
                    case DnsAnswer.Found<String> found -> text(line, version, found.records());
                    case DnsAnswer.NoData<String> none -> DnsFinding.missing(line);
                    case DnsAnswer.NoDomain<String> none -> DnsFinding.missing(line);
                    case DnsAnswer.TemporaryFailure<String> failure ->
                            DnsFinding.unknown(line.name(), "TXT", failure.reason());
                });
    }

    private DnsFinding text(DnsRecords.Line line, String version, List<String> texts) {
        List<String> ours = texts.stream().filter(isOf(version)).toList();
        if (ours.isEmpty()) {
            return DnsFinding.missing(line);
        }
        if (ours.size() > 1) {
            return DnsFinding.different(line, ours.size() + " records, one is right");
        }
        String record = ours.getFirst();
        boolean isSpf = version.equals("v=spf1") && !wanted.names().smarthost();
        for (InetAddress each : isSpf ? addresses : Set.<InetAddress>of()) {
            if (new SpfCover(dns, line.name(), each).of(record) == SpfCover.Covers.NO) {
                String why = each.getHostAddress() + " is not covered: " + record;
                return DnsFinding.different(line, cut(why));
            }
        }
        return DnsFinding.ok(line.name(), "TXT", cut(record));
    }

    private static Predicate<String> isOf(String version) {
        return text -> {
            String lower = text.strip().toLowerCase(Locale.ROOT);
            String start = version.toLowerCase(Locale.ROOT);
            return lower.equals(start)
                    || lower.startsWith(start + " ")
                    || lower.startsWith(start + ";");
        };
    }

    /** Looked at where it is there: TLSRPT is wanted where there is a policy of MTA-STS. */
    private void optional(String domain, String name, String value) {
        var line = new DnsRecords.Line(name, "TXT", '"' + value + '"', "");
        boolean isPublished = dns.txt(name) instanceof DnsAnswer.Found<String>;
        boolean hasPolicy = dns.txt("_mta-sts." + domain) instanceof DnsAnswer.Found<String>;
        if (isPublished || hasPolicy) {
            text(line, value.substring(0, value.indexOf(';')));
        }
    }

    /** Looked at where it is there; without the certificate nothing can be said about it. */
    private void dane(String host) {
        String name = "_25._tcp." + host;
        if (!(dns.tlsa(name) instanceof DnsAnswer.Found<Dns.Tlsa> found)
                || wanted.chain().isEmpty()) {
            return;
        }
        List<Dns.Tlsa> usable = TlsaMatch.usable(found.records());
        String text = cut(joined(found.records().stream().map(Dns.Tlsa::toString).toList()));
        DnsRecords.Line line = DnsRecords.tlsa(host, wanted.chain().getFirst());
        List<String> names = List.of(host);
        boolean isRight =
                !usable.isEmpty()
                        && TlsaMatch.compare(usable, wanted.chain(), names, wanted.now())
                                instanceof TlsaMatch.Result.Matched;
        add(isRight ? DnsFinding.ok(name, "TLSA", text) : DnsFinding.different(line, text));
    }

    private static String joined(List<String> texts) {
        return cut(String.join(", ", texts));
    }

    /** Strangers wrote it. */
    private static String cut(String text) {
        String safe = text.replaceAll("\\p{Cntrl}+", " ");
        return safe.length() <= FOUND_CHARS ? safe : safe.substring(0, FOUND_CHARS - 3) + "...";
    }

    private void add(DnsFinding finding) {
        findings.add(finding);
    }
}
