package org.posthouse.testkit;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Begins selectors and the conditions in them, for static import: {@code
 * to("ada@example.com").subject(containing("Verify"))}.
 *
 * @since 0.1
 */
public final class Selectors {
    private Selectors() {}

    /** Any mail. */
    public static Selector any() {
        return new Selector(List.of());
    }

    /** Mail to an address of the envelope, {@code *} stands for any characters. */
    public static Selector to(String address) {
        return any().to(address);
    }

    /** Mail from an address of the envelope, {@code *} stands for any characters. */
    public static Selector from(String address) {
        return any().from(address);
    }

    /** Mail with exactly this subject. */
    public static Selector subject(String subject) {
        return any().subject(subject);
    }

    /** Mail with such a subject. */
    public static Selector subject(TextMatch match) {
        return any().subject(match);
    }

    /** Mail with such a header field. */
    public static Selector header(String name, TextMatch match) {
        return any().header(name, match);
    }

    /** Mail with such a text. */
    public static Selector text(TextMatch match) {
        return any().text(match);
    }

    /** Mail of a client that logged in so. */
    public static Selector login(String login) {
        return any().login(login);
    }

    /** Holds this, in the same case. */
    public static TextMatch containing(String part) {
        return new TextMatch("containing \"" + part + "\"", text -> text.contains(part));
    }

    /** Is this. */
    public static TextMatch equalTo(String whole) {
        return new TextMatch("\"" + whole + "\"", text -> text.equals(whole));
    }

    /** Holds what this regular expression finds. */
    public static TextMatch matching(String regex) {
        Pattern pattern = Pattern.compile(regex);
        return new TextMatch("matching /" + regex + "/", text -> pattern.matcher(text).find());
    }
}
