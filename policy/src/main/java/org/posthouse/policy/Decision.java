package org.posthouse.policy;

import java.util.List;
import java.util.Objects;

/**
 * A verdict with the way to it.
 *
 * @param steps what was looked at, in order
 * @param verdict the result
 * @param code the stable code of a refusal, see {@link PolicyCode}: that of the reply of {@link
 *     Verdict.Refuse}, or of what {@link Verdict.HookMayRelay} says otherwise; empty for the others
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
     * @param subject a domain, a local part, or the name of a rule or route
     * @param answer for example {@code login required}
     * @param held whether it held
     * @param place where the rule is written, such as {@code posthouse.toml:31}; empty: built in,
     *     or nowhere to point at
     */
    public record Step(String question, String subject, String answer, boolean held, String place) {
        /** Checks that nothing is missing. */
        public Step {
            Objects.requireNonNull(question);
            Objects.requireNonNull(subject);
            Objects.requireNonNull(answer);
            Objects.requireNonNull(place);
        }
    }
}
