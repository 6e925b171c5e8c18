package org.posthouse.interop;

import static org.posthouse.interop.Case.a;
import static org.posthouse.interop.HostScript.OK;
import static org.posthouse.interop.HostScript.on;

import java.util.List;
import java.util.stream.Stream;

/** Hosts that are not there, or greet in strange ways (RFC 5321 section 3.1). */
final class ConnectCases {
    private ConnectCases() {}

    static List<Case> all() {
        return Stream.of(connections(), banners(), strangers()).flatMap(List::stream).toList();
    }

    private static List<Case> connections() {
        return List.of(
                a("connect-refused").nobody().defers("net", "refused").expires("refused"),
                a("connect-black-hole").blackHole().expires("timed out"),
                a("connect-black-hole-then-host").blackHole().host().delivers().atOnce(),
                a("connect-reset").host(on("CONNECT", "{reset}")).expires("onnection"),
                a("connect-closed")
                        .host(on("CONNECT", "{close}"))
                        .defers("net", "closed the connection in GREETING")
                        .expires("closed the connection"),
                a("connect-closed-twice").host(on("CONNECT", "{close}", "{reset}", OK)).delivers(),
                a("connect-closed-then-next")
                        .host(on("CONNECT", "{close}"))
                        .host()
                        .delivers()
                        .atOnce()
                        .tries(1, 2),
                a("connect-silent")
                        .host(on("CONNECT", "{silent}"))
                        .defers("net", "timed out in GREETING")
                        .expires("timed out"),
                a("connect-silent-then-next")
                        .host(on("CONNECT", "{silent}"))
                        .host()
                        .delivers()
                        .atOnce(),
                a("connect-refused-many").nobody().times(20).expires("refused"));
    }

    private static List<Case> banners() {
        return List.of(
                a("banner-late").host(on("CONNECT", "{wait 1000}{ok}")).delivers().atOnce(),
                a("banner-drips").host(on("CONNECT", "{drip 220 mx.test ESMTP}")).delivers(),
                a("banner-drips-for-ever")
                        .host(on("CONNECT", "{drip 220 a-name-that-takes-more-than-two-seconds}"))
                        .expires("timed out in GREETING"),
                a("banner-many-lines")
                        .host(on("CONNECT", "220-mx.test\r\n220-no\r\n220-spam\r\n220 please"))
                        .delivers(),
                a("banner-endless-line")
                        .host(on("CONNECT", "220 mx+{endless xxxxxxxxxxxxxxxx+}"))
                        .expires("in GREETING"),
                a("banner-endless-lines")
                        .host(on("CONNECT", "{endless 220-more}"))
                        .expires("a reply without end"),
                a("banner-554")
                        .host(on("CONNECT", "554 5.7.1 no service for you"))
                        .defers("net", "554 5.7.1 no service")
                        .expires("554 5.7.1 no service for you"),
                a("banner-554-then-next")
                        .host(on("CONNECT", "554 no"))
                        .host()
                        .delivers()
                        .tries(1, 2),
                a("banner-421")
                        .host(on("CONNECT", "421 4.3.2 shutting down{close}"))
                        .expires("421 4.3.2 shutting down"),
                a("banner-421-once").host(on("CONNECT", "421 4.3.2 busy{close}", OK)).delivers(),
                a("banner-450").host(on("CONNECT", "450 later")).expires("450 later"),
                a("banner-too-many-connections")
                        .host(on("CONNECT", "421 4.7.0 too many connections{close}", OK))
                        .times(5)
                        .delivers(),
                a("banner-521")
                        .host(on("CONNECT", "521 does not accept mail{close}"))
                        .expires("521 does not accept mail"),
                a("banner-354").host(on("CONNECT", "354 go on")).expires("354 go on"),
                a("banner-250").host(on("CONNECT", "250 what?")).delivers(),
                a("banner-code-only").host(on("CONNECT", "220")).delivers(),
                a("banner-bare-lf").host(on("CONNECT", "220 mx.test\n+")).delivers(),
                a("banner-mixed-codes")
                        .host(on("CONNECT", "220-mx.test\r\n554 no"))
                        .expires("changes its code"),
                a("banner-talks-on")
                        .host(on("CONNECT", "220 mx.test\r\n250-and\r\n250 PIPELINING"))
                        .expires("421 4.5.0 a reply to"));
    }

    private static List<Case> strangers() {
        return List.of(
                a("stranger-http")
                        .host(
                                on(
                                        "CONNECT",
                                        "HTTP/1.1 400 Bad Request\r\n"
                                                + "Connection: close\r\n\r\n"
                                                + "{close}"))
                        .expires("not a reply: HTTP/1.1 400"),
                a("stranger-ssh").host(on("CONNECT", "SSH-2.0-OpenSSH_9.9")).expires("not a reply"),
                a("stranger-binary")
                        .host(on("CONNECT", "\u0016\u0003\u0001\u0000\u00ff\u0001\n"))
                        .expires("not a reply"),
                a("stranger-nul")
                        .host(on("CONNECT", "\u0000\u0000\u0000\u0000\n"))
                        .expires("not a reply"),
                a("stranger-echo")
                        .host(on("CONNECT", "EHLO mail.shop.example"))
                        .expires("not a reply"),
                a("stranger-pop").host(on("CONNECT", "+OK ready")).expires("not a reply"),
                a("stranger-imap").host(on("CONNECT", "* OK ready")).expires("not a reply"),
                a("stranger-code-99").host(on("CONNECT", "099 low")).expires("not a reply"),
                a("stranger-code-600").host(on("CONNECT", "600 high")).expires("not a reply"),
                a("stranger-code-joined").host(on("CONNECT", "220mx.test")).expires("not a reply"),
                a("stranger-escapes")
                        .host(on("CONNECT", "554 \u001b[2Jgone\u0007{close}"))
                        .expires("554 ?[2Jgone?"));
    }
}
