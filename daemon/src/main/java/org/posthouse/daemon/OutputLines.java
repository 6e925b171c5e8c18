package org.posthouse.daemon;

import java.io.PrintWriter;

/** Writes many lines, and notices when nobody reads them any more. */
final class OutputLines {
    private static final int GATHERED_MAX = 1 << 16;

    private final PrintWriter out;
    private final StringBuilder gathered = new StringBuilder();

    /** The output is closed or full. */
    static final class Closed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    OutputLines(PrintWriter out) {
        this.out = out;
    }

    /** Adds a line. */
    void add(String line) {
        gathered.append(line).append('\n');
        if (gathered.length() > GATHERED_MAX) {
            flush();
        }
    }

    /** Writes what was gathered. */
    void flush() {
        out.print(gathered);
        gathered.setLength(0);
        if (out.checkError()) {
            throw new Closed();
        }
    }
}
