package org.posthouse.interop;

import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A name server on loopback with the manners that each name asks for, by UDP and TCP. */
final class DnsPeer implements AutoCloseable {
    private static final int ALIASES_MAX = 40;
    private static final int UDP_OCTETS_MAX = 1232;
    private static final int HEADER_OCTETS = 12;

    private final List<DnsZone> zones;
    private final DatagramSocket datagrams;
    private final ServerSocket streams;
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    /** How a question is answered. */
    enum Manners {
        /** As it should be. */
        POLITE,
        NXDOMAIN,
        SERVFAIL,
        REFUSED,
        /** Not at all. */
        SILENT,
        /** Cut short by UDP, whole by TCP. */
        TRUNCATED,
        /** Cut short by UDP, and TCP ends at once. */
        TRUNCATED_NO_TCP,
        /** A forged answer with another id comes first, then one to another question. */
        SPOOFED,
        /** Octets without sense behind a header. */
        GARBAGE,
        /** A name that points to itself. */
        POINTER_LOOP,
        /** The last record ends in its middle. */
        CUT,
        /** No records and no SOA: refers to others, as a lame server does. */
        LAME
    }

    private DnsPeer(List<DnsZone> zones, DatagramSocket datagrams, ServerSocket streams) {
        this.zones = zones;
        this.datagrams = datagrams;
        this.streams = streams;
    }

    static DnsPeer start(List<DnsZone> zones) throws IOException {
        InetAddress address = InetAddress.getByName("127.0.0.1");
        var streams = new ServerSocket(0, 100, address);
        var datagrams = new DatagramSocket(streams.getLocalPort(), address);
        List<DnsZone> closest =
                zones.stream().sorted(Comparator.comparingInt(DnsZone::labels).reversed()).toList();
        var peer = new DnsPeer(closest, datagrams, streams);
        Thread.ofPlatform().daemon().start(peer::answerDatagrams);
        Thread.ofPlatform().daemon().start(peer::answerStreams);
        return peer;
    }

    int port() {
        return streams.getLocalPort();
    }

    /** Questions, as {@code udp MX shop.example.}. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    private void answerDatagrams() {
        var octets = new byte[UDP_OCTETS_MAX];
        while (!datagrams.isClosed()) {
            try {
                var packet = new DatagramPacket(octets, octets.length);
                datagrams.receive(packet);
                var query = new Message(ByteBuffer.wrap(octets, 0, packet.getLength()));
                answer(query, packet);
            } catch (IOException e) {
                // closed, or what was no question
            }
        }
    }

    private void answer(Message query, DatagramPacket packet) throws IOException {
        Manners manners = mannersFor(query, "udp");
        if (manners == Manners.SPOOFED) {
            Message forged = answer(query);
            forged.getHeader().setID(query.getHeader().getID() ^ 1);
            send(forged.toWire(), packet);
            Name other = DnsZone.name("elsewhere.test.");
            Message strange = Message.newQuery(Record.newRecord(other, Type.MX, DClass.IN));
            strange.getHeader().setID(query.getHeader().getID());
            strange.getHeader().setFlag(Flags.QR);
            send(strange.toWire(), packet);
        }
        byte[] octets = octets(query, manners);
        if (octets.length > 0) {
            send(octets, packet);
        }
    }

    private void send(byte[] octets, DatagramPacket packet) throws IOException {
        datagrams.send(new DatagramPacket(octets, octets.length, packet.getSocketAddress()));
    }

    private void answerStreams() {
        while (!streams.isClosed()) {
            try {
                Socket client = streams.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            var in = new DataInputStream(client.getInputStream());
            var query = new Message(in.readNBytes(in.readUnsignedShort()));
            if (mannersFor(query, "tcp") == Manners.TRUNCATED_NO_TCP) {
                return;
            }
            byte[] whole = answer(query).toWire();
            var out = new DataOutputStream(client.getOutputStream());
            out.writeShort(whole.length);
            out.write(whole);
        } catch (IOException e) {
            // the client is gone
        }
    }

    private Manners mannersFor(Message query, String by) {
        Record question = query.getQuestion();
        asked.add(by + " " + Type.string(question.getType()) + " " + question.getName());
        return zoneOf(question.getName()).manners(question.getName(), question.getType());
    }

    private DnsZone zoneOf(Name name) {
        return zones.stream()
                .filter(each -> each.holds(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no zone for " + name));
    }

    /** An answer by UDP; empty for none. */
    private byte[] octets(Message query, Manners manners) {
        return switch (manners) {
            case POLITE, SPOOFED, NXDOMAIN -> {
                byte[] whole = answer(query).toWire();
                yield whole.length > UDP_OCTETS_MAX ? truncated(query) : whole;
            }
            case SERVFAIL -> refusal(query, Rcode.SERVFAIL);
            case REFUSED -> refusal(query, Rcode.REFUSED);
            case SILENT -> new byte[0];
            case TRUNCATED, TRUNCATED_NO_TCP -> truncated(query);
            case GARBAGE -> broken(query, new byte[] {-1, -2, 3, 4, 5, -6, 7, 99, 12, -64, 3, 1});
            case POINTER_LOOP -> {
                byte[] own = new byte[] {(byte) 0xc0, 0, 0, 15, 0, 1, 0, 0, 0, 9, 0, 4, 0, 1, 0, 0};
                own[1] = (byte) reply(query).toWire().length;
                yield broken(query, own);
            }
            case CUT -> {
                byte[] whole = answer(query).toWire();
                yield java.util.Arrays.copyOf(whole, whole.length - 3);
            }
            case LAME -> {
                Message lame = reply(query);
                lame.getHeader().unsetFlag(Flags.RA);
                lame.getHeader().unsetFlag(Flags.AA);
                yield lame.toWire();
            }
        };
    }

    private static byte[] truncated(Message query) {
        Message cut = reply(query);
        cut.getHeader().setFlag(Flags.TC);
        return cut.toWire();
    }

    private static byte[] refusal(Message query, int code) {
        Message refusal = reply(query);
        refusal.getHeader().setRcode(code);
        return refusal.toWire();
    }

    /** The question, and behind it octets that are no record although one is announced. */
    private static byte[] broken(Message query, byte[] behind) {
        byte[] head = reply(query).toWire();
        byte[] whole = java.util.Arrays.copyOf(head, head.length + behind.length);
        System.arraycopy(behind, 0, whole, head.length, behind.length);
        whole[HEADER_OCTETS - 5] = 1;
        return whole;
    }

    private static Message reply(Message query) {
        var reply = new Message(query.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setFlag(Flags.RD);
        reply.getHeader().setFlag(Flags.RA);
        reply.getHeader().setFlag(Flags.AA);
        reply.addRecord(query.getQuestion(), Section.QUESTION);
        return reply;
    }

    /** The whole answer, through aliases. */
    private Message answer(Message query) {
        Message reply = reply(query);
        Name name = query.getQuestion().getName();
        int type = query.getQuestion().getType();
        for (int aliases = 0; aliases < ALIASES_MAX; aliases++) {
            List<Record> found = zoneOf(name).find(name, type);
            found.forEach(each -> reply.addRecord(each, Section.ANSWER));
            if (found.isEmpty() || found.getFirst().getType() == type) {
                break;
            }
            name = ((CNAMERecord) found.getFirst()).getTarget();
        }
        DnsZone zone = zoneOf(name);
        if (reply.getSection(Section.ANSWER).isEmpty()) {
            boolean gone = !zone.knows(name) || zone.manners(name, type) == Manners.NXDOMAIN;
            reply.getHeader().setRcode(gone ? Rcode.NXDOMAIN : Rcode.NOERROR);
            reply.addRecord(soa(zone), Section.AUTHORITY);
        }
        return reply;
    }

    private static Record soa(DnsZone zone) {
        Name host = DnsZone.name("ns.test.");
        return new SOARecord(zone.origin(), DClass.IN, 60, host, host, 1, 60, 60, 60, 60);
    }

    @Override
    public void close() throws IOException {
        datagrams.close();
        streams.close();
    }
}
