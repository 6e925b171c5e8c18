package org.posthouse;

import org.posthouse.policy.PolicySet;
import org.posthouse.policy.RelayRule;
import org.posthouse.policy.Route;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is different between the settings of a running engine and others. */
final class Differences {
    private final EngineSettings before;
    private final EngineSettings after;

    Differences(EngineSettings before, EngineSettings after) {
        this.before = before;
        this.after = after;
    }

    Reloaded find() {
        var changed = new ArrayList<String>();
        listeners(changed);
        PolicySet old = before.rules();
        PolicySet now = after.rules();
        add(changed, "local domains", !old.localDomains().equals(now.localDomains()));
        add(changed, "relayed domains", !old.relayedDomains().equals(now.relayedDomains()));
        add(changed, "known recipients", !old.recipients().equals(now.recipients()));
        add(changed, "aliases", !old.aliases().equals(now.aliases()));
        add(changed, "relay rules", !rules(old).equals(rules(now)));
        add(changed, "routes", !routes(old).equals(routes(now)));
        add(changed, "limits", !before.limits().equals(after.limits()));
        add(changed, "content", !before.content().equals(after.content()));
        add(changed, "discards", !before.discards().equals(after.discards()));
        add(changed, "certificates", !before.certificates().equals(after.certificates()));
        var waiting = new ArrayList<String>();
        add(waiting, "data", !before.data().equals(after.data()));
        add(waiting, "store", !before.store().equals(after.store()));
        boolean isRenamed = !before.hostname().equals(after.hostname());
        add(waiting, "hostname (towards next hops and in reports)", isRenamed);
        add(waiting, "retry and timeouts of deliveries", isOtherRelay(isRenamed));
        add(waiting, "dns", !before.dns().equals(after.dns()));
        add(waiting, "journal", !before.journal().equals(after.journal()));
        return new Reloaded(changed, waiting);
    }

    private static void add(List<String> list, String what, boolean isDifferent) {
        if (isDifferent) {
            list.add(what);
        }
    }

    private boolean isOtherRelay(boolean isRenamed) {
        boolean isSame =
                before.relay().retry().equals(after.relay().retry())
                        && before.relay().timeouts().equals(after.relay().timeouts())
                        && before.relay().idleWait().equals(after.relay().idleWait());
        return !isSame || (!isRenamed && !before.relay().equals(after.relay()));
    }

    private void listeners(List<String> changed) {
        Map<String, ListenerBuilder> old = byName(before);
        Map<String, ListenerBuilder> now = byName(after);
        now.forEach(
                (name, listener) -> {
                    ListenerBuilder other = old.get(name);
                    if (other == null) {
                        changed.add("listener " + name + " added");
                    } else if (!listener.isSamePlaceAs(other)) {
                        changed.add("listener " + name + " moved");
                    } else if (!listener.facts().equals(other.facts())) {
                        changed.add("listener " + name);
                    }
                });
        old.keySet().stream()
                .filter(name -> !now.containsKey(name))
                .forEach(name -> changed.add("listener " + name + " removed"));
    }

    private static Map<String, ListenerBuilder> byName(EngineSettings settings) {
        var listeners = new LinkedHashMap<String, ListenerBuilder>();
        settings.listeners().forEach(listener -> listeners.put(listener.name, listener));
        return listeners;
    }

    /** Rules, wherever they are written. */
    private static List<RelayRule> rules(PolicySet set) {
        return set.relayRules().stream().map(Differences::anywhere).toList();
    }

    private static RelayRule anywhere(RelayRule rule) {
        return new RelayRule(
                rule.name(),
                rule.clients(),
                rule.anyClient(),
                rule.login(),
                rule.senders(),
                rule.anySender(),
                rule.ownSender(),
                rule.certificates(),
                rule.anyCertificate(),
                rule.byHook(),
                rule.openRelay(),
                rule.limit(),
                "");
    }

    private static List<Route> routes(PolicySet set) {
        return set.routes().stream()
                .map(r -> new Route(r.name(), r.to(), r.from(), r.via(), ""))
                .toList();
    }
}
