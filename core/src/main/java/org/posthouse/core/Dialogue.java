package org.posthouse.core;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What was said over a connection to a next hop, line by line. Content is told by its length and
 * what a login consists of is left out; lines in the middle of a long dialogue are left out, too.
 *
 * @param lines in order; none where nothing was said or nothing was kept
 * @since 0.1
 */
public record Dialogue(List<Line> lines) {
    /** Nothing. */
    public static final Dialogue NONE = new Dialogue(List.of());

    /** Copies the list. */
    public Dialogue {
        lines = List.copyOf(lines);
    }

    /** True when there is nothing to show. */
    public boolean isEmpty() {
        return lines.isEmpty();
    }

    /** Characters of all lines. */
    public int characters() {
        int count = 0;
        for (Line line : lines) {
            count += line.text().length();
        }
        return count;
    }

    /**
     * One line.
     *
     * @param at since the beginning of the dialogue
     * @param text without its line end and without control characters
     */
    public record Line(Duration at, Speaker speaker, String text) {
        /** Checks that nothing is missing. */
        public Line {
            Objects.requireNonNull(at);
            Objects.requireNonNull(speaker);
            Objects.requireNonNull(text);
        }
    }

    /** Whose line it is. */
    public enum Speaker {
        /** We, as the client. */
        CLIENT,
        /** The next hop. */
        SERVER,
        /** Nobody: what happened. */
        NOTE
    }
}
