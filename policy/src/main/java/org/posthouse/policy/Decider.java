package org.posthouse.policy;

import org.posthouse.core.Mailbox;
import org.posthouse.core.Reply;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One decision on its way; the order is that of {@link Policy}. */
final class Decider {
    private static final String RELAYED_DOMAIN = "relayed domain";
    private static final String OWN_MAIL = "own mail";
    private static final String POSTMASTER = "postmaster";

    private static final Reply DENIED = Reply.of(553, "5.7.1", "sorry, we do not relay");
    private static final Reply ROUTING =
            Reply.of(553, "5.7.1", "sorry, we do not route by local parts");
    private static final Reply NO_ROUTE = Reply.of(550, "5.7.1", "no route to this recipient");
    private static final Reply UNKNOWN = Reply.of(550, "5.1.1", "no such recipient here");
    private static final Reply NOT_YOURS =
            Reply.of(553, "5.7.1", "this login may not send with this reverse-path");
    private static final Reply LIMITED =
            Reply.of(451, "4.7.1", "too much mail to the outside, try again later");
    private static final Reply NOBODY = Reply.of(550, "5.1.1", "nobody is behind this alias");
    private static final Reply CROWDED =
            Reply.of(451, "4.2.4", "too many addresses are behind this alias, try again later");
    static final String NOT_OWN = "reverse-path must be the login's own";

    /** Networks, patterns and addresses that an answer names. */
    private static final int SHOWN_MAX = 3;

    private static final Verdict LOCAL = new Verdict.Local();

    private final PolicySet rules;
    private final Mailbox recipient;
    private final Passage mail;
    private final List<Decision.Step> steps = new ArrayList<>(8);

    /** A rule would hold, were the reverse-path the login's own. */
    private boolean isOnlyNotOwn;

    Decider(PolicySet rules, Passage mail) {
        this.rules = rules;
        this.mail = mail;
        recipient = mail.recipient();
    }

    Decision decide(Facts facts) {
        if (isForged(facts)) {
            steps.add(
                    new Decision.Step(
                            "from?",
                            facts.reversePath().address(),
                            "is not the login's own",
                            false,
                            ""));
            return refused(NOT_YOURS, PolicyCode.NOT_YOUR_ADDRESS);
        }
        if (isLocal()) {
            return alias().orElseGet(this::local);
        }
        boolean relayed = isRelayed();
        if (relayed && !known()) {
            return refused(UNKNOWN, PolicyCode.UNKNOWN_RECIPIENT);
        }
        if (relayed && !localPartRoutes()) {
            return granted(RELAYED_DOMAIN);
        }
        for (RelayRule rule : rules.relayRules()) {
            if (holds(rule, facts)) {
                if (!rule.limit().isNone() && facts.spent().contains(rule.name())) {
                    return limited(rule);
                }
                return rule.byHook() ? hookMayGrant(rule.name()) : granted(rule.name());
            }
        }
        steps.add(
                new Decision.Step(
                        "relay?",
                        "no rule left",
                        "nothing is relayed unless a rule says so",
                        false,
                        ""));
        if (isOnlyNotOwn) {
            return refused(NOT_YOURS, PolicyCode.NOT_YOUR_ADDRESS);
        }
        return relayed
                ? refused(ROUTING, PolicyCode.ROUTING_LOCAL_PART)
                : refused(DENIED, PolicyCode.RELAY_DENIED);
    }

    /** The rule that holds counts, also when it grants no more: no later one is asked. */
    private Decision limited(RelayRule rule) {
        String answer = "its limit of " + rule.limit() + " is reached";
        steps.add(new Decision.Step("relay?", rule.name(), answer, false, rule.place()));
        return refused(LIMITED, PolicyCode.LIMIT_REACHED);
    }

    /**
     * True for a login that only rules for its own addresses are for: it can't write in another
     * name to anybody, here or far.
     */
    private boolean isForged(Facts facts) {
        if (facts.login().isEmpty()) {
            return false;
        }
        int before = steps.size();
        boolean isGranted = false;
        for (RelayRule rule : rules.relayRules()) {
            isGranted |= holds(rule, facts);
        }
        boolean isForged = isOnlyNotOwn && !isGranted;
        if (!isForged) {
            steps.subList(before, steps.size()).clear();
            isOnlyNotOwn = false;
        }
        return isForged;
    }

    Decision decideOwn() {
        if (isLocal()) {
            return local();
        }
        if (isRelayed() && !known()) {
            return refused(UNKNOWN, PolicyCode.UNKNOWN_RECIPIENT);
        }
        return granted(OWN_MAIL);
    }

    private Decision local() {
        if (!known()) {
            return refused(UNKNOWN, PolicyCode.UNKNOWN_RECIPIENT);
        }
        Policy.storeRoute(rules, mail).ifPresent(this::note);
        return decided(LOCAL);
    }

    /** Where an alias leads; empty when it is none. */
    private Optional<Decision> alias() {
        return AliasRecipients.targets(rules, mail).map(this::alias);
    }

    private Decision alias(List<Verdict.Target> targets) {
        boolean leads = !targets.isEmpty();
        boolean crowded = !leads && AliasExpansion.isTooMany(rules, recipient);
        String nowhere =
                crowded ? "leads to more than " + AliasExpansion.TARGETS_MAX : "leads nowhere";
        String answer = leads ? "stands for " + names(targets) : nowhere;
        steps.add(
                new Decision.Step(
                        "alias?", recipient.localPart(), answer, leads, rules.places().aliases()));
        return leads
                ? decided(new Verdict.Expand(targets))
                : refused(crowded ? CROWDED : NOBODY, PolicyCode.ALIAS_LEADS_NOWHERE);
    }

    private static String names(List<Verdict.Target> targets) {
        Stream<String> first = targets.stream().limit(SHOWN_MAX).map(t -> t.mailbox().address());
        String shown = first.collect(Collectors.joining(", "));
        int more = targets.size() - SHOWN_MAX;
        return more > 0 ? shown + " and " + more + " more" : shown;
    }

    private boolean isLocal() {
        return isOneOf("local", rules.localDomains(), rules.places().local());
    }

    private boolean isRelayed() {
        return isOneOf("relayed", rules.relayedDomains(), rules.places().relayed());
    }

    private boolean isOneOf(String kind, Set<String> domains, String place) {
        boolean held = domains.contains(recipient.domain());
        String answer = held ? "is a " + kind + " domain" : isNone(kind, domains.size());
        steps.add(new Decision.Step(kind + "?", recipient.domain(), answer, held, place));
        return held;
    }

    private static String isNone(String kind, int count) {
        return switch (count) {
            case 0 -> "is no " + kind + " domain, there is none";
            case 1 -> "is not the one " + kind + " domain";
            default -> "is not one of " + count + " " + kind + " domains";
        };
    }

    /** Postmaster always exists (RFC 5321 section 4.5.1). */
    private boolean known() {
        boolean known =
                Ascii.equalsIgnoreCase(recipient.localPart(), POSTMASTER)
                        || rules.recipients().contains(recipient);
        String answer = known ? "exists" : "does not exist";
        steps.add(
                new Decision.Step(
                        "recipient?",
                        recipient.localPart(),
                        answer,
                        known,
                        rules.places().recipients()));
        return known;
    }

    private boolean localPartRoutes() {
        String localPart = asFoldedByOthers(recipient.localPart());
        boolean routes =
                localPart.indexOf('%') >= 0
                        || localPart.indexOf('!') >= 0
                        || localPart.indexOf('@') >= 0;
        if (routes) {
            steps.add(
                    new Decision.Step(
                            "local part?",
                            localPart,
                            "might be routed further: needs a rule",
                            false,
                            ""));
        }
        return routes;
    }

    /**
     * With full-width and small forms of the routing characters as what others may take them for.
     */
    private static String asFoldedByOthers(String localPart) {
        return Normalizer.normalize(localPart, Normalizer.Form.NFKC);
    }

    private boolean holds(RelayRule rule, Facts facts) {
        String missing = missing(rule, facts);
        boolean held = missing.isEmpty();
        isOnlyNotOwn |= missing.equals(NOT_OWN);
        String limit = rule.limit().isNone() ? "" : ", at most " + rule.limit();
        String answer = held ? "all conditions hold" + limit : missing;
        steps.add(new Decision.Step("relay?", rule.name(), answer, held, rule.place()));
        return held;
    }

    /** The first condition that does not hold; empty when all do. */
    private static String missing(RelayRule rule, Facts facts) {
        if (!rule.anyClient() && !contains(rule.clients(), facts.client())) {
            return "client must be in " + networks(rule.clients());
        }
        if (rule.login() && facts.login().isEmpty()) {
            return "login required";
        }
        if (!rule.anyCertificate() && !isOneOf(rule.certificates(), facts.certificate())) {
            return "certificate must be one of its " + rule.certificates().size();
        }
        if (!rule.anySender() && !matches(rule.senders(), facts)) {
            return "reverse-path must be " + patterns(rule.senders());
        }
        boolean isOthers =
                rule.ownSender() && !facts.ownsReversePath() && !facts.reversePath().isNull();
        return isOthers ? NOT_OWN : "";
    }

    private static String networks(List<IpNetwork> networks) {
        return list(networks.stream().limit(SHOWN_MAX).map(IpNetwork::toString), networks.size());
    }

    private static String patterns(List<AddressPattern> patterns) {
        return list(patterns.stream().limit(SHOWN_MAX).map(AddressPattern::text), patterns.size());
    }

    /** The first few of many. */
    private static String list(Stream<String> first, int count) {
        String shown = first.collect(Collectors.joining(", "));
        if (count == 0) {
            return "one of none";
        }
        return count > SHOWN_MAX ? shown + " or one of " + (count - SHOWN_MAX) + " more" : shown;
    }

    private static boolean isOneOf(List<String> certificates, String certificate) {
        return !certificate.isEmpty() && certificates.contains(certificate);
    }

    private Decision granted(String by) {
        Optional<Route> route = route();
        if (route.isEmpty()) {
            steps.add(
                    new Decision.Step(
                            "route?",
                            "no route left",
                            "no route is for this recipient",
                            false,
                            ""));
            return refused(NO_ROUTE, PolicyCode.NO_ROUTE);
        }
        return route.get().via() instanceof Route.Refuse refuse
                ? refusedByRoute(route.get(), refuse)
                : decided(new Verdict.Relay(by, taken(route.get())));
    }

    /** The hook may choose a next hop of its own, so that a route is not needed. */
    private Decision hookMayGrant(String by) {
        Optional<Route> route = route();
        if (route.isPresent() && route.get().via() instanceof Route.Refuse refuse) {
            return refusedByRoute(route.get(), refuse);
        }
        String name = route.isPresent() ? taken(route.get()) : "";
        return new Decision(
                steps, new Verdict.HookMayRelay(by, name, DENIED), PolicyCode.RELAY_DENIED.code());
    }

    /** The first route that is for this mail; those that are for others' are told of. */
    private Optional<Route> route() {
        for (Route route : rules.routes()) {
            if (route.isFor(mail)) {
                return Optional.of(route);
            }
            if (route.isTo(recipient)) {
                steps.add(
                        new Decision.Step(
                                "route?",
                                route.name(),
                                route.from().missing(mail),
                                false,
                                route.place()));
            }
        }
        return Optional.empty();
    }

    private String taken(Route route) {
        note(route);
        return route.name();
    }

    private void note(Route route) {
        steps.add(
                new Decision.Step(
                        "route?", route.name(), "is for this recipient", true, route.place()));
    }

    private Decision refusedByRoute(Route route, Route.Refuse refuse) {
        steps.add(new Decision.Step("route?", route.name(), "refuses", false, route.place()));
        return refused(Reply.of(550, "5.7.1", refuse.text()), PolicyCode.ROUTE_REFUSES);
    }

    private Decision refused(Reply reply, PolicyCode code) {
        return new Decision(steps, new Verdict.Refuse(reply), code.code());
    }

    private Decision decided(Verdict verdict) {
        return new Decision(steps, verdict, "");
    }

    private static boolean contains(List<IpNetwork> networks, IpAddress client) {
        for (IpNetwork network : networks) {
            if (network.contains(client)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(List<AddressPattern> senders, Facts facts) {
        for (AddressPattern pattern : senders) {
            if (pattern.matches(facts.reversePath())) {
                return true;
            }
        }
        return false;
    }
}
