package org.posthouse.daemon;

import org.posthouse.core.Idna;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The records to publish so that others deliver to us, and take our mail: as lines of a zone file.
 */
final class DnsRecords {
    private DnsRecords() {}

    /**
     * A record.
     *
     * @param name without the dot at its end
     * @param value as in a zone file
     * @param why for people
     */
    record Line(String name, String type, String value, String why) {
        /** As it stands in a zone file. */
        String zone() {
            return name + ". " + type + " " + value;
        }
    }

    /**
     * Who an installation is.
     *
     * @param domains whose mail comes to it
     * @param smarthost mail leaves by a host of somebody else's
     */
    record Names(String hostname, List<String> domains, boolean smarthost) {
        /** Copies the list. */
        Names {
            domains = List.copyOf(domains);
        }
    }

    /** All of them. */
    static List<Line> of(Names names) {
        var lines = new ArrayList<Line>();
        String host = Idna.toAscii(names.hostname());
        lines.add(address(host));
        lines.add(spfOfHost(host));
        for (String each : names.domains()) {
            String domain = Idna.toAscii(each);
            lines.add(exchanger(domain, host));
            if (!domain.equals(host)) {
                lines.add(spf(domain, names.smarthost()));
            }
            lines.add(dmarc(domain));
        }
        return List.copyOf(lines);
    }

    static Line address(String host) {
        return new Line(host, "A", "<your address>", "where we are; AAAA for IPv6");
    }

    static Line spfOfHost(String host) {
        return new Line(host, "TXT", quoted("v=spf1 a -all"), "SPF of the name in EHLO");
    }

    static Line exchanger(String domain, String host) {
        return new Line(domain, "MX", "10 " + host + ".", "mail for it comes to us");
    }

    static Line spf(String domain, boolean smarthost) {
        String senders = smarthost ? "v=spf1 mx include:<the smarthost's> -all" : "v=spf1 mx -all";
        return new Line(domain, "TXT", quoted(senders), "SPF: who sends in its name");
    }

    static Line dmarc(String domain) {
        return new Line(
                "_dmarc." + domain,
                "TXT",
                quoted("v=DMARC1; p=none; rua=mailto:postmaster@" + domain),
                "DMARC: reports first, p=reject later");
    }

    /** The key of a certificate, for where the zone is signed (RFC 7672 section 3.1.1). */
    static Line tlsa(String host, X509Certificate certificate) {
        try {
            byte[] key = certificate.getPublicKey().getEncoded();
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key);
            return new Line(
                    "_25._tcp." + host,
                    "TLSA",
                    "3 1 1 " + HexFormat.of().formatHex(hash),
                    "DANE, where DNSSEC signs the zone");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }
}
