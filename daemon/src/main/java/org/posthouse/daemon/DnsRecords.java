package org.posthouse.daemon;

import org.posthouse.core.Idna;

import java.util.ArrayList;
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
     * All of them.
     *
     * @param smarthost mail leaves by a host of somebody else's
     */
    static List<Line> of(String hostname, List<String> domains, boolean smarthost) {
        var lines = new ArrayList<Line>();
        String host = ascii(hostname);
        lines.add(new Line(host, "A", "<your address>", "where we are; AAAA for IPv6"));
        lines.add(new Line(host, "TXT", quoted("v=spf1 a -all"), "SPF of the name in EHLO"));
        for (String each : domains) {
            String domain = ascii(each);
            lines.add(new Line(domain, "MX", "10 " + host + ".", "mail for it comes to us"));
            String senders =
                    smarthost ? "v=spf1 mx include:<the smarthost's> -all" : "v=spf1 mx -all";
            if (!domain.equals(host)) {
                lines.add(new Line(domain, "TXT", quoted(senders), "SPF: who sends in its name"));
            }
            lines.add(
                    new Line(
                            "_dmarc." + domain,
                            "TXT",
                            quoted("v=DMARC1; p=none; rua=mailto:postmaster@" + domain),
                            "DMARC: reports first, p=reject later"));
        }
        return List.copyOf(lines);
    }

    private static String ascii(String name) {
        return Idna.toAscii(name);
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }
}
