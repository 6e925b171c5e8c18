package org.posthouse.testkit;

import java.util.Objects;
import java.util.function.Predicate;

/**
 * A condition of a text.
 *
 * @param words says what it wants, for messages: {@code containing "Verify"}
 * @param test the condition
 * @since 0.1
 */
public record TextMatch(String words, Predicate<String> test) {
    /** Checks that nothing is missing. */
    public TextMatch {
        Objects.requireNonNull(words);
        Objects.requireNonNull(test);
    }
}
