package org.posthouse.testkit;

import org.posthouse.platform.AddressLiteral;
import org.posthouse.platform.Dns;
import org.posthouse.platform.DnsAnswer;
import org.posthouse.platform.TimeSource;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * The names of a make-believe internet, as a resolver tells them: an answer is kept for its time to
 * live.
 */
final class FakeDns implements Dns {
    private static final int KEPT_MAX = 10_000;

    /** Of a name's aliases, one after the other, so many are followed. */
    private static final int ALIASES_MAX = 8;

    private static final Duration KEEP_FAILURE = Duration.ofSeconds(5);

    private final TimeSource time;
    private final Map<String, FakeDomain> domains = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock. */
    private final Map<Question, Kept> cache = new LinkedHashMap<>();

    private record Question(String type, String name) {}

    private record Kept(DnsAnswer<?> answer, long endsAt) {}

    FakeDns(TimeSource time) {
        this.time = time;
    }

    FakeDomain domain(String name, Function<String, FakeDomain> make) {
        return domains.computeIfAbsent(key(name), make);
    }

    /** The name as it is looked up. */
    static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    @Override
    public DnsAnswer<Mx> mx(String domain) {
        return ask("MX", domain, FakeDomain::exchangers);
    }

    @Override
    public DnsAnswer<InetAddress> a(String host) {
        return ask("A", host, domain -> addresses(domain, false));
    }

    @Override
    public DnsAnswer<InetAddress> aaaa(String host) {
        return ask("AAAA", host, domain -> addresses(domain, true));
    }

    private static List<InetAddress> addresses(FakeDomain domain, boolean isV6) {
        return domain.addresses().stream()
                .filter(address -> address instanceof Inet6Address == isV6)
                .toList();
    }

    @Override
    public DnsAnswer<String> txt(String name) {
        return ask("TXT", name, FakeDomain::texts);
    }

    @Override
    public DnsAnswer<Tlsa> tlsa(String name) {
        return ask("TLSA", name, FakeDomain::tlsas);
    }

    @Override
    public DnsAnswer<String> cname(String name) {
        return ask("CNAME", name, domain -> domain.alias().stream().toList());
    }

    @Override
    public DnsAnswer<String> ptr(InetAddress address) {
        List<String> names =
                domains.values().stream()
                        .filter(domain -> domain.addresses().contains(address))
                        .map(FakeDomain::name)
                        .toList();
        return names.isEmpty()
                ? new DnsAnswer.NoDomain<>()
                : new DnsAnswer.Found<>(names, FakeDomain.DEFAULT_TTL, false);
    }

    @Override
    public DnsAnswer<InetAddress> system(String host) {
        return AddressLiteral.parse(host)
                .<DnsAnswer<InetAddress>>map(
                        address -> new DnsAnswer.Found<>(List.of(address), Duration.ZERO, false))
                .orElseGet(() -> ask("SYSTEM", host, FakeDomain::addresses));
    }

    @SuppressWarnings("unchecked") // a question has answers of one type
    private <T> DnsAnswer<T> ask(String type, String name, Function<FakeDomain, List<T>> records) {
        var question = new Question(type, key(name));
        lock.lock();
        try {
            long now = time.nanos();
            Kept kept = cache.get(question);
            if (kept != null && kept.endsAt() > now) {
                return (DnsAnswer<T>) kept.answer();
            }
            DnsAnswer<T> answer = answer(question, records);
            cache.remove(question);
            cache.put(question, new Kept(answer, now + keep(question, answer).toNanos()));
            if (cache.size() > KEPT_MAX) {
                cache.remove(cache.keySet().iterator().next());
            }
            return answer;
        } finally {
            lock.unlock();
        }
    }

    private Duration keep(Question question, DnsAnswer<?> answer) {
        return switch (answer) {
            case DnsAnswer.Found<?> found -> found.timeToLive();
            case DnsAnswer.TemporaryFailure<?> f -> KEEP_FAILURE;
            case DnsAnswer.NoData<?> none -> ttl(question.name());
            case DnsAnswer.NoDomain<?> none -> ttl(question.name());
        };
    }

    private Duration ttl(String name) {
        FakeDomain domain = domains.get(name);
        return domain == null ? Duration.ZERO : domain.timeToLive();
    }

    /** Follows aliases, but for who asks for one itself. */
    private <T> DnsAnswer<T> answer(Question question, Function<FakeDomain, List<T>> records) {
        String name = question.name();
        boolean isSigned = true;
        for (int i = 0; i < ALIASES_MAX; i++) {
            FakeDomain domain = domains.get(name);
            if (domain == null) {
                return missing(name);
            }
            isSigned &= domain.isSigned();
            Optional<String> alias = domain.alias();
            boolean isEnd = alias.isEmpty() || question.type().equals("CNAME");
            if (isEnd || domain.mood() != FakeDomain.Mood.ANSWERS) {
                return answer(domain, records, isSigned);
            }
            name = alias.get();
        }
        return new DnsAnswer.TemporaryFailure<>("too many aliases");
    }

    private <T> DnsAnswer<T> missing(String name) {
        boolean isAbove = domains.keySet().stream().anyMatch(each -> each.endsWith("." + name));
        return isAbove ? new DnsAnswer.NoData<>() : new DnsAnswer.NoDomain<>();
    }

    private static <T> DnsAnswer<T> answer(
            FakeDomain domain, Function<FakeDomain, List<T>> records, boolean isSigned) {
        return switch (domain.mood()) {
            case FAILS -> new DnsAnswer.TemporaryFailure<>("SERVFAIL");
            case MISSING -> new DnsAnswer.NoDomain<>();
            case ANSWERS -> {
                List<T> found = records.apply(domain);
                yield found.isEmpty()
                        ? new DnsAnswer.NoData<>()
                        : new DnsAnswer.Found<>(found, domain.timeToLive(), isSigned);
            }
        };
    }
}
