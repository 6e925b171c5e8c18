package org.posthouse.relay;

import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvents;
import org.posthouse.core.TlsFault;
import org.posthouse.core.TlsLevel;
import org.posthouse.platform.DnsAnswer;
import org.posthouse.platform.Https;
import org.posthouse.platform.Https.Fetched;
import org.posthouse.platform.Platform;
import org.posthouse.platform.Signal;
import org.posthouse.policy.Route;
import org.posthouse.policy.Route.TlsMode;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Finds the policies of MTA-STS that domains have (RFC 8461).
 *
 * <p>The text record tells whether there is one, and which: a policy is fetched when its number is
 * not that of the one we have. What we have holds until it expires, whatever becomes of the record
 * and of the host that serves it (section 5.1), so that nobody can talk us out of it. Where a
 * policy can't be fetched and we have none, there is none, for {@link #PAUSE}. Fetches of one
 * domain at the same time are one.
 */
final class StsPolicies {
    /** After a fetch that failed, until the next one (RFC 8461 section 3.3). */
    static final Duration PAUSE = Duration.ofMinutes(5);

    /** For one fetch (RFC 8461 section 3.3). */
    static final Duration FETCH_TIMEOUT = Duration.ofMinutes(1);

    static final String PATH = "/.well-known/mta-sts.txt";

    private static final int FAILURES_MAX = 10_000;

    private final Platform platform;
    private final MailEvents events;
    private final StsCache cache;
    private final Signal changed;
    private final ReentrantLock lock = new ReentrantLock();

    /**
     * Domains with the instant of their next fetch, by the monotonic clock; guarded by the lock.
     */
    private final Map<String, Long> failed = new LinkedHashMap<>();

    /** What is being fetched; an empty answer when the one who fetches was interrupted. */
    private final ConcurrentMap<String, CompletableFuture<Optional<Optional<StsPolicy>>>> fetching =
            new ConcurrentHashMap<>();

    /**
     * Makes one.
     *
     * @param changed is raised when a policy came
     */
    StsPolicies(Platform platform, MailEvents events, StsCache cache, Signal changed) {
        this.platform = platform;
        this.events = events;
        this.cache = cache;
        this.changed = changed;
    }

    /** The same hosts, with what the policy of their domain says about each. */
    Exchangers marked(Exchangers found, Route.Mx via) {
        TlsMode mode = via.settings().tls();
        if (!(found instanceof Exchangers.Found hosts)
                || (mode != TlsMode.AUTO && mode != TlsMode.MTA_STS)) {
            return found;
        }
        String domain = hosts.hosts().getFirst().published().domain();
        if (domain.isEmpty()) {
            return found;
        }
        return of(domain, via.internal()).map(policy -> marked(hosts, policy)).orElse(found);
    }

    private static Exchangers marked(Exchangers.Found found, StsPolicy policy) {
        return new Exchangers.Found(
                found.hosts().stream().map(each -> each.with(sts(policy, each.name()))).toList(),
                found.unknown());
    }

    private static Published.Sts sts(StsPolicy policy, String host) {
        boolean isNamed = policy.names(host);
        return switch (policy.mode()) {
            case ENFORCE -> isNamed ? Published.Sts.LISTED : Published.Sts.UNLISTED;
            case TESTING ->
                    isNamed ? Published.Sts.LISTED_FOR_TEST : Published.Sts.UNLISTED_FOR_TEST;
            case NONE -> Published.Sts.NONE;
        };
    }

    /**
     * The policy of a domain, in A-labels and lower case; may fetch it.
     *
     * @param internal from an address of the inside, too
     */
    private Optional<StsPolicy> of(String domain, boolean internal) {
        Optional<StsCache.Kept> kept = cache.use(domain, nowSeconds());
        Optional<String> id = id(domain);
        boolean isKnown =
                id.isEmpty() || kept.map(have -> have.id().equals(id.get())).orElse(false);
        if (isKnown || isPaused(domain)) {
            return kept.map(StsCache.Kept::policy);
        }
        while (true) {
            CompletableFuture<Optional<Optional<StsPolicy>>> mine = new CompletableFuture<>();
            var others = fetching.putIfAbsent(domain, mine);
            if (others == null) {
                return fetchAlone(new StsCache.Source(domain, id.get(), internal), mine);
            }
            Optional<Optional<StsPolicy>> theirs = await(others);
            if (theirs.isPresent()) {
                return theirs.get();
            }
        }
    }

    private Optional<StsPolicy> fetchAlone(
            StsCache.Source source, CompletableFuture<Optional<Optional<StsPolicy>>> mine) {
        String domain = source.domain();
        Optional<Optional<StsPolicy>> result = Optional.empty();
        try {
            fetch(source);
            Optional<StsPolicy> policy = cache.use(domain, nowSeconds()).map(StsCache.Kept::policy);
            if (!Thread.currentThread().isInterrupted()) {
                result = Optional.of(policy);
            }
            return policy;
        } finally {
            fetching.remove(domain, mine);
            mine.complete(result);
        }
    }

    private static Optional<Optional<StsPolicy>> await(
            CompletableFuture<Optional<Optional<StsPolicy>>> others) {
        try {
            return others.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(Optional.empty());
        } catch (ExecutionException e) {
            return Optional.of(Optional.empty());
        }
    }

    /** Fetches again what will expire; the one that we have stays where that fails. */
    void refresh(StsCache.Kept kept) {
        String id = id(kept.domain()).orElse(kept.id());
        fetch(new StsCache.Source(kept.domain(), id, kept.source().internal()));
    }

    private void fetch(StsCache.Source source) {
        String domain = source.domain();
        switch (fetched("mta-sts." + domain, source.internal())) {
            case Fetched.Document document -> take(source, document);
            case Fetched.Failed failure -> {
                if (!Thread.currentThread().isInterrupted()) {
                    TlsFault fault =
                            failure.byCertificate()
                                    ? TlsFault.STS_WEBPKI_INVALID
                                    : TlsFault.STS_POLICY_FETCH_ERROR;
                    failed(domain, fault, failure.why());
                }
            }
        }
    }

    /**
     * Asks the host of a policy, which a stranger named: it must not lead to a service of our own
     * network any more than an exchanger.
     */
    private Fetched fetched(String host, boolean internal) {
        var limits = new Https.Limits(StsPolicy.OCTETS_MAX, platform.time().after(FETCH_TIMEOUT));
        AddressLookup lookup = AddressLookup.of(platform.dns(), host, internal);
        if (!lookup.addresses().isEmpty()) {
            return platform.https().get(host, lookup.addresses(), PATH, limits);
        }
        String why = lookup.isTemporary() ? "has no address for now" : "has no address";
        return new Fetched.Failed(
                false, host + " " + (lookup.isInsideOnly() ? "leads into a private network" : why));
    }

    private void take(StsCache.Source source, Fetched.Document document) {
        String domain = source.domain();
        if (!document.mediaType().equals("text/plain")) {
            failed(domain, TlsFault.STS_POLICY_INVALID, "the policy is not text/plain");
            return;
        }
        switch (StsPolicy.parse(document.text())) {
            case StsPolicy.Parsed.Valid valid -> {
                long now = nowSeconds();
                cache.put(new StsCache.Kept(source, valid.policy(), now, now));
                changed.raise();
            }
            case StsPolicy.Parsed.Invalid invalid ->
                    failed(domain, TlsFault.STS_POLICY_INVALID, invalid.why());
        }
    }

    private void failed(String domain, TlsFault fault, String why) {
        pause(domain);
        events.emit(
                new MailEvent.TlsFailed(
                        platform.time().now(),
                        domain,
                        "",
                        TlsLevel.MTA_STS,
                        fault,
                        "the MTA-STS policy of " + domain + ": " + why,
                        true));
    }

    /** The number in the text record; empty when there is no record, or none for now. */
    private Optional<String> id(String domain) {
        return platform.dns().txt("_mta-sts." + domain) instanceof DnsAnswer.Found<String> found
                ? StsRecord.id(found.records())
                : Optional.empty();
    }

    private boolean isPaused(String domain) {
        lock.lock();
        try {
            Long until = failed.get(domain);
            if (until == null) {
                return false;
            }
            if (until - platform.time().nanos() <= 0) {
                failed.remove(domain);
                return false;
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void pause(String domain) {
        lock.lock();
        try {
            failed.remove(domain);
            failed.put(domain, platform.time().nanos() + PAUSE.toNanos());
            if (failed.size() > FAILURES_MAX) {
                failed.remove(failed.keySet().iterator().next());
            }
        } finally {
            lock.unlock();
        }
    }

    private long nowSeconds() {
        return platform.time().now().getEpochSecond();
    }

    /** All that are kept. */
    List<StsCache.Kept> all() {
        return cache.all();
    }
}
