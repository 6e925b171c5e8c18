package org.posthouse.policy;

import org.posthouse.core.Mailbox;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Follows aliases to the addresses behind them. Each address is looked at once, so that loops end;
 * an alias that names itself means the mailbox of that name. More than {@link #TARGETS_MAX}
 * addresses are too many.
 */
final class AliasExpansion {
    static final int TARGETS_MAX = 1000;

    private final PolicySet rules;
    private final Set<Mailbox> seen = new LinkedHashSet<>();
    private final Set<Mailbox> found = new LinkedHashSet<>();

    AliasExpansion(PolicySet rules) {
        this.rules = rules;
    }

    /** The addresses; none when there are too many. */
    List<Mailbox> expand(Mailbox start) {
        follow(start, start);
        return isTooMany() ? List.of() : List.copyOf(found);
    }

    /** True when it was given up. */
    private boolean isTooMany() {
        return seen.size() > TARGETS_MAX;
    }

    /** True when too many are behind an address. */
    static boolean isTooMany(PolicySet rules, Mailbox start) {
        var expansion = new AliasExpansion(rules);
        List<Mailbox> unused = expansion.expand(start);
        return expansion.isTooMany();
    }

    private void follow(Mailbox address, Mailbox from) {
        if (isTooMany() || !seen.add(address)) {
            return;
        }
        List<Mailbox> targets = targets(address);
        if (targets.isEmpty()) {
            found.add(address);
        }
        for (Mailbox target : targets) {
            if (target.equals(address)) {
                found.add(address);
            } else if (!target.equals(from)) {
                follow(target, address);
            }
        }
    }

    private List<Mailbox> targets(Mailbox address) {
        if (!rules.localDomains().contains(address.domain())) {
            return List.of();
        }
        List<Mailbox> targets = rules.aliases().targets(address);
        boolean isMissing = targets.isEmpty() && !rules.recipients().contains(address);
        return isMissing ? rules.aliases().catchAll(address.domain()) : targets;
    }
}
