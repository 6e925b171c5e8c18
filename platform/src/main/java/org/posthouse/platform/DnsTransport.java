package org.posthouse.platform;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;

/**
 * Carries one question to one server: by UDP, and again by TCP when the answer was cut short (RFC
 * 7766). Each question has a socket of its own, which takes datagrams of that server alone, and so
 * a port that nobody can guess (RFC 5452); a thread waits in it, no other thread is involved.
 */
final class DnsTransport {
    private static final int HEADER_OCTETS = 12;
    private static final int DATAGRAM_OCTETS_MAX = 4096;

    private DnsTransport() {}

    /**
     * The octets of the answer.
     *
     * @param tryUntil end of this try by UDP
     * @param until end of all, for TCP
     * @throws DeadlineExceeded when no answer came in time
     */
    static byte[] exchange(
            InetSocketAddress server, byte[] query, Deadline tryUntil, Deadline until)
            throws IOException {
        try {
            byte[] answer = byDatagram(server, query, tryUntil);
            return isCutShort(answer) ? byStream(server, query, until) : answer;
        } catch (SocketTimeoutException e) {
            throw new DeadlineExceeded("no answer in time");
        }
    }

    private static byte[] byDatagram(InetSocketAddress server, byte[] query, Deadline until)
            throws IOException {
        try (var socket = new DatagramSocket()) {
            socket.connect(server);
            socket.send(new DatagramPacket(query, query.length));
            var packet = new DatagramPacket(new byte[DATAGRAM_OCTETS_MAX], 0, DATAGRAM_OCTETS_MAX);
            while (true) {
                socket.setSoTimeout(millisLeft(until));
                packet.setLength(DATAGRAM_OCTETS_MAX);
                socket.receive(packet);
                if (answers(query, packet.getData(), packet.getLength())) {
                    return Arrays.copyOf(packet.getData(), packet.getLength());
                }
            }
        }
    }

    private static byte[] byStream(InetSocketAddress server, byte[] query, Deadline until)
            throws IOException {
        byte[] framed = new byte[query.length + 2];
        framed[0] = (byte) (query.length >> 8);
        framed[1] = (byte) query.length;
        System.arraycopy(query, 0, framed, 2, query.length);
        try (var socket = new Socket()) {
            socket.connect(server, millisLeft(until));
            socket.getOutputStream().write(framed);
            byte[] length = read(socket, 2, until);
            byte[] answer = read(socket, number(length, 0), until);
            if (!answers(query, answer, answer.length)) {
                throw new IOException("answered another question");
            }
            if (isCutShort(answer)) {
                // what is missing may be what was asked for: this is not "no records"
                throw new IOException("cut its answer short by TCP too");
            }
            return answer;
        }
    }

    private static byte[] read(Socket socket, int octets, Deadline until) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] into = new byte[octets];
        int held = 0;
        while (held < octets) {
            socket.setSoTimeout(millisLeft(until));
            int count = in.read(into, held, octets - held);
            if (count < 0) {
                throw new EOFException("closed the connection in the middle of its answer");
            }
            held += count;
        }
        return into;
    }

    private static int millisLeft(Deadline until) throws DeadlineExceeded {
        return JdkConnection.millisLeft(until, "no answer in time");
    }

    /**
     * True for the answer to this very question; anything else may be forged. A server that fails
     * may leave the question out.
     */
    private static boolean answers(byte[] query, byte[] answer, int length) {
        boolean head =
                length >= HEADER_OCTETS
                        && answer[0] == query[0]
                        && answer[1] == query[1]
                        && (answer[2] & 0xf8) == 0x80; // an answer to a query
        if (!head) {
            return false;
        }
        int questions = number(answer, 4);
        int code = answer[3] & 0x0f;
        if (questions == 0) {
            return code != 0 && code != 3; // neither NOERROR nor NXDOMAIN
        }
        return questions == 1 && sameQuestion(query, answer, length);
    }

    private static boolean sameQuestion(byte[] query, byte[] answer, int length) {
        int end = HEADER_OCTETS;
        while (query[end] != 0) {
            end += query[end] + 1;
        }
        end += 5; // the root's label, type, class
        if (length < end) {
            return false;
        }
        for (int i = HEADER_OCTETS; i < end; i++) {
            if (lower(query[i]) != lower(answer[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean isCutShort(byte[] answer) {
        return (answer[2] & 0x02) != 0;
    }

    private static int number(byte[] octets, int at) {
        return ((octets[at] & 0xff) << 8) | (octets[at + 1] & 0xff);
    }

    private static int lower(byte octet) {
        return octet >= 'A' && octet <= 'Z' ? octet | 0x20 : octet;
    }
}
