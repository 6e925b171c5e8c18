package org.posthouse.interop;

import static org.posthouse.interop.Case.a;
import static org.posthouse.interop.HostScript.on;

import java.util.List;
import java.util.stream.Stream;

/** Name servers that do not say what one wants to hear (RFC 5321 section 5.1, RFC 7505). */
final class DnsCases {
    private DnsCases() {}

    static List<Case> all() {
        return Stream.of(names(), exchangers(), order(), servers(), addresses(), aliases())
                .flatMap(List::stream)
                .toList();
    }

    /** The domain itself. */
    private static List<Case> names() {
        return List.of(
                a("dns-nxdomain")
                        .outside()
                        .zone("@ !NXDOMAIN")
                        .fails("5.1.2", "does not exist")
                        .atOnce(),
                a("dns-no-data")
                        .outside()
                        .zone("@ TXT nothing")
                        .fails("5.4.4", "has no address")
                        .atOnce(),
                a("dns-servfail").outside().zone("@ !SERVFAIL").expires("SERVFAIL"),
                a("dns-refused").outside().zone("@ !REFUSED").expires("REFUSED"),
                a("dns-silent").outside().zone("@ !SILENT").expires("no answer in time"),
                a("dns-lame").outside().zone("@ !LAME").expires("refers to other servers"),
                a("dns-mx-servfail-a-there")
                        .zone("@ !SERVFAIL MX", "@ A {1}")
                        .host()
                        .expires("SERVFAIL")
                        .tries(),
                a("dns-sub-domains-only")
                        .outside()
                        .zone("www TXT there")
                        .fails("5.4.4", "has no address"),
                a("dns-idn")
                        .to("ada@b\u00fccher.{d}")
                        .host()
                        .zone("xn--bcher-kva MX 1 mx1")
                        .with("SMTPUTF8")
                        .delivers()
                        .hears(1, "RCPT TO:<ada@xn--bcher-kva."),
                a("dns-idn-for-an-old-host")
                        .to("ada@b\u00fccher.{d}")
                        .zone("xn--bcher-kva MX 1 mx1")
                        .host(HostScript.offers("PIPELINING"))
                        .with("SMTPUTF8")
                        .hears(1, "RCPT TO:<ada@xn--bcher-kva."));
    }

    /** What MX records lead to. */
    private static List<Case> exchangers() {
        return List.of(
                a("mx-null")
                        .zone("@ MX 0 .", "@ A {1}")
                        .host()
                        .fails("5.1.10", "null MX")
                        .atOnce()
                        .tries(),
                a("mx-null-beside-others").zone("@ MX 0 .", "@ MX 10 mx1").host().delivers(),
                a("mx-to-nothing")
                        .outside()
                        .zone("@ MX 10 gone", "@ A {1}")
                        .host()
                        .fails("5.4.4", "has no address")
                        .tries(),
                a("mx-to-servfail")
                        .outside()
                        .zone("@ MX 10 mx", "mx !SERVFAIL")
                        .expires("could be looked up"),
                a("mx-one-of-two-to-servfail")
                        .zone("@ MX 10 mx", "mx !SERVFAIL", "@ MX 20 mx1")
                        .host()
                        .delivers()
                        .atOnce(),
                a("mx-one-of-two-to-nothing")
                        .zone("@ MX 10 gone", "@ MX 20 mx1")
                        .host()
                        .delivers()
                        .atOnce(),
                a("mx-to-our-name")
                        .zone("@ MX 10 mail.shop.example.")
                        .fails("5.4.6", "loops back to myself"),
                a("mx-to-our-name-first")
                        .zone("@ MX 10 mail.shop.example.", "@ MX 20 mx1")
                        .host()
                        .fails("5.4.6", "loops back to myself")
                        .tries(),
                a("mx-to-our-name-last")
                        .zone("@ MX 20 MAIL.shop.Example.", "@ MX 10 mx1")
                        .host()
                        .delivers(),
                a("mx-to-our-address")
                        .route("port = {listener}")
                        .zone("@ MX 10 mx", "mx A 127.0.0.1")
                        .fails("5.4.6", "loops back to myself"),
                a("mx-to-private-address")
                        .outside()
                        .zone("@ MX 10 mx", "mx A 10.1.2.3")
                        .fails("5.4.4", "leads into a private network"),
                a("mx-to-loopback")
                        .outside()
                        .host()
                        .fails("5.4.4", "leads into a private network")
                        .tries(),
                a("mx-to-unspecified")
                        .outside()
                        .zone("@ MX 10 mx", "mx A 0.0.0.0")
                        .fails("5.4.4", "leads into a private network"),
                a("mx-to-mapped-loopback")
                        .outside()
                        .zone("@ MX 10 mx", "mx AAAA ::ffff:127.0.0.1")
                        .fails("5.4.4", "leads into a private network"),
                a("mx-to-an-address-as-name").zone("@ MX 10 {1}.").host().delivers(),
                a("mx-hundred").zone(hundred()).host().delivers().atOnce());
    }

    private static String[] hundred() {
        var lines = new String[101];
        for (int i = 0; i < 100; i++) {
            lines[i] = "@ MX " + (i + 10) + " gone-of-a-rather-long-name-number-" + i;
        }
        lines[100] = "@ MX 5 mx1";
        return lines;
    }

    /** Which host comes first. */
    private static List<Case> order() {
        return List.of(
                a("mx-first-down").nobody().host().delivers().atOnce().tries(2),
                a("mx-first-two-down").nobody().blackHole().host().delivers().atOnce().tries(3),
                a("mx-preference-not-order")
                        .zone("@ MX 30 mx1", "@ MX 10 mx2", "@ MX 20 mx3")
                        .host()
                        .host(on("CONNECT", "421 4.3.2 not now{close}"))
                        .host(on("CONNECT", "{close}"))
                        .delivers()
                        .atOnce()
                        .tries(2, 3, 1),
                a("mx-last-never-needed").host().host().times(5).delivers().tries(1),
                a("mx-equal")
                        .zone("@ MX 10 mx1", "@ MX 10 mx2", "@ MX 10 mx3")
                        .nobody()
                        .host()
                        .nobody()
                        .delivers()
                        .atOnce(),
                a("mx-all-down").nobody().nobody().expires("refused").tries(),
                a("mx-second-address")
                        .zone("@ MX 10 mx", "mx A {1}", "mx A {2}")
                        .nobody()
                        .host()
                        .delivers()
                        .atOnce());
    }

    /** How answers come. */
    private static List<Case> servers() {
        return List.of(
                a("dns-truncated").zone("@ !TRUNCATED").zone("@ MX 10 mx1").host().delivers(),
                a("dns-address-truncated")
                        .zone("mx !TRUNCATED", "@ MX 10 mx", "mx A {1}")
                        .host()
                        .delivers(),
                a("dns-truncated-no-tcp")
                        .outside()
                        .zone("@ !TRUNCATED_NO_TCP", "@ MX 10 mx1")
                        .host()
                        .expires("closed the connection")
                        .tries(),
                a("dns-spoofed").zone("@ !SPOOFED", "@ MX 10 mx1").host().delivers().atOnce(),
                a("dns-garbage").outside().zone("@ !GARBAGE").expires("look-up of the MX"),
                a("dns-pointer-loop")
                        .outside()
                        .zone("@ !POINTER_LOOP")
                        .expires("look-up of the MX"),
                a("dns-cut").outside().zone("@ !CUT", "@ MX 10 mx1").expires("look-up of the MX"),
                a("dns-address-garbage")
                        .outside()
                        .zone("@ MX 10 mx", "mx !GARBAGE")
                        .expires("could be looked up"),
                a("dns-six-fails-four-works")
                        .zone("mx !SERVFAIL AAAA", "@ MX 10 mx", "mx A {1}")
                        .host()
                        .delivers()
                        .atOnce());
    }

    /** Without MX, or without names. */
    private static List<Case> addresses() {
        return List.of(
                a("a-without-mx").zone("@ A {1}").host().delivers().atOnce(),
                a("a-without-mx-down").zone("@ A {1}").nobody().expires("refused"),
                a("aaaa-only").zone("@ MX 10 mx1").hostAt("::1").delivers().atOnce(),
                a("aaaa-dead-a-works")
                        .zone("@ MX 10 mx", "mx AAAA 100::1", "mx A {1}")
                        .host()
                        .delivers(),
                a("literal").to("ada@[{1}]").host().delivers().atOnce(),
                a("literal-six").to("ada@[IPv6:::ffff:{1}]").host().delivers(),
                a("literal-nobody").to("ada@[{1}]").nobody().expires("refused"));
    }

    private static List<Case> aliases() {
        return List.of(
                a("cname-domain").zone("@ CNAME real", "real MX 10 mx1").host().delivers(),
                a("cname-domain-to-address").zone("@ CNAME real", "real A {1}").host().delivers(),
                a("cname-of-mx").zone("@ MX 10 alias", "alias CNAME mx1").host().delivers(),
                a("cname-loop")
                        .outside()
                        .zone("@ CNAME b", "b CNAME @")
                        .expires("too many aliases"),
                a("cname-to-itself").outside().zone("@ CNAME @").expires("too many aliases"),
                a("cname-long-chain").outside().zone(chain(30)).expires("too many aliases"),
                a("cname-short-chain").zone(chain(5)).zone("c5 MX 10 mx1").host().delivers(),
                a("cname-to-nothing")
                        .outside()
                        .zone("@ CNAME gone")
                        .fails("5.1.2", "does not exist"));
    }

    private static String[] chain(int length) {
        var lines = new String[length];
        lines[0] = "@ CNAME c1";
        for (int i = 1; i < length; i++) {
            lines[i] = "c" + i + " CNAME c" + (i + 1);
        }
        return lines;
    }
}
