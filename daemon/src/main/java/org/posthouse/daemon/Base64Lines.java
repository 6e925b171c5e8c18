package org.posthouse.daemon;

import org.posthouse.platform.TimeSource;
import org.posthouse.platform.WireReader;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;

/**
 * A content on a control connection: lines of Base64, each for itself, and an empty one at the end.
 * An end of the connection before that is an error: what came of the content must not be taken.
 */
final class Base64Lines extends InputStream {
    private final WireReader reader;
    private final TimeSource time;
    private final Duration lineWithin;
    private byte[] piece = {};
    private int at;
    private boolean ended;

    Base64Lines(WireReader reader, TimeSource time, Duration lineWithin) {
        this.reader = reader;
        this.time = time;
        this.lineWithin = lineWithin;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        while (at == piece.length && !ended) {
            next();
        }
        if (at == piece.length) {
            return -1;
        }
        int count = Math.min(length, piece.length - at);
        System.arraycopy(piece, at, into, offset, count);
        at += count;
        return count;
    }

    private void next() throws IOException {
        if (!reader.readLine(ControlSocket.LINE_OCTETS_MAX, time.after(lineWithin))) {
            throw new IOException("a line of the content is too long");
        }
        byte[] line = Arrays.copyOfRange(reader.buffer(), reader.lineFrom(), reader.lineTo());
        ended = line.length == 0;
        try {
            piece = Base64.getDecoder().decode(line);
        } catch (IllegalArgumentException e) {
            throw new IOException("a line of the content is not Base64", e);
        }
        at = 0;
    }

    /** Reads what is left. */
    void drain() throws IOException {
        while (!ended) {
            next();
        }
    }
}
