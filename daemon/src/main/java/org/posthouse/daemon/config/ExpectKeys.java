package org.posthouse.daemon.config;

import org.posthouse.daemon.config.Section.Shape;
import org.posthouse.policy.IpAddress;
import org.posthouse.policy.Route.TlsMode;
import org.tomlj.TomlTable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings of tests that stand in the configuration. */
final class ExpectKeys {
    static final Key<String> CLIENT =
            Key.of(
                    "client",
                    Types.text(
                            "an IP address",
                            "such as \"203.0.113.9\"",
                            text -> Types.checked(text, IpAddress::parse)),
                    "none, it has to be given",
                    "The client's address.");
    static final Key<String> FROM =
            Key.of(
                    "from",
                    Types.ANY_TEXT,
                    "the null reverse-path",
                    "The reverse-path, as in MAIL between the angle brackets.");
    static final Key<String> ASKED_TO =
            Key.of(
                    "to",
                    Types.TEXT,
                    "none, it has to be given",
                    "The recipient, as in RCPT between the angle brackets.");
    static final Key<String> LOGIN =
            Key.of("login", Types.TEXT, "nobody", "Who has logged in; over TLS.");
    static final Key<Boolean> TLS =
            Key.of("tls", Types.FLAG, "false", "The client uses TLS, where it is offered.");
    static final Key<String> CERTIFICATE =
            Key.of(
                    "certificate",
                    Types.FINGERPRINT,
                    "none",
                    "The fingerprint of the certificate that the client shows, over TLS.");
    static final Key<String> HELO =
            Key.of("helo", Types.TEXT, "client.example", "What the client calls itself.");
    static final Key<Long> SIZE =
            Key.of("size", Types.SIZE, "not declared", "The size that the client declares.");
    static final Key<String> LISTENER =
            Key.of("listener", Types.TEXT, "the first that fits", "Where the client connects.");

    static final Section ASK_SECTION =
            new Section(
                    "ask",
                    Shape.INLINE,
                    "`ask` of a test",
                    "The question.",
                    List.of(CLIENT, FROM, ASKED_TO, LOGIN, TLS, CERTIFICATE, HELO, SIZE, LISTENER));
    static final Key<Table> ASK =
            Key.of(
                    "ask",
                    Types.table(ASK_SECTION, "{ client = \"…\", from = \"…\", to = \"…\" }"),
                    "none, it has to be given",
                    "The question, see below.");

    static final Key<String> ROUTE_NAME =
            Key.of("relay", Types.TEXT, "any", "Relayed, by the route of this name.");
    static final Key<String> RULE_NAME =
            Key.of("rule", Types.TEXT, "any", "Relayed, by the relay rule of this name.");
    static final Key<TlsMode> ROUTE_TLS =
            Key.of(
                    "tls",
                    OutboundKeys.ROUTE_TLS.type(),
                    "any",
                    "The route's `tls`, in its own words.");
    static final Key<String> REFUSE =
            Key.of("refuse", Types.TEXT, "any", "Refused with this code, such as `PH-R101`.");
    static final Key<Boolean> STORE = Key.of("store", Types.FLAG, "false", "Stored here.");

    static final Section ANSWER_SECTION =
            new Section(
                    "answer",
                    Shape.INLINE,
                    "`answer` of a test",
                    "The answer, where a word is not enough.",
                    List.of(ROUTE_NAME, RULE_NAME, ROUTE_TLS, REFUSE, STORE));

    private static final Map<String, Word> WORDS = words();

    static final Key<Expected> ANSWER =
            Key.of(
                    "answer",
                    new ValueType<>(
                            "`" + String.join("`, `", WORDS.keySet()) + "` or a table",
                            ExpectKeys::answer,
                            "{\"anyOf\":["
                                    + Schema.words(WORDS.keySet())
                                    + ","
                                    + Schema.of(ANSWER_SECTION)
                                    + "]}"),
                    "none, it has to be given",
                    "Refused; relayed; stored here (an alias' mail counts as stored); taken in"
                            + " whatever way. Or a table that says more, see below.");

    static final Section EXPECT =
            new Section(
                    "expect",
                    Shape.LIST,
                    "a test",
                    "Tests of this file: a question and its answer. `check` runs them, and a daemon"
                            + " neither starts with nor reloads a file that fails one. Each is a"
                            + " `posthouse explain`.",
                    List.of(ASK, ANSWER));

    private ExpectKeys() {}

    /** Answers in a word. */
    enum Word {
        REFUSE,
        RELAY,
        STORE,
        ACCEPT
    }

    /** An answer in a word, with more about it in a table, which may be empty. */
    record Expected(Word word, Table more) {}

    private static Map<String, Word> words() {
        var words = new LinkedHashMap<String, Word>();
        words.put("refuse", Word.REFUSE);
        words.put("relay", Word.RELAY);
        words.put("store", Word.STORE);
        words.put("accept", Word.ACCEPT);
        return words;
    }

    private static Optional<Expected> answer(RawValue raw) {
        var nothing = new Table("", raw.span(), Map.of());
        if (raw.value() instanceof TomlTable toml) {
            Table more = TableReader.read(ANSWER_SECTION, "", toml, raw.span(), raw.context());
            return Optional.of(new Expected(word(more), more));
        }
        Word word = WORDS.get(String.valueOf(raw.text()));
        return word == null
                ? raw.wrong(
                        "one of its words, or a table",
                        String.join(", ", WORDS.keySet()) + " or { relay = \"ROUTE\" }")
                : Optional.of(new Expected(word, nothing));
    }

    private static Word word(Table more) {
        if (more.has(REFUSE)) {
            return Word.REFUSE;
        }
        boolean relays = more.has(ROUTE_NAME) || more.has(RULE_NAME) || more.has(ROUTE_TLS);
        if (relays) {
            return Word.RELAY;
        }
        return more.get(STORE).orElse(false) ? Word.STORE : Word.ACCEPT;
    }
}
