package org.posthouse.relay;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Policies of MTA-STS that hold, until they expire. Who was not asked about for longest is
 * forgotten first.
 *
 * <pre>
 * FETCHED USED SCOPE ID MODE MAX-AGE DOMAIN MX…   a line each; instants in seconds of the wall
 *                                                 clock; the scope is that of the policy's host
 * </pre>
 */
final class StsCache {
    /** Domains known at once. */
    static final int DOMAINS_MAX = 10_000;

    private static final int FIELDS_MIN = 7;
    private static final String OUTSIDE = "outside";
    private static final String ANYWHERE = "anywhere";

    private final ReentrantLock lock = new ReentrantLock();

    /** In the order of use; guarded by the lock. */
    private final LinkedHashMap<String, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * What is fetched.
     *
     * @param id of the text record; empty: there was none
     * @param internal its host may be at an address of the inside
     */
    record Source(String domain, String id, boolean internal) {}

    /**
     * A policy.
     *
     * @param fetchedSeconds when it came
     * @param usedSeconds when it was asked for last
     */
    record Kept(Source source, StsPolicy policy, long fetchedSeconds, long usedSeconds) {
        String domain() {
            return source.domain();
        }

        String id() {
            return source.id();
        }

        boolean holds(long nowSeconds) {
            return nowSeconds < fetchedSeconds + policy.maxAgeSeconds();
        }

        Kept usedAt(long nowSeconds) {
            return new Kept(source, policy, fetchedSeconds, nowSeconds);
        }
    }

    /** The policy of a domain, if it still holds; asking counts as use. */
    Optional<Kept> use(String domain, long nowSeconds) {
        lock.lock();
        try {
            Kept found = kept.get(domain);
            if (found == null) {
                return Optional.empty();
            }
            if (!found.holds(nowSeconds)) {
                kept.remove(domain);
                return Optional.empty();
            }
            kept.put(domain, found.usedAt(nowSeconds));
            return Optional.of(found);
        } finally {
            lock.unlock();
        }
    }

    /** Puts one in the place of what the domain had. */
    void put(Kept fresh) {
        lock.lock();
        try {
            kept.put(fresh.domain(), fresh);
            if (kept.size() > DOMAINS_MAX) {
                kept.remove(kept.keySet().iterator().next());
            }
        } finally {
            lock.unlock();
        }
    }

    /** All, the ones used last at the end. */
    List<Kept> all() {
        lock.lock();
        try {
            return List.copyOf(kept.values());
        } finally {
            lock.unlock();
        }
    }

    /** A line for each that holds. */
    String lines(long nowSeconds) {
        var text = new StringBuilder();
        for (Kept each : all()) {
            if (each.holds(nowSeconds)) {
                text.append(each.fetchedSeconds()).append(' ');
                text.append(each.usedSeconds()).append(' ');
                text.append(each.source().internal() ? ANYWHERE : OUTSIDE).append(' ');
                text.append(each.id().isEmpty() ? "-" : each.id()).append(' ');
                text.append(each.policy().mode()).append(' ');
                text.append(each.policy().maxAgeSeconds()).append(' ');
                text.append(each.domain());
                each.policy().mx().forEach(mx -> text.append(' ').append(mx));
                text.append('\n');
            }
        }
        return text.toString();
    }

    /** Takes what lines hold; what is none is passed over. */
    void restore(List<String> lines) {
        for (String line : lines) {
            try {
                parse(line).ifPresent(this::put);
            } catch (IllegalArgumentException e) {
                // a policy less: it is fetched again
            }
        }
    }

    private static Optional<Kept> parse(String line) {
        List<String> fields = new ArrayList<>(List.of(line.split(" ", -1)));
        if (fields.size() < FIELDS_MIN) {
            return Optional.empty();
        }
        var policy =
                new StsPolicy(
                        StsPolicy.Mode.valueOf(fields.get(4)),
                        fields.subList(FIELDS_MIN, fields.size()),
                        Math.min(Long.parseLong(fields.get(5)), StsPolicy.MAX_AGE_SECONDS_MAX));
        String id = fields.get(3).equals("-") ? "" : fields.get(3);
        return Optional.of(
                new Kept(
                        new Source(fields.get(6), id, fields.get(2).equals(ANYWHERE)),
                        policy,
                        Long.parseLong(fields.get(0)),
                        Long.parseLong(fields.get(1))));
    }
}
