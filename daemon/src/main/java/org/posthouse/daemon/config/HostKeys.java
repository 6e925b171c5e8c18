package org.posthouse.daemon.config;

import static org.posthouse.daemon.config.Model.words;

import org.posthouse.daemon.config.Section.Shape;
import org.posthouse.policy.Route.Endpoint;
import org.posthouse.policy.Route.Peer;
import org.posthouse.policy.Route.TlsMode;
import org.tomlj.TomlTable;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings of hosts that a route names: where they are, and what each has of its own. */
final class HostKeys {
    private static final String UNIX = "unix:";
    private static final String EXAMPLE =
            "such as \"smtp.corp.example:587\", \"[2001:db8::25]:25\" or"
                    + " \"unix:/run/dovecot/lmtp\"";

    static final ValueType<String> ENDPOINT =
            new ValueType<>("a host, perhaps with a port, or `unix:PATH`", HostKeys::endpoint);

    static final ValueType<TlsMode> TLS_MODE =
            Types.choice(
                    words(
                            "auto", TlsMode.AUTO,
                            "off", TlsMode.OFF,
                            "opportunistic", TlsMode.OPPORTUNISTIC,
                            "require", TlsMode.REQUIRE,
                            "verify", TlsMode.VERIFY,
                            "implicit", TlsMode.IMPLICIT,
                            "dane", TlsMode.DANE,
                            "mta-sts", TlsMode.MTA_STS),
                    List.of());

    static final Key<String> HOST =
            Key.of("host", ENDPOINT, "none, it has to be given", "Where it is.");
    static final Key<Long> ORDER =
            Key.of(
                    "order",
                    Types.count(0, Peer.NUMBER_MAX),
                    "its place in the list",
                    "Hosts of the lowest order are asked first, those of the next when none of"
                            + " these can be talked to.");
    static final Key<Long> WEIGHT =
            Key.of(
                    "weight",
                    Types.count(0, Peer.NUMBER_MAX),
                    "1",
                    "Its share of the connections among the hosts with the same `order`.");
    static final Key<TlsMode> TLS =
            Key.of("tls", TLS_MODE, "the route's", "TLS towards this host.");
    static final Key<Table> AUTH =
            Key.of(
                    "auth",
                    Types.table(OutLoginKeys.SECTION),
                    "the route's",
                    "A login at this host.");
    static final Section SECTION =
            new Section(
                    "hosts",
                    Shape.INLINE_LIST,
                    "a host of a route",
                    "One of the `hosts` of a route, with what it has of its own.",
                    List.of(HOST, ORDER, WEIGHT, TLS, AUTH));

    /** A text is the same as a table with nothing but a host. */
    static final ValueType<List<Table>> LIST =
            Types.some(
                    "a list of hosts",
                    new ValueType<Table>("a host", HostKeys::host)
                            .as("{\"anyOf\":[{\"type\":\"string\"}," + Schema.of(SECTION) + "]}"));

    private HostKeys() {}

    private static Optional<Table> host(RawValue raw) {
        if (raw.value() instanceof TomlTable toml) {
            return Optional.of(TableReader.read(SECTION, "", toml, raw.span(), raw.context()));
        }
        return endpoint(raw).map(at -> of(at, raw.span()));
    }

    private static Table of(String endpoint, Span span) {
        return new Table(
                "", span, Map.of(HOST, new Table.Entry(Optional.of(endpoint), span, span, "")));
    }

    private static Optional<String> endpoint(RawValue raw) {
        String text = String.valueOf(raw.text());
        if (text.startsWith(UNIX) && text.length() > UNIX.length()) {
            Path path = raw.context().resolve(text.substring(UNIX.length()));
            return Optional.of(UNIX + path);
        }
        boolean given = raw.text() != null && !text.equals(UNIX);
        Optional<String> host =
                given
                        ? Types.checked(text, each -> Endpoint.parse(each, Types.SMTP_PORT))
                        : Optional.empty();
        return host.isPresent()
                ? host
                : raw.wrong("a host, perhaps with a port, or `unix:PATH`", EXAMPLE);
    }
}
