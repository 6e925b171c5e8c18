package org.posthouse.daemon.config;

import java.util.Comparator;
import java.util.List;

/**
 * One thing that is wrong with a file.
 *
 * @param code stable, see {@code posthouse help CODE}
 * @param span where
 * @param title what is wrong, one line
 * @param note what to say behind the caret; may be empty
 * @param fixes lines on what to do; may be empty
 */
record Problem(String code, Span span, String title, String note, List<String> fixes) {
    static final Comparator<Problem> BY_POSITION = Comparator.comparing(Problem::span);

    Problem {
        fixes = List.copyOf(fixes);
    }

    static Problem at(Span span, String code, String title, String note) {
        return new Problem(code, span, title, note, List.of());
    }
}
