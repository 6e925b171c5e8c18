package org.posthouse.policy;

import java.util.Arrays;
import java.util.List;

/** Short ways to rules and routes, for tests. */
final class Rules {
    private Rules() {}

    static RelayRule clients(String name, String... networks) {
        return new RelayRule(name, networks(networks), false, false, List.of(), true, false, false);
    }

    static RelayRule login(String name) {
        return new RelayRule(name, List.of(), true, true, List.of(), true, false, false);
    }

    static RelayRule anyone(String name) {
        return new RelayRule(name, List.of(), true, false, List.of(), true, false, false);
    }

    static RelayRule byHook(RelayRule rule) {
        return new RelayRule(
                rule.name(),
                rule.clients(),
                rule.anyClient(),
                rule.login(),
                rule.senders(),
                rule.anySender(),
                true,
                rule.openRelay());
    }

    static RelayRule meant(RelayRule rule) {
        return new RelayRule(
                rule.name(),
                rule.clients(),
                rule.anyClient(),
                rule.login(),
                rule.senders(),
                rule.anySender(),
                rule.byHook(),
                true);
    }

    static RelayRule senders(RelayRule rule, String... patterns) {
        return new RelayRule(
                rule.name(),
                rule.clients(),
                rule.anyClient(),
                rule.login(),
                patterns(patterns),
                false,
                rule.byHook(),
                rule.openRelay());
    }

    static Route route(String name, Route.Via via, String... to) {
        return new Route(name, patterns(to), via);
    }

    static Route mx(String name, String... to) {
        return route(name, new Route.Mx(Route.Hop.DEFAULT, false), to);
    }

    static List<IpNetwork> networks(String... networks) {
        return Arrays.stream(networks).map(IpNetwork::parse).toList();
    }

    static List<AddressPattern> patterns(String... patterns) {
        return Arrays.stream(patterns).map(AddressPattern::new).toList();
    }
}
