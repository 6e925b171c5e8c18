package org.posthouse.daemon;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.function.Function;

/** Asks a person, again until the answer makes sense or there is none. */
final class Interview {
    private static final int TIMES_MAX = 5;

    private final BufferedReader answers;
    private final PrintWriter questions;

    Interview(BufferedReader answers, PrintWriter questions) {
        this.answers = answers;
        this.questions = questions;
    }

    /** The input ended, or five answers in a row made no sense. */
    static final class NoAnswer extends IOException {
        private static final long serialVersionUID = 1;

        NoAnswer(String question) {
            super("no answer to: " + question);
        }
    }

    /**
     * Asks.
     *
     * @param fallback the answer of who just presses Enter
     * @param needs what an answer has to be
     */
    <T> T ask(String question, String fallback, String needs, Function<String, Optional<T>> parser)
            throws IOException {
        for (int i = 0; i < TIMES_MAX; i++) {
            questions.print(question + " [" + fallback + "] ");
            questions.flush();
            String line = answers.readLine();
            if (line == null) {
                break;
            }
            Optional<T> answer = parser.apply(line.isBlank() ? fallback : line.strip());
            if (answer.isPresent()) {
                return answer.get();
            }
            questions.println("  that is not " + needs);
        }
        throw new NoAnswer(question);
    }
}
