package org.posthouse.platform;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * DNS with a cache of its own. Who asks what somebody else is asking already waits for that answer.
 * dnsjava reads and writes the messages; nothing of it is loaded before the first question.
 */
final class JdkDns implements Dns {
    private static final int QUESTIONS_MAX = 512; // sockets at a time

    private final DnsSettings settings;
    private final TimeSource time;
    private final DnsCache cache;
    private final SystemNames systemNames;
    private final Semaphore permits = new Semaphore(QUESTIONS_MAX);
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable DnsQuery query; // guarded by lock

    /** What is being asked; an empty answer when the one who asked was interrupted. */
    private final ConcurrentMap<DnsQuestion, CompletableFuture<Optional<DnsAnswer<?>>>> asking =
            new ConcurrentHashMap<>();

    JdkDns(DnsSettings settings, TimeSource time) {
        this.settings = settings;
        this.time = time;
        this.cache = new DnsCache(settings.cacheEntriesMax());
        this.systemNames = new SystemNames(time);
    }

    @Override
    public DnsAnswer<Mx> mx(String domain) {
        return ask(domain, DnsQuestion.Type.MX);
    }

    @Override
    public DnsAnswer<InetAddress> a(String host) {
        return ask(host, DnsQuestion.Type.A);
    }

    @Override
    public DnsAnswer<InetAddress> aaaa(String host) {
        return ask(host, DnsQuestion.Type.AAAA);
    }

    @Override
    public DnsAnswer<String> txt(String name) {
        return ask(name, DnsQuestion.Type.TXT);
    }

    @Override
    public DnsAnswer<Tlsa> tlsa(String name) {
        return ask(name, DnsQuestion.Type.TLSA);
    }

    @Override
    public DnsAnswer<String> cname(String name) {
        return ask(name, DnsQuestion.Type.CNAME);
    }

    @Override
    public DnsAnswer<String> ptr(InetAddress address) {
        return ask(DnsQuestion.reverse(address.getAddress()), DnsQuestion.Type.PTR);
    }

    @Override
    public DnsAnswer<InetAddress> system(String host) {
        Optional<InetAddress> literal = AddressLiteral.parse(host);
        if (literal.isPresent()) {
            return new DnsAnswer.Found<>(List.of(literal.get()), Duration.ZERO, false);
        }
        return ask(host, DnsQuestion.Type.SYSTEM);
    }

    @SuppressWarnings("unchecked") // an answer is of its question's type
    private <T> DnsAnswer<T> ask(String name, DnsQuestion.Type type) {
        Optional<String> normal = DnsQuestion.normalize(name);
        if (normal.isEmpty()) {
            return new DnsAnswer.NoDomain<>();
        }
        return (DnsAnswer<T>) answer(new DnsQuestion(normal.get(), type));
    }

    private DnsAnswer<?> answer(DnsQuestion question) {
        Deadline deadline = time.after(settings.timeout());
        while (true) {
            Optional<DnsAnswer<?>> kept = cache.get(question, time.nanos());
            if (kept.isPresent()) {
                return kept.get();
            }
            CompletableFuture<Optional<DnsAnswer<?>>> mine = new CompletableFuture<>();
            var others = asking.putIfAbsent(question, mine);
            Optional<DnsAnswer<?>> answer =
                    others == null
                            ? Optional.of(askAlone(question, deadline, mine))
                            : await(others);
            if (answer.isPresent()) {
                return answer.get();
            }
        }
    }

    private DnsAnswer<?> askAlone(
            DnsQuestion question,
            Deadline deadline,
            CompletableFuture<Optional<DnsAnswer<?>>> mine) {
        Optional<DnsAnswer<?>> answer = Optional.empty();
        try {
            Optional<DnsAnswer<?>> kept = cache.get(question, time.nanos()); // since we looked
            DnsAnswer<?> given = kept.isPresent() ? kept.get() : askNow(question, deadline);
            if (!Thread.currentThread().isInterrupted()) {
                answer = Optional.of(given);
            }
            return given;
        } finally {
            asking.remove(question, mine);
            mine.complete(answer);
        }
    }

    private DnsAnswer<?> askNow(DnsQuestion question, Deadline deadline) {
        DnsReply reply =
                question.type() == DnsQuestion.Type.SYSTEM
                        ? systemNames.ask(question.name(), deadline)
                        : askServers(question, deadline);
        if (!Thread.currentThread().isInterrupted()) {
            cache.put(question, reply, time.nanos());
        }
        return reply.answer();
    }

    private DnsReply askServers(DnsQuestion question, Deadline deadline) {
        try {
            long left = Math.max(0, deadline.nanos() - time.nanos());
            if (!permits.tryAcquire(left, TimeUnit.NANOSECONDS)) {
                return DnsReply.failure("too many questions at a time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return DnsReply.failure("interrupted");
        }
        try {
            return query().ask(question, deadline);
        } finally {
            permits.release();
        }
    }

    private DnsQuery query() {
        lock.lock();
        try {
            if (query == null) {
                query = new DnsQuery(settings, time);
            }
            return query;
        } finally {
            lock.unlock();
        }
    }

    private static Optional<DnsAnswer<?>> await(CompletableFuture<Optional<DnsAnswer<?>>> others) {
        try {
            return others.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(new DnsAnswer.TemporaryFailure<>("interrupted"));
        } catch (ExecutionException e) {
            return Optional.of(new DnsAnswer.TemporaryFailure<>(String.valueOf(e.getMessage())));
        }
    }
}
