package org.posthouse.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthouse.core.Mailbox;
import org.posthouse.core.ReversePath;
import org.posthouse.policy.Route.Senders;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Which route is for which mail. */
class RouteTest {
    private static final Route.Via MX = new Route.Mx(Route.Hop.DEFAULT, false);
    private static final Route.Via STORE =
            new Route.Lmtp(
                    Route.Peer.inOrder(
                            List.of(Route.Endpoint.parse("unix:/run/lmtp", 24)), Route.Hop.DEFAULT),
                    Route.Hop.DEFAULT);
    private static final List<Route> ROUTES =
            List.of(
                    route("news", "*", paths("news@shop.example", "*@*.news.example")),
                    route("app", "*@corp.example", logins("app", "Other")),
                    route("both", "*@corp.example", both("*@shop.example", "ada")),
                    route("people", "*", logins("*")),
                    route("nobody", "*", new Senders(true, List.of(), false, List.of())),
                    route("no path", "*", paths()),
                    route("corp", "*@corp.example", Senders.ANY),
                    route("reports", "*", both("*", "")),
                    route("rest", "*", Senders.ANY));

    private static Route route(String name, String to, Senders from) {
        return new Route(name, List.of(new AddressPattern(to)), from, MX, "");
    }

    private static Senders paths(String... patterns) {
        return new Senders(false, Rules.patterns(patterns), true, List.of());
    }

    private static Senders logins(String... names) {
        return new Senders(true, List.of(), false, List.of(names));
    }

    private static Senders both(String pattern, String login) {
        return new Senders(false, Rules.patterns(pattern), false, List.of(login));
    }

    private static PolicySet rules(List<Route> routes) {
        return new PolicySet(
                Set.of("us.example"), Set.of(), KnownRecipients.ALL, List.of(), routes);
    }

    private static Passage mail(String from, String login, String to) {
        ReversePath path = from.isEmpty() ? ReversePath.NULL : Mailbox.parse(from);
        return new Passage(path, login, Mailbox.parse(to));
    }

    @ParameterizedTest
    @CsvSource({
        "news@shop.example, '', a@x.example, news",
        "NEWS@shop.example, app, a@corp.example, news",
        "x@a.news.example, '', a@x.example, news",
        "x@news.example, '', a@x.example, rest",
        "x@y.example, app, a@corp.example, app",
        "x@y.example, APP, a@corp.example, people",
        "x@y.example, Other, a@corp.example, app",
        "x@shop.example, ada, a@corp.example, both",
        "x@y.example, ada, a@corp.example, people",
        "x@shop.example, '', a@corp.example, corp",
        "'', '', a@corp.example, corp",
        "x@y.example, app, a@x.example, people",
        "x@y.example, '', a@x.example, rest",
        "'', '', a@x.example, rest"
    })
    void theFirstOfWhichAllConditionsHold(String from, String login, String to, String route) {
        assertThat(Policy.route(rules(ROUTES), mail(from, login, to)).map(Route::name))
                .hasValue(route);
    }

    @Test
    void aDecisionTellsOfRoutesThatAreForOthers() {
        PolicySet rules =
                new PolicySet(
                        Set.of(),
                        Set.of("corp.example"),
                        KnownRecipients.ALL,
                        List.of(),
                        List.of(ROUTES.get(0), ROUTES.get(1), ROUTES.get(6)));
        var facts =
                new Facts(
                        "public",
                        IpAddress.parse("192.0.2.1"),
                        "",
                        false,
                        Mailbox.parse("x@y.example"),
                        Mailbox.parse("a@corp.example"));
        Decision decision = Policy.decide(rules, facts);
        assertThat(decision.verdict()).isEqualTo(new Verdict.Relay("relayed domain", "corp"));
        assertThat(decision.steps())
                .filteredOn(step -> step.question().equals("route?"))
                .extracting(step -> step.subject() + ": " + step.answer())
                .containsExactly(
                        "news: reverse-path is none of its own",
                        "app: login is none of its own",
                        "corp: is for this recipient");
        String kept = DecisionText.write(decision);
        assertThat(DecisionText.read(kept, Mailbox.parse("a@corp.example")))
                .filteredOn(step -> step.question().equals("route?"))
                .extracting(step -> step.subject() + ": " + step.answer())
                .containsExactly(
                        "news: was for other reverse-paths",
                        "app: was for other logins",
                        "corp: was for this recipient");
    }

    /** A route grants nothing, whoever's mail it is for. */
    @Test
    void aRouteLetsNobodyRelay() {
        var facts =
                new Facts(
                        "public",
                        IpAddress.parse("192.0.2.1"),
                        "",
                        false,
                        Mailbox.parse("news@shop.example"),
                        Mailbox.parse("a@x.example"));
        assertThat(Policy.decide(rules(ROUTES), facts).code()).isEqualTo("PH-R101");
    }

    /** What is said of a domain holds for all its mail, whosever it is. */
    @Test
    void whatADomainTellsHoldsForAllItsMail() {
        var random = new Random(9);
        String[] patterns = {"*", "*@us.example", "*@*.example", "bob@us.example", "*@x.example"};
        int told = 0;
        int stored = 0;
        for (int round = 0; round < 20_000; round++) {
            List<Route> routes = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                Senders from =
                        List.of(Senders.ANY, Senders.ANY, logins("*"), paths("ada@us.example"))
                                .get(random.nextInt(4));
                String to = patterns[random.nextInt(patterns.length)];
                Route.Via via = random.nextBoolean() ? STORE : MX;
                routes.add(new Route("r" + i, Rules.patterns(to), from, via, ""));
            }
            PolicySet rules = rules(routes);
            Set<Optional<Route>> ways = new HashSet<>();
            Set<Optional<Route>> stores = new HashSet<>();
            for (String from : List.of("", "ada@us.example", "x@y.example")) {
                for (String login : List.of("", "eve")) {
                    for (String to : List.of("bob@us.example", "eve@us.example")) {
                        ways.add(Policy.route(rules, mail(from, login, to)));
                        stores.add(Policy.storeRoute(rules, mail(from, login, to)));
                    }
                }
            }
            Optional<Route> tells = Policy.routeOfDomain(rules, "us.example");
            if (tells.isPresent()) {
                assertThat(ways).containsExactly(tells);
                told++;
            }
            if (Policy.isStoredAlike(rules, "us.example")) {
                assertThat(stores).hasSize(1);
                stored++;
            }
            assertThat(stores)
                    .allMatch(each -> each.isEmpty() || each.get().via() instanceof Route.Lmtp);
        }
        assertThat(told).isBetween(2_000, 18_000);
        assertThat(stored).isBetween(2_000, 19_500);
    }
}
