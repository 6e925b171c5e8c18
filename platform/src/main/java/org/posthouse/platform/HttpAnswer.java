package org.posthouse.platform;

import org.posthouse.platform.Https.Fetched;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The answer to one GET over a connection that ends with it (RFC 9112). A document has the length
 * that is told, or comes in chunks, or ends with the connection. Everything is bounded; what does
 * not fit is an {@link IOException} in words.
 */
final class HttpAnswer {
    private static final int OK = 200;
    private static final int LINE_OCTETS_MAX = 8192;
    private static final int FIELDS_MAX = 200;

    /** Answers that only say that the answer is still to come. */
    private static final int INTERIM_MAX = 10;

    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] [1-5][0-9]{2}( .*)?");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,9}");
    private static final Pattern CHUNK = Pattern.compile("([0-9A-Fa-f]{1,7})[ \t]*(;.*)?");

    private final WireReader in;
    private final int octetsMax;
    private final Deadline deadline;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();

    HttpAnswer(Connection connection, Https.Limits limits) {
        in = new WireReader(connection);
        octetsMax = limits.octetsMax();
        deadline = limits.deadline();
    }

    Fetched read() throws IOException {
        int code = code();
        Map<String, String> fields = fields();
        for (int i = 0; i < INTERIM_MAX && code < OK; i++) {
            code = code();
            fields = fields();
        }
        if (code != OK) {
            return new Fetched.Failed(false, "the answer is " + code);
        }
        body(fields);
        String type = fields.getOrDefault("content-type", "");
        return new Fetched.Document(
                type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT),
                held.toString(StandardCharsets.UTF_8));
    }

    private int code() throws IOException {
        String line = line();
        if (!STATUS_LINE.matcher(line).matches()) {
            throw new IOException("the answer is not HTTP/1.1");
        }
        return Integer.parseInt(line.substring(9, 12));
    }

    /** The last of each name, which is in lower case. */
    private Map<String, String> fields() throws IOException {
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i < FIELDS_MAX; i++) {
            String line = line();
            if (line.isEmpty()) {
                return fields;
            }
            int colon = line.indexOf(':');
            if (colon > 0) {
                String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
                fields.put(name, line.substring(colon + 1).strip());
            }
        }
        throw new IOException("the answer has more than " + FIELDS_MAX + " header fields");
    }

    private void body(Map<String, String> fields) throws IOException {
        String coding = fields.getOrDefault("transfer-encoding", "");
        String length = fields.getOrDefault("content-length", "");
        if (coding.equalsIgnoreCase("chunked")) {
            chunks();
        } else if (!coding.isEmpty()) {
            throw new IOException("the document comes in a form that is not known: " + coding);
        } else if (length.isEmpty()) {
            rest();
        } else if (LENGTH.matcher(length).matches()) {
            take(Integer.parseInt(length));
        } else {
            throw new IOException("the document's length is not a number that it may be");
        }
    }

    private void chunks() throws IOException {
        int octets = chunk();
        while (octets > 0) {
            take(octets);
            if (!line().isEmpty()) {
                throw new IOException("a chunk of the document does not end where it should");
            }
            octets = chunk();
        }
    }

    private int chunk() throws IOException {
        var size = CHUNK.matcher(line());
        if (!size.matches()) {
            throw new IOException("a chunk of the document has no size");
        }
        return Integer.parseInt(size.group(1), 16);
    }

    private void take(int octets) throws IOException {
        requireRoom(octets);
        int left = octets;
        while (left > 0) {
            left -= takeSome(left);
        }
    }

    private void rest() throws IOException {
        try {
            while (true) {
                requireRoom(in.available(deadline));
                takeSome(octetsMax);
            }
        } catch (EOFException e) {
            // that is its end
        }
    }

    private int takeSome(int octetsMost) throws IOException {
        int octets = Math.min(in.available(deadline), octetsMost);
        held.write(in.buffer(), in.position(), octets);
        in.consume(octets);
        return octets;
    }

    private void requireRoom(int octets) throws IOException {
        if (octets > octetsMax - held.size()) {
            throw new IOException("the document has more than " + octetsMax + " octets");
        }
    }

    private String line() throws IOException {
        if (!in.readLine(LINE_OCTETS_MAX, deadline)) {
            throw new IOException("the answer has a line of more than " + LINE_OCTETS_MAX);
        }
        int length = in.lineTo() - in.lineFrom();
        return new String(in.buffer(), in.lineFrom(), length, StandardCharsets.ISO_8859_1);
    }
}
