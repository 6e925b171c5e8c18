package org.posthouse.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.Mailbox;
import org.posthouse.core.ReversePath;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Random rules and facts, decided a second time from the manual's sentences, on plain text. */
class PolicyPropertyTest {
    private static final String[] DOMAINS = {"a.x", "b.x", "x", "c.a.x", "[192.0.2.1]"};
    private static final String[] LOCAL_PARTS = {"ada", "Bob", "a%b", "b!a", "a@b", "postmaster"};
    private static final String[] CLIENTS = {"10.0.0.1", "10.9.0.1", "127.0.0.1", "2001:db8::1"};
    private static final String[] NETWORKS = {"10.0.0.0/16", "10.0.0.0/8", "2001:db8::/32", "::/0"};
    private static final String[] PATTERNS = {"*", "*@a.x", "*@*.x", "ada@b.x", "BOB@a.x"};

    private final Random random = new Random(23);

    @Test
    void agreesWithTheNaiveReading() {
        Set<String> seen = new TreeSet<>();
        for (int round = 0; round < 200_000; round++) {
            PolicySet rules = rules();
            var facts =
                    new Facts(
                            "public",
                            IpAddress.parse(any(CLIENTS)),
                            random.nextBoolean() ? "ada" : "",
                            random.nextBoolean(),
                            random.nextInt(4) == 0 ? ReversePath.NULL : mailbox(),
                            mailbox());
            String expected = naive(rules, facts);
            seen.add(expected.substring(0, 1));
            Decision decision = Policy.decide(rules, facts);
            assertThat(shown(decision)).as("%s%n%s", rules, facts).isEqualTo(expected);
        }
        assertThat(seen).hasSize(8);
    }

    @Test
    void theRouteOfADomainIsThatOfEachOfItsAddresses() {
        int known = 0;
        for (int round = 0; round < 20_000; round++) {
            PolicySet rules = rules();
            String domain = any(DOMAINS);
            Set<Optional<Route>> routes = new HashSet<>();
            for (String localPart : LOCAL_PARTS) {
                routes.add(Policy.route(rules, Passage.ofReport(new Mailbox(localPart, domain))));
            }
            Optional<Route> expected =
                    routes.size() == 1 ? routes.iterator().next() : Optional.empty();
            assertThat(Policy.routeOfDomain(rules, domain)).as("%s", rules).isEqualTo(expected);
            known += expected.isPresent() ? 1 : 0;
        }
        assertThat(known).isBetween(2_000, 18_000);
    }

    private static String shown(Decision decision) {
        return switch (decision.verdict()) {
            case Verdict.Local local -> "L";
            case Verdict.Expand expand -> "E";
            case Verdict.Relay(String rule, String route) ->
                    (rule.equals("relayed domain") ? "D " : "R ") + rule + " " + route;
            case Verdict.HookMayRelay(String rule, String route, var reply) ->
                    "H " + rule + " " + route;
            case Verdict.Refuse refuse ->
                    switch (decision.code()) {
                        case "PH-R110" -> "U";
                        case "PH-R102" -> "%";
                        case "PH-R103" -> "N";
                        default -> "P";
                    };
        };
    }

    private static String naive(PolicySet rules, Facts facts) {
        Mailbox to = facts.recipient();
        boolean ours =
                rules.localDomains().contains(to.domain())
                        || rules.relayedDomains().contains(to.domain());
        boolean exists = to.localPart().equals("postmaster") || rules.recipients().contains(to);
        if (ours && !exists) {
            return "U";
        }
        if (rules.localDomains().contains(to.domain())) {
            return "L";
        }
        Optional<String> route =
                rules.routes().stream()
                        .filter(r -> r.to().stream().anyMatch(p -> fits(p.text(), to)))
                        .map(Route::name)
                        .findFirst();
        boolean relayed = rules.relayedDomains().contains(to.domain());
        if (relayed && !to.localPart().matches(".*[%!@].*")) {
            return route.map(name -> "D relayed domain " + name).orElse("N");
        }
        Predicate<RelayRule> holds =
                rule ->
                        (rule.anyClient() || inside(rule.clients(), facts.client()))
                                && (!rule.login() || !facts.login().isEmpty())
                                && (rule.anySender() || sends(rule.senders(), facts));
        Optional<RelayRule> rule = rules.relayRules().stream().filter(holds).findFirst();
        if (rule.isEmpty()) {
            return relayed ? "%" : "P";
        }
        if (rule.get().byHook()) {
            return "H " + rule.get().name() + " " + route.orElse("");
        }
        return route.map(name -> "R " + rule.get().name() + " " + name).orElse("N");
    }

    /** By the text of the few networks that this test knows. */
    private static boolean inside(List<IpNetwork> networks, IpAddress client) {
        String address = client.toString();
        return networks.stream()
                .map(IpNetwork::toString)
                .anyMatch(
                        network ->
                                switch (network) {
                                    case "10.0.0.0/16" -> address.startsWith("10.0.");
                                    case "10.0.0.0/8" -> address.startsWith("10.");
                                    case "2001:db8::/32" -> address.startsWith("2001:db8:");
                                    default -> address.contains(":");
                                });
    }

    private static boolean sends(List<AddressPattern> senders, Facts facts) {
        return senders.stream()
                .anyMatch(
                        pattern ->
                                facts.reversePath() instanceof Mailbox mailbox
                                        ? fits(pattern.text(), mailbox)
                                        : pattern.text().equals("*"));
    }

    private static boolean fits(String pattern, Mailbox mailbox) {
        String address =
                (mailbox.localPart() + "@" + mailbox.domain()).toLowerCase(java.util.Locale.ROOT);
        return switch (pattern) {
            case "*" -> true;
            case "*@a.x" -> mailbox.domain().equals("a.x");
            case "*@*.x" -> mailbox.domain().endsWith(".x");
            case "ada@b.x" -> address.equals("ada@b.x");
            default -> address.equals("bob@a.x");
        };
    }

    private PolicySet rules() {
        Set<String> existing = some(LOCAL_PARTS);
        List<RelayRule> relayRules = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            relayRules.add(
                    new RelayRule(
                            "rule" + i,
                            Rules.networks(some(NETWORKS).toArray(String[]::new)),
                            random.nextInt(3) == 0,
                            random.nextInt(3) == 0,
                            some(PATTERNS).stream().map(AddressPattern::new).toList(),
                            random.nextBoolean(),
                            random.nextInt(4) == 0,
                            random.nextBoolean()));
        }
        List<Route> routes = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            routes.add(Rules.mx("route" + i, some(PATTERNS).toArray(String[]::new)));
        }
        return new PolicySet(
                few(DOMAINS),
                few(DOMAINS),
                mailbox -> existing.contains(mailbox.localPart()),
                relayRules,
                routes);
    }

    private Mailbox mailbox() {
        return new Mailbox(any(LOCAL_PARTS), any(DOMAINS));
    }

    private String any(String[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    private Set<String> some(String[] choices) {
        Set<String> some = new TreeSet<>();
        for (String choice : choices) {
            if (random.nextBoolean()) {
                some.add(choice);
            }
        }
        return some;
    }

    private Set<String> few(String[] choices) {
        return random.nextBoolean() ? Set.of() : Set.of(any(choices));
    }
}
