package org.posthouse.daemon.config;

import static org.posthouse.daemon.config.Model.words;

import org.posthouse.PosthouseBuilder;
import org.posthouse.daemon.config.Section.Shape;
import org.posthouse.policy.Route;
import org.posthouse.relay.RelaySettings;
import org.posthouse.relay.RelaySettings.Tenant;

import java.util.List;
import java.util.Optional;

/** The settings of who gets which part of what hosts take. */
final class SharingKeys {
    static final Key<String> LOGIN =
            Key.of("login", Types.TEXT, "none", "Whose mail it is: a login's.");
    static final Key<String> LISTENER =
            Key.of(
                    "listener",
                    Types.TEXT,
                    "none",
                    "Or all that comes by a listener without a login.");
    static final Key<Long> WEIGHT =
            Key.of(
                    "weight",
                    Types.count(1, Tenant.WEIGHT_MAX),
                    "1",
                    "How much more it gets than others that wait for the same next hop.");
    static final Key<Boolean> BULK =
            Key.of(
                    "class",
                    Types.choice(words("normal", false, "bulk", true), List.of()),
                    "normal",
                    "`bulk`: its mail lets the mail of others go first, four to one. Mail with"
                            + " List-Id or `Precedence: bulk` always does.");
    static final Key<Long> TENANT_RATE =
            Key.of(
                    "messages_per_minute",
                    Types.count(1, Route.Hop.MESSAGES_PER_MINUTE_MAX),
                    "no limit",
                    "Messages to all next hops together; what is beyond that waits.");
    static final Section TENANT =
            new Section(
                    "tenant",
                    Shape.LIST,
                    "a tenant",
                    "Whose mail gets more or less than that of others where they wait for the same"
                            + " next hop. Without: everybody gets the same. The first that fits"
                            + " counts.",
                    List.of(LOGIN, LISTENER, WEIGHT, BULK, TENANT_RATE));

    static final Key<String> PROVIDER_NAME =
            Key.of("name", Types.TEXT, "none, it has to be given", "For events and logs.");
    static final Key<List<String>> HOSTS =
            Key.of(
                    "hosts",
                    Types.some(
                            "a list of host names",
                            Types.text(
                                    "a host name",
                                    "such as \"mx.far.example\" or \"*.far.example\"",
                                    SharingKeys::host)),
                    "none, it has to be given",
                    "Its MX hosts; `*.` stands for anything before. All of a domain's first MX"
                            + " hosts must be among them.");
    static final Key<Long> PROVIDER_CONNECTIONS =
            Key.of(
                    "max_connections",
                    Types.count(1, RelaySettings.Provider.CONNECTIONS_MAX),
                    "no limit",
                    "Connections to all its hosts together; `max_connections` of the route holds"
                            + " for each next hop besides.");
    static final Key<Long> PROVIDER_RATE =
            Key.of(
                    "messages_per_minute",
                    Types.count(1, Route.Hop.MESSAGES_PER_MINUTE_MAX),
                    "no limit",
                    "Messages to all its hosts together.");
    static final Key<Long> PROVIDER_CONNECTS =
            Key.of(
                    "connections_per_minute",
                    Types.count(1, Route.Hop.MESSAGES_PER_MINUTE_MAX),
                    "no limit",
                    "Connections to all its hosts together that are tried, whatever comes of"
                            + " them.");
    static final Section PROVIDER =
            new Section(
                    "provider",
                    Shape.LIST,
                    "a provider",
                    "Many domains with different MX hosts, but of one owner, who counts what we"
                            + " send in all. Asked before the large ones that are built in (google,"
                            + " microsoft, yahoo, apple, gmx); the first that fits counts.",
                    List.of(
                            PROVIDER_NAME,
                            HOSTS,
                            PROVIDER_CONNECTIONS,
                            PROVIDER_RATE,
                            PROVIDER_CONNECTS));

    static final Key<Long> ALL_MESSAGES =
            Key.of(
                    "messages_per_minute",
                    Types.count(1, Route.Hop.MESSAGES_PER_MINUTE_MAX),
                    "no limit",
                    "Messages to all next hops together, spread over the minute; what is beyond"
                            + " that waits.");
    static final Key<Long> ALL_CONNECTIONS =
            Key.of(
                    "connections_per_minute",
                    Types.count(1, Route.Hop.MESSAGES_PER_MINUTE_MAX),
                    "no limit",
                    "Connections to all next hops together that are tried, whatever comes of"
                            + " them.");
    static final Section DELIVERY =
            new Section(
                    "delivery",
                    Shape.SINGLE,
                    "delivery",
                    "What holds for all mail that leaves; the local store is not counted.",
                    List.of(ALL_MESSAGES, ALL_CONNECTIONS));

    private SharingKeys() {}

    private static Optional<String> host(String pattern) {
        return Types.checked(pattern, RelaySettings.Provider::requireHost).map(read -> pattern);
    }

    /** Adds what a file says to a builder. */
    static void bind(ConfigFile file, PosthouseBuilder builder) {
        for (Table table : file.all(TENANT)) {
            builder.tenant(
                    new Tenant(
                            table.has(LOGIN),
                            table.get(LOGIN).or(() -> table.get(LISTENER)).orElseThrow(),
                            number(table, WEIGHT, 1),
                            table.get(BULK).orElse(false),
                            number(table, TENANT_RATE, 0)));
        }
        Table all = file.one(DELIVERY);
        builder.total(
                new RelaySettings.Total(
                        number(all, ALL_MESSAGES, 0), number(all, ALL_CONNECTIONS, 0)));
        for (Table table : file.all(PROVIDER)) {
            builder.provider(
                    new RelaySettings.Provider(
                            table.get(PROVIDER_NAME).orElseThrow(),
                            table.get(HOSTS).orElseThrow(),
                            number(
                                    table,
                                    PROVIDER_CONNECTIONS,
                                    RelaySettings.Provider.CONNECTIONS_MAX),
                            number(table, PROVIDER_RATE, 0),
                            number(table, PROVIDER_CONNECTS, 0)));
        }
    }

    private static int number(Table table, Key<Long> key, int otherwise) {
        return table.get(key).map(Math::toIntExact).orElse(otherwise);
    }
}
