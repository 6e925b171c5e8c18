package org.posthouse.benchmarks;

import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;

/**
 * A name server by UDP for which each domain there is has an MX host of its own, {@code mx} below
 * it, with the one address 127.0.0.1; of nothing else has it heard.
 */
final class NameServer implements AutoCloseable, Runnable {
    private static final int OCTETS = 4096;
    private static final long TTL_SECONDS = 3600;
    private static final int PREFERENCE = 10;
    private static final String HOST = "mx";

    private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());

    NameServer() throws IOException {
        Thread thread = new Thread(this, "names");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return socket.getLocalPort();
    }

    @Override
    public void run() {
        var packet = new DatagramPacket(new byte[OCTETS], OCTETS);
        while (!socket.isClosed()) {
            try {
                packet.setLength(OCTETS);
                socket.receive(packet);
                byte[] question = new byte[packet.getLength()];
                System.arraycopy(packet.getData(), 0, question, 0, question.length);
                byte[] answer = answer(new Message(question)).toWire();
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private static Message answer(Message query) throws IOException {
        var answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setFlag(Flags.RA);
        Record question = query.getQuestion();
        answer.addRecord(question, Section.QUESTION);
        Name name = question.getName();
        boolean isHost = name.getLabelString(0).equals(HOST);
        if (question.getType() == Type.MX && !isHost) {
            Name host = new Name(HOST, name);
            answer.addRecord(
                    new MXRecord(name, DClass.IN, TTL_SECONDS, PREFERENCE, host), Section.ANSWER);
        } else if (question.getType() == Type.A && isHost) {
            answer.addRecord(
                    new ARecord(name, DClass.IN, TTL_SECONDS, InetAddress.getLoopbackAddress()),
                    Section.ANSWER);
        } else {
            answer.addRecord(authority(name), Section.AUTHORITY); // so that it is remembered
        }
        return answer;
    }

    private static SOARecord authority(Name name) {
        return new SOARecord(
                name,
                DClass.IN,
                TTL_SECONDS,
                name,
                name,
                1,
                TTL_SECONDS,
                TTL_SECONDS,
                TTL_SECONDS,
                TTL_SECONDS);
    }

    @Override
    public void close() {
        socket.close();
    }
}
