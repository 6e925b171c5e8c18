package org.posthouse.server;

import org.posthouse.policy.IpAddress;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The header of the PROXY protocol, versions 1 and 2 (HAProxy's {@code proxy-protocol.txt}): by it
 * a proxy says whose connection it passes on. A pure, total function of the octets so far.
 *
 * <p>Stricter than it must be in one place: a proxy that passes on a connection without saying
 * whose it is (UNKNOWN, AF_UNSPEC, sockets that are not TCP over IP) is refused, because that
 * client would have the rights of the proxy's address. LOCAL is the proxy itself and keeps that
 * address.
 */
final class ProxyHeader {
    /** The longest header that is taken; version 1 has 107 octets at most, 2 could have 64 KiB. */
    static final int OCTETS_MAX = 4096;

    private static final int V1_OCTETS_MAX = 107;
    private static final int V1_OCTETS_MIN = 15;
    private static final int V1_WORDS = 6;
    private static final byte[] V1 = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] V2 = {
        '\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'
    };
    private static final int V2_FIXED_OCTETS = 16;
    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;
    private static final int TLV_HEAD_OCTETS = 3;
    private static final int TLV_CRC32C = 0x03;
    private static final int CRC_OCTETS = 4;
    private static final int PORT_MAX = 65_535;

    private ProxyHeader() {}

    /** What the octets are. */
    sealed interface Result {
        /** The beginning of a header: at least so many more octets belong to it. */
        record Incomplete(int more) implements Result {}

        /** No header that we take. */
        record Invalid(String why) implements Result {}

        /** The proxy itself speaks. */
        record Local() implements Result {}

        /** The connection of this client. */
        record Forwarded(InetSocketAddress client) implements Result {}
    }

    /** Reads the first octets of an array. */
    static Result parse(byte[] octets, int length) {
        if (startsAs(V1, octets, length)) {
            return length < V1_OCTETS_MIN
                    ? new Result.Incomplete(V1_OCTETS_MIN - length)
                    : version1(octets, length);
        }
        if (startsAs(V2, octets, length)) {
            return length < V2_FIXED_OCTETS
                    ? new Result.Incomplete(V2_FIXED_OCTETS - length)
                    : version2(octets, length);
        }
        return invalid("no PROXY header");
    }

    private static boolean startsAs(byte[] signature, byte[] octets, int length) {
        int count = Math.min(signature.length, length);
        return Arrays.equals(signature, 0, count, octets, 0, count);
    }

    private static Result version1(byte[] octets, int length) {
        if (octets[length - 1] != '\n') {
            int more = octets[length - 1] == '\r' ? 1 : 2;
            return length + more > V1_OCTETS_MAX
                    ? invalid("the line is too long")
                    : new Result.Incomplete(more);
        }
        String line = new String(octets, 0, length, StandardCharsets.ISO_8859_1);
        if (line.indexOf('\n') != length - 1 || line.indexOf('\r') != length - 2) {
            return invalid("the line does not end in CRLF");
        }
        String[] words = line.substring(0, length - 2).split(" ", -1);
        boolean known = words[1].equals("TCP4") || words[1].equals("TCP6");
        if (words.length != V1_WORDS || !known) {
            return invalid("it does not say whose connection it is");
        }
        Optional<InetSocketAddress> client = endpoint(words[1], words[2], words[4]);
        boolean whole = client.isPresent() && endpoint(words[1], words[3], words[5]).isPresent();
        return whole ? new Result.Forwarded(client.get()) : invalid("damaged address or port");
    }

    private static Optional<InetSocketAddress> endpoint(String family, String text, String port) {
        boolean fits = family.equals("TCP6") == (text.indexOf(':') >= 0);
        boolean plain = port.matches("0|[1-9][0-9]{0,4}") && Integer.parseInt(port) <= PORT_MAX;
        if (!fits || !plain) {
            return Optional.empty();
        }
        try {
            return Optional.of(socket(IpAddress.parse(text).octets(), Integer.parseInt(port)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Result version2(byte[] octets, int length) {
        int command = octets[V2.length] & 0xff;
        int family = octets[V2.length + 1] & 0xff;
        int total = V2_FIXED_OCTETS + unsigned(octets, V2.length + 2);
        if (command != LOCAL && command != PROXY) {
            return invalid("unknown version or command");
        }
        if (total > OCTETS_MAX) {
            return invalid("the header is too long");
        }
        if (length < total) {
            return new Result.Incomplete(total - length);
        }
        if (command == LOCAL) {
            return new Result.Local();
        }
        if (family != TCP4 && family != TCP6) {
            return invalid("it does not say whose connection it is");
        }
        return addresses(octets, total, family == TCP4 ? 4 : 16);
    }

    private static Result addresses(byte[] octets, int total, int addressOctets) {
        int ports = V2_FIXED_OCTETS + 2 * addressOctets;
        int extra = ports + 4;
        if (extra > total) {
            return invalid("the addresses are cut off");
        }
        if (!isSound(octets, extra, total)) {
            return invalid("damaged extensions or wrong checksum");
        }
        byte[] source =
                Arrays.copyOfRange(octets, V2_FIXED_OCTETS, V2_FIXED_OCTETS + addressOctets);
        return new Result.Forwarded(socket(source, unsigned(octets, ports)));
    }

    /** Steps over the extensions (TLV), and verifies the checksum where there is one. */
    private static boolean isSound(byte[] octets, int from, int total) {
        int at = from;
        while (at + TLV_HEAD_OCTETS <= total) {
            int value = at + TLV_HEAD_OCTETS;
            int valueOctets = unsigned(octets, at + 1);
            if (value + valueOctets > total) {
                return false;
            }
            boolean isSum = octets[at] == TLV_CRC32C;
            if (isSum && (valueOctets != CRC_OCTETS || !sumFits(octets, value, total))) {
                return false;
            }
            at = value + valueOctets;
        }
        return at == total;
    }

    /** Over the whole header with zeros in the place of the sum. */
    private static boolean sumFits(byte[] octets, int at, int total) {
        var sum = new CRC32C();
        sum.update(octets, 0, at);
        sum.update(new byte[CRC_OCTETS]);
        sum.update(octets, at + CRC_OCTETS, total - at - CRC_OCTETS);
        return (int) sum.getValue() == ByteBuffer.wrap(octets).getInt(at);
    }

    private static int unsigned(byte[] octets, int at) {
        return ((octets[at] & 0xff) << 8) | (octets[at + 1] & 0xff);
    }

    private static InetSocketAddress socket(byte[] address, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e); // only for other lengths than 4 and 16
        }
    }

    private static Result invalid(String why) {
        return new Result.Invalid(why);
    }
}
