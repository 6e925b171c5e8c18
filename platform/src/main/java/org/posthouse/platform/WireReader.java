package org.posthouse.platform;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;

/**
 * Reads lines and runs of octets from a connection through one buffer. The buffer starts small, so
 * that an idle connection costs little, grows to what a line or a block of content needs, and
 * {@link #shrink shrinks} again when it is empty. One thread uses it.
 *
 * @since 0.1
 */
public final class WireReader {
    private static final int BEGINNING = 8;
    private static final int SMALL = 1024;
    private static final int MEDIUM = 8 * 1024;
    private static final int LARGE = 32 * 1024;

    private Connection connection;
    private byte[] buffer = new byte[SMALL];
    private int start;
    private int end;
    private boolean wasFull; // by the last read: more may be there
    private int lineFrom;
    private int lineTo;
    private boolean lineEndedByCrlf;

    /** A line that was too long has not ended yet. */
    private String skipped = "";

    private boolean skipping;

    /** Over a connection. */
    public WireReader(Connection connection) {
        this.connection = connection;
    }

    /**
     * Reads a line up to its LF. The line, without CRLF, then stands in {@link #buffer()} from
     * {@link #lineFrom()} to {@link #lineTo()} until the next read.
     *
     * @param octetsMax longest line, CRLF included
     * @return false when the line is longer: its octets so far are gone and the rest of it is
     *     skipped, up to its LF, bounded by the deadline alone
     * @throws DeadlineExceeded when the line did not come in time; what came of it is kept, and
     *     another call goes on with it if the connection does
     * @throws EOFException when the stream ends first
     * @throws IOException as {@link Connection#read} does
     */
    public boolean readLine(int octetsMax, Deadline deadline) throws IOException {
        int searched = start;
        while (!skipping) {
            int lf = indexOfLf(searched);
            if (lf >= 0 && lf + 1 - start <= octetsMax) {
                takeLine(lf);
                return true;
            }
            if (lf >= 0 || end - start >= octetsMax) {
                skipping = true;
                skipped = new String(buffer, start, Math.min(BEGINNING, end - start), ISO_8859_1);
                break;
            }
            int offset = end - start;
            fill(octetsMax, deadline);
            searched = start + offset;
        }
        skipLine(deadline);
        return false;
    }

    /** How the last line began that was too long: a few octets; empty when there was none. */
    public String skipped() {
        return skipped;
    }

    /** True when a line up to its LF has come already: reading it does not wait. */
    public boolean holdsLine() {
        return indexOfLf(start) >= 0;
    }

    /** The array that holds the last line. */
    public byte[] buffer() {
        return buffer;
    }

    /** Where the last line starts. */
    public int lineFrom() {
        return lineFrom;
    }

    /** Where the last line ends, CRLF excluded. */
    public int lineTo() {
        return lineTo;
    }

    /** False when the last line ended in a bare LF. */
    public boolean lineEndedByCrlf() {
        return lineEndedByCrlf;
    }

    /** Octets read from the connection and not yet handed out: pipelined input. */
    public int buffered() {
        return end - start;
    }

    /**
     * Makes at least one octet available at {@link #position()} in {@link #buffer()}.
     *
     * @return how many there are
     * @throws EOFException when the stream ends
     * @throws IOException as {@link Connection#read} does
     */
    public int available(Deadline deadline) throws IOException {
        if (start == end) {
            fill(LARGE, deadline);
        }
        return end - start;
    }

    /** Where the next octet stands in {@link #buffer()}. */
    public int position() {
        return start;
    }

    /** Marks octets as read. */
    public void consume(int octets) {
        start += octets;
    }

    /** True when the buffer is larger than an idle connection needs. */
    public boolean isLarge() {
        return buffer.length > SMALL;
    }

    /** Gives a large buffer back, when nothing stands in it. */
    public void shrink() {
        if (start == end && buffer.length > SMALL) {
            start = 0;
            end = 0;
            buffer = new byte[SMALL];
        }
    }

    /** Drops pipelined input, as STARTTLS must (RFC 3207 section 4.2). */
    public void discardBuffered() {
        start = end;
        skipping = false;
    }

    /** Goes on over another connection: the secured one. */
    public void switchTo(Connection secured) {
        connection = secured;
    }

    private void takeLine(int lf) {
        lineEndedByCrlf = lf > start && buffer[lf - 1] == '\r';
        lineFrom = start;
        lineTo = lineEndedByCrlf ? lf - 1 : lf;
        start = lf + 1;
    }

    private void skipLine(Deadline deadline) throws IOException {
        while (true) {
            int lf = indexOfLf(start);
            if (lf >= 0) {
                start = lf + 1;
                skipping = false;
                return;
            }
            start = end;
            fill(SMALL, deadline);
        }
    }

    private int indexOfLf(int from) {
        for (int i = from; i < end; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private void fill(int wanted, Deadline deadline) throws IOException {
        makeRoom(wanted);
        int count = connection.read(buffer, end, buffer.length - end, deadline);
        wasFull = count == buffer.length - end;
        if (count < 0) {
            throw new EOFException("the other end closed the connection");
        }
        end += count;
    }

    private void makeRoom(int wanted) {
        if (start == end) {
            start = 0;
            end = 0;
            if (buffer.length < wanted && wanted >= LARGE) {
                buffer = new byte[wasFull ? LARGE : MEDIUM];
            }
        } else if (end == buffer.length) {
            int held = end - start;
            byte[] target = held > buffer.length / 2 ? new byte[buffer.length * 2] : buffer;
            System.arraycopy(buffer, start, target, 0, held);
            buffer = target;
            start = 0;
            end = held;
        }
    }

    @Override
    public String toString() {
        return "WireReader" + Arrays.asList(connection.remote(), end - start);
    }
}
