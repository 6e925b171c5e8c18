package org.posthouse.platform;

import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;

/**
 * DNS by dnsjava's wire format and a cache of our own. Who asks what somebody else is asking
 * already waits for that answer.
 */
final class JdkDns implements Dns {
    private final DnsQuery query;
    private final DnsCache cache;
    private final ConcurrentMap<DnsCache.Key, CompletableFuture<DnsRecords>> asking =
            new ConcurrentHashMap<>();

    private JdkDns(DnsQuery query, DnsCache cache) {
        this.query = query;
        this.cache = cache;
    }

    static JdkDns create(DnsSettings settings) {
        return new JdkDns(DnsQuery.create(settings), new DnsCache(settings.cacheEntriesMax()));
    }

    @Override
    public DnsAnswer<Mx> mx(String domain) {
        return ask(domain, Type.MX).answer(MXRecord.class, JdkDns::mx);
    }

    @Override
    public DnsAnswer<InetAddress> a(String host) {
        return ask(host, Type.A).answer(ARecord.class, ARecord::getAddress);
    }

    @Override
    public DnsAnswer<InetAddress> aaaa(String host) {
        return ask(host, Type.AAAA).answer(AAAARecord.class, AAAARecord::getAddress);
    }

    @Override
    public DnsAnswer<String> txt(String name) {
        return ask(name, Type.TXT).answer(TXTRecord.class, JdkDns::joined);
    }

    @Override
    public DnsAnswer<String> ptr(InetAddress address) {
        return ask(ReverseMap.fromAddress(address), Type.PTR)
                .answer(PTRRecord.class, record -> text(record.getTarget()));
    }

    @Override
    public DnsAnswer<InetAddress> system(String host) {
        try {
            return new DnsAnswer.Found<>(
                    List.of(InetAddress.getAllByName(host)), Duration.ZERO, false);
        } catch (UnknownHostException e) {
            String message = String.valueOf(e.getMessage());
            return message.contains("Temporary failure")
                    ? new DnsAnswer.TemporaryFailure<>(message)
                    : new DnsAnswer.NoDomain<>();
        }
    }

    private DnsRecords ask(String name, int type) {
        return parse(name).map(parsed -> ask(parsed, type)).orElse(DnsRecords.NO_DOMAIN);
    }

    private DnsRecords ask(Name name, int type) {
        DnsCache.Key key = new DnsCache.Key(text(name), type);
        Optional<DnsRecords> kept = cache.get(key, System.nanoTime());
        if (kept.isPresent()) {
            return kept.get();
        }
        CompletableFuture<DnsRecords> mine = new CompletableFuture<>();
        CompletableFuture<DnsRecords> others = asking.putIfAbsent(key, mine);
        return others == null ? askServers(key, name, mine) : await(others);
    }

    private DnsRecords askServers(DnsCache.Key key, Name name, CompletableFuture<DnsRecords> mine) {
        DnsRecords records = DnsRecords.failure("the question was given up");
        try {
            records = query.ask(name, key.type());
            cache.put(key, records, System.nanoTime());
            return records;
        } finally {
            asking.remove(key, mine);
            mine.complete(records);
        }
    }

    private static DnsRecords await(CompletableFuture<DnsRecords> others) {
        try {
            return others.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return DnsRecords.failure("interrupted");
        } catch (ExecutionException e) {
            return DnsRecords.failure(String.valueOf(e.getMessage()));
        }
    }

    private static Optional<Name> parse(String name) {
        if (name.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Name.concatenate(Name.fromString(name), Name.root));
        } catch (TextParseException | NameTooLongException e) {
            return Optional.empty();
        }
    }

    private static Mx mx(MXRecord record) {
        return new Mx(record.getPriority(), text(record.getTarget()));
    }

    /** In lower case and without the final dot; empty for the root. */
    private static String text(Name name) {
        return name.equals(Name.root) ? "" : name.toString(true).toLowerCase(Locale.ROOT);
    }

    private static String joined(TXTRecord record) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        for (byte[] string : record.getStringsAsByteArrays()) {
            octets.writeBytes(string);
        }
        return octets.toString(StandardCharsets.UTF_8);
    }
}
