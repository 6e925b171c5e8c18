package org.posthouse.daemon.config;

import java.util.Comparator;

/**
 * A piece of one line of the file.
 *
 * @param line from 1; 0 for the file as a whole
 * @param column from 1
 * @param length in characters, at least 1
 */
record Span(int line, int column, int length) implements Comparable<Span> {
    /** The file as a whole. */
    static final Span FILE = new Span(0, 1, 1);

    private static final Comparator<Span> ORDER =
            Comparator.comparingInt(Span::line).thenComparingInt(Span::column);

    @Override
    public int compareTo(Span other) {
        return ORDER.compare(this, other);
    }
}
