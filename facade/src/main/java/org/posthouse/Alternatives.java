package org.posthouse;

import org.posthouse.Explainer.Answer;
import org.posthouse.Explainer.Login;
import org.posthouse.Explanation.Change;
import org.posthouse.core.Mailbox;
import org.posthouse.core.ReversePath;
import org.posthouse.policy.AddressPattern;
import org.posthouse.policy.IpNetwork;
import org.posthouse.policy.Passage;
import org.posthouse.policy.PolicySet;
import org.posthouse.policy.RelayRule;
import org.posthouse.policy.Route;
import org.posthouse.policy.Verdict;
import org.posthouse.server.ListenerSettings;
import org.posthouse.server.ListenerSettings.Auth;
import org.posthouse.server.ListenerSettings.Tls;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What would change an answer: small changes, of the question and of the rules, are tried out one
 * by one, and those that lead to another answer are told. Nothing is told that was not tried.
 */
final class Alternatives {
    /** How many are told. */
    static final int CHANGES_MAX = 6;

    private static final String NEW_RULE = "new-rule";
    private static final String NEW_ROUTE = "new-route";

    private final Explainer explainer;
    private final Answer answer;
    private final PolicySet rules;

    /** What to change, and the answer then. */
    private final Map<String, Change> found = new LinkedHashMap<>();

    Alternatives(Explainer explainer, Answer answer) {
        this.explainer = explainer;
        this.answer = answer;
        this.rules = explainer.settings().rules();
    }

    List<Change> find() {
        if (answer.isTaken()) {
            withoutTheRule();
        } else {
            overTls();
            loggedIn();
            smaller();
            asItself();
            rules.relayRules().forEach(this::inRule);
            known();
            routed();
            ruled();
        }
        return found.values().stream().limit(CHANGES_MAX).toList();
    }

    private void tell(String what, String place, Answer then) {
        if (then.isTaken() != answer.isTaken()) {
            found.putIfAbsent(what, new Change(what, effect(then), place));
        }
    }

    private static Passage passage(Ask ask, Mailbox recipient) {
        ReversePath from =
                Mailbox.tryParse(ask.from()).<ReversePath>map(it -> it).orElse(ReversePath.NULL);
        return new Passage(from, ask.login(), recipient);
    }

    private String effect(Answer then) {
        String way =
                Mailbox.tryParse(then.ask().to())
                        .map(recipient -> passage(then.ask(), recipient))
                        .map(mail -> Ladder.way(explainer.settings().rules(), mail))
                        .orElse("");
        return switch (then.outcome()) {
            case STORED -> "stored here";
            case EXPANDED -> "taken for those behind the alias";
            case HOOK -> "the hook decides";
            case REFUSED ->
                    "refused at "
                            + then.refusedAt()
                            + then.reply().map(r -> ", " + r.code()).orElse("")
                            + " ("
                            + then.code()
                            + ")";
            case RELAYED -> {
                boolean isNamed =
                        rules.relayRules().stream().anyMatch(r -> r.name().equals(then.rule()));
                yield (isNamed ? "rule \"" + then.rule() + "\" matches, " : "relayed, ")
                        + (then.route().equals(NEW_ROUTE)
                                ? "by that route"
                                : "route \"" + then.route() + "\" (" + way + ")");
            }
        };
    }

    private void overTls() {
        if (!answer.ask().tls() && answer.listener().tls() != Tls.OFF) {
            Answer then = explainer.answer(answer.ask().overTls(), answer.login(), rules);
            tell("use TLS (STARTTLS)", "", then);
        }
    }

    private void loggedIn() {
        if (!answer.login().name().isEmpty()) {
            return;
        }
        for (ListenerSettings listener : explainer.listeners()) {
            if (listener.auth() != Auth.OFF && Doors.isReachable(listener, answer.ask().client())) {
                Ask there = answer.ask().listener(listener.name());
                var any = new Login("anybody", true, path -> false);
                var owner = new Login("the owner", true, path -> true);
                String where = "log in on " + Doors.port(listener);
                tell(where, "", explainer.answer(there, any, rules));
                if (!found.containsKey(where)) {
                    String as = " as a login that " + sender() + " belongs to";
                    tell(where + as, "", explainer.answer(there, owner, rules));
                }
            }
        }
    }

    private String sender() {
        return answer.ask().from().isEmpty() ? "<>" : answer.ask().from();
    }

    private void smaller() {
        if (answer.ask().octets() > 0) {
            long most = answer.listener().limits().messageOctetsMax();
            tell(
                    "send at most " + most + " octets",
                    "",
                    explainer.answer(answer.ask().size(0), answer.login(), rules));
        }
    }

    private void asItself() {
        Login login = answer.login();
        if (!login.name().isEmpty() && login.isKnown()) {
            var owner = new Login(login.name(), true, path -> true);
            String what =
                    "give " + sender() + " to the login: send_as=" + sender() + " in its line";
            tell(what, "", explainer.answer(answer.ask(), owner, rules));
        }
    }

    /** Everything but a login that this rule lacks, to hold. */
    private void inRule(RelayRule rule) {
        if (rule.byHook()) {
            return;
        }
        var added = new ArrayList<String>();
        var clients = new ArrayList<>(rule.clients());
        IpNetwork client = IpNetwork.parse(answer.ask().client().toString());
        if (!rule.anyClient() && clients.stream().noneMatch(n -> n.contains(client.base()))) {
            clients.add(client);
            added.add(client.toString());
        }
        var senders = new ArrayList<>(rule.senders());
        Optional<Mailbox> from = Mailbox.tryParse(answer.ask().from());
        if (!rule.anySender()
                && from.isPresent()
                && senders.stream().noneMatch(p -> p.matches(from.get()))) {
            senders.add(new AddressPattern(from.get().address()));
            added.add(from.get().address());
        }
        if (!added.isEmpty()) {
            RelayRule wider = with(rule, clients, senders);
            String what = "add " + String.join(" and ", added) + " to \"" + rule.name() + "\"";
            tell(what, rule.place(), then(with(replaced(rule, wider), rules.routes())));
        }
    }

    private List<RelayRule> replaced(RelayRule rule, RelayRule other) {
        return rules.relayRules().stream().map(r -> r.equals(rule) ? other : r).toList();
    }

    private static RelayRule with(
            RelayRule rule, List<IpNetwork> clients, List<AddressPattern> senders) {
        return new RelayRule(
                rule.name(),
                clients,
                rule.anyClient(),
                rule.login(),
                senders,
                rule.anySender(),
                rule.ownSender(),
                rule.certificates(),
                rule.anyCertificate(),
                rule.byHook(),
                rule.openRelay(),
                rule.limit(),
                rule.place());
    }

    private PolicySet with(List<RelayRule> relayRules, List<Route> routes) {
        return new PolicySet(
                rules.localDomains(),
                rules.relayedDomains(),
                rules.recipients(),
                rules.aliases(),
                relayRules,
                routes,
                rules.places());
    }

    private Answer then(PolicySet other) {
        return explainer.answer(answer.ask(), answer.login(), other);
    }

    private void known() {
        Optional<Mailbox> to = Mailbox.tryParse(answer.ask().to());
        PolicySet more =
                new PolicySet(
                        rules.localDomains(),
                        rules.relayedDomains(),
                        m -> to.filter(m::equals).isPresent() || rules.recipients().contains(m),
                        rules.aliases(),
                        rules.relayRules(),
                        rules.routes(),
                        rules.places());
        String what = "add " + answer.ask().to() + " to the known recipients";
        tell(what, rules.places().recipients(), then(more));
    }

    private void routed() {
        Optional<Mailbox> to = Mailbox.tryParse(answer.ask().to());
        if (to.isEmpty()) {
            return;
        }
        var pattern = new AddressPattern("*@" + to.get().domain());
        var mx = new Route.Mx(Route.Hop.DEFAULT, false);
        var routes = new ArrayList<Route>();
        routes.add(new Route(NEW_ROUTE, List.of(pattern), mx));
        routes.addAll(rules.routes());
        String first = rules.routes().isEmpty() ? "" : ", before the others";
        tell(
                "a route with  to = [\"" + pattern.text() + "\"]" + first,
                "",
                then(with(rules.relayRules(), routes)));
    }

    /** The last resort, where no rule is near. */
    private void ruled() {
        if (!found.isEmpty()) {
            return;
        }
        IpNetwork client = IpNetwork.parse(answer.ask().client().toString());
        var more = new ArrayList<>(rules.relayRules());
        more.add(
                new RelayRule(
                        NEW_RULE, List.of(client), false, false, List.of(), true, false, false));
        tell(
                "a relay rule with  clients = [\"" + client + "\"]",
                "",
                then(with(more, rules.routes())));
    }

    private void withoutTheRule() {
        boolean isByRule = answer.verdict().filter(Verdict.Relay.class::isInstance).isPresent();
        for (RelayRule rule : rules.relayRules()) {
            if (isByRule && rule.name().equals(answer.rule())) {
                List<RelayRule> others =
                        rules.relayRules().stream().filter(r -> !r.equals(rule)).toList();
                tell(
                        "without rule \"" + rule.name() + "\"",
                        rule.place(),
                        then(with(others, rules.routes())));
            }
        }
    }
}
