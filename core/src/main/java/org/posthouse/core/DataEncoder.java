package org.posthouse.core;

/**
 * Puts the content of one message on the wire of DATA: doubles the dots at line starts, and ends
 * with CRLF.CRLF (RFC 5321 section 4.5.2). Fed with blocks, split anywhere. Whatever it is fed, no
 * bare CR or LF leaves it.
 *
 * @since 0.1
 */
public final class DataEncoder {
    private static final byte[] DOT = {'.'};
    private static final byte[] END = {'.', '\r', '\n'};

    private boolean lineStart = true;
    private boolean cr;

    /** At the start of a content. */
    public DataEncoder() {}

    /**
     * Encodes a block.
     *
     * @param out takes the encoded octets, in as few runs as possible
     * @throws X when the output throws it; the encoder is then of no use any more
     */
    public <X extends Exception> void encode(byte[] octets, int from, int to, OctetOutput<X> out)
            throws X {
        int at = from;
        if (cr && at < to) {
            at += octets[at] == '\n' ? 1 : 0;
            lineEnd(out);
        }
        while (at < to) {
            if (lineStart && octets[at] == '.') {
                out.write(DOT, 0, 1);
            }
            lineStart = false;
            at = lines(octets, at, to, out);
        }
    }

    /**
     * Ends the content.
     *
     * @throws X when the output throws it
     */
    public <X extends Exception> void end(OctetOutput<X> out) throws X {
        if (cr || !lineStart) {
            lineEnd(out);
        }
        out.write(END, 0, END.length);
    }

    /** Passes on whole lines as one run, up to a dot at a line start or a bare CR or LF. */
    private <X extends Exception> int lines(byte[] octets, int from, int to, OctetOutput<X> out)
            throws X {
        int at = from;
        while (true) {
            int end = Octets.indexOfLineEnd(octets, at, to);
            boolean crlf = end + 1 < to && octets[end] == '\r' && octets[end + 1] == '\n';
            at = end + 2;
            if (!crlf) {
                return bareLineEnd(octets, from, end, to, out);
            }
            if (at == to || octets[at] == '.') {
                out.write(octets, from, at - from);
                lineStart = true;
                return at;
            }
        }
    }

    private <X extends Exception> int bareLineEnd(
            byte[] octets, int from, int at, int to, OctetOutput<X> out) throws X {
        if (at > from) {
            out.write(octets, from, at - from);
        }
        if (at == to) {
            return at;
        }
        if (octets[at] == '\r' && at + 1 == to) {
            cr = true;
        } else {
            lineEnd(out);
        }
        return at + 1;
    }

    private <X extends Exception> void lineEnd(OctetOutput<X> out) throws X {
        cr = false;
        lineStart = true;
        out.write(Octets.CRLF, 0, 2);
    }
}
