package org.posthouse.daemon.config;

import org.posthouse.daemon.config.Section.Shape;
import org.posthouse.platform.DnsSettings.Dnssec;
import org.posthouse.policy.RelayLimit;
import org.posthouse.server.ContentRules.BareLineEnds;
import org.posthouse.server.ListenerSettings.Auth;
import org.posthouse.server.ListenerSettings.Protocol;
import org.posthouse.server.ListenerSettings.Tls;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every setting there is, once: the reader, the messages and the reference page are made from it.
 */
final class Model {
    private static final int RECIPIENTS_MIN = 100;
    private static final int MANY = 1_000_000;

    static final String OPEN_RELAY_WORDS = "yes, I understand";

    static final Key<String> HOSTNAME =
            Key.of(
                    "hostname",
                    Types.HOST_NAME,
                    "the machine's name",
                    "Our name in greetings, EHLO, Received fields and reports.");
    static final Key<Path> DATA =
            Key.of(
                    "data",
                    Types.FOLDER,
                    "posthouse-data",
                    "The folder of the queue, and of local mail unless [store] says otherwise.");

    static final Key<Bind> BIND =
            Key.of(
                    "bind",
                    Types.BIND,
                    "none, it has to be given",
                    "The address and port to listen on; port 25 when only an address is given. Or"
                            + " a Unix-domain socket, whose clients count as those of 127.0.0.1.");
    static final Key<String> SOCKET_MODE =
            Key.of(
                    "socket_mode",
                    Types.MODE,
                    "0600",
                    "The mode of the Unix-domain socket: who may write to it may connect.");
    static final Key<Protocol> PROTOCOL =
            Key.of(
                    "protocol",
                    Types.choice(words("smtp", Protocol.SMTP, "lmtp", Protocol.LMTP), List.of()),
                    "smtp",
                    "LMTP (RFC 2033) has one reply for each recipient behind the content; never on"
                            + " port 25.");
    static final Key<Tls> LISTENER_TLS =
            Key.of(
                    "tls",
                    Types.choice(
                            words(
                                    "off", Tls.OFF,
                                    "offer", Tls.OFFER,
                                    "require", Tls.REQUIRE,
                                    "implicit", Tls.IMPLICIT),
                            List.of()),
                    "offer with a certificate, else off",
                    "STARTTLS is not there, offered or required; or TLS from the first octet.");
    static final Key<Auth> LISTENER_AUTH =
            Key.of(
                    "auth",
                    Types.choice(
                            words(
                                    "off", Auth.OFF,
                                    "optional", Auth.OPTIONAL,
                                    "required", Auth.REQUIRED),
                            List.of()),
                    "off",
                    "Logins; never offered on clear text.");
    static final Key<String> LISTENER_HOSTNAME =
            Key.of("hostname", Types.HOST_NAME, "the top-level one", "Our name on this listener.");

    static final Key<Boolean> CLIENT_CERTIFICATE =
            Key.of(
                    "client_certificate",
                    Types.choice(words("off", false, "ask", true), List.of()),
                    "off",
                    "Clients are asked for a certificate, which they need not have; relay rules may"
                            + " go by it.");
    static final Key<Boolean> EARLY_TALK =
            Key.of(
                    "early_talk",
                    Types.choice(words("refuse", true, "accept", false), List.of()),
                    "refuse",
                    "Clients that talk before it is their turn: before the greeting, behind HELO,"
                            + " EHLO or DATA before its reply, or behind any command where"
                            + " PIPELINING was not offered. Not those of this machine, nor"
                            + " `clients_exempt`, nor who has logged in.");
    static final Key<Boolean> HELLO =
            Key.of(
                    "hello",
                    Types.choice(words("required", true, "optional", false), List.of()),
                    "required",
                    "Whether MAIL needs HELO, EHLO or LHLO before it.");
    static final Key<Duration> GREETING_PAUSE =
            Key.of(
                    "greeting_pause",
                    Types.PAUSE,
                    "0s",
                    "How long such clients wait for the greeting, so that those who do not wait are"
                            + " seen; 1m at most.");

    static final Key<String> COMPLETE_WITH =
            Key.of(
                    "complete_with",
                    Types.HOST_NAME,
                    "none: such addresses are refused",
                    "The domain of addresses in MAIL and RCPT that a client who has logged in gives"
                            + " without one.");

    static final Key<List<String>> XCLIENT =
            Key.of(
                    "xclient",
                    Types.NETWORKS,
                    "none",
                    "Networks of our own front ends, which may say by XCLIENT whose session they"
                            + " pass on, and as whom that client has logged in. Nobody else may.");
    static final Key<List<String>> PROXY =
            Key.of(
                    "proxy",
                    Types.NETWORKS,
                    "none",
                    "Networks of our own proxies. They begin each connection with a PROXY header"
                            + " (version 1 or 2), and the client is whom it names: for rules,"
                            + " limits and Received fields.");

    static final Key<Path> CERTIFICATE =
            Key.of(
                    "certificate",
                    Sources.FILE,
                    "none",
                    "The certificate chain in PEM, our own certificate first.");
    static final Key<Path> CERTIFICATE_KEY =
            Key.of("key", Sources.FILE, "none", "Its private key in PEM (PKCS #8).");

    static final Key<List<String>> LOCAL =
            Key.of(
                    "local",
                    Types.DOMAINS,
                    "none",
                    "Domains whose mail is stored here, never relayed.");
    static final Key<List<String>> RELAYED =
            Key.of(
                    "relayed",
                    Types.DOMAINS,
                    "none",
                    "Domains whose mail is accepted from anyone and passed on by the matching"
                            + " route.");
    static final Key<Path> RECIPIENTS =
            Key.of(
                    "recipients",
                    Sources.FILE,
                    "every local part is accepted",
                    "The known addresses of both, one a line. `ada@shop.example` covers"
                            + " `ada+tag@shop.example` too; postmaster is always known.");

    static final Key<Path> ALIASES =
            Key.of(
                    "aliases",
                    Sources.FILE,
                    "none",
                    "Lines `info@shop.example: ada@shop.example, bob@far.example`: addresses of"
                            + " local domains that stand for others, ours or not. `@shop.example:"
                            + " ada@shop.example` takes what is for no recipient.");

    static final Key<String> RELAY_NAME =
            Key.of("name", Types.TEXT, "rule-N", "For logs and explanations.");
    static final Key<List<String>> CLIENTS =
            Key.of(
                    "clients",
                    Types.NETWORKS,
                    "no condition",
                    "The client's address is in one of these networks; an empty list matches"
                            + " nobody.");
    static final Key<Boolean> RELAY_AUTH =
            Key.of("auth", Types.FLAG, "false", "The client has logged in.");
    static final Key<List<String>> CERTIFICATES =
            Key.of(
                    "certificates",
                    Types.FINGERPRINTS,
                    "no condition",
                    "The client shows one of these certificates (SHA-256 fingerprints), on a"
                            + " listener with `client_certificate = \"ask\"`; an empty list matches"
                            + " nobody.");
    static final Key<List<String>> SENDERS =
            Key.of(
                    "senders",
                    Types.PATTERNS,
                    "no condition",
                    "The reverse-path fits one of these patterns; an empty list matches nobody.");
    static final Key<Boolean> SEND_AS =
            Key.of(
                    "send_as",
                    Types.choice(words("any", false, "own", true), List.of()),
                    "any",
                    "Which reverse-paths a login may use; `own`: the address that it is, those of"
                            + " its `send_as=` in the users' file, and the null one of reports.");
    static final Key<RelayLimit> RELAY_LIMIT =
            Key.of(
                    "limit",
                    Types.RELAY_LIMIT,
                    "no limit",
                    "The most recipients that it grants in any period of this length, all clients"
                            + " together, whether their messages come or not; then clients hear"
                            + " `451 4.7.1` (PH-R106) and no later rule is asked. A restart begins"
                            + " anew.");
    static final Key<Boolean> OPEN =
            Key.of(
                    "open_relay",
                    Types.choice(words(OPEN_RELAY_WORDS, true), List.of()),
                    "not open",
                    "In exactly these words: this rule may be open to the whole internet.");

    static final Key<Format> FORMAT =
            Key.of(
                    "format",
                    Types.choice(
                            words(
                                    "maildir", Format.MAILDIR,
                                    "mbox", Format.MBOX,
                                    "discard", Format.DISCARD),
                            List.of()),
                    "maildir",
                    "One Maildir an address; one mbox file for all; thrown away.");
    static final Key<Path> STORE_PATH =
            Key.of(
                    "path",
                    Types.FOLDER,
                    "DATA/mail; of an mbox DATA/mail.mbox",
                    "The folder that holds DOMAIN/LOCALPART, or the mbox file.");

    static final Key<List<InetSocketAddress>> SERVERS =
            Key.of(
                    "servers",
                    Types.DNS_SERVERS,
                    "the system's",
                    "Name servers; port 53 unless given.");
    static final Key<Duration> DNS_TIMEOUT =
            Key.of("timeout", Types.DURATION, "5s", "For one question with all its tries.");
    static final Key<Dnssec> DNSSEC =
            Key.of(
                    "dnssec",
                    Types.choice(
                            words(
                                    "loopback", Dnssec.LOOPBACK,
                                    "trust", Dnssec.TRUST,
                                    "off", Dnssec.OFF),
                            List.of()),
                    "loopback",
                    "Whose word on DNSSEC counts, which DANE needs: that of name servers on"
                            + " loopback addresses; of all, where the way to them is safe; of"
                            + " none. They have to check signatures, as unbound does.");

    static final Key<Long> MESSAGE_SIZE =
            Key.of(
                    "message_size",
                    Types.SIZE,
                    "50MB",
                    "The largest message, also announced as SIZE.");
    static final Key<Long> RECIPIENTS_MAX =
            Key.of("recipients", Types.count(RECIPIENTS_MIN, MANY), "1000", "In one transaction.");
    static final Key<Long> CONNECTIONS =
            Key.of(
                    "connections",
                    Types.count(1, MANY),
                    "10000",
                    "Open at the same time, each listener.");
    static final Key<Long> CONNECTIONS_PER_CLIENT =
            Key.of(
                    "connections_per_client",
                    Types.count(1, MANY),
                    "100",
                    "Of one client address (IPv6: of one /64).");

    static final Key<Long> CONNECTIONS_PER_MINUTE =
            Key.of(
                    "connections_per_minute",
                    Types.count(1, MANY),
                    "no limit",
                    "Of one client address (IPv6: of one /64).");
    static final Key<Long> MESSAGES_PER_MINUTE =
            Key.of("messages_per_minute", Types.count(1, MANY), "no limit", "The same.");
    static final Key<Long> RECIPIENTS_PER_MINUTE =
            Key.of("recipients_per_minute", Types.count(1, MANY), "no limit", "The same.");

    static final Key<List<String>> CLIENTS_EXEMPT =
            Key.of(
                    "clients_exempt",
                    Types.NETWORKS,
                    "none",
                    "Networks without the limits of one client, without stricter ones under stress,"
                            + " and without the delay after a wrong login (never without the relay"
                            + " rules).");

    static final Key<BareLineEnds> BARE_LINE_ENDS =
            Key.of(
                    "bare_line_ends",
                    Types.choice(
                            words(
                                    "normalise",
                                    BareLineEnds.NORMALISE,
                                    "refuse",
                                    BareLineEnds.REFUSE),
                            List.of()),
                    "normalise",
                    "A CR or LF that stands alone becomes CRLF before it is stored, or the message"
                            + " is refused.");
    static final Key<Boolean> NUL =
            Key.of(
                    "nul",
                    Types.choice(words("accept", false, "refuse", true), List.of()),
                    "accept",
                    "Messages with NUL octets.");
    static final Key<Boolean> EIGHT_BIT =
            Key.of(
                    "eight_bit",
                    Types.choice(words("accept", false, "refuse", true), List.of()),
                    "accept",
                    "Octets above 127 in a message that was declared neither BODY=8BITMIME nor"
                            + " SMTPUTF8.");
    static final Key<Boolean> BINARYMIME =
            Key.of(
                    "binarymime",
                    Types.FLAG,
                    "false",
                    "BINARYMIME is offered; such mail leaves only by hosts that have it, too.");

    static final Key<Duration> SERVER_COMMAND =
            Key.of("server_command", Types.DURATION, "5m", "For each command line of a client.");
    static final Key<Duration> SERVER_TRANSACTION =
            Key.of(
                    "server_transaction",
                    Types.DURATION,
                    "30m",
                    "For a transaction, from MAIL to the beginning of its content.");
    static final Key<Duration> SERVER_DATA =
            Key.of(
                    "server_data",
                    Types.DURATION,
                    "10m",
                    "For a message as a whole, plus its size at 1 KiB/s.");
    static final Key<Duration> CLIENT_CONNECT =
            Key.of("client_connect", Types.DURATION, "30s", "To connect to a next hop.");
    static final Key<Duration> CLIENT_GREETING =
            Key.of("client_greeting", Types.DURATION, "5m", "For its greeting.");
    static final Key<Duration> CLIENT_COMMAND =
            Key.of("client_command", Types.DURATION, "5m", "For its reply to a command.");
    static final Key<Duration> CLIENT_DATA_BLOCK =
            Key.of("client_data_block", Types.DURATION, "3m", "For each block of content.");
    static final Key<Duration> CLIENT_DATA_END =
            Key.of("client_data_end", Types.DURATION, "10m", "For its reply to the content.");

    static final Section ROOT =
            new Section(
                    "",
                    Shape.ROOT,
                    "the top level",
                    "The top of the file.",
                    List.of(HOSTNAME, DATA));
    static final Section LISTENER =
            new Section(
                    "listener",
                    Shape.NAMED,
                    "a listener",
                    "Where mail comes in; any number, each with a name of its own.",
                    List.of(
                            BIND,
                            SOCKET_MODE,
                            PROTOCOL,
                            LISTENER_TLS,
                            LISTENER_AUTH,
                            LISTENER_HOSTNAME,
                            EARLY_TALK,
                            GREETING_PAUSE,
                            HELLO,
                            PROXY,
                            XCLIENT,
                            CLIENT_CERTIFICATE,
                            COMPLETE_WITH));
    static final Section TLS =
            new Section(
                    "tls",
                    Shape.SINGLE,
                    "[tls]",
                    "What listeners show to clients.",
                    List.of(CERTIFICATE, CERTIFICATE_KEY));
    static final Section MORE_CERTIFICATES =
            new Section(
                    "certificate",
                    Shape.LIST,
                    "a certificate",
                    "Further certificates, for clients that ask for one of their names (SNI); the"
                        + " one of [tls] is for all others. Files that have changed are read again"
                        + " within ten seconds.",
                    List.of(CERTIFICATE, CERTIFICATE_KEY));
    static final Section DOMAINS =
            new Section(
                    "domains",
                    Shape.SINGLE,
                    "[domains]",
                    "What is ours.",
                    List.of(LOCAL, RELAYED, RECIPIENTS, ALIASES));
    static final Section RELAY =
            new Section(
                    "relay",
                    Shape.LIST,
                    "a relay rule",
                    "Who may send to the outside. All conditions of a rule must hold, the first"
                            + " rule that matches counts; without a rule nothing leaves.",
                    List.of(
                            RELAY_NAME,
                            CLIENTS,
                            RELAY_AUTH,
                            CERTIFICATES,
                            SENDERS,
                            SEND_AS,
                            RELAY_LIMIT,
                            OPEN));
    static final Section STORE =
            new Section(
                    "store",
                    Shape.SINGLE,
                    "[store]",
                    "Where local mail is kept.",
                    List.of(FORMAT, STORE_PATH));
    static final Section DNS =
            new Section(
                    "dns",
                    Shape.SINGLE,
                    "[dns]",
                    "Who is asked.",
                    List.of(SERVERS, DNS_TIMEOUT, DNSSEC));
    static final Section LIMITS =
            new Section(
                    "limits",
                    Shape.SINGLE,
                    "[limits]",
                    "Bounds of sessions.",
                    List.of(
                            MESSAGE_SIZE,
                            RECIPIENTS_MAX,
                            CONNECTIONS,
                            CONNECTIONS_PER_CLIENT,
                            CONNECTIONS_PER_MINUTE,
                            MESSAGES_PER_MINUTE,
                            RECIPIENTS_PER_MINUTE,
                            CLIENTS_EXEMPT));
    static final Section CONTENT =
            new Section(
                    "content",
                    Shape.SINGLE,
                    "[content]",
                    "What messages may hold.",
                    List.of(BARE_LINE_ENDS, NUL, EIGHT_BIT, BINARYMIME));
    static final Key<List<String>> DISCARDED =
            Key.of(
                    "keywords",
                    Types.list("a list of keywords", Types.TEXT),
                    "none",
                    "Such as `CHUNKING`, `STARTTLS`, `DSN`, `SMTPUTF8`, `PIPELINING`.");
    static final Section DISCARD =
            new Section(
                    "discard",
                    Shape.LIST,
                    "a discard",
                    "Keywords of EHLO that some clients are not told of, and can't use.",
                    List.of(CLIENTS, DISCARDED));
    static final Section TIMEOUTS =
            new Section(
                    "timeouts",
                    Shape.SINGLE,
                    "[timeouts]",
                    "Absolute, each step its own (RFC 5321 section 4.5.3.2).",
                    List.of(
                            SERVER_COMMAND,
                            SERVER_TRANSACTION,
                            SERVER_DATA,
                            CLIENT_CONNECT,
                            CLIENT_GREETING,
                            CLIENT_COMMAND,
                            CLIENT_DATA_BLOCK,
                            CLIENT_DATA_END));

    /** In the order of the reference page. */
    static final List<Section> SECTIONS =
            List.of(
                    ROOT,
                    LISTENER,
                    TLS,
                    MORE_CERTIFICATES,
                    DOMAINS,
                    RELAY,
                    OutboundKeys.ROUTE,
                    TokenKeys.TOKENS,
                    SharingKeys.DELIVERY,
                    SharingKeys.PROVIDER,
                    SharingKeys.TENANT,
                    STORE,
                    LoginKeys.AUTHENTICATION,
                    LoginKeys.OAUTH,
                    DNS,
                    LIMITS,
                    CONTENT,
                    DISCARD,
                    TIMEOUTS,
                    OutboundKeys.RETRY,
                    OutboundKeys.OUTCOME,
                    JournalKeys.JOURNAL,
                    notYet("fence", Shape.SINGLE),
                    notYet("brake", Shape.SINGLE),
                    notYet("console", Shape.SINGLE),
                    WatchKeys.METRICS,
                    WatchKeys.LOG,
                    notYet("webhook", Shape.LIST),
                    ExpectKeys.EXPECT);

    private Model() {}

    /** The section of that name. */
    static Optional<Section> section(String name) {
        return SECTIONS.stream()
                .filter(s -> s.shape() != Shape.ROOT && s.name().equals(name))
                .findFirst();
    }

    static List<String> sectionNames() {
        return SECTIONS.stream().map(Section::name).filter(name -> !name.isEmpty()).toList();
    }

    private static Section notYet(String name, Shape shape) {
        return new Section(name, shape, "[" + name + "]", "", List.of());
    }

    /** Pairs of a word and its value. */
    static <T> Map<String, T> words(Object... pairs) {
        var words = new LinkedHashMap<String, T>();
        for (int i = 0; i < pairs.length; i += 2) {
            @SuppressWarnings("unchecked") // pairs of a word and its value, see above
            T value = (T) pairs[i + 1];
            words.put((String) pairs[i], value);
        }
        return words;
    }

    /** The forms of the local store. */
    enum Format {
        MAILDIR,
        MBOX,
        DISCARD
    }
}
