package org.posthouse.daemon.config;

import org.posthouse.core.Mailbox;
import org.posthouse.relay.OutcomeRule;
import org.posthouse.relay.OutcomeRule.Point;
import org.posthouse.relay.ReplyClass;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Outcome rules from their tables. */
final class OutcomeKeys {
    private static final OutcomeRule ANY = OutcomeRule.of(ReplyClass.TMP);

    private OutcomeKeys() {}

    /** The words of what a refusal may mean. */
    static Map<String, ReplyClass> classes() {
        var words = new LinkedHashMap<String, ReplyClass>();
        for (ReplyClass each : ReplyClass.values()) {
            if (each != ReplyClass.DELIVERED) {
                words.put(each.word(), each);
            }
        }
        return words;
    }

    static Optional<String> code(String pattern) {
        return checked(pattern, ANY::codes);
    }

    static Optional<String> status(String pattern) {
        return checked(pattern, ANY::statuses);
    }

    static Optional<String> text(String pattern) {
        return checked(pattern, ANY::texts);
    }

    /** Of a mailbox. */
    static Optional<String> address(String text) {
        return checked(text, Mailbox::parse);
    }

    private static Optional<String> checked(String pattern, Consumer<String> rule) {
        try {
            rule.accept(pattern);
            return Optional.of(pattern);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * The rule of a table that has a class.
     *
     * @throws IllegalArgumentException when a list is too long
     */
    static OutcomeRule rule(Table table) {
        return new OutcomeRule(
                table.get(OutboundKeys.AT).<Set<Point>>map(EnumSet::copyOf).orElse(Set.of()),
                table.get(OutboundKeys.REPLY_CODES).orElse(List.of()),
                table.get(OutboundKeys.STATUSES).orElse(List.of()),
                table.get(OutboundKeys.TEXTS).orElse(List.of()),
                table.get(OutboundKeys.CLASS).orElseThrow());
    }
}
