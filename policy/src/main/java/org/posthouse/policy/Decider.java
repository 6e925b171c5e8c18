package org.posthouse.policy;

import org.posthouse.core.Mailbox;
import org.posthouse.core.Reply;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
    private static final Verdict LOCAL = new Verdict.Local();

    private final PolicySet rules;
    private final Mailbox recipient;
    private final List<Decision.Step> steps = new ArrayList<>(8);

    /** A rule would hold, were the reverse-path the login's own. */
    private boolean isOnlyNotOwn;

    Decider(PolicySet rules, Mailbox recipient) {
        this.rules = rules;
        this.recipient = recipient;
    }

    Decision decide(Facts facts) {
        if (isForged(facts)) {
            return refused(NOT_YOURS, PolicyCode.NOT_YOUR_ADDRESS);
        }
        if (isLocal()) {
            return known() ? decided(LOCAL) : refused(UNKNOWN, PolicyCode.UNKNOWN_RECIPIENT);
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
                return rule.byHook() ? hookMayGrant(rule.name()) : granted(rule.name());
            }
        }
        step("relay?", "no rule left", "nothing is relayed unless a rule says so", false);
        if (isOnlyNotOwn) {
            return refused(NOT_YOURS, PolicyCode.NOT_YOUR_ADDRESS);
        }
        return relayed
                ? refused(ROUTING, PolicyCode.ROUTING_LOCAL_PART)
                : refused(DENIED, PolicyCode.RELAY_DENIED);
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
            return known() ? decided(LOCAL) : refused(UNKNOWN, PolicyCode.UNKNOWN_RECIPIENT);
        }
        if (isRelayed() && !known()) {
            return refused(UNKNOWN, PolicyCode.UNKNOWN_RECIPIENT);
        }
        return granted(OWN_MAIL);
    }

    private boolean isLocal() {
        boolean local = rules.localDomains().contains(recipient.domain());
        step("local?", recipient.domain(), local ? "a local domain" : "no local domain", local);
        return local;
    }

    private boolean isRelayed() {
        boolean relayed = rules.relayedDomains().contains(recipient.domain());
        step(
                "relayed?",
                recipient.domain(),
                relayed ? "a relayed domain" : "no relayed domain",
                relayed);
        return relayed;
    }

    /** Postmaster always exists (RFC 5321 section 4.5.1). */
    private boolean known() {
        boolean known =
                Ascii.equalsIgnoreCase(recipient.localPart(), POSTMASTER)
                        || rules.recipients().contains(recipient);
        step("recipient?", recipient.localPart(), known ? "exists" : "does not exist", known);
        return known;
    }

    private boolean localPartRoutes() {
        String localPart = asFoldedByOthers(recipient.localPart());
        boolean routes =
                localPart.indexOf('%') >= 0
                        || localPart.indexOf('!') >= 0
                        || localPart.indexOf('@') >= 0;
        if (routes) {
            step("local part?", localPart, "might be routed further: needs a rule", false);
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
        String answer = "all conditions hold";
        boolean held = false;
        if (!rule.anyClient() && !contains(rule.clients(), facts.client())) {
            answer = "client must be in one of its networks";
        } else if (rule.login() && facts.login().isEmpty()) {
            answer = "login required";
        } else if (!rule.anyCertificate() && !isOneOf(rule.certificates(), facts.certificate())) {
            answer = "certificate must be one of its own";
        } else if (!rule.anySender() && !matches(rule.senders(), facts)) {
            answer = "reverse-path must be one of its senders";
        } else if (rule.ownSender() && !facts.ownsReversePath() && !facts.reversePath().isNull()) {
            answer = "reverse-path must be the login's own";
            isOnlyNotOwn = true;
        } else {
            held = true;
        }
        step("relay?", rule.name(), answer, held);
        return held;
    }

    private static boolean isOneOf(List<String> certificates, String certificate) {
        return !certificate.isEmpty() && certificates.contains(certificate);
    }

    private Decision granted(String by) {
        Optional<Route> route = Policy.route(rules, recipient);
        if (route.isEmpty()) {
            step("route?", "no route left", "no route is for this recipient", false);
            return refused(NO_ROUTE, PolicyCode.NO_ROUTE);
        }
        return route.get().via() instanceof Route.Refuse refuse
                ? refusedByRoute(route.get(), refuse)
                : decided(new Verdict.Relay(by, taken(route.get())));
    }

    /** The hook may choose a next hop of its own, so that a route is not needed. */
    private Decision hookMayGrant(String by) {
        Optional<Route> route = Policy.route(rules, recipient);
        if (route.isPresent() && route.get().via() instanceof Route.Refuse refuse) {
            return refusedByRoute(route.get(), refuse);
        }
        String name = route.isPresent() ? taken(route.get()) : "";
        return new Decision(
                steps, new Verdict.HookMayRelay(by, name, DENIED), PolicyCode.RELAY_DENIED.code());
    }

    private String taken(Route route) {
        step("route?", route.name(), "is for this recipient", true);
        return route.name();
    }

    private Decision refusedByRoute(Route route, Route.Refuse refuse) {
        step("route?", route.name(), "refuses", false);
        return refused(Reply.of(550, "5.7.1", refuse.text()), PolicyCode.ROUTE_REFUSES);
    }

    private Decision refused(Reply reply, PolicyCode code) {
        return new Decision(steps, new Verdict.Refuse(reply), code.code());
    }

    private Decision decided(Verdict verdict) {
        return new Decision(steps, verdict, "");
    }

    private void step(String question, String subject, String answer, boolean held) {
        steps.add(new Decision.Step(question, subject, answer, held));
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
