package org.posthouse;

import org.posthouse.core.Reply;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What becomes of a message for one recipient, and why: the way of the decision, line by line.
 *
 * @param outcome what becomes of it
 * @param stage the command that is refused, such as {@code RCPT TO}; empty when none is
 * @param reply what the client is told; empty when it is taken
 * @param code the stable code of a refusal; empty when it is taken
 * @param listener where the client is
 * @param rule the relay rule that grants it; empty: none
 * @param route how it leaves, as of now; empty: it does not leave
 * @param lines the way
 * @param changes what would give another answer, the smallest change first
 * @since 0.1
 */
public record Explanation(
        Outcome outcome,
        String stage,
        Optional<Reply> reply,
        String code,
        String listener,
        String rule,
        String route,
        List<Line> lines,
        List<Change> changes) {
    /** Columns of {@link #toString}. */
    public static final int COLUMNS = 100;

    /** Copies the lists. */
    public Explanation {
        Objects.requireNonNull(outcome);
        Objects.requireNonNull(stage);
        Objects.requireNonNull(reply);
        Objects.requireNonNull(code);
        Objects.requireNonNull(listener);
        Objects.requireNonNull(rule);
        Objects.requireNonNull(route);
        lines = List.copyOf(lines);
        changes = List.copyOf(changes);
    }

    /** What becomes of a message. */
    public enum Outcome {
        /** Kept in the local store. */
        STORED,
        /** Passed on. */
        RELAYED,
        /** Taken for those whom an alias stands for. */
        EXPANDED,
        /** The program's hook decides whether it is relayed. */
        HOOK,
        /** Not taken. */
        REFUSED;

        /** In lower case, as programs read it. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** How a line turned out. */
    public enum Mark {
        /** Nothing to say. */
        NONE("-"),
        /** It may go on. */
        OK("ok"),
        /** A condition holds. */
        YES("yes"),
        /** A condition does not hold. */
        NO("no"),
        /** This is where it is refused. */
        REFUSE("REFUSE");

        private final String word;

        Mark(String word) {
            this.word = word;
        }

        /** As people read it. */
        public String word() {
            return word;
        }
    }

    /**
     * A line of the way.
     *
     * @param number of the stage, from 1; 0: it belongs to the stage above
     * @param label the stage, or the question
     * @param subject what is looked at: an address, a domain, the name of a rule
     * @param answer what is found
     * @param mark how it turned out
     * @param place where it is written, such as {@code posthouse.toml:31}; empty: nowhere
     */
    public record Line(
            int number, String label, String subject, String answer, Mark mark, String place) {}

    /**
     * Something that would give another answer.
     *
     * @param what to change
     * @param effect what would become of the message then
     * @param place where to change it; empty: nowhere to point at
     */
    public record Change(String what, String effect, String place) {}

    /** Colours, or none, for a text that is shown. */
    @FunctionalInterface
    public interface Paint {
        /** None. */
        Paint NONE = (mark, text) -> text;

        /** The text, as it is to be shown for this mark. */
        String paint(Mark mark, String text);
    }

    /** False when it is refused. */
    public boolean isTaken() {
        return outcome != Outcome.REFUSED;
    }

    /**
     * As people read it, with a line feed at the end of every line.
     *
     * @param columns how wide it may be, at least 60
     */
    public String text(int columns, Paint paint) {
        return new ExplanationText(this, columns, paint).write();
    }

    /** The text in {@link #COLUMNS} columns without colours. */
    @Override
    public String toString() {
        return text(COLUMNS, Paint.NONE);
    }
}
