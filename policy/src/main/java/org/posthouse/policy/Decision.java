package org.posthouse.policy;

import java.util.List;
import java.util.Objects;

/**
 * A verdict with the way to it.
 *
 * @param steps what was looked at, in order
 * @param verdict the result
 * @param code the stable PH code of a refusal, for example {@code PH-R101}; empty otherwise
 * @since 0.1
 */
public record Decision(List<Step> steps, Verdict verdict, String code) {
    /** Copies the steps. */
    public Decision {
        steps = List.copyOf(steps);
        Objects.requireNonNull(verdict);
        Objects.requireNonNull(code);
    }

    /**
     * One look at one rule.
     *
     * @param question for example {@code relay?}
     * @param subject for example {@code rule "people"}
     * @param answer for example {@code login required}
     * @param held whether it held
     */
    public record Step(String question, String subject, String answer, boolean held) {}
}
