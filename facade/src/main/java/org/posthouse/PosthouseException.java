package org.posthouse;

import java.util.List;

/**
 * The engine could not be built or started. Nothing is half done: what was opened is closed again.
 *
 * @since 0.1
 */
public final class PosthouseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final transient List<Problem> problems;

    /** With one problem. */
    public PosthouseException(String code, String text) {
        this(List.of(new Problem(code, text)));
    }

    /** With one problem and what caused it. */
    public PosthouseException(String code, String text, Throwable cause) {
        this(List.of(new Problem(code, text)));
        initCause(cause);
    }

    /** With all problems found, at least one. */
    public PosthouseException(List<Problem> problems) {
        super(text(problems));
        this.problems = List.copyOf(problems);
        this.code = problems.getFirst().code();
    }

    /** The stable code of the first problem, for example {@code PH-S002}. */
    public String code() {
        return code;
    }

    /** All problems. */
    public List<Problem> problems() {
        return problems;
    }

    private static String text(List<Problem> problems) {
        var text = new StringBuilder();
        for (Problem problem : problems) {
            text.append(text.isEmpty() ? "" : "; ").append(problem);
        }
        return text.toString();
    }

    /**
     * One thing that is wrong.
     *
     * @param code stable, for example {@code PH-C031}
     * @param text one sentence
     */
    public record Problem(String code, String text) {
        @Override
        public String toString() {
            return text + " (" + code + ")";
        }
    }
}
