package org.posthouse.daemon.sendmail;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What is written to sendmail, read to its end before anything else happens: a program may take
 * hours for it. Up to a bound it is in memory, beyond that in a file that is gone when it is
 * closed.
 */
final class Input implements AutoCloseable {
    /** As much as the daemon takes. */
    static final long OCTETS_MAX = 100_000_000;

    private static final int MEMORY_OCTETS = 4 << 20;

    private final byte[] head;
    private final int headOctets;
    private final Path file;
    private final InputStream rest;

    private Input(byte[] head, int headOctets, Path file, InputStream rest) {
        this.head = head;
        this.headOctets = headOctets;
        this.file = file;
        this.rest = rest;
    }

    /** It is too big. */
    static final class TooBig extends IOException {
        private static final long serialVersionUID = 1;
    }

    /**
     * Reads it.
     *
     * @param dotIsText a line with a dot alone does not end it
     */
    static Input read(InputStream in, boolean dotIsText) throws IOException {
        InputStream from = dotIsText ? in : new ToDot(in);
        var head = new byte[64 << 10];
        int filled = 0;
        int read = from.read(head, 0, head.length);
        while (read > 0 && filled + read < MEMORY_OCTETS) {
            filled += read;
            if (filled == head.length) {
                head = Arrays.copyOf(head, Math.min(head.length * 4, MEMORY_OCTETS));
            }
            read = from.read(head, filled, head.length - filled);
        }
        if (read <= 0) {
            return new Input(head, filled, Path.of(""), InputStream.nullInputStream());
        }
        filled += read;
        Path file = Files.createTempFile("sendmail", ".msg"); // for its owner alone
        try (var to = Files.newOutputStream(file)) {
            long all = filled;
            var octets = new byte[64 << 10];
            for (int n = from.read(octets); n > 0; n = from.read(octets)) {
                all += n;
                if (all > OCTETS_MAX) {
                    throw new TooBig();
                }
                to.write(octets, 0, n);
            }
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        return new Input(head, filled, file, Files.newInputStream(file));
    }

    /** The beginning: all of it, or the first megabytes. */
    byte[] head() {
        return head;
    }

    int headOctets() {
        return headOctets;
    }

    /** What is behind the beginning. */
    InputStream rest() {
        return rest;
    }

    @Override
    public void close() throws IOException {
        rest.close();
        if (!file.toString().isEmpty()) {
            Files.deleteIfExists(file);
        }
    }

    /** Ends before a line with a dot alone. */
    private static final class ToDot extends InputStream {
        private final InputStream in;
        private int column;
        private boolean ended;

        ToDot(InputStream in) {
            this.in = new BufferedInputStream(in, 64 << 10);
        }

        @Override
        public int read() throws IOException {
            if (ended) {
                return -1;
            }
            int octet = in.read();
            if (octet == '.' && column == 0) {
                in.mark(2);
                int next = in.read();
                if (next == '\r') {
                    next = in.read();
                }
                if (next == '\n' || next < 0) {
                    ended = true;
                    return -1;
                }
                in.reset();
            }
            column = octet == '\n' ? 0 : column + 1;
            return octet;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int count = 0;
            while (count < length) {
                int octet = read();
                if (octet < 0) {
                    return count == 0 ? -1 : count;
                }
                into[offset + count++] = (byte) octet;
            }
            return count;
        }
    }
}
