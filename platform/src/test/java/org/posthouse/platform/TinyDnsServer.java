package org.posthouse.platform;

import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A name server on loopback that answers from a script. */
final class TinyDnsServer implements AutoCloseable {
    private static final int UDP_OCTETS_MAX = 512;

    /** Makes a reply of a question: sets its code and sections. */
    interface Script {
        void answer(Message reply) throws IOException;
    }

    final AtomicInteger questions = new AtomicInteger();
    final AtomicInteger overTcp = new AtomicInteger();
    final CountDownLatch hold;
    private final Map<String, Script> scripts = new ConcurrentHashMap<>();
    private final DatagramSocket udp;
    private final ServerSocket tcp;

    /** Answers nothing before the latch is open. */
    TinyDnsServer(CountDownLatch hold) throws IOException {
        this.hold = hold;
        this.tcp = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.udp = new DatagramSocket(address());
        Thread.ofVirtual().start(this::serveUdp);
        Thread.ofVirtual().start(this::serveTcp);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), tcp.getLocalPort());
    }

    /** What is said when a name is asked for. */
    TinyDnsServer on(String name, Script script) {
        scripts.put(name, script);
        return this;
    }

    /** Answers with records in zone file form: {@code "www 300 A 192.0.2.1"}. */
    TinyDnsServer records(String name, String... records) {
        return on(
                name,
                reply -> {
                    for (String record : records) {
                        reply.addRecord(record(record), Section.ANSWER);
                    }
                });
    }

    static Record record(String text) throws IOException {
        String[] words = text.split(" ", 4);
        return Record.fromString(
                Name.fromString(words[0] + "."),
                Type.value(words[2]),
                DClass.IN,
                Long.parseLong(words[1]),
                words[3],
                Name.root);
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
        hold.countDown();
    }

    private byte[] reply(byte[] question, boolean overUdp) throws IOException {
        questions.incrementAndGet();
        Message asked = new Message(question);
        Message reply = new Message(asked.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setFlag(Flags.RA);
        reply.addRecord(asked.getQuestion(), Section.QUESTION);
        String name = asked.getQuestion().getName().toString(true).toLowerCase(Locale.ROOT);
        scripts.getOrDefault(name, r -> r.getHeader().setRcode(Rcode.NXDOMAIN)).answer(reply);
        byte[] octets = reply.toWire();
        if (overUdp && octets.length > UDP_OCTETS_MAX) {
            Message cut = new Message(asked.getHeader().getID());
            cut.getHeader().setFlag(Flags.QR);
            cut.getHeader().setFlag(Flags.TC);
            cut.addRecord(asked.getQuestion(), Section.QUESTION);
            return cut.toWire();
        }
        return octets;
    }

    private void serveUdp() {
        byte[] buffer = new byte[4096];
        while (!udp.isClosed()) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                udp.receive(packet);
                hold.await();
                byte[] reply = reply(Arrays.copyOf(buffer, packet.getLength()), true);
                udp.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
            } catch (IOException | InterruptedException e) {
                continue; // closed, or a script that says nothing
            }
        }
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try (Socket socket = tcp.accept()) {
                overTcp.incrementAndGet();
                DataInputStream in = new DataInputStream(socket.getInputStream());
                byte[] question = in.readNBytes(in.readUnsignedShort());
                byte[] reply = reply(question, false);
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                out.writeShort(reply.length);
                out.write(reply);
                out.flush();
            } catch (IOException e) {
                continue; // closed, or a script that says nothing
            }
        }
    }
}
