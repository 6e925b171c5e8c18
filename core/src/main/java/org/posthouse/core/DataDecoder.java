package org.posthouse.core;

/**
 * Takes the content of one message off the wire of DATA: undoes dot-stuffing and finds the end (RFC
 * 5321 section 4.5.2). Fed with blocks as they arrive, split anywhere.
 *
 * <p>Only CRLF.CRLF ends the content, with the CRLF of the DATA line counting as the first; a dot
 * next to a bare CR or LF is a dot. Bare CRs and LFs leave as CRLF, so that what is stored cannot
 * end the content somewhere else, and are noted for those who refuse them.
 *
 * <table>
 * <caption>What each octet does in each state</caption>
 * <tr><th>State</th><th>CR</th><th>LF</th><th>dot</th><th>other</th></tr>
 * <tr><td>LINE_START</td><td>CR</td><td>TEXT, CRLF out</td><td>DOT</td><td>TEXT, out</td></tr>
 * <tr><td>DOT</td><td>DOT_CR</td><td>TEXT, CRLF out</td><td>TEXT, out</td><td>TEXT, out</td></tr>
 * <tr><td>DOT_CR</td><td>CR, CRLF out</td><td>ended</td><td colspan="2">TEXT, CRLF and it out</td>
 * </tr>
 * <tr><td>TEXT</td><td>CR</td><td>TEXT, CRLF out</td><td>TEXT, out</td><td>TEXT, out</td></tr>
 * <tr><td>CR</td><td>CR, CRLF out</td><td>LINE_START, CRLF out</td>
 * <td colspan="2">TEXT, CRLF and it out</td></tr>
 * </table>
 *
 * @since 0.1
 */
public final class DataDecoder {
    private enum State {
        LINE_START,
        DOT,
        DOT_CR,
        TEXT,
        CR
    }

    private State state = State.LINE_START;
    private boolean ended;
    private boolean bareLineEnd;

    /** At the start of a content. */
    public DataDecoder() {}

    /**
     * Decodes a block up to its end or to the end of the content.
     *
     * @param out takes the decoded octets, in as few runs as possible
     * @return the number of octets used; those behind the end of the content are not
     * @throws X when the output throws it; the decoder is then of no use any more
     */
    public <X extends Exception> int decode(byte[] octets, int from, int to, OctetOutput<X> out)
            throws X {
        int at = from;
        while (at < to && !ended) {
            at =
                    switch (state) {
                        case LINE_START -> lineStart(octets, at);
                        case DOT -> behindDot(octets, at);
                        case DOT_CR, CR -> behindCr(octets, at, out);
                        case TEXT -> text(octets, at, to, out);
                    };
        }
        return at - from;
    }

    /** True once the end of the content was read. */
    public boolean ended() {
        return ended;
    }

    /** True when a CR or LF stood alone; {@code 550 5.6.11} where a listener refuses those. */
    public boolean sawBareLineEnd() {
        return bareLineEnd;
    }

    private int lineStart(byte[] octets, int at) {
        boolean dot = octets[at] == '.';
        state = dot ? State.DOT : State.TEXT;
        return dot ? at + 1 : at;
    }

    private int behindDot(byte[] octets, int at) {
        boolean cr = octets[at] == '\r';
        state = cr ? State.DOT_CR : State.TEXT;
        return cr ? at + 1 : at;
    }

    private <X extends Exception> int behindCr(byte[] octets, int at, OctetOutput<X> out) throws X {
        boolean lf = octets[at] == '\n';
        if (lf && state == State.DOT_CR) {
            ended = true;
            return at + 1;
        }
        out.write(Octets.CRLF, 0, 2);
        bareLineEnd |= !lf;
        state = lf ? State.LINE_START : State.TEXT;
        return lf ? at + 1 : at;
    }

    /** Passes on whole lines as one run, up to what has to be taken out or put in. */
    private <X extends Exception> int text(byte[] octets, int from, int to, OctetOutput<X> out)
            throws X {
        int at = from;
        while (true) {
            int end = Octets.indexOfLineEnd(octets, at, to);
            boolean crlf = end + 1 < to && octets[end] == '\r' && octets[end + 1] == '\n';
            at = end + 2;
            if (!crlf) {
                write(octets, from, end, out);
                return lineEnd(octets, end, to, out);
            }
            if (at == to || octets[at] == '.') {
                write(octets, from, at, out);
                state = State.LINE_START;
                return at;
            }
        }
    }

    /** At the end of the block, at its last octet that is a CR, or at a bare CR or LF. */
    private <X extends Exception> int lineEnd(byte[] octets, int at, int to, OctetOutput<X> out)
            throws X {
        if (at == to) {
            return at;
        }
        if (octets[at] == '\r' && at + 1 == to) {
            state = State.CR;
        } else {
            out.write(Octets.CRLF, 0, 2);
            bareLineEnd = true;
        }
        return at + 1;
    }

    private static <X extends Exception> void write(
            byte[] octets, int from, int to, OctetOutput<X> out) throws X {
        if (to > from) {
            out.write(octets, from, to - from);
        }
    }
}
