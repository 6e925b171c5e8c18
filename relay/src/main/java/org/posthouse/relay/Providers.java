package org.posthouse.relay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which sites are of one provider. A site's key names its exchangers; when all of the first
 * preference are the provider's, the site shares its allowance with the provider's other sites of
 * the same route. It keeps connections, window and circuit of its own: hosts fail one by one, and a
 * connection to one of them need not take the mail of another. Guarded by the dispatcher's lock.
 */
final class Providers {
    /** The large ones, with what they are known to bear. */
    static final List<RelaySettings.Provider> SHIPPED =
            List.of(
                    new RelaySettings.Provider(
                            "google", List.of("*.google.com", "*.googlemail.com"), 20, 0),
                    new RelaySettings.Provider(
                            "microsoft",
                            List.of("*.protection.outlook.com", "*.mx.microsoft"),
                            50,
                            0),
                    new RelaySettings.Provider("yahoo", List.of("*.yahoodns.net"), 10, 0),
                    new RelaySettings.Provider("apple", List.of("*.mail.icloud.com"), 10, 0),
                    new RelaySettings.Provider(
                            "gmx", List.of("*.gmx.net", "*.web.de", "*.kundenserver.de"), 10, 0));

    private final List<RelaySettings.Provider> providers;
    private final Map<Owned, Allowance> allowances = new HashMap<>();

    private record Owned(String route, String source, String provider) {}

    Providers(List<RelaySettings.Provider> own) {
        providers = new ArrayList<>(own);
        providers.addAll(SHIPPED);
    }

    /** What a site may have: its own, or a provider's. */
    Allowance of(String site) {
        SiteKey key = SiteKey.of(site);
        if (key.hosts().isEmpty()) {
            return Allowance.own();
        }
        for (RelaySettings.Provider each : providers) {
            if (isAll(each, key.hosts().getFirst())) {
                return allowances.computeIfAbsent(
                        new Owned(key.route(), key.source(), each.name()),
                        unknown -> Allowance.of(each));
            }
        }
        return Allowance.own();
    }

    private static boolean isAll(RelaySettings.Provider provider, List<String> hosts) {
        for (String host : hosts) {
            if (!provider.has(host)) {
                return false;
            }
        }
        return true;
    }
}
