package org.posthouse.relay;

import org.posthouse.core.ReplyPattern;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * One rule of what a transient or permanent reply means. It fits when each of its conditions does
 * that is given; of several alternatives, one. Rules are asked in order, and the first that fits
 * counts: a program's own before those that we ship. Positive replies are never asked about.
 *
 * @param at how far the conversation had come; empty: anywhere
 * @param codes reply codes, {@code x} for any digit: {@code 421}, {@code 45x}, {@code 5xx}; empty:
 *     any
 * @param statuses enhanced status codes, {@code *} for any number: {@code 4.7.28}, {@code *.7.*};
 *     {@code none} for a reply without one; empty: any
 * @param texts parts of the reply's text, in upper or lower case, with {@code *} for any text
 *     between: {@code client host * blocked}; empty: any
 * @param outcome what it means; not {@link ReplyClass#DELIVERED}
 * @since 0.1
 */
public record OutcomeRule(
        Set<Point> at,
        List<String> codes,
        List<String> statuses,
        List<String> texts,
        ReplyClass outcome) {
    /** Alternatives of one condition. */
    public static final int ALTERNATIVES_MAX = 100;

    /**
     * Checks the patterns.
     *
     * @throws IllegalArgumentException when one is not of its form, or a rule says DELIVERED
     */
    public OutcomeRule {
        Objects.requireNonNull(outcome);
        at = Set.copyOf(at);
        codes = List.copyOf(codes);
        statuses = List.copyOf(statuses);
        texts = List.copyOf(texts);
        if (outcome == ReplyClass.DELIVERED) {
            throw new IllegalArgumentException("a refusal can't mean that it is delivered");
        }
        bound(codes);
        bound(statuses);
        bound(texts);
        codes.forEach(ReplyPattern::code);
        statuses.forEach(ReplyPattern::status);
        texts.forEach(ReplyPattern::text);
    }

    private static void bound(Collection<?> alternatives) {
        if (alternatives.size() > ALTERNATIVES_MAX) {
            throw new IllegalArgumentException("more than " + ALTERNATIVES_MAX + " alternatives");
        }
    }

    /** A rule that fits every refusal. */
    public static OutcomeRule of(ReplyClass outcome) {
        return new OutcomeRule(Set.of(), List.of(), List.of(), List.of(), outcome);
    }

    /** The same, only there. */
    public OutcomeRule at(Point first, Point... more) {
        return new OutcomeRule(EnumSet.of(first, more), codes, statuses, texts, outcome);
    }

    /** The same, with these reply codes, too. */
    public OutcomeRule codes(String... more) {
        return new OutcomeRule(at, added(codes, more), statuses, texts, outcome);
    }

    /** The same, with these enhanced status codes, too. */
    public OutcomeRule statuses(String... more) {
        return new OutcomeRule(at, codes, added(statuses, more), texts, outcome);
    }

    /** The same, with these texts, too. */
    public OutcomeRule texts(String... more) {
        return new OutcomeRule(at, codes, statuses, added(texts, more), outcome);
    }

    private static List<String> added(List<String> some, String... more) {
        List<String> all = new ArrayList<>(some);
        all.addAll(List.of(more));
        return all;
    }

    /**
     * How far a conversation had come.
     *
     * @since 0.1
     */
    public enum Point {
        /** From the greeting up to a login: nothing was said of a message yet. */
        CONNECT,
        /** MAIL. */
        MAIL,
        /** RCPT. */
        RCPT,
        /** DATA or BDAT, and the reply to the content. */
        CONTENT
    }
}
