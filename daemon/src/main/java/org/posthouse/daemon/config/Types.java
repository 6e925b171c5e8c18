package org.posthouse.daemon.config;

import org.posthouse.policy.AddressPattern;
import org.posthouse.policy.IpAddress;
import org.posthouse.policy.IpNetwork;
import org.posthouse.policy.RelayLimit;
import org.posthouse.server.Lockout;
import org.posthouse.server.Mechanism;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The types of values. */
final class Types {
    private static final int DNS_PORT = 53;
    static final int SMTP_PORT = 25;
    private static final int PORT_MAX = 65_535;
    private static final String UNIX = "unix:";

    static final ValueType<String> TEXT =
            text(
                    "a text",
                    "in quotes",
                    text -> text.isEmpty() ? Optional.empty() : Optional.of(text));
    static final ValueType<String> ANY_TEXT = text("a text", "in quotes", Optional::of);
    static final ValueType<String> HOST_NAME =
            text("a host name", "such as \"mail.shop.example\"", Types::hostName);
    static final ValueType<List<String>> DOMAINS =
            list("a list of domains", text("a domain", "such as \"shop.example\"", Types::domain));
    static final ValueType<Path> FOLDER =
            new ValueType<>(
                    "a path",
                    raw -> {
                        String text = raw.text();
                        return text == null || text.isEmpty()
                                ? raw.wrong("a path", "in quotes")
                                : Optional.of(raw.context().resolve(text));
                    });
    static final ValueType<Boolean> FLAG =
            new ValueType<>(
                            "true or false",
                            raw ->
                                    raw.value() instanceof Boolean flag
                                            ? Optional.of(flag)
                                            : raw.wrong("true or false", "without quotes"))
                    .as("{\"type\":\"boolean\"}");
    private static final String DURATION_EXAMPLE =
            "such as \"500ms\", \"30s\", \"5m\", \"4h\" or \"5d\"";
    static final ValueType<Duration> DURATION =
            text(
                    "a duration above zero",
                    DURATION_EXAMPLE,
                    text -> Quantity.duration(text).filter(Duration::isPositive));
    static final ValueType<Duration> PAUSE =
            text(
                    "a duration of at most 1m",
                    DURATION_EXAMPLE,
                    text ->
                            Quantity.duration(text)
                                    .filter(d -> d.compareTo(Duration.ofMinutes(1)) <= 0));
    static final ValueType<Duration> WAIT =
            text("a duration", DURATION_EXAMPLE, Quantity::duration);
    static final ValueType<LocalDate> DATE =
            text("a date in quotes", "such as \"2026-03-01\"", Types::date);
    static final ValueType<List<Duration>> DELAYS =
            list(
                    "a list of durations",
                    text(
                            "durations of a second or more",
                            DURATION_EXAMPLE,
                            text ->
                                    Quantity.duration(text)
                                            .filter(d -> d.compareTo(Duration.ofSeconds(1)) >= 0)));
    static final ValueType<Long> SIZE =
            new ValueType<>(
                            "a size",
                            raw -> {
                                Optional<Long> size =
                                        raw.value() instanceof Long octets && octets > 0
                                                ? Optional.of(octets)
                                                : Quantity.size(String.valueOf(raw.text()));
                                return size.isPresent()
                                        ? size
                                        : raw.wrong(
                                                "a size",
                                                "such as \"50MB\", \"10MiB\" or a number of"
                                                        + " octets");
                            })
                    .as("{\"type\":[\"integer\",\"string\"]}");
    static final ValueType<List<String>> NETWORKS =
            list(
                    "a list of networks",
                    text(
                            "a network",
                            "such as \"10.20.0.0/16\", \"2001:db8::/32\" or one address",
                            text -> checked(text, IpNetwork::parse)));
    static final ValueType<List<String>> PATTERNS =
            list(
                    "a list of address patterns",
                    text(
                            "an address pattern",
                            "\"*\", \"*@domain\", \"*@*.domain\" or \"user@domain\"",
                            text -> checked(text, AddressPattern::new)));
    static final ValueType<String> FINGERPRINT =
            text(
                    "a SHA-256 fingerprint",
                    "64 digits of hex, with or without colons",
                    text ->
                            Optional.of(text)
                                    .filter(t -> t.replace(":", "").matches("[0-9A-Fa-f]{64}")));
    static final ValueType<List<String>> FINGERPRINTS = list("a list of fingerprints", FINGERPRINT);
    static final ValueType<List<Mechanism>> MECHANISMS =
            list(
                    "a list of mechanisms",
                    text(
                            "a mechanism",
                            "one of "
                                    + String.join(
                                            ", ",
                                            Stream.of(Mechanism.values())
                                                    .map(Mechanism::word)
                                                    .toList()),
                            Types::mechanism));
    static final ValueType<RelayLimit> RELAY_LIMIT =
            text(
                    "a count in a time of at most 366d",
                    "such as \"20000/hour\" or \"50 in 10m\"",
                    RelayLimits::parse);
    static final ValueType<Lockout> LOCKOUT =
            text("a count in a time", "such as \"10 in 10m\"", Types::lockout);
    static final ValueType<Bind> BIND =
            new ValueType<>("an address and a port, or `unix:PATH`", Types::bind);
    static final ValueType<String> MODE =
            text(
                    "a mode of a file",
                    "in octal, such as \"0660\"",
                    text ->
                            text.matches("0?[0-7]{3}")
                                    ? Optional.of(mode(text))
                                    : Optional.empty());
    static final ValueType<List<InetSocketAddress>> DNS_SERVERS =
            list(
                    "a list of name servers",
                    text(
                            "an address, perhaps with a port",
                            "such as \"192.0.2.53\" or \"[2001:db8::53]:5353\"",
                            text -> address(text, DNS_PORT)));

    private Types() {}

    /** A string that a parser takes. */
    static <T> ValueType<T> text(
            String form, String example, Function<String, Optional<T>> parser) {
        return new ValueType<>(
                form,
                raw -> {
                    String text = raw.text();
                    Optional<T> value = text == null ? Optional.empty() : parser.apply(text);
                    return value.isPresent() ? value : raw.wrong(form, example);
                });
    }

    /** An array; every element is checked. */
    static <T> ValueType<List<T>> list(String form, ValueType<T> element) {
        return new ValueType<>(form, raw -> readList(form, element, raw))
                .as("{\"type\":\"array\",\"items\":" + element.schema() + "}");
    }

    /** An array with something in it. */
    static <T> ValueType<List<T>> some(String form, ValueType<T> element) {
        return new ValueType<>(
                        form,
                        raw ->
                                raw.value() instanceof TomlArray array && array.isEmpty()
                                        ? raw.wrong(form, "at least one: [\"…\"]")
                                        : readList(form, element, raw))
                .as("{\"type\":\"array\",\"minItems\":1,\"items\":" + element.schema() + "}");
    }

    private static <T> Optional<List<T>> readList(String form, ValueType<T> element, RawValue raw) {
        if (!(raw.value() instanceof TomlArray array)) {
            return raw.wrong(form, "in square brackets: [\"…\", \"…\"]");
        }
        var values = new ArrayList<T>();
        for (int i = 0; i < array.size(); i++) {
            Span span = raw.context().source().value(array.inputPositionOf(i));
            var item = new RawValue(raw.key(), array.get(i), span, raw.context());
            element.reader().read(item).ifPresent(values::add);
        }
        return values.size() == array.size() ? Optional.of(List.copyOf(values)) : Optional.empty();
    }

    /** A whole number within bounds. */
    static ValueType<Long> count(long min, long max) {
        return new ValueType<>(
                        "a number",
                        raw ->
                                raw.value() instanceof Long number && number >= min && number <= max
                                        ? Optional.of(number)
                                        : raw.wrong("a number", "from " + min + " to " + max))
                .as("{\"type\":\"integer\",\"minimum\":%d,\"maximum\":%d}".formatted(min, max));
    }

    /** A port that can be connected to. */
    static ValueType<Long> port() {
        return count(1, PORT_MAX);
    }

    /** One of some words; {@code later} are known, but not built yet. */
    static <T> ValueType<T> choice(Map<String, T> words, List<String> later) {
        var copy = new LinkedHashMap<>(words);
        String form = "`" + String.join("`, `", copy.keySet()) + "`";
        return new ValueType<>(form, raw -> readChoice(copy, later, raw))
                .as(Schema.words(copy.keySet()));
    }

    private static <T> Optional<T> readChoice(
            Map<String, T> words, List<String> later, RawValue raw) {
        String text = raw.text();
        if (text != null && later.contains(text)) {
            raw.context()
                    .add(
                            raw.span(),
                            Codes.NOT_BUILT,
                            "`" + raw.key() + " = \"" + text + "\"` is not built yet",
                            "there are " + String.join(", ", words.keySet()));
            return Optional.empty();
        }
        T value = text == null ? null : words.get(text);
        if (value != null) {
            return Optional.of(value);
        }
        String hint =
                Suggestion.of(String.valueOf(text), words.keySet())
                        .map(meant -> "did you mean `" + meant + "`?")
                        .orElse(String.join(", ", words.keySet()));
        return raw.wrong("one of its words", hint);
    }

    /** A table in braces. */
    static ValueType<Table> table(Section section) {
        return table(section, "{ user = \"…\", password = \"file:…\" }");
    }

    /** The same, with an example. */
    static ValueType<Table> table(Section section, String example) {
        return new ValueType<>(
                        "a table",
                        raw ->
                                raw.value() instanceof TomlTable toml
                                        ? Optional.of(
                                                TableReader.read(
                                                        section,
                                                        "",
                                                        toml,
                                                        raw.span(),
                                                        raw.context()))
                                        : raw.wrong("a table", "in braces: " + example))
                .as(Schema.of(section));
    }

    private static Optional<LocalDate> date(String text) {
        try {
            return Optional.of(LocalDate.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Optional<Mechanism> mechanism(String text) {
        return Stream.of(Mechanism.values())
                .filter(mechanism -> mechanism.word().equalsIgnoreCase(text))
                .findFirst();
    }

    private static Optional<Lockout> lockout(String text) {
        String[] parts = text.split(" in ", -1);
        if (parts.length != 2 || !parts[0].matches("[1-9][0-9]{0,5}")) {
            return Optional.empty();
        }
        return Quantity.duration(parts[1])
                .filter(Duration::isPositive)
                .map(within -> new Lockout(Integer.parseInt(parts[0]), within));
    }

    static Optional<String> checked(String text, Function<String, ?> parser) {
        try {
            return Optional.of(parser.apply(text)).map(parsed -> text);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static Optional<String> hostName(String text) {
        boolean fits = !text.isEmpty() && text.length() <= 253;
        for (String label : text.split("\\.", -1)) {
            fits &= !label.isEmpty() && label.length() <= 63 && isLabel(label);
        }
        return fits ? Optional.of(text.toLowerCase(Locale.ROOT)) : Optional.empty();
    }

    private static boolean isLabel(String label) {
        return label.chars().allMatch(c -> c == '-' || Character.isLetterOrDigit(c))
                && !label.startsWith("-")
                && !label.endsWith("-");
    }

    /** An address literal, or a name that, other than a host's, may have underscores. */
    private static Optional<String> domain(String text) {
        boolean isLiteral = text.startsWith("[") && text.endsWith("]");
        return isLiteral || hostName(text.replace('_', 'x')).isPresent()
                ? Optional.of(text.toLowerCase(Locale.ROOT))
                : Optional.empty();
    }

    private static Optional<Bind> bind(RawValue raw) {
        String text = String.valueOf(raw.text());
        if (text.startsWith(UNIX) && text.length() > UNIX.length()) {
            Path path = raw.context().resolve(text.substring(UNIX.length()));
            return Optional.of(new Bind.Socket(path));
        }
        Optional<InetSocketAddress> address = address(text, SMTP_PORT);
        return address.isPresent()
                ? Optional.of(new Bind.Port(address.get()))
                : raw.wrong(
                        "an address and a port, or `unix:PATH`",
                        "such as \"0.0.0.0:25\", \"127.0.0.1:2525\" or \"[::]:25\"");
    }

    /** As {@code rw-rw----}. */
    private static String mode(String octal) {
        var letters = new StringBuilder();
        int bits = Integer.parseInt(octal, 8);
        for (int bit = 8; bit >= 0; bit--) {
            letters.append((bits >> bit & 1) == 0 ? '-' : "xwr".charAt(bit % 3));
        }
        return letters.toString();
    }

    /** {@code address:port}, {@code [v6]:port}, or an address alone with the default port. */
    static Optional<InetSocketAddress> address(String text, int defaultPort) {
        boolean bare = text.indexOf(':') != text.lastIndexOf(':') && !text.startsWith("[");
        int colon = bare ? -1 : text.indexOf(':', Math.max(0, text.indexOf(']')));
        String host = colon < 0 ? text : text.substring(0, colon);
        Optional<Integer> port =
                colon < 0 ? Optional.of(defaultPort) : Quantity.port(text.substring(colon + 1));
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        Optional<InetAddress> address = literal(host);
        return port.isPresent() && address.isPresent()
                ? Optional.of(new InetSocketAddress(address.get(), port.get()))
                : Optional.empty();
    }

    private static Optional<InetAddress> literal(String text) {
        if (text.equals("localhost")) {
            return Optional.of(InetAddress.getLoopbackAddress());
        }
        try {
            IpAddress address = IpNetwork.parse(text).base();
            return text.indexOf('/') >= 0
                    ? Optional.empty()
                    : Optional.of(InetAddress.getByAddress(address.octets()));
        } catch (IllegalArgumentException | UnknownHostException e) {
            return Optional.empty();
        }
    }
}
