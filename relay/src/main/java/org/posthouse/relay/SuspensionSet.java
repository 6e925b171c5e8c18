package org.posthouse.relay;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.ReversePath;
import org.posthouse.relay.Suspension.Scope;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Says which suspension keeps a delivery back. Immutable; a look costs nothing without any. */
final class SuspensionSet {
    static final SuspensionSet NONE = new SuspensionSet(List.of());

    private final List<Suspension> all;
    private final Map<Scope, Map<String, Suspension>> exact = new EnumMap<>(Scope.class);
    private final Map<Scope, List<Suspension>> patterns = new EnumMap<>(Scope.class);

    SuspensionSet(List<Suspension> all) {
        this.all = List.copyOf(all);
        for (Suspension each : all) {
            if (each.isPattern()) {
                patterns.computeIfAbsent(each.scope(), scope -> new ArrayList<>()).add(each);
            } else {
                exact.computeIfAbsent(each.scope(), scope -> new HashMap<>())
                        .put(each.pattern(), each);
            }
        }
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    List<Suspension> all() {
        return all;
    }

    /** What is known of a delivery without reading it; null when nothing of that is suspended. */
    @Nullable Suspension early(String domain, String site, Instant now) {
        Suspension found = find(Scope.DOMAIN, domain, now);
        return found == null && !site.isEmpty() ? ofSite(SiteNames.of(site), now) : found;
    }

    /** All that is known; null when nothing of it is suspended. */
    @Nullable Suspension find(Facts facts, Instant now) {
        if (isEmpty()) {
            return null;
        }
        Suspension found = find(Scope.DOMAIN, facts.domain(), now);
        found = found == null ? find(Scope.LOGIN, facts.login(), now) : found;
        found = found == null ? find(Scope.FROM, facts.from(), now) : found;
        return found == null ? ofSite(facts.site(), now) : found;
    }

    /** The suspension of a site, or of its route; null without one. */
    @Nullable Suspension ofSite(SiteNames site, Instant now) {
        Suspension found = find(Scope.ROUTE, site.route(), now);
        for (String name : site.names()) {
            found = found == null ? find(Scope.SITE, name, now) : found;
        }
        return found;
    }

    private @Nullable Suspension find(Scope scope, String text, Instant now) {
        if (text.isEmpty()) {
            return null;
        }
        Map<String, Suspension> known = exact.get(scope);
        Suspension found = known == null ? null : known.get(text.toLowerCase(Locale.ROOT));
        if (found != null && !found.isOver(now)) {
            return found;
        }
        for (Suspension each : patterns.getOrDefault(scope, List.of())) {
            if (!each.isOver(now) && each.matches(text)) {
                return each;
            }
        }
        return null;
    }

    /**
     * What is compared.
     *
     * @param from {@code <>} for the null reverse-path
     */
    record Facts(String domain, String login, String from, SiteNames site) {
        static Facts of(Attempt.Group group, String site) {
            var message = group.attempt().message();
            return new Facts(
                    group.attempt().delivery().domain(),
                    message.origin().login(),
                    from(message.envelope().reversePath()),
                    SiteNames.of(site, group.hop()));
        }

        static String from(ReversePath path) {
            return path.isNull() ? "<>" : path.address();
        }
    }
}
