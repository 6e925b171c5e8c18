package org.posthouse.interop;

import static org.posthouse.interop.Case.a;
import static org.posthouse.interop.HostScript.OK;
import static org.posthouse.interop.HostScript.offers;
import static org.posthouse.interop.HostScript.on;

import java.util.List;
import java.util.stream.Stream;

/** Fixed next hops, with and without a login (RFC 4954). */
final class SmarthostCases {
    private static final String VIA = "via = \"smarthost\"";
    private static final String HOST = "host = \"{1}:{port}\"";

    private SmarthostCases() {}

    static List<Case> all() {
        return Stream.of(hosts(), logins()).flatMap(List::stream).toList();
    }

    private static List<Case> hosts() {
        return List.of(
                a("smart-works").route(VIA, HOST).host().delivers().atOnce(),
                a("smart-by-name")
                        .route(VIA, "host = \"mx1.smart-by-name.own.test:{port}\"")
                        .host()
                        .delivers(),
                a("smart-down").route(VIA, HOST).nobody().expires("refused"),
                a("smart-silent")
                        .route(VIA, HOST)
                        .host(on("CONNECT", "{silent}"))
                        .expires("timed out in GREETING"),
                a("smart-comes-back")
                        .route(VIA, HOST)
                        .host(on("CONNECT", "421 4.3.2 starting{close}", "{close}", OK))
                        .delivers(),
                a("smart-name-unknown")
                        .route(VIA, "host = \"gone.smart-name-unknown.own.test\"")
                        .expires("no address found"),
                a("smart-name-servfail")
                        .route(VIA, "host = \"gone.smart-name-servfail.own.test\"")
                        .zone("gone !SERVFAIL")
                        .expires("look-up failed"),
                a("smart-recipient-domain-gone")
                        .route(VIA, HOST)
                        .zone("@ !NXDOMAIN")
                        .host()
                        .delivers(),
                a("smart-550")
                        .route(VIA, HOST)
                        .host(on("RCPT", "550 5.7.1 relaying denied"))
                        .fails("5.7.1", "relaying denied"),
                a("smart-many-domains")
                        .route(VIA, HOST)
                        .host()
                        .to("a", "b@x.{d}", "c@y.{d}", "d@z.{d}")
                        .delivers()
                        .connections(1, 1, 4));
    }

    private static Case login(String name, HostScript.Rule... rules) {
        return a(name).route(
                        VIA,
                        HOST,
                        "tls = \"off\"",
                        "auth = { user = \"ada\", password = \"file:secret\" }")
                .host(rules);
    }

    private static List<Case> logins() {
        String plain = "AUTH PLAIN LOGIN";
        return List.of(
                login("auth-works", offers(plain, "PIPELINING"), on("AUTH", "235 2.7.0 welcome"))
                        .delivers()
                        .hears(1, "AUTH PLAIN AGFkYQBzZWNyZXQ="),
                login("auth-535", offers(plain), on("AUTH", "535 5.7.8 wrong password"))
                        .expires("535 5.7.8 wrong password")
                        .neverHears(1, "MAIL"),
                login(
                                "auth-535-then-right",
                                offers(plain),
                                on("AUTH", "535 5.7.8 wrong password", "235 ok"))
                        .delivers(),
                login("auth-454", offers(plain), on("AUTH", "454 4.7.0 try later", "235 ok"))
                        .delivers(),
                login("auth-421", offers(plain), on("AUTH", "421 4.7.0 bye{close}", "235 ok"))
                        .delivers(),
                login("auth-closed", offers(plain), on("AUTH", "{close}", "235 ok")).delivers(),
                login("auth-silent", offers(plain), on("AUTH", "{silent}")).expires("in AUTH"),
                login("auth-not-offered", offers("PIPELINING"))
                        .expires("offers no login")
                        .neverHears(1, "AUTH"),
                login(
                                "auth-login-only",
                                offers("AUTH LOGIN"),
                                on("AUTH LOGIN", "334 VXNlcm5hbWU6"),
                                on("YWRh", "334 UGFzc3dvcmQ6"),
                                on("c2VjcmV0", "235 2.7.0 welcome"))
                        .delivers(),
                login("auth-334-to-plain", offers(plain), on("AUTH", "334 what else?"))
                        .expires("not in base 64")
                        .neverHears(1, "MAIL"),
                login(
                                "auth-old-form",
                                on("EHLO", "250-mx.test\r\n250 AUTH=PLAIN"),
                                on("AUTH", "235 ok"))
                        .delivers(),
                login(
                                "auth-then-530",
                                offers(plain),
                                on("AUTH", "235 ok"),
                                on("MAIL", "530 5.7.0 log in first"))
                        .fails("5.7.0", "log in first"),
                a("auth-never-in-clear-text")
                        .route(VIA, HOST, "auth = { user = \"ada\", password = \"file:secret\" }")
                        .host(offers(plain))
                        .expires("STARTTLS")
                        .neverHears(1, "AUTH"));
    }
}
