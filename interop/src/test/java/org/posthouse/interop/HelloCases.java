package org.posthouse.interop;

import static org.posthouse.interop.Case.a;
import static org.posthouse.interop.HostScript.OK;
import static org.posthouse.interop.HostScript.offers;
import static org.posthouse.interop.HostScript.on;

import java.util.List;
import java.util.stream.Stream;

/** What hosts say to EHLO, and whether it is true (RFC 5321 section 4.1.1.1, RFC 3207). */
final class HelloCases {
    private static final String EIGHT_BIT = "Subject: caf\r\n\r\ncaf\u00c3\u00a9\r\n";

    private HelloCases() {}

    static List<Case> all() {
        return Stream.of(refusals(), garbage(), extensions(), limits(), lies(), tls())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Case> refusals() {
        return List.of(
                a("ehlo-500").host(on("EHLO", "500 what?")).delivers().atOnce().hears(1, "HELO "),
                a("ehlo-502").host(on("EHLO", "502 5.5.1 no")).times(3).delivers().atOnce(),
                a("ehlo-550").host(on("EHLO", "550 5.7.1 who are you?")).delivers(),
                a("ehlo-and-helo-550")
                        .host(on("EHLO", "550 no"), on("HELO", "550 5.7.1 still no"))
                        .defers("net", "550 5.7.1 still no")
                        .expires("550 5.7.1 still no"),
                a("ehlo-421").host(on("EHLO", "421 4.3.2 bye{close}")).expires("421 4.3.2 bye"),
                a("ehlo-421-then-next")
                        .host(on("EHLO", "421 bye{close}"))
                        .host()
                        .delivers()
                        .atOnce()
                        .tries(1, 2),
                a("ehlo-451").host(on("EHLO", "451 4.3.0 later", OK)).delivers(),
                a("ehlo-closes").host(on("EHLO", "{close}")).delivers().hears(1, "HELO "),
                a("ehlo-resets").host(on("EHLO", "{reset}")).delivers().hears(1, "HELO "),
                a("ehlo-silent").host(on("EHLO", "{silent}")).expires("timed out in HELLO"),
                a("ehlo-354").host(on("EHLO", "354 go on")).expires("354 go on"),
                a("helo-silent")
                        .host(on("EHLO", "500 no"), on("HELO", "{silent}"))
                        .expires("timed out in HELLO"));
    }

    private static List<Case> garbage() {
        return List.of(
                a("ehlo-garbage")
                        .host(on("EHLO", "250-mx.test\r\nPIPELINING\r\n250 SIZE"))
                        .delivers()
                        .hears(1, "HELO "),
                a("ehlo-mixed-codes")
                        .host(on("EHLO", "250-mx.test\r\n550 SIZE"))
                        .delivers()
                        .hears(1, "HELO "),
                a("ehlo-endless").host(on("EHLO", "{endless 250-X-MORE}")).delivers(),
                a("ehlo-and-helo-endless")
                        .host(on("EHLO", "{endless 250-X-MORE}"), on("HELO", "{endless 250-X}"))
                        .expires("a reply without end"),
                a("ehlo-line-of-64k")
                        .host(on("EHLO", "250-mx.test\r\n250 X-+{fill 65536 x}\r\n+"))
                        .delivers()
                        .hears(1, "HELO "),
                a("ehlo-line-of-2k")
                        .host(on("EHLO", "250-mx.test\r\n250-X+{fill 2000 x}\r\n250 SIZE"))
                        .delivers()
                        .hears(1, "SIZE="),
                a("ehlo-bare-lf")
                        .host(on("EHLO", "250-mx.test\n250-SIZE 1000000\n250 PIPELINING\n+"))
                        .delivers()
                        .hears(1, "SIZE="),
                a("ehlo-hundred-keywords").host(on("EHLO", keywords(100))).delivers(),
                a("ehlo-lower-case")
                        .host(offers("pipelining", "size 100000", "8bitmime"))
                        .delivers()
                        .hears(1, "SIZE="),
                a("ehlo-same-twice").host(offers("SIZE 100", "SIZE 1000000")).delivers(),
                a("ehlo-nothing").host(on("EHLO", "250 mx.test")).delivers().neverHears(1, "SIZE="),
                a("ehlo-empty-text").host(on("EHLO", "250-\r\n250-\r\n250 ")).delivers(),
                a("ehlo-two-replies")
                        .host(on("EHLO", "250 mx.test\r\n250 again"))
                        .expires("a reply to nothing that was asked: 250 again"),
                a("ehlo-two-replies-with-chunking")
                        .host(on("EHLO", "250-mx.test\r\n250 CHUNKING\r\n250 again"))
                        .expires("a reply to nothing that was asked: 250 again"));
    }

    private static String keywords(int count) {
        var reply = new StringBuilder("250-mx.test\r\n");
        for (int i = 0; i < count; i++) {
            reply.append("250-X-THING-").append(i).append(" yes\r\n");
        }
        return reply + "250 HELP";
    }

    private static List<Case> extensions() {
        return List.of(
                a("ext-no-pipelining").host(offers("8BITMIME")).times(3).delivers().atOnce(),
                a("ext-chunking-only").host(offers("CHUNKING")).delivers().hears(1, "BDAT "),
                a("ext-pipelining-only").host(offers("PIPELINING")).times(5).delivers(),
                a("ext-size-none").host(offers("SIZE")).delivers().hears(1, "SIZE="),
                a("ext-size-zero").host(offers("SIZE 0")).delivers().hears(1, "SIZE="),
                a("ext-size-not-a-number").host(offers("SIZE lots")).delivers(),
                a("ext-size-huge").host(offers("SIZE 99999999999999999999999")).delivers(),
                a("ext-size-too-small")
                        .host(offers("SIZE 100"))
                        .fails("5.3.4", "the host takes 100")
                        .neverHears(1, "MAIL"),
                a("ext-size-too-small-then-next")
                        .host(offers("SIZE 100"))
                        .host()
                        .delivers()
                        .tries(1, 2),
                a("ext-eight-bit")
                        .with("BODY=8BITMIME")
                        .content(EIGHT_BIT)
                        .host(offers("8BITMIME"))
                        .delivers()
                        .hears(1, "BODY=8BITMIME"),
                a("ext-no-eight-bit")
                        .with("BODY=8BITMIME")
                        .content(EIGHT_BIT)
                        .host(offers("PIPELINING"))
                        .fails("5.6.3", "8BITMIME")
                        .neverHears(1, "MAIL"),
                a("ext-no-eight-bit-undeclared")
                        .content(EIGHT_BIT)
                        .host(offers("PIPELINING"))
                        .fails("5.6.3", "8BITMIME"),
                a("ext-no-eight-bit-needed")
                        .with("BODY=8BITMIME")
                        .host(offers("PIPELINING"))
                        .delivers()
                        .neverHears(1, "BODY="),
                a("ext-no-eight-bit-then-next")
                        .with("BODY=8BITMIME")
                        .content(EIGHT_BIT)
                        .host(offers("PIPELINING"))
                        .host()
                        .delivers(),
                a("ext-no-smtputf8")
                        .to("\u00e4da")
                        .with("SMTPUTF8")
                        .host(offers("8BITMIME"))
                        .fails("5.6.7", "SMTPUTF8")
                        .reports("Diagnostic-Code: X-Posthouse; 550 5.6.7")
                        .neverReports(" said:"),
                a("ext-smtputf8")
                        .to("\u00e4da")
                        .with("SMTPUTF8")
                        .host()
                        .delivers()
                        .hears(1, "SMTPUTF8"),
                a("ext-smtputf8-header")
                        .with("SMTPUTF8 BODY=8BITMIME")
                        .content("Subject: caf\u00c3\u00a9\r\n\r\nhello\r\n")
                        .host(offers("8BITMIME"))
                        .fails("5.6.7", "SMTPUTF8"));
    }

    /** RFC 9422. */
    private static List<Case> limits() {
        return List.of(
                a("limits-rcptmax")
                        .host(offers("PIPELINING", "LIMITS RCPTMAX=2"))
                        .to("a", "b", "c", "d", "e")
                        .delivers()
                        .atOnce()
                        .check(seen -> seen.host(1).taken().forEach(Check::hasAtMostTwo)),
                a("limits-mailmax")
                        .host(offers("LIMITS MAILMAX=2"))
                        .times(6)
                        .delivers()
                        .atOnce()
                        .connections(1, 3, 6),
                a("limits-mailmax-one")
                        .host(offers("PIPELINING", "CHUNKING", "LIMITS MAILMAX=1"))
                        .times(4)
                        .delivers()
                        .connections(1, 4, 4),
                a("limits-zero").host(offers("LIMITS RCPTMAX=0 MAILMAX=0")).times(2).delivers(),
                a("limits-garbage")
                        .host(offers("LIMITS =,RCPTMAX,MAILMAX=x RCPTMAX=99999999999999"))
                        .delivers());
    }

    private static final class Check {
        private Check() {}

        static void hasAtMostTwo(ScriptedHost.Taken taken) {
            org.assertj.core.api.Assertions.assertThat(taken.rcpts()).hasSizeLessThanOrEqualTo(2);
        }
    }

    private static List<Case> lies() {
        return List.of(
                a("lie-bdat-500")
                        .host(on("BDAT", "500 5.5.1 what?{unread}"))
                        .delivers()
                        .hears(1, "DATA"),
                a("lie-bdat-502").host(on("BDAT", "502 5.5.1 no")).times(3).delivers(),
                a("lie-bdat-stops")
                        .host(on("BDAT", OK, OK, "502 5.5.1 what?{unread}"))
                        .times(8)
                        .delivers()
                        .maybeTwice()
                        .hears(1, "DATA"),
                a("lie-bdat-503").host(on("BDAT", "503 5.5.1 RCPT first")).delivers(),
                a("lie-bdat-closes")
                        .host(on("BDAT", "{close}"))
                        .maybeTwice()
                        .defers("ambiguous", "perhaps delivered"),
                a("lie-bdat-later")
                        .host(on("BDAT", OK, OK, "503 5.5.1 no{unread}"))
                        .times(8)
                        .delivers()
                        .maybeTwice(),
                a("lie-pipelining-drops").host(on("MAIL", "{drop}250 ok")).maybeTwice().delivers(),
                a("lie-dsn")
                        .host(on("RCPT", "555 5.5.4 parameters unknown"))
                        .to("ada NOTIFY=FAILURE")
                        .fails("5.5.4", "555 5.5.4 parameters unknown"),
                a("lie-size")
                        .host(on("MAIL", "555 5.5.4 SIZE unknown"))
                        .fails("5.5.4", "555 5.5.4 SIZE unknown"));
    }

    private static List<Case> tls() {
        return List.of(
                a("tls-works")
                        .host(offers("STARTTLS"), on("STARTTLS", "220 go{tls}"))
                        .delivers()
                        .atOnce(),
                a("tls-454")
                        .host(offers("STARTTLS"), on("STARTTLS", "454 4.7.0 not now"))
                        .delivers()
                        .atOnce(),
                a("tls-501")
                        .host(offers("STARTTLS"), on("STARTTLS", "501 syntax"))
                        .delivers()
                        .atOnce(),
                a("tls-421")
                        .host(offers("STARTTLS"), on("STARTTLS", "421 4.3.2 bye{close}"))
                        .delivers(),
                a("tls-garbage")
                        .host(
                                offers("STARTTLS"),
                                on("STARTTLS", "220 go\r\nthis is not TLS at all"))
                        .delivers(),
                a("tls-reset").host(offers("STARTTLS"), on("STARTTLS", "220 go{reset}")).delivers(),
                a("tls-closed")
                        .host(offers("STARTTLS"), on("STARTTLS", "220 go{close}"))
                        .delivers(),
                a("tls-silent")
                        .host(offers("STARTTLS"), on("STARTTLS", "220 go{silent}"))
                        .delivers(),
                a("tls-injected")
                        .host(offers("STARTTLS"), on("STARTTLS", "220 go\r\n250 injected\r\n{tls}"))
                        .delivers(),
                a("tls-closed-behind-handshake")
                        .host(
                                on("EHLO", "250-mx.test\r\n250 STARTTLS", "{close}", "250 mx.test"),
                                on("STARTTLS", "220 go{tls}"))
                        .delivers(),
                a("tls-required-not-offered")
                        .route("tls = \"require\"")
                        .host(offers("PIPELINING"))
                        .expires("does not offer STARTTLS")
                        .neverHears(1, "MAIL"),
                a("tls-required-454")
                        .route("tls = \"require\"")
                        .host(offers("STARTTLS"), on("STARTTLS", "454 4.7.0 not now"))
                        .expires("454 4.7.0 not now")
                        .neverHears(1, "MAIL"),
                a("tls-required-garbage")
                        .route("tls = \"require\"")
                        .host(offers("STARTTLS"), on("STARTTLS", "220 go\r\nno TLS"))
                        .expires("in TLS")
                        .neverHears(1, "MAIL"),
                a("tls-required")
                        .route("tls = \"require\"")
                        .host(offers("STARTTLS"), on("STARTTLS", "220 go{tls}"))
                        .delivers(),
                a("tls-verify-unknown-authority")
                        .route("tls = \"verify\"")
                        .host(offers("STARTTLS"), on("STARTTLS", "220 go{tls}"))
                        .expires("in TLS")
                        .neverHears(1, "MAIL"),
                a("tls-verify-then-next")
                        .route("tls = \"require\"")
                        .host(offers("PIPELINING"))
                        .host(offers("STARTTLS"), on("STARTTLS", "220 go{tls}"))
                        .delivers()
                        .tries(1, 2));
    }
}
