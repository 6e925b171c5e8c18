package org.posthouse.daemon.sendmail;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** The running daemon, by its control socket; docs/control-socket.md has what is spoken. */
final class Daemon implements AutoCloseable {
    private static final int PIECE_OCTETS = 48 << 10;
    private static final int ANSWER_OCTETS_MAX = 1 << 20;

    private final SocketChannel channel;

    private Daemon(SocketChannel channel) {
        this.channel = channel;
    }

    /**
     * What it answered.
     *
     * @param ok it has the message
     * @param code why not
     * @param text the same in words
     */
    record Answer(boolean ok, String code, String text) {}

    static Daemon connect(Path data) throws IOException {
        Path socket = data.resolve("control").resolve("socket");
        return new Daemon(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
    }

    /** Where its first listener can be reached. */
    InetSocketAddress listener() throws IOException {
        String all = status();
        int at = all.indexOf("\"listeners\":[\"");
        int end = at < 0 ? -1 : all.indexOf('"', at + 14);
        String first = end < 0 ? "" : all.substring(at + 14, end);
        int colon = first.lastIndexOf(':');
        String place = first.substring(first.lastIndexOf(' ') + 1);
        if (colon < 0 || place.startsWith("unix:")) {
            throw new IOException("it has no listener on a port");
        }
        return new InetSocketAddress(
                InetAddress.getLoopbackAddress(), Integer.parseInt(first.substring(colon + 1)));
    }

    private String status() throws IOException {
        write("{\"v\":1,\"do\":\"status\"}\n");
        return readLine();
    }

    /**
     * Who gets it from whom.
     *
     * @param from the reverse-path, {@code <>} for the null one; may lack its domain
     * @param name that of a From field which is missing; perhaps empty
     */
    record Envelope(String from, List<String> to, String user, String name) {}

    Answer submit(Envelope envelope, Letter letter, Input input) throws IOException {
        var request = new StringBuilder("{\"v\":1,\"do\":\"submit\",\"from\":");
        quote(request, envelope.from());
        request.append(",\"user\":");
        quote(request, envelope.user());
        request.append(",\"name\":");
        quote(request, envelope.name());
        list(request.append(",\"to\":"), envelope.to());
        list(request.append(",\"missing\":"), letter.missing());
        write(request.append("}\n").toString());
        byte[] head = letter.head();
        piece(head, 0, head.length);
        piece(input.head(), letter.bodyAt(), input.headOctets());
        InputStream rest = input.rest();
        var octets = new byte[PIECE_OCTETS];
        for (int read = rest.read(octets); read > 0; read = rest.read(octets)) {
            piece(octets, 0, read);
        }
        write("\n");
        String answer = readLine();
        boolean ok = answer.contains("\"ok\":true");
        return new Answer(ok, member(answer, "code", ""), member(answer, "text", answer));
    }

    /** Octets from a position to another, as lines of Base64. */
    private void piece(byte[] octets, int from, int to) throws IOException {
        for (int at = from; at < to; at += PIECE_OCTETS) {
            byte[] part = Arrays.copyOfRange(octets, at, Math.min(at + PIECE_OCTETS, to));
            byte[] line = Base64.getEncoder().encode(part);
            write(ByteBuffer.wrap(line));
            write("\n");
        }
    }

    private static void list(StringBuilder into, List<String> texts) {
        for (int i = 0; i < texts.size(); i++) {
            into.append(i == 0 ? '[' : ',');
            quote(into, texts.get(i));
        }
        into.append(texts.isEmpty() ? "[]" : "]");
    }

    private static void quote(StringBuilder into, String text) {
        into.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                into.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                into.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    into.append(Character.forDigit(c >> shift & 15, 16));
                }
            } else {
                into.append(c);
            }
        }
        into.append('"');
    }

    /** A text among the members of an answer, which the daemon writes in one form only. */
    private static String member(String json, String name, String other) {
        String start = "\"" + name + "\":\"";
        int from = json.indexOf(start);
        if (from < 0) {
            return other;
        }
        var value = new StringBuilder();
        for (int i = from + start.length(); i < json.length() && json.charAt(i) != '"'; i++) {
            i += json.charAt(i) == '\\' ? 1 : 0;
            value.append(i < json.length() ? json.charAt(i) : ' ');
        }
        return value.toString();
    }

    private void write(String text) throws IOException {
        write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private void write(ByteBuffer octets) throws IOException {
        while (octets.hasRemaining()) {
            channel.write(octets);
        }
    }

    private String readLine() throws IOException {
        var line = new byte[4096];
        int filled = 0;
        while (filled == 0 || line[filled - 1] != '\n') {
            if (filled == line.length) {
                if (filled >= ANSWER_OCTETS_MAX) {
                    throw new IOException("the daemon's answer is too long");
                }
                line = Arrays.copyOf(line, filled * 2);
            }
            int read = channel.read(ByteBuffer.wrap(line, filled, line.length - filled));
            if (read < 0) {
                throw new EOFException("the daemon ended before it answered");
            }
            filled += read;
        }
        return new String(line, 0, filled - 1, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
