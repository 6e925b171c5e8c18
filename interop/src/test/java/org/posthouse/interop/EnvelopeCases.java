package org.posthouse.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthouse.interop.Case.a;
import static org.posthouse.interop.HostScript.OK;
import static org.posthouse.interop.HostScript.offers;
import static org.posthouse.interop.HostScript.on;

import java.util.List;
import java.util.stream.Stream;

/** What hosts say to MAIL and RCPT (RFC 5321 section 4.2, RFC 2920). */
final class EnvelopeCases {
    private EnvelopeCases() {}

    static List<Case> all() {
        return Stream.of(mail(), rcpt(), mixed(), crowds(), replies(), wordings())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Case> mail() {
        return List.of(
                a("mail-450")
                        .host(on("MAIL", "450 4.3.2 later", OK))
                        .delivers()
                        .defers("temporary", "450 4.3.2 later"),
                a("mail-451-always")
                        .host(on("MAIL", "451 4.3.0 never now"))
                        .expires("451 4.3.0 never now"),
                a("mail-550")
                        .host(on("MAIL", "550 5.7.1 not you"))
                        .fails("5.7.1", "550 5.7.1 not you"),
                a("mail-550-not-next")
                        .host(on("MAIL", "550 5.1.8 bad sender"))
                        .host()
                        .fails("5.1.8", "bad sender")
                        .tries(1),
                a("mail-552").host(on("MAIL", "552 5.3.4 too big")).fails("5.3.4", "552 5.3.4"),
                a("mail-421").host(on("MAIL", "421 4.3.2 closing{close}", OK)).delivers(),
                a("mail-421-then-next")
                        .host(on("MAIL", "421 4.3.2 closing{close}"))
                        .host()
                        .delivers()
                        .atOnce()
                        .tries(1, 2),
                a("mail-354").host(on("MAIL", "354 go on", OK)).delivers(),
                a("mail-220").host(on("MAIL", "220 fine")).delivers(),
                a("mail-503").host(on("MAIL", "503 5.5.1 EHLO first")).fails("5.5.1", "EHLO first"),
                a("mail-garbage").host(on("MAIL", "I do not speak this", OK)).delivers(),
                a("mail-silent")
                        .host(on("MAIL", "{silent}", OK))
                        .delivers()
                        .defers("temporary", "timed out in MAIL"),
                a("mail-closed").host(on("MAIL", "{close}", "{close}", "{close}", OK)).delivers(),
                a("mail-530")
                        .host(on("MAIL", "530 5.7.0 STARTTLS first"))
                        .fails("5.7.0", "STARTTLS first"),
                a("mail-450-from-null").from("").host(on("MAIL", "450 4.1.8 hm", OK)).delivers(),
                a("mail-550-from-null")
                        .from("")
                        .host(on("MAIL", "550 5.7.1 no null"))
                        .fails("5.7.1", "550 5.7.1 no null"));
    }

    private static List<Case> rcpt() {
        return List.of(
                a("rcpt-550")
                        .host(on("RCPT", "550 5.1.1 no such user"))
                        .fails("5.1.1", "550 5.1.1 no such user")
                        .atOnce(),
                a("rcpt-550-no-status")
                        .host(on("RCPT", "550 unknown"))
                        .fails("5.0.0", "550 unknown"),
                a("rcpt-550-wrong-status").host(on("RCPT", "550 4.1.1 odd")).fails("5.0.0", "odd"),
                a("rcpt-551")
                        .host(on("RCPT", "551 5.1.6 moved to b@c"))
                        .fails("5.1.6", "551 5.1.6"),
                a("rcpt-552-full").host(on("RCPT", "552 5.2.2 full")).fails("5.2.2", "552 5.2.2"),
                a("rcpt-553").host(on("RCPT", "553 5.1.3 bad syntax")).fails("5.1.3", "bad syntax"),
                a("rcpt-554-relay")
                        .host(on("RCPT", "554 5.7.1 Relay access denied"))
                        .fails("5.7.1", "Relay access denied"),
                a("rcpt-550-not-next")
                        .host(on("RCPT", "550 5.1.1 no"))
                        .host()
                        .fails("5.1.1", "550")
                        .tries(1),
                a("rcpt-450")
                        .host(on("RCPT", "450 4.2.0 busy", OK))
                        .delivers()
                        .defers("temporary", "450 4.2.0 busy"),
                a("rcpt-450-always").host(on("RCPT", "450 4.2.0 busy")).expires("450 4.2.0 busy"),
                a("rcpt-452-box")
                        .host(on("RCPT", "452 4.2.2 mailbox full", OK))
                        .delivers()
                        .defers("mailbox", "452 4.2.2 mailbox full"),
                a("rcpt-421").host(on("RCPT", "421 4.3.2 closing{close}", OK)).delivers(),
                a("rcpt-251").host(on("RCPT", "251 2.1.5 will forward")).delivers().atOnce(),
                a("rcpt-252").host(on("RCPT", "252 2.1.5 can't say")).delivers().atOnce(),
                a("rcpt-354").host(on("RCPT", "354 go on", OK)).delivers(),
                a("rcpt-silent").host(on("RCPT", "{silent}", OK)).delivers(),
                a("rcpt-closed").host(on("RCPT", "{close}", "{reset}", OK)).delivers());
    }

    private static List<Case> mixed() {
        return List.of(
                a("mix-one-of-three")
                        .to("a", "b", "c")
                        .host(on("RCPT TO:<b@", "550 5.1.1 no b"))
                        .delivers("a", "c")
                        .fails("5.1.1", "550 5.1.1 no b", "b")
                        .atOnce(),
                a("mix-all-kinds")
                        .to("a", "b", "c", "d", "e")
                        .host(
                                on("RCPT TO:<b@", "450 4.3.0 later", OK),
                                on("RCPT TO:<c@", "550 5.1.1 no"),
                                on("RCPT TO:<d@", "452 4.5.3 too many", OK),
                                on("RCPT TO:<e@", "552 too many recipients", OK))
                        .delivers("a", "b", "d", "e")
                        .fails("5.1.1", "550 5.1.1 no", "c")
                        .defers("temporary", "450 4.3.0 later", "b"),
                a("mix-no-pipelining")
                        .to("a", "b", "c")
                        .host(
                                offers("8BITMIME"),
                                on("RCPT TO:<a@", "550 5.1.1 no a"),
                                on("RCPT TO:<c@", "451 4.3.0 later", OK))
                        .delivers("b", "c")
                        .fails("5.1.1", "no a", "a"),
                a("mix-all-refused-354")
                        .to("a", "b")
                        .host(
                                offers("PIPELINING"),
                                on("RCPT", "550 5.1.1 no"),
                                on("DATA", "354 go on"))
                        .fails("5.1.1", "550 5.1.1 no")
                        .neverHears(1, "Subject"),
                a("mix-all-deferred-bdat")
                        .to("a", "b")
                        .host(on("RCPT", "451 4.3.0 x"))
                        .expires("451 4.3.0 x"),
                a("mix-failed-in-one-report")
                        .to("a", "b", "c")
                        .host(on("RCPT", "550 5.1.1 none of them"))
                        .fails("5.1.1", "none of them")
                        .reports("Final-Recipient: rfc822; a@", "rfc822; b@", "rfc822; c@"),
                a("mix-two-domains")
                        .to("a", "b@sub.{d}")
                        .zone("@ MX 1 mx1", "sub MX 1 mx2")
                        .host()
                        .host(on("RCPT", "550 5.1.1 no"))
                        .delivers("a")
                        .fails("5.1.1", "550", "b@sub.{d}"),
                a("mix-421-in-the-middle")
                        .to("a", "b", "c")
                        .host(on("RCPT TO:<b@", "421 4.3.2 closing{close}", OK))
                        .delivers());
    }

    private static List<Case> crowds() {
        return List.of(
                a("crowd-452")
                        .to("a", "b", "c", "d")
                        .host(
                                offers("PIPELINING"),
                                on("RCPT", OK, OK, "452 4.5.3 too many", "452 4.5.3 too many", OK))
                        .delivers()
                        .atOnce(),
                a("crowd-452-for-all")
                        .to("a", "b")
                        .host(on("RCPT", "452 4.5.3 too many"))
                        .expires("452 4.5.3 too many"),
                a("crowd-552-old")
                        .to("a", "b", "c")
                        .host(on("RCPT", OK, "552 too many", "552 too many", OK))
                        .delivers()
                        .atOnce(),
                a("crowd-one-at-a-time")
                        .to("a", "b", "c", "d", "e", "f")
                        .host(
                                on(
                                        "RCPT",
                                        OK,
                                        "452 4.5.3 x",
                                        "452 4.5.3 x",
                                        "452 4.5.3 x",
                                        "452 4.5.3 x",
                                        "452 4.5.3 x",
                                        OK,
                                        "452 4.5.3 x",
                                        "452 4.5.3 x",
                                        "452 4.5.3 x",
                                        "452 4.5.3 x",
                                        OK))
                        .delivers());
    }

    private static List<Case> replies() {
        return List.of(
                a("replies-too-few")
                        .to("a", "b")
                        .host(offers("PIPELINING"), on("RCPT TO:<b@", ""))
                        .expires("timed out in RCPT"),
                a("replies-too-few-once")
                        .to("a", "b")
                        .host(offers("PIPELINING"), on("RCPT TO:<b@", "", OK))
                        .delivers(),
                a("replies-too-many")
                        .to("a", "b")
                        .host(on("RCPT TO:<a@", "250 ok\r\n550 5.1.1 no"))
                        .check(
                                seen ->
                                        assertThat(seen.log())
                                                .noneMatch(e -> e.what().equals("delivered"))),
                a("replies-too-many-once")
                        .to("a", "b")
                        .host(
                                on("RCPT TO:<a@", "250 ok\r\n250 ok", OK),
                                on("END", "451 4.3.0 not yet", OK))
                        .delivers(),
                a("replies-two-to-mail")
                        .host(offers("PIPELINING"), on("MAIL", "250 ok\r\n250 ok"))
                        .expires("421 4.5.0 a reply to"),
                a("replies-in-pieces")
                        .host(on("RCPT", "25+{wait 100}0 2.1.5+{wait 100} ok"))
                        .delivers()
                        .atOnce(),
                a("replies-multi-line")
                        .host(on("RCPT", "250-2.1.5 yes\r\n250-2.1.5 he is\r\n250 2.1.5 here"))
                        .delivers()
                        .atOnce(),
                a("replies-line-of-9k")
                        .host(on("RCPT", "550 5.1.1 +{fill 9000 x}\r\n+"))
                        .fails("5.1.1", "550 5.1.1 xxxx"),
                a("replies-line-of-20k")
                        .host(on("RCPT", "550 5.1.1 +{fill 20000 x}\r\n+"))
                        .expires("a reply line without end"));
    }

    /** Texts that lead to another class than their code does. */
    private static List<Case> wordings() {
        return List.of(
                a("word-greylist")
                        .host(on("RCPT", "450 4.7.1 Greylisted", OK))
                        .delivers()
                        .defers("greylisted", "Greylisted"),
                a("word-greylist-hint")
                        .host(on("RCPT", "451 4.7.1 greylisted, try again in 300 seconds"))
                        .defers("greylisted", "300 seconds")
                        .expires("300 seconds")
                        .connections(1, 1, 2),
                a("word-rate")
                        .host(on("MAIL", "450 4.7.28 rate limit exceeded", OK))
                        .defers("rate", "4.7.28")
                        .delivers(),
                a("word-rate-tss")
                        .host(on("MAIL", "421 4.7.0 [TSS04] Messages deferred{close}", OK))
                        .defers("rate", "[TSS04]")
                        .delivers(),
                a("word-block-list")
                        .host(on("RCPT", "554 5.7.1 blocked using zen.spamhaus.org"))
                        .fails("5.7.1", "spamhaus"),
                a("word-recipient-is-spamhaus")
                        .to("spamhaus")
                        .host(on("RCPT", "550 5.1.1 <spamhaus@x> unknown"))
                        .fails("5.1.1", "unknown"),
                a("word-recipient-is-rate-limit")
                        .to("rate-limit")
                        .host(on("RCPT", "450 4.3.0 <rate-limit@x> later", OK))
                        .defers("temporary", "later")
                        .delivers(),
                a("word-recipient-is-too-many-connections")
                        .to("\"too many connections\"")
                        .host(on("RCPT", "450 4.1.1 <\"too many connections\"@x> unknown", OK))
                        .defers("temporary", "unknown"),
                a("word-recipient-is-greylist")
                        .to("greylist")
                        .host(on("RCPT", "450 4.3.0 <greylist@x> later", OK))
                        .defers("temporary", "later")
                        .delivers(),
                a("word-hint-in-temporary")
                        .host(on("RCPT", "451 4.3.0 please try again in 10 minutes"))
                        .expires("again in 10 minutes")
                        .connections(1, 1, 2));
    }
}
