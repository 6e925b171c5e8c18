package org.posthouse.testkit;

import org.posthouse.core.Glob;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Which mail is meant: all its conditions hold. Begun by {@link Selectors}, immutable.
 *
 * @since 0.1
 */
public final class Selector {
    private record Condition(
            String name, TextMatch match, Function<MailFacts, List<String>> values) {
        boolean holds(MailFacts mail) {
            return values.apply(mail).stream().anyMatch(match.test());
        }

        @Override
        public String toString() {
            return name + " " + match.words();
        }
    }

    private final List<Condition> conditions;

    Selector(List<?> none) {
        this.conditions = none.stream().map(Condition.class::cast).toList();
    }

    /** And to this address. */
    public Selector to(String address) {
        return with("to", glob(address), MailFacts::to);
    }

    /** And from this address. */
    public Selector from(String address) {
        return with("from", glob(address), mail -> List.of(mail.from()));
    }

    /** And with exactly this subject. */
    public Selector subject(String subject) {
        return subject(Selectors.equalTo(subject));
    }

    /** And with such a subject. */
    public Selector subject(TextMatch match) {
        return with("subject", match, mail -> List.of(mail.subject()));
    }

    /** And with such a header field. */
    public Selector header(String name, TextMatch match) {
        return with("header " + name, match, mail -> mail.headers(name));
    }

    /** And with such a text. */
    public Selector text(TextMatch match) {
        return with("text", match, mail -> List.of(mail.text()));
    }

    /** And of a client that logged in so. */
    public Selector login(String login) {
        return with("login", glob(login), mail -> List.of(mail.login()));
    }

    /** What both mean. */
    public Selector and(Selector other) {
        var all = new ArrayList<>(conditions);
        all.addAll(other.conditions);
        return new Selector(all);
    }

    boolean matches(MailFacts mail) {
        return conditions.stream().allMatch(condition -> condition.holds(mail));
    }

    /** What a mail lacks, in words. */
    String misses(MailFacts mail) {
        return String.join(
                "; ",
                conditions.stream()
                        .filter(condition -> !condition.holds(mail))
                        .map(each -> each + ": it has " + each.values().apply(mail))
                        .toList());
    }

    private static TextMatch glob(String pattern) {
        return new TextMatch(pattern, new Glob(pattern)::matches);
    }

    private Selector with(String name, TextMatch match, Function<MailFacts, List<String>> values) {
        var all = new ArrayList<Condition>(conditions);
        all.add(new Condition(name, match, values));
        return new Selector(all);
    }

    @Override
    public String toString() {
        return conditions.isEmpty()
                ? "any mail"
                : String.join(", ", conditions.stream().map(Condition::toString).toList());
    }
}
