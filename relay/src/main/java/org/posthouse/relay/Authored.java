package org.posthouse.relay;

import org.posthouse.core.Mailbox;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What a message's author chose and a reply may quote: the addresses of its envelope. No rule finds
 * its text in there, or in anything between angle brackets: who writes to {@code "rate
 * limit"@x.example} must not slow that host's mail down.
 */
final class Authored {
    /** Of no message. */
    static final Authored NOTHING = new Authored(List.of());

    private static final Pattern BRACKETS = Pattern.compile("<[^<>]*>");
    private static final String MASK = "<>";

    private final Collection<Mailbox> mailboxes;

    private Authored(Collection<Mailbox> mailboxes) {
        this.mailboxes = mailboxes;
    }

    /** These addresses, of a reverse-path and of those it may be about. */
    static Authored of(Collection<Mailbox> mailboxes) {
        return new Authored(mailboxes);
    }

    /** A reply's text in lower case, without addresses and what stands between angle brackets. */
    String without(String text) {
        return BRACKETS.matcher(QuotedAddresses.removed(text)).replaceAll(MASK);
    }

    /**
     * True when a text fits such a text, and not only by a local part or a domain that stands in it
     * by itself.
     */
    boolean fits(Predicate<String> pattern, String text) {
        if (!pattern.test(text)) {
            return false;
        }
        String left = text;
        for (String word : words()) {
            if (pattern.test(word)) {
                left = left.replace(word, MASK);
            }
        }
        return left.equals(text) || pattern.test(left);
    }

    private List<String> words() {
        Set<String> words = new LinkedHashSet<>();
        for (Mailbox each : mailboxes) {
            words.add(each.localPart().toLowerCase(Locale.ROOT));
            words.add(each.domain().toLowerCase(Locale.ROOT));
        }
        return new ArrayList<>(words);
    }
}
