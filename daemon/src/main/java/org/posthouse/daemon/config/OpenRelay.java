package org.posthouse.daemon.config;

import org.posthouse.policy.AddressPattern;
import org.posthouse.policy.IpNetwork;
import org.posthouse.policy.KnownRecipients;
import org.posthouse.policy.Policy;
import org.posthouse.policy.PolicySet;
import org.posthouse.policy.RelayProblem;
import org.posthouse.policy.RelayRule;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Shows where the file makes an open relay; whether it does, the policy says. */
final class OpenRelay {
    private static final List<String> FIXES =
            List.of(
                    "fix: list your networks, or require a login:  auth = true",
                    "If you really mean it, set  open_relay = \""
                            + Model.OPEN_RELAY_WORDS
                            + "\"  in this rule.");

    private OpenRelay() {}

    static void check(ConfigFile file) {
        List<Table> tables = file.all(Model.RELAY);
        List<RelayRule> rules = new ArrayList<>();
        for (Table table : tables) {
            rules.add(rule(Integer.toString(rules.size()), table));
        }
        var set = new PolicySet(Set.of(), Set.of(), KnownRecipients.ALL, rules, List.of());
        Set<List<String>> told = new HashSet<>();
        for (RelayProblem problem : Policy.openRelayProblems(set)) {
            if (told.add(problem.rules())) {
                tell(problem, tables, file.context());
            }
        }
    }

    private static void tell(RelayProblem problem, List<Table> tables, Context context) {
        List<Table> guilty =
                problem.rules().stream().map(name -> tables.get(Integer.parseInt(name))).toList();
        String title =
                guilty.size() == 1
                        ? "this rule makes you an open relay"
                        : guilty.size()
                                + " rules together make you an open relay, this is the last";
        Span span = guilty.getLast().spanOf(Model.CLIENTS);
        context.add(new Problem(Codes.OPEN_RELAY, span, title, problem.text(), FIXES));
    }

    /**
     * A rule as far as this question goes; its name is its place. One with a condition that is not
     * understood is not asked about: that is an error already.
     */
    private static RelayRule rule(String name, Table table) {
        boolean unread =
                List.of(
                                Model.CLIENTS,
                                Model.SENDERS,
                                Model.RELAY_AUTH,
                                Model.SEND_AS,
                                Model.CERTIFICATES,
                                Model.OPEN)
                        .stream()
                        .anyMatch(key -> table.has(key) && table.get(key).isEmpty());
        List<String> clients = table.get(Model.CLIENTS).orElse(List.of());
        List<String> senders = table.get(Model.SENDERS).orElse(List.of());
        boolean isLogin =
                table.get(Model.RELAY_AUTH).orElse(false)
                        || table.get(Model.SEND_AS).orElse(false)
                        || table.has(Model.CERTIFICATES);
        return new RelayRule(
                name,
                clients.stream().map(IpNetwork::parse).toList(),
                !table.has(Model.CLIENTS),
                unread || isLogin,
                senders.stream().map(AddressPattern::new).toList(),
                !table.has(Model.SENDERS),
                false,
                table.get(Model.OPEN).orElse(false));
    }
}
