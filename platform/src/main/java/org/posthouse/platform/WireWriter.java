package org.posthouse.platform;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Gathers octets and writes them to a connection at once: one write for a batch of pipelined
 * commands or replies. One thread uses it.
 *
 * @since 0.1
 */
public final class WireWriter {
    private static final int SMALL = 512;
    private static final int KEPT_OCTETS_MAX = 16 * SMALL; // a larger buffer goes with its flush
    private static final int LARGE = 64 * 1024;

    private Connection connection;
    private byte[] buffer = new byte[SMALL];
    private int count;

    /** Over a connection. */
    public WireWriter(Connection connection) {
        this.connection = connection;
    }

    /** Adds ASCII or UTF-8 text. */
    public void text(String text) {
        int length = text.length();
        ensure(length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c > 127) {
                octets(text.substring(i).getBytes(StandardCharsets.UTF_8));
                return;
            }
            buffer[count++] = (byte) c;
        }
    }

    /** Adds octets. */
    public void octets(byte[] octets) {
        ensure(octets.length);
        System.arraycopy(octets, 0, buffer, count, octets.length);
        count += octets.length;
    }

    /**
     * Adds octets of content, writing whenever a large block is full.
     *
     * @throws IOException as {@link Connection#write} does
     */
    public void octets(byte[] octets, int offset, int length, Deadline deadline)
            throws IOException {
        if (count + length > LARGE) {
            flush(deadline);
        }
        if (length >= LARGE) {
            connection.write(octets, offset, length, deadline);
            return;
        }
        ensure(length);
        System.arraycopy(octets, offset, buffer, count, length);
        count += length;
    }

    /** Octets waiting to be written. */
    public int pending() {
        return count;
    }

    /**
     * Writes what waits.
     *
     * @throws IOException as {@link Connection#write} does
     */
    public void flush(Deadline deadline) throws IOException {
        int length = count;
        count = 0;
        if (length > 0) {
            connection.write(buffer, 0, length, deadline);
        }
        if (buffer.length > KEPT_OCTETS_MAX) {
            buffer = new byte[SMALL];
        }
    }

    /** Goes on over another connection: the secured one. Nothing may wait. */
    public void switchTo(Connection secured) {
        if (count > 0) {
            throw new IllegalStateException("octets wait to be written in clear text");
        }
        connection = secured;
    }

    private void ensure(int more) {
        if (buffer.length - count < more) {
            int needed = count + more;
            int grown = needed > KEPT_OCTETS_MAX ? LARGE : buffer.length * 2;
            buffer = Arrays.copyOf(buffer, Math.max(grown, needed));
        }
    }
}
