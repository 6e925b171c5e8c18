package org.posthouse.interop;

import static org.posthouse.interop.Case.a;
import static org.posthouse.interop.HostScript.offers;
import static org.posthouse.interop.HostScript.on;

import java.util.List;
import java.util.stream.Stream;

/** What the author of a message is told (RFC 3461, RFC 3464), and that it is harmless. */
final class ReportCases {
    private static final HostScript.Rule NO_DSN = offers("PIPELINING", "8BITMIME");
    private static final HostScript.Rule REFUSES = on("RCPT", "550 5.1.1 no such user");

    private ReportCases() {}

    static List<Case> all() {
        return Stream.of(wishes(), delays(), returned(), texts()).flatMap(List::stream).toList();
    }

    private static Case silent(Case story) {
        return story.check(
                seen -> org.assertj.core.api.Assertions.assertThat(seen.reports()).isEmpty());
    }

    private static List<Case> wishes() {
        return List.of(
                silent(a("notify-never").to("ada NOTIFY=NEVER").host(REFUSES)),
                silent(a("notify-success-only-fails").to("ada NOTIFY=SUCCESS").host(REFUSES)),
                silent(a("notify-delay-only-fails").to("ada NOTIFY=DELAY").host(REFUSES)),
                a("notify-failure")
                        .to("ada NOTIFY=FAILURE")
                        .host(REFUSES)
                        .fails("5.1.1", "550 5.1.1 no such user"),
                a("notify-some")
                        .to("a NOTIFY=NEVER", "b NOTIFY=FAILURE,DELAY", "c")
                        .host(REFUSES)
                        .fails("5.1.1", "550", "b", "c")
                        .neverReports("; a@"),
                a("notify-success-relayed")
                        .to("ada NOTIFY=SUCCESS")
                        .host(NO_DSN)
                        .delivers()
                        .neverHears(1, "NOTIFY")
                        .reports("Action: relayed", "Status: 2.0.0", "makes no further reports"),
                silent(
                        a("notify-success-handed-on")
                                .to("ada NOTIFY=SUCCESS,FAILURE")
                                .host()
                                .delivers()
                                .hears(1, "NOTIFY=SUCCESS,FAILURE")),
                silent(a("notify-success-not-asked").host(NO_DSN).delivers()),
                a("notify-mixed-hosts")
                        .to("ada NOTIFY=SUCCESS")
                        .host(on("RCPT", "421 4.3.2 no{close}"))
                        .host(NO_DSN)
                        .delivers()
                        .reports("Action: relayed", "Remote-MTA: dns; mx2."),
                silent(a("null-fails").from("").host(REFUSES)),
                silent(a("null-expires").from("").nobody()),
                silent(a("null-wants-success").from("").to("ada NOTIFY=SUCCESS").host(NO_DSN)),
                a("orcpt")
                        .to("ada ORCPT=rfc822;Ada+2Blists@Old.Example")
                        .host(REFUSES)
                        .fails("5.1.1", "550")
                        .reports("Original-Recipient: rfc822; Ada+lists@Old.Example"),
                a("orcpt-handed-on")
                        .to("ada ORCPT=rfc822;Ada+2Blists@Old.Example")
                        .host()
                        .delivers()
                        .hears(1, "ORCPT=rfc822;Ada+2Blists@Old.Example"),
                a("envid")
                        .with("ENVID=a+2Bb+3Dc")
                        .host(REFUSES)
                        .fails("5.1.1", "550")
                        .reports("Original-Envelope-Id: a+b=c"),
                a("envid-handed-on")
                        .with("RET=HDRS ENVID=a+2Bb")
                        .host()
                        .delivers()
                        .hears(1, "RET=HDRS ENVID=a+2Bb"));
    }

    private static List<Case> delays() {
        return List.of(
                a("delay-then-expired")
                        .nobody()
                        .reports("Action: delayed", "Will-Retry-Until: ")
                        .expires("refused"),
                a("delay-not-wanted")
                        .to("ada NOTIFY=FAILURE")
                        .nobody()
                        .neverReports("Action: delayed")
                        .expires("refused"),
                a("delay-wanted-alone")
                        .to("ada NOTIFY=DELAY")
                        .nobody()
                        .reports("Action: delayed")
                        .neverReports("Action: failed"),
                a("delay-once-for-many")
                        .to("a", "b", "c")
                        .nobody()
                        .expires("refused")
                        .check(
                                seen ->
                                        org.assertj.core.api.Assertions.assertThat(seen.reports())
                                                .hasSize(2)));
    }

    private static List<Case> returned() {
        String secret = "Subject: s\r\n\r\nthe secret body\r\n";
        return List.of(
                a("ret-default")
                        .content(secret)
                        .host(REFUSES)
                        .fails("5.1.1", "550")
                        .neverReports("the secret body"),
                a("ret-headers")
                        .content(secret)
                        .with("RET=HDRS")
                        .host(REFUSES)
                        .fails("5.1.1", "550")
                        .reports("text/rfc822-headers", "Subject: s")
                        .neverReports("the secret body"),
                a("ret-full")
                        .content(secret)
                        .with("RET=FULL")
                        .host(REFUSES)
                        .fails("5.1.1", "550")
                        .reports("message/rfc822", "the secret body"));
    }

    /** Replies that want to be more than a text. */
    private static List<Case> texts() {
        return List.of(
                a("text-escapes")
                        .host(on("RCPT", "550 5.1.1 \u001b[31mred\u0007\u0000 nul"))
                        .fails("5.1.1", "550 5.1.1 ?[31mred?? nul"),
                a("text-latin-one")
                        .host(on("RCPT", "550 5.1.1 unbekannt: M\u00fcller"))
                        .fails("5.1.1", "unbekannt: M"),
                a("text-utf8")
                        .host(on("RCPT", "550 5.1.1 \u00e6\u009c\u00aa\u00e7\u009f\u00a5"))
                        .fails("5.1.1", "550 5.1.1 "),
                a("text-forges-a-field")
                        .host(
                                on(
                                        "RCPT",
                                        "550-5.1.1 no\r\n"
                                                + "550-5.1.1 \r\n"
                                                + "550 5.1.1 Action: delivered"))
                        .fails("5.1.1", "550 5.1.1 no")
                        .neverReports("\nAction: delivered"),
                a("text-forges-a-part")
                        .host(
                                on(
                                        "RCPT",
                                        "550-5.1.1 --x--\r\n"
                                                + "550 5.1.1 Final-Recipient: rfc822; eve@x"))
                        .fails("5.1.1", "--x--")
                        .neverReports("\nFinal-Recipient: rfc822; eve"),
                a("text-bare-cr")
                        .host(on("RCPT", "550 5.1.1 no\rAction: delivered"))
                        .fails("5.1.1", "550 5.1.1 no?Action: delivered"),
                a("text-forges-a-log-line")
                        .host(on("RCPT", "550 5.1.1 x\" delivered to=<eve@x> reply=\"250"))
                        .fails("5.1.1", "delivered to=<eve@x>"),
                a("text-of-many-lines").host(on("RCPT", many(90))).fails("5.1.1", "line 0"),
                a("text-of-too-many-lines")
                        .host(on("RCPT", many(200)))
                        .expires("a reply without end"),
                a("text-of-1500-octets")
                        .host(on("RCPT", "550 5.1.1 +{fill 1500 x}\r\n+"))
                        .fails("5.1.1", "550 5.1.1 xxx"),
                a("text-empty").host(on("RCPT", "550 ")).fails("5.0.0", "550"),
                a("text-code-only").host(on("RCPT", "550")).fails("5.0.0", "550"),
                a("text-right-to-left")
                        .host(on("RCPT", "550 5.1.1 \u00e2\u0080\u00aegnp.exe"))
                        .fails("5.1.1", "550 5.1.1 "),
                a("text-long-words")
                        .host(on("RCPT", "550 5.1.1 " + "abcdefghij".repeat(40)))
                        .fails("5.1.1", "abcdefghijabcdefghij"));
    }

    private static String many(int lines) {
        var reply = new StringBuilder();
        for (int i = 0; i < lines; i++) {
            reply.append("550-5.1.1 line ").append(i).append("\r\n");
        }
        return reply + "550 5.1.1 end";
    }
}
