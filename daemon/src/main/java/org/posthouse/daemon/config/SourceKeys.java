package org.posthouse.daemon.config;

import org.posthouse.daemon.config.Section.Shape;
import org.posthouse.policy.Route.Source;
import org.posthouse.policy.WarmUp;
import org.tomlj.TomlTable;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** The settings of who we are towards next hops. */
final class SourceKeys {
    static final Key<List<String>> SOURCE =
            Key.of(
                    "source",
                    Types.some(
                            "a list of our addresses",
                            Types.text(
                                    "an IP address of ours",
                                    "such as \"192.0.2.1\" or \"2001:db8::1\"",
                                    SourceKeys::address)),
                    "the system chooses",
                    "Our addresses towards next hops, at most one of each family.");
    static final Key<String> HELO =
            Key.of(
                    "helo",
                    Types.HOST_NAME,
                    "the top-level `hostname`",
                    "What we call ourselves there.");
    static final Key<Long> WEIGHT =
            Key.of("weight", Types.count(1, Source.WEIGHT_MAX), "1", "Its share of the mail.");
    static final Key<LocalDate> WARM_UP_SINCE =
            Key.of(
                    "warm_up_since",
                    Types.DATE,
                    "it is known",
                    "The day of its first mail, in UTC: receivers do not know it, so that it begins"
                        + " with few messages and sends more each day. It stays written here: no"
                        + " restart begins it anew. The other sources take what is more.");
    static final Key<Long> WARM_UP_FIRST_DAY =
            Key.of(
                    "warm_up_first_day",
                    Types.count(1, WarmUp.FIRST_DAY_MAX),
                    String.valueOf(WarmUp.USUAL_FIRST_DAY),
                    "With `warm_up_since`: messages of that day, spread over it, to each next hop,"
                            + " or to all of a provider.");
    static final Key<Duration> WARM_UP_DOUBLES =
            Key.of(
                    "warm_up_doubles",
                    Types.text(
                            "a duration from 1h to 100d",
                            "such as \"1d\" or \"36h\"",
                            SourceKeys::doubling),
                    "1d",
                    "With `warm_up_since`: the time in which that becomes twice as much, day by"
                            + " day, until it is more than anybody sends.");
    static final Section SECTION =
            new Section(
                    "sources",
                    Shape.INLINE_LIST,
                    "a source of a route",
                    "One of the `sources` of a route, which share its mail. A message goes by the"
                            + " same one at each attempt. One that a next hop refuses for its bad"
                            + " name is not used there for a while, 30 minutes and doubling, and"
                            + " what it refused is tried by another one, once.",
                    List.of(
                            SOURCE,
                            HELO,
                            WEIGHT,
                            WARM_UP_SINCE,
                            WARM_UP_FIRST_DAY,
                            WARM_UP_DOUBLES));
    static final Key<List<Table>> SOURCES =
            Key.of(
                    "sources",
                    Types.some(
                            "a list of sources",
                            new ValueType<Table>("a source", SourceKeys::source)
                                    .as(Schema.of(SECTION))),
                    "the one of `source` and `helo`",
                    "Several of them, each a table, see below; each has `max_connections` of its"
                            + " own.");

    private SourceKeys() {}

    private static Optional<Table> source(RawValue raw) {
        return raw.value() instanceof TomlTable toml
                ? Optional.of(TableReader.read(SECTION, "", toml, raw.span(), raw.context()))
                : raw.wrong(
                        "a list of tables",
                        "{ source = [\"192.0.2.1\"], helo = \"out1.shop.example\" }");
    }

    private static Optional<Duration> doubling(String text) {
        return Quantity.duration(text)
                .filter(each -> each.compareTo(WarmUp.DOUBLING_MIN) >= 0)
                .filter(each -> each.compareTo(WarmUp.DOUBLING_MAX) <= 0);
    }

    private static Optional<String> address(String text) {
        return Types.checked(text, each -> new Source(List.of(each), "", 1));
    }
}
