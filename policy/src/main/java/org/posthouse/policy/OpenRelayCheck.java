package org.posthouse.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds open relays by exact set algebra. A list of networks covers a target when one of them holds
 * all of it, or when the list covers both of its halves. Only networks that overlap the target are
 * taken along, so the work is bounded by the number of networks times the number of bits.
 *
 * <p>"The internet" is public unicast space: what is left of IPv4, and of the part of IPv6 from
 * which addresses are given out (2000::/4), without the special registries (RFC 6890).
 */
final class OpenRelayCheck {
    private static final List<IpNetwork> INTERNET = networks("0.0.0.0/0", "2000::/4");

    private static final List<IpNetwork> SPECIAL =
            networks(
                    "0.0.0.0/8",
                    "10.0.0.0/8",
                    "100.64.0.0/10",
                    "127.0.0.0/8",
                    "169.254.0.0/16",
                    "172.16.0.0/12",
                    "192.0.0.0/24",
                    "192.0.2.0/24",
                    "192.88.99.0/24",
                    "192.168.0.0/16",
                    "198.18.0.0/15",
                    "198.51.100.0/24",
                    "203.0.113.0/24",
                    "224.0.0.0/3",
                    "2001::/23",
                    "2001:db8::/32",
                    "2002::/16");

    private OpenRelayCheck() {}

    static List<RelayProblem> problems(List<RelayRule> rules) {
        List<RelayProblem> problems = new ArrayList<>();
        List<RelayRule> byNetwork = new ArrayList<>();
        for (RelayRule rule : rules) {
            boolean nobody = !rule.anySender() && rule.senders().isEmpty();
            if (rule.login()
                    || !rule.anyCertificate()
                    || rule.byHook()
                    || rule.openRelay()
                    || nobody) {
                continue;
            }
            if (rule.anyClient()) {
                problems.add(
                        new RelayProblem(
                                List.of(rule.name()),
                                "every client on the internet may relay to anyone"));
            } else {
                byNetwork.add(rule);
            }
        }
        addUnion(byNetwork, problems);
        return List.copyOf(problems);
    }

    private static void addUnion(List<RelayRule> rules, List<RelayProblem> problems) {
        List<IpNetwork> networks = new ArrayList<>(SPECIAL);
        for (RelayRule rule : rules) {
            networks.addAll(rule.clients());
        }
        for (IpNetwork internet : INTERNET) {
            if (covers(networks, internet)) {
                String family = internet.base().isV4() ? "IPv4" : "IPv6";
                problems.add(
                        new RelayProblem(
                                namesOf(rules, internet.base().isV4()),
                                "the networks together cover all of the internet's "
                                        + family
                                        + " addresses"));
            }
        }
    }

    /** True when every address of the target lies in one of the networks. */
    static boolean covers(List<IpNetwork> networks, IpNetwork target) {
        List<IpNetwork> inside = new ArrayList<>();
        for (IpNetwork network : networks) {
            if (network.contains(target)) {
                return true;
            }
            if (target.contains(network)) {
                inside.add(network);
            }
        }
        return !inside.isEmpty()
                && covers(inside, target.half(false))
                && covers(inside, target.half(true));
    }

    private static List<String> namesOf(List<RelayRule> rules, boolean v4) {
        List<String> names = new ArrayList<>();
        for (RelayRule rule : rules) {
            for (IpNetwork network : rule.clients()) {
                if (network.base().isV4() == v4) {
                    names.add(rule.name());
                    break;
                }
            }
        }
        return names;
    }

    private static List<IpNetwork> networks(String... texts) {
        List<IpNetwork> networks = new ArrayList<>();
        for (String text : texts) {
            networks.add(IpNetwork.parse(text));
        }
        return List.copyOf(networks);
    }
}
