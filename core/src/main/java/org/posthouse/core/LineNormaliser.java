package org.posthouse.core;

/**
 * Makes every line end a CRLF in content that comes without dots, by BDAT (RFC 3030) or from a
 * program: bare CRs and LFs are completed. Fed with blocks, split anywhere. Not for BINARYMIME,
 * whose octets are its own.
 *
 * @since 0.1
 */
public final class LineNormaliser {
    private boolean cr;
    private boolean bareLineEnd;

    /** At the start of a content. */
    public LineNormaliser() {}

    /**
     * Passes a block on.
     *
     * @param out takes the octets, in as few runs as possible
     * @throws X when the output throws it; the normaliser is then of no use any more
     */
    public <X extends Exception> void normalise(byte[] octets, int from, int to, OctetOutput<X> out)
            throws X {
        int at = from;
        if (cr && at < to) {
            at += octets[at] == '\n' ? 1 : 0;
            bareLineEnd |= at == from;
            finishCr(out);
        }
        int run = at;
        while (at < to) {
            int end = Octets.indexOfLineEnd(octets, at, to);
            boolean crlf = end + 1 < to && octets[end] == '\r' && octets[end + 1] == '\n';
            at = Math.min(to, end + (crlf ? 2 : 1));
            if (crlf || end == to) {
                continue;
            }
            write(octets, run, end, out);
            run = at;
            cr = true;
            boolean undecided = octets[end] == '\r' && at == to;
            if (!undecided) {
                bareLineEnd = true;
                finishCr(out);
            }
        }
        write(octets, run, to, out);
    }

    /**
     * Ends the content: a CR at its very end is completed.
     *
     * @throws X when the output throws it
     */
    public <X extends Exception> void end(OctetOutput<X> out) throws X {
        if (cr) {
            bareLineEnd = true;
            finishCr(out);
        }
    }

    /** True when a CR or LF stood alone. */
    public boolean sawBareLineEnd() {
        return bareLineEnd;
    }

    private <X extends Exception> void finishCr(OctetOutput<X> out) throws X {
        cr = false;
        out.write(Octets.CRLF, 0, 2);
    }

    private static <X extends Exception> void write(
            byte[] octets, int from, int to, OctetOutput<X> out) throws X {
        if (to > from) {
            out.write(octets, from, to - from);
        }
    }
}
