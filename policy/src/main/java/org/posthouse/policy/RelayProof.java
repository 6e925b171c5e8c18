package org.posthouse.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who may relay to the outside, as sets over listeners, client networks and logins: computed from
 * the rules, not from trials. Patterns of reverse-paths do not narrow it, since anybody may claim
 * any.
 *
 * @param grants what lets somebody relay: one for each rule at each listener where it can hold
 * @param unused names of rules that can hold at no listener
 * @since 0.1
 */
public record RelayProof(List<Grant> grants, List<String> unused) {
    private static final int SHOWN_MAX = 6;

    /** Copies the lists. */
    public RelayProof {
        grants = List.copyOf(grants);
        unused = List.copyOf(unused);
    }

    /** What a client has to have beside its address. */
    public enum Proof {
        /** Nothing. */
        ADDRESS,
        /** A login. */
        LOGIN,
        /** One of some certificates. */
        CERTIFICATE,
        /** Both. */
        LOGIN_AND_CERTIFICATE
    }

    /**
     * A rule at a listener.
     *
     * @param clients networks, the fewest that hold these addresses
     * @param proof what else is needed
     */
    public record Grant(RelayRule rule, Door door, List<IpNetwork> clients, Proof proof) {
        /** Copies the list. */
        public Grant {
            Objects.requireNonNull(rule);
            Objects.requireNonNull(door);
            Objects.requireNonNull(proof);
            clients = List.copyOf(clients);
        }

        private boolean isAnywhere() {
            return clients.equals(Door.ANYWHERE);
        }
    }

    /** Computes it. */
    public static RelayProof of(List<RelayRule> rules, List<Door> doors) {
        var grants = new ArrayList<Grant>();
        var unused = new ArrayList<String>();
        for (RelayRule rule : rules) {
            int before = grants.size();
            for (Door door : doors) {
                grant(rule, door, grants);
            }
            if (grants.size() == before) {
                unused.add(rule.name());
            }
        }
        return new RelayProof(grants, unused);
    }

    private static void grant(RelayRule rule, Door door, List<Grant> grants) {
        boolean isLogin = rule.login() || door.needsLogin();
        boolean isCertificate = !rule.anyCertificate();
        boolean canLogIn = door.offersLogin() || !door.frontEnds().isEmpty();
        boolean nobody =
                (!rule.anySender() && rule.senders().isEmpty())
                        || (isCertificate && rule.certificates().isEmpty())
                        || (isLogin && !canLogIn)
                        || (isCertificate && !door.asksForCertificate());
        List<IpNetwork> wanted = rule.anyClient() ? Door.ANYWHERE : rule.clients();
        List<IpNetwork> clients =
                nobody ? List.of() : NetworkSet.both(wanted, door.possibleClients());
        if (!clients.isEmpty()) {
            grants.add(new Grant(rule, door, clients, proof(isLogin, isCertificate)));
        }
    }

    private static Proof proof(boolean isLogin, boolean isCertificate) {
        if (isLogin) {
            return isCertificate ? Proof.LOGIN_AND_CERTIFICATE : Proof.LOGIN;
        }
        return isCertificate ? Proof.CERTIFICATE : Proof.ADDRESS;
    }

    /** True when somebody without login and certificate may relay from this address there. */
    public boolean holds(String listener, IpAddress client) {
        return grants.stream()
                .anyMatch(
                        grant ->
                                grant.proof() == Proof.ADDRESS
                                        && grant.door().name().equals(listener)
                                        && NetworkSet.contains(grant.clients(), client));
    }

    /** True when somebody who has logged in may relay from this address there. */
    public boolean holdsWithLogin(String listener, IpAddress client) {
        return grants.stream()
                .anyMatch(
                        grant ->
                                (grant.proof() == Proof.ADDRESS || grant.proof() == Proof.LOGIN)
                                        && grant.door().name().equals(listener)
                                        && NetworkSet.contains(grant.clients(), client));
    }

    /** Who it is, in words, without a full stop: {@code 10.20.0.0/16; logins on port 587}. */
    public String sentence() {
        Map<String, Set<String>> doorsByWho = new LinkedHashMap<>();
        for (Grant grant : grants) {
            doorsByWho
                    .computeIfAbsent(who(grant), w -> new LinkedHashSet<>())
                    .add(grant.door().place());
        }
        if (doorsByWho.isEmpty()) {
            return "nobody";
        }
        var parts = new ArrayList<String>();
        doorsByWho.forEach((who, doors) -> parts.add(who + " on " + places(doors)));
        parts.addAll(spokesmen());
        return String.join("; ", parts);
    }

    /** {@code port 25} and {@code port 587} become {@code ports 25, 587}. */
    private static String places(Set<String> doors) {
        String port = "port ";
        String ports =
                doors.stream()
                        .filter(door -> door.startsWith(port))
                        .map(door -> door.substring(port.length()))
                        .collect(Collectors.joining(", "));
        var places = new ArrayList<String>();
        if (!ports.isEmpty()) {
            places.add((ports.contains(",") ? "ports " : port) + ports);
        }
        doors.stream().filter(door -> !door.startsWith(port)).forEach(places::add);
        return String.join(", ", places);
    }

    private static String who(Grant grant) {
        String networks = grant.isAnywhere() ? "" : networks(grant.clients());
        String from = networks.isEmpty() ? "" : " from " + networks;
        int certificates = grant.rule().certificates().size();
        String shown = certificates == 1 ? "one certificate" : certificates + " certificates";
        String own = grant.rule().ownSender() ? ", with their own addresses," : "";
        String who =
                switch (grant.proof()) {
                    case ADDRESS -> networks.isEmpty() ? "EVERYBODY" : networks;
                    case LOGIN -> "logins" + own + from;
                    case CERTIFICATE -> "whoever shows " + shown + from;
                    case LOGIN_AND_CERTIFICATE -> "logins" + own + " that show " + shown + from;
                };
        return grant.rule().byHook() ? "of " + who + " whoever the hook accepts" : who;
    }

    private static String networks(List<IpNetwork> networks) {
        String shown =
                networks.stream()
                        .limit(SHOWN_MAX)
                        .map(RelayProof::network)
                        .collect(Collectors.joining(", "));
        int more = networks.size() - SHOWN_MAX;
        return more > 0 ? shown + " and " + more + " more networks" : shown;
    }

    private static String network(IpNetwork network) {
        boolean isOne = network.bits() == network.base().length();
        return isOne ? network.base().toString() : network.toString();
    }

    /** Those who may say that they are any of the others. */
    private List<String> spokesmen() {
        Map<String, Set<String>> doorsByNetworks = new LinkedHashMap<>();
        for (Grant grant : grants) {
            Door door = grant.door();
            var all = new ArrayList<>(door.proxies());
            all.addAll(door.frontEnds());
            if (!all.isEmpty()) {
                doorsByNetworks
                        .computeIfAbsent(
                                networks(NetworkSet.minimal(all)), n -> new LinkedHashSet<>())
                        .add(door.place());
            }
        }
        return doorsByNetworks.entrySet().stream()
                .map(e -> e.getKey() + " for whom they say they are on " + places(e.getValue()))
                .toList();
    }
}
