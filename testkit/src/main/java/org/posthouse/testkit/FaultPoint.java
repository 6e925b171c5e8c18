package org.posthouse.testkit;

import org.posthouse.core.Glob;

import java.util.Objects;

/**
 * Where a fault strikes: a stage, and what its argument is like.
 *
 * @param stage the moment
 * @param argument the argument in any case, {@code *} stands for any characters; empty: any
 * @since 0.1
 */
public record FaultPoint(Stage stage, String argument) {
    /** Checks that nothing is missing. */
    public FaultPoint {
        Objects.requireNonNull(stage);
        Objects.requireNonNull(argument);
    }

    /** Instead of the greeting. */
    public static FaultPoint connect() {
        return new FaultPoint(Stage.CONNECT, "");
    }

    /** At HELO and EHLO. */
    public static FaultPoint helo() {
        return new FaultPoint(Stage.HELO, "");
    }

    /** At AUTH. */
    public static FaultPoint auth() {
        return new FaultPoint(Stage.AUTH, "");
    }

    /** At AUTH of a login such as {@code app*}. */
    public static FaultPoint auth(String login) {
        return new FaultPoint(Stage.AUTH, login);
    }

    /** At MAIL. */
    public static FaultPoint mailFrom() {
        return new FaultPoint(Stage.MAIL_FROM, "");
    }

    /** At MAIL from an address such as {@code *@shop.example}. */
    public static FaultPoint mailFrom(String address) {
        return new FaultPoint(Stage.MAIL_FROM, address);
    }

    /** At RCPT. */
    public static FaultPoint rcptTo() {
        return new FaultPoint(Stage.RCPT_TO, "");
    }

    /** At RCPT to an address such as {@code ada@*}. */
    public static FaultPoint rcptTo(String address) {
        return new FaultPoint(Stage.RCPT_TO, address);
    }

    /** At DATA. */
    public static FaultPoint data() {
        return new FaultPoint(Stage.DATA, "");
    }

    /** At the end of the content. */
    public static FaultPoint dot() {
        return new FaultPoint(Stage.DOT, "");
    }

    boolean is(Stage other, String given) {
        return stage == other && new Glob(argument).matches(given);
    }

    @Override
    public String toString() {
        String words = stage.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
        return argument.isEmpty() ? words : words + " " + argument;
    }
}
