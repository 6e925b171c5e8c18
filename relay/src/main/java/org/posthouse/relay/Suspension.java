package org.posthouse.relay;

import org.posthouse.core.Glob;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/**
 * A part of the queue that its operator keeps from being tried, until an instant or until it is
 * resumed. It is for what waits and for what comes; an attempt that runs goes on to its end. No
 * attempt is counted, and delay reports and expiry come at their time all the same.
 *
 * @param scope what is compared
 * @param pattern with what, whatever the case; {@code *} stands for any characters
 * @param reason for people; perhaps empty
 * @param since when it began
 * @param until when it ends by itself; {@link Instant#MAX} for never
 * @since 0.1
 */
public record Suspension(Scope scope, String pattern, String reason, Instant since, Instant until) {
    /** Characters of a pattern: those of the longest address. */
    public static final int PATTERN_CHARS_MAX = 320;

    /** Characters of a reason. */
    public static final int REASON_CHARS_MAX = 200;

    /** What is compared. */
    public enum Scope {
        /**
         * A host or smarthost that mail goes to: {@code mx1.far.example}, {@code
         * smtp.far.example:587}; {@code store} for the local store. With exchangers, those sites
         * that have it among their hosts.
         */
        SITE,
        /** The name of a route. */
        ROUTE,
        /** The domain of the recipients. */
        DOMAIN,
        /** The reverse-path; {@code <>} for the null one. */
        FROM,
        /** Who has logged in to send it. */
        LOGIN;

        /** Its word on the command line and in files. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The scope of a word; empty when there is none. */
        public static Optional<Scope> of(String word) {
            for (Scope each : values()) {
                if (each.word().equals(word)) {
                    return Optional.of(each);
                }
            }
            return Optional.empty();
        }
    }

    /** Keeps the pattern in lower case and whole milliseconds; checks that texts are one line. */
    public Suspension {
        pattern = pattern.toLowerCase(Locale.ROOT);
        since = since.truncatedTo(ChronoUnit.MILLIS);
        until = until.equals(Instant.MAX) ? until : until.truncatedTo(ChronoUnit.MILLIS);
        check("pattern", pattern, PATTERN_CHARS_MAX);
        check("reason", reason, REASON_CHARS_MAX);
        if (pattern.isEmpty()) {
            throw new IllegalArgumentException("a suspension needs a pattern");
        }
    }

    private static void check(String what, String text, int charsMax) {
        if (text.length() > charsMax || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "a " + what + " is one line of at most " + charsMax + " characters");
        }
    }

    /** A text is like its pattern. */
    boolean matches(String text) {
        return new Glob(pattern).matches(text);
    }

    boolean isPattern() {
        return pattern.indexOf('*') >= 0;
    }

    boolean isOver(Instant now) {
        return !until.isAfter(now);
    }

    /** Of the same scope and pattern: there is one of each at most. */
    boolean isSameAs(Scope other, String otherPattern) {
        return scope == other && pattern.equals(otherPattern.toLowerCase(Locale.ROOT));
    }

    /** {@code domain far.example}. */
    public String what() {
        return scope.word() + " " + pattern;
    }
}
