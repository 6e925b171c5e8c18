package org.posthouse.platform;

import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks the servers for the records of a name, through its aliases.
 *
 * <p>Servers are asked in turn, in rounds: each try of a round has twice the time of one in the
 * round before, and all together fit the time-out. Who stays silent is asked again in the next
 * round; who fails is not.
 */
final class DnsQuery {
    private static final int ALIASES_MAX = 10;
    private static final int ROUNDS = 3;
    private static final int DATAGRAM_OCTETS = 1232; // never fragmented (RFC 9715)
    private static final int KEPT_OCTETS_MAX = 4096; // larger answers are not kept
    private static final long POSITIVE_SECONDS_MAX = 24 * 3600;
    private static final long NEGATIVE_SECONDS_MAX = 15 * 60;
    private static final long NEGATIVE_SECONDS = 5; // where the answer brings no SOA record

    private final DnsServers servers;
    private final DnsSettings.Dnssec dnssec;
    private final TimeSource time;

    DnsQuery(DnsSettings settings, TimeSource time) {
        servers = new DnsServers(settings.servers(), time.nanos());
        dnssec = settings.dnssec();
        this.time = time;
    }

    DnsReply ask(DnsQuestion question, Deadline deadline) {
        try {
            return follow(question, deadline);
        } catch (IOException e) {
            return DnsReply.failure(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            return DnsReply.failure("a malformed answer: " + e);
        }
    }

    private DnsReply follow(DnsQuestion question, Deadline deadline) throws IOException {
        int type = wireType(question.type());
        Name asked = new Name(question.nameOctets());
        long secondsToLive = POSITIVE_SECONDS_MAX;
        boolean authentic = true;
        int aliases = 0;
        while (aliases <= ALIASES_MAX) {
            Reply reply = askServers(asked, type, deadline);
            Chain chain = Chain.of(reply.message, asked, type);
            secondsToLive = Math.min(secondsToLive, chain.secondsToLive);
            authentic &= reply.authentic;
            aliases += chain.aliases;
            if (!chain.records.isEmpty()) {
                String alias = aliases == 0 ? "" : DnsValues.text(chain.end);
                return found(
                        reply.octets,
                        new DnsAnswer.Found<>(
                                DnsValues.of(chain.records),
                                Duration.ofSeconds(secondsToLive),
                                authentic,
                                alias));
            }
            if (chain.aliases == 0 || isNegative(reply.message)) {
                return negative(reply.message, secondsToLive);
            }
            asked = chain.end;
        }
        return DnsReply.failure("too many aliases");
    }

    private static int wireType(DnsQuestion.Type type) {
        return switch (type) {
            case MX -> org.xbill.DNS.Type.MX;
            case A -> org.xbill.DNS.Type.A;
            case AAAA -> org.xbill.DNS.Type.AAAA;
            case TXT -> org.xbill.DNS.Type.TXT;
            case TLSA -> org.xbill.DNS.Type.TLSA;
            case CNAME -> org.xbill.DNS.Type.CNAME;
            case PTR -> org.xbill.DNS.Type.PTR;
            case SYSTEM -> throw new IllegalArgumentException("not a question to servers");
        };
    }

    // The servers.

    /** A good answer: records, no records, or no such name. */
    private record Reply(Message message, int octets, boolean authentic) {}

    private Reply askServers(Name name, int type, Deadline deadline) throws IOException {
        List<InetSocketAddress> asked = servers.inOrder(time.nanos());
        IOException failure = new IOException("no DNS server is known");
        for (int round = 0; round < ROUNDS && !asked.isEmpty(); round++) {
            List<InetSocketAddress> silent = new ArrayList<>();
            for (int i = 0; i < asked.size(); i++) {
                InetSocketAddress server = asked.get(i);
                Deadline tryUntil = share(round, i, asked.size(), deadline);
                try {
                    return askServer(server, name, type, tryUntil, deadline);
                } catch (IOException e) {
                    failure = new IOException(JdkNetwork.show(server) + ": " + e.getMessage(), e);
                    if (Thread.currentThread().isInterrupted()) {
                        throw failure;
                    }
                    if (e instanceof DeadlineExceeded) {
                        silent.add(server);
                        servers.isSilent(server);
                    }
                }
            }
            asked = silent;
        }
        throw failure;
    }

    /** This try's share of the time that is left. */
    private Deadline share(int round, int index, int size, Deadline deadline) {
        long weight = 1L << round;
        long laterRounds = (1L << ROUNDS) - 2 * weight;
        long weights = (size - index) * weight + size * laterRounds;
        long left = Math.max(0, deadline.nanos() - time.nanos());
        return time.after(Duration.ofNanos(left * weight / weights));
    }

    private Reply askServer(
            InetSocketAddress server, Name name, int type, Deadline tryUntil, Deadline deadline)
            throws IOException {
        byte[] octets = DnsTransport.exchange(server, query(name, type, true), tryUntil, deadline);
        Message message = new Message(octets);
        if (message.getRcode() == Rcode.FORMERR || message.getRcode() == Rcode.NOTIMP) {
            octets = DnsTransport.exchange(server, query(name, type, false), tryUntil, deadline);
            message = new Message(octets); // by an old server, which knows no extensions
        }
        int code = message.getRcode();
        if (code != Rcode.NOERROR && code != Rcode.NXDOMAIN) {
            throw new IOException(Rcode.string(code));
        }
        requireAnswer(message);
        boolean vouchesFor = isBelieved(server) && message.getHeader().getFlag(Flags.AD);
        return new Reply(message, octets.length, vouchesFor);
    }

    /** Anybody on the way from a server could set the flag (RFC 4035 section 4.9.3). */
    private boolean isBelieved(InetSocketAddress server) {
        return switch (dnssec) {
            case OFF -> false;
            case LOOPBACK -> server.getAddress().isLoopbackAddress();
            case TRUST -> true;
        };
    }

    /** A server that neither owns the name nor asks others for us knows nothing. */
    private static void requireAnswer(Message message) throws IOException {
        boolean knows =
                message.getHeader().getFlag(Flags.RA)
                        || message.getHeader().getFlag(Flags.AA)
                        || !message.getSection(Section.ANSWER).isEmpty();
        if (!knows) {
            throw new IOException("refers to other servers");
        }
    }

    private static byte[] query(Name name, int type, boolean extended) {
        Message query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
        query.getHeader().setFlag(Flags.AD); // asks for the verdict alone (RFC 6840 section 5.7)
        if (extended) {
            query.addRecord(new OPTRecord(DATAGRAM_OCTETS, 0, 0), Section.ADDITIONAL);
        }
        return query.toWire();
    }

    // What they say.

    /** Where the aliases in one answer lead, and what stands there. */
    private record Chain(Name end, int aliases, List<Record> records, long secondsToLive) {
        static Chain of(Message message, Name asked, int type) {
            List<Record> answer = message.getSection(Section.ANSWER);
            Name at = asked;
            int aliases = 0;
            long secondsToLive = POSITIVE_SECONDS_MAX;
            List<Record> found = matching(answer, at, type);
            while (found.isEmpty() && aliases <= ALIASES_MAX) {
                List<Record> alias = matching(answer, at, org.xbill.DNS.Type.CNAME);
                if (alias.isEmpty()) {
                    break;
                }
                secondsToLive = Math.min(secondsToLive, secondsToLive(alias));
                at = ((CNAMERecord) alias.getFirst()).getTarget();
                aliases++;
                found = matching(answer, at, type);
            }
            return new Chain(at, aliases, found, Math.min(secondsToLive, secondsToLive(found)));
        }

        private static List<Record> matching(List<Record> records, Name name, int type) {
            List<Record> matching = new ArrayList<>();
            for (Record record : records) {
                if (record.getType() == type
                        && record.getDClass() == DClass.IN
                        && record.getName().equals(name)) {
                    matching.add(record);
                }
            }
            return matching;
        }

        private static long secondsToLive(List<Record> records) {
            long seconds = POSITIVE_SECONDS_MAX;
            for (Record record : records) {
                boolean valid = record.getTTL() <= Integer.MAX_VALUE; // RFC 2181 section 8
                seconds = Math.min(seconds, valid ? record.getTTL() : 0);
            }
            return seconds;
        }
    }

    private static DnsReply found(int octets, DnsAnswer.Found<?> answer) {
        boolean isKept = octets <= KEPT_OCTETS_MAX;
        return new DnsReply(answer, isKept ? answer.timeToLive() : Duration.ZERO);
    }

    private static boolean isNegative(Message message) {
        return message.getRcode() == Rcode.NXDOMAIN
                || message.getSection(Section.AUTHORITY).stream()
                        .anyMatch(SOARecord.class::isInstance);
    }

    /** How long there is nothing: the SOA record tells (RFC 2308 section 5). */
    private static DnsReply negative(Message message, long aliasesToLive) {
        long seconds = NEGATIVE_SECONDS;
        for (Record record : message.getSection(Section.AUTHORITY)) {
            if (record instanceof SOARecord soa) {
                seconds = Math.min(soa.getTTL(), soa.getMinimum());
            }
        }
        seconds = Math.min(Math.min(seconds, NEGATIVE_SECONDS_MAX), aliasesToLive);
        DnsAnswer<?> answer =
                message.getRcode() == Rcode.NXDOMAIN
                        ? new DnsAnswer.NoDomain<>()
                        : new DnsAnswer.NoData<>();
        return new DnsReply(answer, Duration.ofSeconds(seconds));
    }
}
