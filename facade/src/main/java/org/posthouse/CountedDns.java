package org.posthouse;

import org.posthouse.platform.Dns;
import org.posthouse.platform.DnsAnswer;
import org.posthouse.platform.TimeSource;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** Counts look-ups and how long they take. */
final class CountedDns implements Dns {
    private final Dns dns;
    private final TimeSource time;

    /** Of each type by each result; not changed any more. */
    private final Map<Type, Map<Result, Sum>> sums = new EnumMap<>(Type.class);

    private enum Type {
        MX,
        A,
        AAAA,
        TXT,
        TLSA,
        CNAME,
        PTR,
        SYSTEM
    }

    private enum Result {
        FOUND,
        NO_DATA,
        NO_DOMAIN,
        FAILED
    }

    /** How many, and how long they took. */
    private record Sum(LongAdder count, LongAdder nanos) {}

    CountedDns(Dns dns, TimeSource time) {
        this.dns = dns;
        this.time = time;
        for (Type type : Type.values()) {
            var row = new EnumMap<Result, Sum>(Result.class);
            for (Result result : Result.values()) {
                row.put(result, new Sum(new LongAdder(), new LongAdder()));
            }
            sums.put(type, row);
        }
    }

    /** All kinds, also those that there were none of. */
    List<DnsCount> counts() {
        List<DnsCount> counts = new ArrayList<>();
        sums.forEach(
                (type, row) ->
                        row.forEach(
                                (result, sum) ->
                                        counts.add(
                                                new DnsCount(
                                                        word(type),
                                                        word(result),
                                                        sum.count().sum(),
                                                        Duration.ofNanos(sum.nanos().sum())))));
        return counts;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private <T> DnsAnswer<T> counted(Type type, Supplier<DnsAnswer<T>> question) {
        long begun = time.nanos();
        DnsAnswer<T> answer = question.get();
        Result result =
                switch (answer) {
                    case DnsAnswer.Found<T> found -> Result.FOUND;
                    case DnsAnswer.NoData<T> none -> Result.NO_DATA;
                    case DnsAnswer.NoDomain<T> none -> Result.NO_DOMAIN;
                    case DnsAnswer.TemporaryFailure<T> failure -> Result.FAILED;
                };
        Sum sum = Objects.requireNonNull(Objects.requireNonNull(sums.get(type)).get(result));
        sum.count().increment();
        sum.nanos().add(time.nanos() - begun);
        return answer;
    }

    @Override
    public DnsAnswer<Mx> mx(String domain) {
        return counted(Type.MX, () -> dns.mx(domain));
    }

    @Override
    public DnsAnswer<InetAddress> a(String host) {
        return counted(Type.A, () -> dns.a(host));
    }

    @Override
    public DnsAnswer<InetAddress> aaaa(String host) {
        return counted(Type.AAAA, () -> dns.aaaa(host));
    }

    @Override
    public DnsAnswer<String> txt(String name) {
        return counted(Type.TXT, () -> dns.txt(name));
    }

    @Override
    public DnsAnswer<Tlsa> tlsa(String name) {
        return counted(Type.TLSA, () -> dns.tlsa(name));
    }

    @Override
    public DnsAnswer<String> cname(String name) {
        return counted(Type.CNAME, () -> dns.cname(name));
    }

    @Override
    public DnsAnswer<String> ptr(InetAddress address) {
        return counted(Type.PTR, () -> dns.ptr(address));
    }

    @Override
    public DnsAnswer<InetAddress> system(String host) {
        return counted(Type.SYSTEM, () -> dns.system(host));
    }
}
