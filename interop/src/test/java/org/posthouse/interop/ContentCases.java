package org.posthouse.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthouse.interop.Case.a;
import static org.posthouse.interop.HostScript.OK;
import static org.posthouse.interop.HostScript.offers;
import static org.posthouse.interop.HostScript.on;

import java.util.List;
import java.util.stream.Stream;

/** What hosts say to the content, when they say it, and whether they stay (RFC 5321, RFC 3030). */
final class ContentCases {
    private static final String LARGE =
            "Subject: large\r\n\r\n" + ("0123456789".repeat(7) + "\r\n").repeat(15_000);

    private ContentCases() {}

    static List<Case> all() {
        return Stream.of(data(), ends(), cuts(), large(), sequences())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Case> data() {
        return List.of(
                a("data-451")
                        .host(offers("PIPELINING"), on("DATA", "451 4.3.0 later", OK))
                        .delivers(),
                a("data-554")
                        .host(offers("PIPELINING"), on("DATA", "554 5.5.1 no valid recipients"))
                        .fails("5.5.1", "no valid recipients"),
                a("data-250").host(offers("PIPELINING"), on("DATA", "250 ok", OK)).delivers(),
                a("data-421")
                        .host(offers("PIPELINING"), on("DATA", "421 4.3.2 bye{close}", OK))
                        .delivers(),
                a("data-closed").host(offers("PIPELINING"), on("DATA", "{close}", OK)).delivers(),
                a("data-silent").host(offers("8BITMIME"), on("DATA", "{silent}", OK)).delivers(),
                a("data-354-multi-line")
                        .host(offers("8BITMIME"), on("DATA", "354-go\r\n354 on"))
                        .delivers());
    }

    private static List<Case> ends() {
        return List.of(
                a("end-451")
                        .host(on("END", "451 4.3.0 later", OK))
                        .delivers()
                        .defers("temporary", "451 4.3.0 later"),
                a("end-452").host(on("END", "452 4.3.1 disk full", OK)).delivers(),
                a("end-550").host(on("END", "550 5.7.1 spam")).fails("5.7.1", "550 5.7.1 spam"),
                a("end-552").host(on("END", "552 5.3.4 too big")).fails("5.3.4", "552"),
                a("end-554-by-data")
                        .host(offers("PIPELINING"), on("END", "554 5.6.0 no"))
                        .fails("5.6.0", "554 5.6.0 no"),
                a("end-421").host(on("END", "421 4.3.2 closing{close}", OK)).delivers(),
                a("end-250-and-close")
                        .host(on("END", "250 2.0.0 taken{close}"))
                        .times(12)
                        .delivers(),
                a("end-250-and-421")
                        .host(on("END", "250 2.0.0 taken\r\n421 4.3.2 enough{close}"))
                        .times(3)
                        .delivers(),
                a("end-two-replies")
                        .host(on("END", "250 2.0.0 taken\r\n250 2.0.0 again"))
                        .times(3)
                        .delivers(),
                a("end-two-replies-then-451")
                        .host(
                                on(
                                        "END",
                                        "250 2.0.0 taken\r\n250 again",
                                        "451 4.3.0 no",
                                        "451 4.3.0 no",
                                        OK))
                        .times(4)
                        .delivers(),
                a("end-354")
                        .host(on("END", "354 more?"))
                        .maybeTwice()
                        .defers("ambiguous", "does not fit"),
                a("end-before-the-content")
                        .host(offers("PIPELINING"), on("DATA", "354 go on\r\n250 2.0.0 taken"))
                        .expires("a reply to content that was not sent"),
                a("end-garbage")
                        .host(on("END", "thanks"))
                        .maybeTwice()
                        .defers("ambiguous", "not a reply"),
                a("end-code-only").host(on("END", "250")).delivers(),
                a("end-251").host(on("END", "251 fine")).delivers());
    }

    /** Handed over whole, and nobody knows. */
    private static List<Case> cuts() {
        return List.of(
                a("cut-before-the-reply")
                        .host(on("END", "{close}"))
                        .maybeTwice()
                        .defers("ambiguous", "perhaps delivered"),
                a("cut-in-the-reply")
                        .host(on("END", "25+{close}"))
                        .maybeTwice()
                        .defers("ambiguous", "perhaps delivered"),
                a("cut-in-a-multi-line-reply")
                        .host(on("END", "250-2.0.0 taken\r\n{close}"))
                        .maybeTwice()
                        .defers("ambiguous", "perhaps delivered"),
                a("cut-reset")
                        .host(on("END", "{reset}"))
                        .maybeTwice()
                        .defers("ambiguous", "perhaps delivered"),
                a("cut-reply-too-late")
                        .host(on("END", "{wait 5000}{ok}"))
                        .maybeTwice()
                        .defers("ambiguous", "timed out"),
                a("cut-by-data")
                        .host(offers("PIPELINING"), on("END", "{close}"))
                        .maybeTwice()
                        .defers("ambiguous", "perhaps delivered"),
                a("cut-no-second-host")
                        .host(on("END", "{close}"))
                        .host()
                        .maybeTwice()
                        .defers("ambiguous", "perhaps delivered"),
                a("end-slow").host(on("END", "{wait 1500}{ok}")).delivers().atOnce());
    }

    private static List<Case> large() {
        return List.of(
                a("large").content(LARGE).host().delivers().atOnce(),
                a("large-by-data").content(LARGE).host(offers("PIPELINING")).delivers().atOnce(),
                a("large-refused-early")
                        .content(LARGE)
                        .host(
                                offers("PIPELINING"),
                                on("DATA", "354 go on{read 1000}554 5.3.4 too large{close}"))
                        .maybeTwice(),
                a("large-refused-early-and-read")
                        .content(LARGE)
                        .host(
                                offers("PIPELINING"),
                                on(
                                        "DATA",
                                        "354 go on{read 1000}554 5.3.4 too large{wait"
                                                + " 3000}{close}"))
                        .fails("5.3.4", "554 5.3.4 too large"),
                a("large-not-read")
                        .content(LARGE + LARGE + LARGE + LARGE + LARGE + LARGE)
                        .host(offers("PIPELINING"), on("DATA", "354 go on{silent}", OK))
                        .delivers(),
                a("large-cut")
                        .content(LARGE)
                        .host(offers("PIPELINING"), on("DATA", "354 go on{read 9000}{reset}", OK))
                        .delivers());
    }

    /** One message after the other. */
    private static List<Case> sequences() {
        return List.of(
                a("seq-many").host().times(50).delivers().atOnce(),
                a("seq-cut-between").host(on("MAIL", OK, "{close}", OK)).times(6).delivers(),
                a("seq-421-each-third")
                        .host(
                                on(
                                        "MAIL",
                                        OK,
                                        OK,
                                        "421 4.7.0 enough for now{close}",
                                        OK,
                                        OK,
                                        "421 4.7.0 enough for now{close}",
                                        OK))
                        .times(8)
                        .delivers(),
                a("seq-rset-502").host(on("RSET", "502 5.5.1 no")).times(6).maybeTwice().delivers(),
                a("seq-rset-421").host(on("RSET", "421 4.3.2 bye{close}")).times(6).delivers(),
                a("seq-rset-closed").host(on("RSET", "{close}", "{close}", OK)).times(6).delivers(),
                a("seq-rset-after-refusal")
                        .host(
                                offers("PIPELINING"),
                                on("RCPT", "550 5.1.1 no", OK),
                                on("RSET", "502 no"))
                        .times(3)
                        .check(
                                seen -> {
                                    String ada = seen.named().getFirst();
                                    assertThat(seen.entries("delivered", ada)).hasSize(2);
                                    assertThat(seen.entries("failed", ada)).hasSize(1);
                                }),
                a("seq-idle-closed")
                        .host(on("RCPT", "451 4.3.0 later{wait 200}{close}", OK))
                        .delivers()
                        .connections(1, 2, 2)
                        .check(
                                seen -> {
                                    String ada = seen.named().getFirst();
                                    assertThat(seen.entries("deferred", ada)).hasSize(1);
                                }),
                a("seq-two-connections-at-most")
                        .host(on("CONNECT", "{limit 2}{ok}"), on("END", "{wait 20}{ok}"))
                        .times(40)
                        .delivers()
                        .atOnce(),
                a("seq-quit-silent").host(on("QUIT", "{silent}")).times(2).delivers(),
                a("seq-quit-garbage").host(on("QUIT", "NO CARRIER{close}")).times(2).delivers(),
                a("seq-one-each")
                        .host(on("END", "250 2.0.0 taken\r\n{wait 20}{close}"))
                        .times(5)
                        .maybeTwice()
                        .delivers());
    }
}
