package org.posthouse.platform;

import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks the servers in turn until one answers: by UDP, by TCP what was cut short. Tries take longer
 * each round; all together no longer than the time-out.
 */
final class DnsQuery {
    private static final int ALIASES_MAX = 10;
    private static final int ROUNDS_MAX = 4;
    private static final long FIRST_TRY_MILLIS = 1000;
    private static final long NEGATIVE_SECONDS = 60; // where the answer brings no SOA

    private final List<InetSocketAddress> servers;
    private final Duration timeout;

    private DnsQuery(List<InetSocketAddress> servers, Duration timeout) {
        this.servers = servers;
        this.timeout = timeout;
    }

    static DnsQuery create(DnsSettings settings) {
        List<InetSocketAddress> servers =
                settings.servers().isEmpty()
                        ? ResolverConfig.getCurrentConfig().servers()
                        : settings.servers();
        return new DnsQuery(List.copyOf(servers), settings.timeout());
    }

    /** The records of a name, through its aliases. */
    DnsRecords ask(Name name, int type) {
        long end = System.nanoTime() + timeout.toNanos();
        Set<Name> seen = new HashSet<>();
        Name asked = name;
        long timeToLive = Long.MAX_VALUE;
        boolean authentic = true;
        while (seen.add(asked)) {
            Reply reply = askServers(asked, type, end);
            if (reply.message == null) {
                return DnsRecords.failure(reply.failure);
            }
            Chain chain = follow(asked, type, reply.message);
            timeToLive = Math.min(timeToLive, chain.timeToLive);
            authentic &= reply.authentic;
            if (!chain.records.isEmpty()) {
                return new DnsRecords(
                        chain.records, DnsRecords.Kind.FOUND, timeToLive, authentic, "");
            }
            if (chain.circular || seen.size() > ALIASES_MAX) {
                break;
            }
            boolean leadsOn = !chain.end.equals(asked) && !chain.negative;
            if (!leadsOn) {
                return negative(reply.message, timeToLive, authentic);
            }
            asked = chain.end;
        }
        return DnsRecords.failure("the aliases of " + name + " never end");
    }

    private record Reply(@Nullable Message message, boolean authentic, String failure) {}

    private Reply askServers(Name name, int type, long end) {
        if (servers.isEmpty()) {
            return new Reply(null, false, "no DNS server is known");
        }
        String failure = "no answer in time";
        long tryMillis = FIRST_TRY_MILLIS;
        for (int round = 0; round < ROUNDS_MAX; round++) {
            for (InetSocketAddress server : servers) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    return new Reply(null, false, failure);
                }
                Reply reply = askServer(server, name, type, Math.min(left, tryMillis), left);
                if (reply.message != null || Thread.currentThread().isInterrupted()) {
                    return reply;
                }
                failure = reply.failure;
            }
            tryMillis *= 2;
        }
        return new Reply(null, false, failure);
    }

    private static Reply askServer(
            InetSocketAddress server, Name name, int type, long tryMillis, long left) {
        String who = JdkNetwork.show(server) + ": ";
        SimpleResolver resolver = new SimpleResolver(server);
        resolver.setTimeout(Duration.ofMillis(tryMillis));
        Message question = Message.newQuery(Record.newRecord(name, type, DClass.IN));
        question.getHeader().setFlag(Flags.AD); // asks for the verdict alone (RFC 6840, 5.7)
        try {
            Message message =
                    resolver.sendAsync(question, Runnable::run)
                            .toCompletableFuture()
                            .get(left, TimeUnit.MILLISECONDS);
            int code = message.getRcode();
            if (code != Rcode.NOERROR && code != Rcode.NXDOMAIN) {
                return new Reply(null, false, who + Rcode.string(code));
            }
            boolean trusted = server.getAddress().isLoopbackAddress();
            return new Reply(message, trusted && message.getHeader().getFlag(Flags.AD), "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Reply(null, false, "interrupted");
        } catch (TimeoutException e) {
            return new Reply(null, false, who + "no answer in time");
        } catch (ExecutionException e) {
            return new Reply(null, false, who + reason(e.getCause()));
        }
    }

    private static String reason(@Nullable Throwable cause) {
        if (cause == null) {
            return "failed";
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /** Where the aliases in one answer lead, and what stands there. */
    private record Chain(
            Name end, List<Record> records, long timeToLive, boolean negative, boolean circular) {}

    private static Chain follow(Name name, int type, Message message) {
        List<Record> answer = message.getSection(Section.ANSWER);
        Name at = name;
        long timeToLive = Long.MAX_VALUE;
        boolean circular = true;
        for (int i = 0; i < ALIASES_MAX && circular; i++) {
            Name next = at;
            for (Record record : answer) {
                if (record instanceof CNAMERecord alias && record.getName().equals(at)) {
                    next = alias.getTarget();
                    timeToLive = Math.min(timeToLive, record.getTTL());
                }
            }
            circular = !next.equals(at);
            at = next;
        }
        List<Record> found = new ArrayList<>();
        for (Record record : answer) {
            if (record.getType() == type && record.getName().equals(at)) {
                found.add(record);
                timeToLive = Math.min(timeToLive, record.getTTL());
            }
        }
        boolean negative =
                message.getRcode() == Rcode.NXDOMAIN
                        || message.getSection(Section.AUTHORITY).stream()
                                .anyMatch(SOARecord.class::isInstance);
        return new Chain(at, found, timeToLive, negative, circular);
    }

    /** How long there is nothing: the SOA record tells (RFC 2308 section 5). */
    private static DnsRecords negative(Message message, long aliasesToLive, boolean authentic) {
        long seconds = NEGATIVE_SECONDS;
        for (Record record : message.getSection(Section.AUTHORITY)) {
            if (record instanceof SOARecord soa) {
                seconds = Math.min(soa.getTTL(), soa.getMinimum());
            }
        }
        DnsRecords.Kind kind =
                message.getRcode() == Rcode.NXDOMAIN
                        ? DnsRecords.Kind.NO_DOMAIN
                        : DnsRecords.Kind.NO_DATA;
        return new DnsRecords(List.of(), kind, Math.min(seconds, aliasesToLive), authentic, "");
    }
}
