package org.posthouse.relay;

import org.posthouse.relay.RelaySettings.Tenant;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tenants with settings of their own, and the rates of those that are bounded, over all sites
 * together. Guarded by the dispatcher's lock.
 */
final class Tenants implements FairQueue.Gate {
    private final Map<String, Tenant> byLogin = new HashMap<>();
    private final Map<String, Tenant> byListener = new HashMap<>();
    private final Map<String, RateBucket> buckets = new HashMap<>();

    Tenants(List<Tenant> tenants) {
        for (Tenant each : tenants) {
            (each.login() ? byLogin : byListener).putIfAbsent(each.name(), each);
        }
    }

    /** Whose mail it is: the login's, without one the listener's. */
    Tenant of(String login, String listener) {
        Tenant tenant = login.isEmpty() ? byListener.get(listener) : byLogin.get(login);
        return tenant == null ? Tenant.ANY : tenant;
    }

    /** Names the bucket of a tenant; empty when it has none. */
    static String bucket(Tenant tenant) {
        if (tenant.messagesPerMinute() == 0) {
            return "";
        }
        return (tenant.login() ? "login " : "listener ") + tenant.name();
    }

    private RateBucket bucket(String name, long nowMillis) {
        return buckets.computeIfAbsent(
                name,
                key -> {
                    int space = name.indexOf(' ');
                    var tenants = name.startsWith("login ") ? byLogin : byListener;
                    Tenant tenant = tenants.getOrDefault(name.substring(space + 1), Tenant.ANY);
                    var bucket = new RateBucket();
                    bucket.rate(tenant.messagesPerMinute(), nowMillis);
                    return bucket;
                });
    }

    @Override
    public long nextMillis(String bucket, long nowMillis) {
        return bucket.isEmpty() ? nowMillis : bucket(bucket, nowMillis).nextMillis(nowMillis);
    }

    @Override
    public void take(String bucket, long nowMillis) {
        if (!bucket.isEmpty()) {
            bucket(bucket, nowMillis).take(nowMillis);
        }
    }
}
