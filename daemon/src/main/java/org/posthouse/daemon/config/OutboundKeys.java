package org.posthouse.daemon.config;

import static org.posthouse.daemon.config.Model.words;

import org.posthouse.daemon.config.Section.Shape;
import org.posthouse.policy.Route.Streaming;
import org.posthouse.policy.Route.TlsMode;
import org.posthouse.relay.OutcomeRule.Point;
import org.posthouse.relay.ReplyClass;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The settings of mail that leaves: routes and retries. */
final class OutboundKeys {
    static final Key<String> ROUTE_NAME =
            Key.of("name", Types.TEXT, "route-N", "For logs and explanations.");
    static final Key<List<String>> TO =
            Key.of("to", Types.PATTERNS, "*", "Recipients that this route is for.");
    static final Key<List<String>> FROM =
            Key.of(
                    "from",
                    Types.PATTERNS,
                    "no condition",
                    "The reverse-path fits one of these patterns (the null one of reports fits `*`"
                            + " only); an empty list matches nobody.");
    static final Key<List<String>> LOGIN =
            Key.of(
                    "login",
                    Types.list("a list of logins", Types.TEXT),
                    "no condition",
                    "The message was sent by one of these logins, `*` for any; an empty list"
                            + " matches nobody.");
    static final Key<Way> VIA =
            Key.of(
                    "via",
                    Types.choice(
                            words(
                                    "mx", Way.MX,
                                    "smarthost", Way.SMARTHOST,
                                    "lmtp", Way.LMTP,
                                    "store", Way.STORE,
                                    "discard", Way.DISCARD,
                                    "refuse", Way.REFUSE),
                            List.of()),
                    "mx",
                    "By MX records; to a host that is given; by LMTP to a mail store; into the"
                            + " local store; thrown away; refused. Mail for local domains takes a"
                            + " route by LMTP whose `to` names them by another pattern than `*`,"
                            + " and no other route.");
    static final Key<String> HOST =
            Key.of(
                    "host",
                    HostKeys.ENDPOINT,
                    "none",
                    "The smarthost or mail store; its name is looked up by A and AAAA, never MX."
                            + " Or its Unix-domain socket, by default without TLS.");
    static final Key<Long> PORT =
            Key.of(
                    "port",
                    Types.port(),
                    "25, of LMTP 24",
                    "The port that MX hosts are asked on, and that of a host that is given without"
                            + " one.");
    static final Key<TlsMode> ROUTE_TLS =
            Key.of(
                    "tls",
                    HostKeys.TLS_MODE,
                    "auto",
                    "Never; where offered; needed; needed with a valid certificate; from the first"
                        + " octet; needed with DANE; needed with MTA-STS. `auto`: DANE where the"
                        + " next hop has published it, else MTA-STS where its domain has, else"
                        + " where offered; with `auth` at least as with `verify`. Mail whose header"
                        + " says `TLS-Required: No` takes `auto`, without `auth`, for where"
                        + " offered.");
    static final Key<Table> AUTH =
            Key.of(
                    "auth",
                    Types.table(OutLoginKeys.SECTION),
                    "none",
                    "A login at the next hop, see below.");
    static final Key<Path> CERTIFICATE =
            Key.of(
                    "certificate",
                    Sources.FILE,
                    "none",
                    "A certificate chain in PEM, our own first, that is shown to next hops which"
                            + " ask for one in the handshake of TLS. Hosts that are given get no"
                            + " mail in clear text then, unless `tls` is `off`. Files that have"
                            + " changed are read again within ten seconds.");
    static final Key<List<Table>> HOSTS =
            Key.of(
                    "hosts",
                    HostKeys.LIST,
                    "the one of `host`",
                    "Several of them, each as with `host`, or a table; see below. One that could"
                            + " not be talked to is asked last for a while.");
    static final Key<Boolean> INTERNAL =
            Key.of(
                    "internal",
                    Types.FLAG,
                    "false",
                    "MX answers may be loopback, link-local or private addresses.");
    static final Key<Streaming> STREAMING =
            Key.of(
                    "streaming",
                    Types.choice(
                            words(
                                    "off", Streaming.OFF,
                                    "learned", Streaming.LEARNED,
                                    "trusted", Streaming.TRUSTED),
                            List.of()),
                    "learned",
                    "Whether content leaves together with its envelope, ahead of the replies to"
                        + " that, where hosts offer PIPELINING and CHUNKING: never; once a host has"
                        + " taken a message well; from the first message on, for hosts that are"
                        + " known not to take content for commands.");
    static final Key<Long> MAX_CONNECTIONS =
            Key.of(
                    "max_connections",
                    Types.count(1, 10_000),
                    "20",
                    "Connections to one next hop at the same time.");
    static final Key<Long> MESSAGES_PER_MINUTE =
            Key.of(
                    "messages_per_minute",
                    Types.count(1, 1_000_000),
                    "no limit",
                    "Messages to one next hop, spread over the minute. Where a host says that we"
                            + " are too fast, fewer go by themselves.");

    static final Section ROUTE =
            new Section(
                    "route",
                    Shape.LIST,
                    "a route",
                    "How outside mail leaves; the first of which all conditions hold counts."
                        + " Without a route: by MX records. A route lets nobody relay: [[relay]]"
                        + " does.",
                    List.of(
                            ROUTE_NAME,
                            TO,
                            FROM,
                            LOGIN,
                            VIA,
                            HOST,
                            HOSTS,
                            PORT,
                            ROUTE_TLS,
                            AUTH,
                            CERTIFICATE,
                            Model.CERTIFICATE_KEY,
                            INTERNAL,
                            SourceKeys.SOURCE,
                            SourceKeys.HELO,
                            SourceKeys.SOURCES,
                            MAX_CONNECTIONS,
                            MESSAGES_PER_MINUTE,
                            STREAMING));

    static final Key<List<Duration>> LADDER =
            Key.of(
                    "ladder",
                    Types.DELAYS,
                    "5m 10m 20m 40m 80m 160m 4h",
                    "Delays in order, the last repeats; jitter 20 %. Replaces the schedule of every"
                            + " kind of failure; but what a host asks for, and 15 minutes for a"
                            + " message that was perhaps delivered, are waited for.");
    static final Key<Duration> GIVE_UP_AFTER =
            Key.of("give_up_after", Types.WAIT, "5d", "A message that old expires.");
    static final Key<Duration> REPORTS_GIVE_UP_AFTER =
            Key.of(
                    "reports_give_up_after",
                    Types.WAIT,
                    "1d",
                    "A report of ours that old expires; at most `give_up_after`.");
    static final Key<Duration> WARN_AFTER =
            Key.of(
                    "warn_after",
                    Types.WAIT,
                    "4h",
                    "A message that old is reported as delayed, once; at or beyond"
                            + " `give_up_after`: never.");
    static final Key<Duration> IDLE_WAIT =
            Key.of("idle_wait", Types.WAIT, "0s", "Before the first attempt.");
    static final Key<Duration> PROBE_FIRST =
            Key.of(
                    "probe_first",
                    Types.DURATION,
                    "30s",
                    "A next hop that can't be reached is probed after this, doubling.");
    static final Key<Duration> PROBE_MAX =
            Key.of("probe_max", Types.DURATION, "5m", "At most this apart.");
    static final Key<Duration> PROBE_MAX_LATER =
            Key.of(
                    "probe_max_later",
                    Types.DURATION,
                    "30m",
                    "The same once a next hop could not be reached for a day; at least"
                            + " `probe_max`.");

    static final Key<Boolean> BAD_NAME =
            Key.of(
                    "bad_name",
                    Types.choice(words("fail", true, "defer", false), List.of()),
                    "fail",
                    "Mail that a host refuses because our address is on a block list fails at once,"
                            + " or waits until it expires.");

    static final Key<String> COPY_FAILURES_TO =
            Key.of(
                    "copy_failures_to",
                    Types.text(
                            "an address",
                            "such as \"postmaster@shop.example\"",
                            OutcomeKeys::address),
                    "nobody",
                    "Gets a report, too, of everything that could not be delivered, whoever sent"
                            + " it; not of our own reports.");

    static final Key<List<Point>> AT =
            Key.of(
                    "at",
                    Types.some(
                            "a list of stages",
                            Types.choice(
                                    words(
                                            "connect", Point.CONNECT,
                                            "mail", Point.MAIL,
                                            "rcpt", Point.RCPT,
                                            "content", Point.CONTENT),
                                    List.of())),
                    "anywhere",
                    "How far the conversation had come.");
    static final Key<List<String>> REPLY_CODES =
            Key.of(
                    "codes",
                    Types.some(
                            "a list of reply codes",
                            Types.text(
                                    "a reply code",
                                    "such as \"421\", \"45x\" or \"5xx\"",
                                    OutcomeKeys::code)),
                    "any",
                    "Of 4yz and 5yz; `x` is any digit.");
    static final Key<List<String>> STATUSES =
            Key.of(
                    "statuses",
                    Types.some(
                            "a list of enhanced status codes",
                            Types.text(
                                    "an enhanced status code",
                                    "such as \"4.7.28\", \"*.7.*\" or \"none\"",
                                    OutcomeKeys::status)),
                    "any",
                    "`*` is any number; `none`: the reply has none.");
    static final Key<List<String>> TEXTS =
            Key.of(
                    "texts",
                    Types.some(
                            "a list of texts",
                            Types.text(
                                    "a part of a reply's text",
                                    "such as \"client host * blocked\", of 200 characters at most",
                                    OutcomeKeys::text)),
                    "any",
                    "Found anywhere in the reply, in upper or lower case; `*` is any text"
                            + " between.");
    static final Key<ReplyClass> CLASS =
            Key.of(
                    "class",
                    Types.choice(OutcomeKeys.classes(), List.of()),
                    "none, it has to be given",
                    "The host can't be talked to; takes no more connections; finds us too fast;"
                            + " greylists; has a full mailbox; refuses for now; takes fewer"
                            + " recipients at a time; has our address on a list; refuses for good;"
                            + " perhaps took it.");

    static final Section OUTCOME =
            new Section(
                    "outcome",
                    Shape.LIST,
                    "an outcome rule",
                    "What refusals of next hops mean, asked before the rules that are built in. All"
                            + " conditions of a rule must hold, one of each list; the first rule"
                            + " that fits counts.",
                    List.of(AT, REPLY_CODES, STATUSES, TEXTS, CLASS));

    static final Section RETRY =
            new Section(
                    "retry",
                    Shape.SINGLE,
                    "[retry]",
                    "When deferred mail is tried again.",
                    List.of(
                            LADDER,
                            GIVE_UP_AFTER,
                            REPORTS_GIVE_UP_AFTER,
                            WARN_AFTER,
                            IDLE_WAIT,
                            PROBE_FIRST,
                            PROBE_MAX,
                            PROBE_MAX_LATER,
                            BAD_NAME,
                            COPY_FAILURES_TO));

    private OutboundKeys() {}

    /** The ways of a route. */
    enum Way {
        MX,
        SMARTHOST,
        LMTP,
        STORE,
        DISCARD,
        REFUSE
    }
}
