package org.posthouse.policy;

import org.posthouse.core.Mailbox;

import java.util.List;
import java.util.Optional;

/**
 * The one decision, pure: the same answer for the wire, for mail that waits, and for explanations.
 *
 * <p>In order; the first that applies decides:
 *
 * <ol>
 *   <li>A login that only rules for its own addresses are for, with another's reverse-path:
 *       refused.
 *   <li>A local domain: an alias goes to those behind it, any other is stored here when the
 *       recipient exists. Whatever the local part says ({@code a%b}, {@code b!a}, {@code "a@b"}),
 *       it is a local part and never sends the message anywhere.
 *   <li>A relayed domain: passed on when the recipient exists. A local part with {@code %}, {@code
 *       !} or {@code @} might be routed further by the next hop, so that a stranger could reach
 *       anyone through us: it needs a relay rule as outside mail does.
 *   <li>Any other domain: the relay rules, the first whose conditions all hold.
 *   <li>Nothing: refused. No address is special; not even 127.0.0.1 may relay without a rule.
 * </ol>
 *
 * <p>What may be relayed also needs a route. A route that stores, or discards, does so at the
 * attempt: the verdict is {@link Verdict.Relay} all the same, since only those who may send to the
 * outside reach it. A route that refuses does so here.
 *
 * @since 0.1
 */
public final class Policy {
    private Policy() {}

    /** Decides about one recipient of a session. */
    public static Decision decide(PolicySet rules, Facts facts) {
        var mail = new Passage(facts.reversePath(), facts.login(), facts.recipient());
        return new Decider(rules, mail).decide(facts);
    }

    /**
     * Decides about one recipient of mail that the program itself sends: reports, and what the
     * embedding program submits. It needs no relay rule; all else is the same.
     */
    public static Decision decideOwn(PolicySet rules, Passage mail) {
        return new Decider(rules, mail).decideOwn();
    }

    /**
     * The addresses that mail for an address goes to: itself, or those that its alias names, and so
     * on. What they are decided by is {@link #decideOwn}: the operator wrote them down.
     *
     * @return empty when there are too many
     */
    public static List<Mailbox> expand(PolicySet rules, Mailbox recipient) {
        return new AliasExpansion(rules).expand(recipient);
    }

    /** The first route that matches; empty when none does. */
    public static Optional<Route> route(PolicySet rules, Passage mail) {
        for (Route route : rules.routes()) {
            if (route.isFor(mail)) {
                return Optional.of(route);
            }
        }
        return Optional.empty();
    }

    /**
     * The route of all mail for a domain, whatever the local part and whosever it is; empty when
     * there is none, or when it depends on these.
     */
    public static Optional<Route> routeOfDomain(PolicySet rules, String domain) {
        for (Route route : rules.routes()) {
            boolean some = false;
            for (AddressPattern pattern : route.to()) {
                if (pattern.matchesAllOf(domain) && route.from().isAny()) {
                    return Optional.of(route);
                }
                some |= pattern.matchesSomeOf(domain);
            }
            if (some) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /**
     * The route by LMTP to the mail store of a local domain: the first that names the recipient by
     * a pattern other than {@code *}. Empty: it is stored here. Routes of other kinds never count,
     * so that mail for a local domain does not leave.
     */
    public static Optional<Route> storeRoute(PolicySet rules, Passage mail) {
        for (Route route : rules.routes()) {
            if (route.via() instanceof Route.Lmtp
                    && names(route, mail.recipient())
                    && route.isFor(mail)) {
                return Optional.of(route);
            }
        }
        return Optional.empty();
    }

    private static boolean names(Route route, Mailbox recipient) {
        for (AddressPattern pattern : route.to()) {
            if (!pattern.isAny() && pattern.matches(recipient)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The same for all mail for a local domain.
     *
     * @return false where it depends on the mail
     */
    public static boolean isStoredAlike(PolicySet rules, String domain) {
        for (Route route : rules.routes()) {
            if (route.via() instanceof Route.Lmtp) {
                boolean some = false;
                for (AddressPattern pattern : route.to()) {
                    boolean all = !pattern.isAny() && pattern.matchesAllOf(domain);
                    if (all && route.from().isAny()) {
                        return true;
                    }
                    some |= all || (!pattern.isAny() && pattern.matchesSomeOf(domain));
                }
                if (some) {
                    return false;
                }
            }
        }
        return true;
    }

    /**
     * What would make an open relay of these rules: a rule that asks for neither a network nor a
     * login, or rules whose networks together cover the internet. Patterns of reverse-paths do not
     * count, since anybody may claim any. Rules that wait for a hook, and rules whose operator said
     * so in the exact words, are left out.
     */
    public static List<RelayProblem> openRelayProblems(PolicySet rules) {
        return OpenRelayCheck.problems(rules.relayRules());
    }
}
