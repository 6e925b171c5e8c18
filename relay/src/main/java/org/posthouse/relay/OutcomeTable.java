package org.posthouse.relay;

import static org.posthouse.relay.OutcomeRule.Point.CONNECT;
import static org.posthouse.relay.OutcomeRule.Point.CONTENT;
import static org.posthouse.relay.OutcomeRule.Point.MAIL;
import static org.posthouse.relay.OutcomeRule.Point.RCPT;

import java.util.List;

/**
 * The rules that we ship, in order; the last ones fit everything that is left. The texts are those
 * that hosts use. Before MAIL a host refuses us, not a message: that is its site's business,
 * whatever it says, but for a host that only has enough connections.
 */
final class OutcomeTable {
    /** The site's window. */
    private static final List<OutcomeRule> LIMITS =
            List.of(
                    OutcomeRule.of(ReplyClass.LIMIT)
                            .at(CONNECT, MAIL, RCPT)
                            .codes("421", "450", "451", "452")
                            .texts("too many connections", "too many concurrent")
                            .texts("too many sessions", "too many simultaneous")
                            .texts("too many open connections", "too many smtp sessions")
                            .texts("too many new tls sessions", "session limit")
                            .texts("connection limit", "connections exceeded")
                            .texts("concurrent connection", "concurrent smtp")
                            .texts("concurrent server connections", "connection rate limit")
                            .texts("connection frequency", "too many * connections from")
                            .texts("maximum number of connections", "connections per host"),
                    OutcomeRule.of(ReplyClass.NET).at(CONNECT));

    private static final List<OutcomeRule> RATES =
            List.of(
                    OutcomeRule.of(ReplyClass.BOX)
                            .codes("4xx")
                            .texts("receiving mail too quickly", "receiving mail at a rate"),
                    OutcomeRule.of(ReplyClass.RATE)
                            .codes("4xx")
                            .statuses("*.7.28", "*.7.500", "*.7.650", "*.7.651", "*.7.652")
                            .statuses("*.4.5"),
                    OutcomeRule.of(ReplyClass.RATE)
                            .codes("4xx")
                            .texts("rate limit", "rate-limit", "ratelimit", "unusual rate")
                            .texts("[tss04]", "[ts01]", "[ts02]", "[ts03]", "throttl")
                            .texts("too many messages", "too many emails", "too many mails")
                            .texts("too much mail", "unexpected volume", "sending too fast")
                            .texts("slow down", "message rate", "sending rate", "mail rate"),
                    OutcomeRule.of(ReplyClass.NET).at(MAIL).codes("421"));

    private static final List<OutcomeRule> RECIPIENTS =
            List.of(
                    OutcomeRule.of(ReplyClass.CROWDED).at(RCPT).codes("4xx").statuses("*.5.3"),
                    OutcomeRule.of(ReplyClass.CROWDED)
                            .at(RCPT)
                            .codes("452")
                            .texts("too many recipients"),
                    OutcomeRule.of(ReplyClass.BOX)
                            .at(RCPT)
                            .codes("452")
                            .statuses("none")
                            .texts("mailbox", "quota", "storage"),
                    OutcomeRule.of(ReplyClass.CROWDED).at(RCPT).codes("452").statuses("none"),
                    // what old hosts say for it (RFC 5321 section 4.5.3.1.10)
                    OutcomeRule.of(ReplyClass.CROWDED)
                            .at(RCPT)
                            .codes("552")
                            .statuses("none", "*.5.3"));

    private static final List<OutcomeRule> GREYLISTS =
            List.of(
                    OutcomeRule.of(ReplyClass.GREY)
                            .codes("4xx")
                            .texts("greylist", "graylist", "grey list", "grey-list")
                            .texts("gray list", "gray-list"),
                    OutcomeRule.of(ReplyClass.GREY).codes("450", "451").statuses("*.7.1"),
                    OutcomeRule.of(ReplyClass.GREY)
                            .codes("450", "451")
                            .texts("try again in", "retry in", "come back"));

    private static final List<OutcomeRule> MAILBOXES =
            List.of(
                    OutcomeRule.of(ReplyClass.BOX).codes("4xx").statuses("*.2.1", "*.2.2"),
                    OutcomeRule.of(ReplyClass.BOX).at(RCPT).codes("452").statuses("*.3.1"),
                    OutcomeRule.of(ReplyClass.BOX)
                            .at(RCPT, CONTENT)
                            .codes("4xx")
                            .texts("mailbox full", "mailbox is full", "mailbox size")
                            .texts("over quota", "overquota", "quota exceeded")
                            .texts("exceeded * quota", "out of storage", "full mailbox"));

    /** What is said of links in a message is not about who sent it. */
    private static final List<OutcomeRule> NAMES =
            List.of(
                    OutcomeRule.of(ReplyClass.PERM)
                            .codes("5xx")
                            .texts("uribl", "surbl", "dbl.spamhaus", "contains a url"),
                    OutcomeRule.of(ReplyClass.REP)
                            .codes("5xx")
                            .statuses("5.7.25", "5.7.606", "5.7.607", "5.7.608", "5.7.609")
                            .statuses("5.7.610", "5.7.511", "5.7.708"),
                    OutcomeRule.of(ReplyClass.REP)
                            .codes("5xx")
                            .texts("spamhaus", "spamcop", "barracudacentral", "sorbs.net")
                            .texts("ipcheck.proofpoint.com", "senderscore", "dnsbl")
                            .texts("blocked using", "client host * blocked", "your ip")
                            .texts("sending ip", "ip reputation", "ip address is black")
                            .texts("ip address is block", "poor reputation", "bad reputation")
                            .texts("reputation of the sending", "on our block list")
                            .texts("on our blocklist", "listed in our block", "reverse dns")
                            .texts("ptr record", "from this ip", "the ip you're using")
                            .texts("ip=* a problem occurred", "connections * not accepted from")
                            .texts("connections will not be accepted from"));

    private static final List<OutcomeRule> REST =
            List.of(
                    OutcomeRule.of(ReplyClass.TMP).codes("4xx"),
                    OutcomeRule.of(ReplyClass.PERM).codes("5xx"));

    /** All, in order. */
    static final List<OutcomeRule> RULES =
            List.of(LIMITS, RATES, RECIPIENTS, GREYLISTS, MAILBOXES, NAMES, REST).stream()
                    .flatMap(List::stream)
                    .toList();

    private OutcomeTable() {}
}
