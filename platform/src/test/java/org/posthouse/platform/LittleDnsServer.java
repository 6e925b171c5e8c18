package org.posthouse.platform;

import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A name server on loopback, UDP and TCP, that answers as the test says. */
final class LittleDnsServer implements AutoCloseable {
    /** Gets an answer with the question in it; gives it filled, or null to stay silent. */
    interface Zone {
        Message answer(Message query, Message answer) throws Exception;
    }

    final AtomicInteger datagrams = new AtomicInteger();
    final AtomicInteger streams = new AtomicInteger();

    /** What becomes of the octets of an answer before they leave. */
    volatile UnaryOperator<byte[]> onTheWay = octets -> octets;

    private final DatagramSocket datagramSocket;
    private final ServerSocket streamSocket;
    private final Zone zone;

    LittleDnsServer(InetAddress address, Zone zone) throws IOException {
        this.zone = zone;
        streamSocket = new ServerSocket(0, 10, address);
        datagramSocket = new DatagramSocket(streamSocket.getLocalPort(), address);
        Thread.ofPlatform().daemon().start(this::serveDatagrams);
        Thread.ofPlatform().daemon().start(this::serveStreams);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) streamSocket.getLocalSocketAddress();
    }

    static void add(Message answer, int section, String record, int type, String data)
            throws IOException {
        answer.addRecord(
                Record.fromString(name(record), type, DClass.IN, 300, data, Name.root), section);
    }

    static void addSoa(Message answer, long secondsToLive, long minimum) throws IOException {
        answer.addRecord(
                new SOARecord(
                        name("example"),
                        DClass.IN,
                        secondsToLive,
                        name("ns.example"),
                        name("root.example"),
                        1,
                        1,
                        1,
                        1,
                        minimum),
                Section.AUTHORITY);
    }

    static Name name(String text) throws TextParseException {
        return Name.fromString(text, Name.root);
    }

    static Message failing(Message answer, int code) {
        answer.getHeader().setRcode(code);
        return answer;
    }

    @Override
    public void close() throws IOException {
        datagramSocket.close();
        streamSocket.close();
    }

    private void serveDatagrams() {
        byte[] buffer = new byte[4096];
        try {
            while (true) {
                var packet = new DatagramPacket(buffer, buffer.length);
                datagramSocket.receive(packet);
                datagrams.incrementAndGet();
                byte[] answer = answer(Arrays.copyOf(buffer, packet.getLength()), 1232);
                if (answer.length > 0) {
                    datagramSocket.send(
                            new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serveStreams() {
        while (!streamSocket.isClosed()) {
            try (var socket = streamSocket.accept()) {
                var in = new DataInputStream(socket.getInputStream());
                byte[] query = new byte[in.readUnsignedShort()];
                in.readFully(query);
                streams.incrementAndGet();
                byte[] answer = answer(query, 65_535);
                var out = new DataOutputStream(socket.getOutputStream());
                out.writeShort(answer.length);
                out.write(answer);
                out.flush();
            } catch (IOException e) {
                // closed, or a client that went
            }
        }
    }

    private byte[] answer(byte[] octets, int octetsMax) throws IOException {
        Message query = new Message(octets);
        Message answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setFlag(Flags.RA);
        answer.addRecord(query.getQuestion(), Section.QUESTION);
        try {
            Message filled = zone.answer(query, answer);
            return filled == null ? new byte[0] : onTheWay.apply(filled.toWire(octetsMax));
        } catch (Exception e) {
            return failing(answer, Rcode.SERVFAIL).toWire();
        }
    }
}
