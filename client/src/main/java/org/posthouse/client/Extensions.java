package org.posthouse.client;

import org.posthouse.core.Reply;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a host said it can do (RFC 5321 section 4.1.1.1).
 *
 * @since 0.1
 */
public final class Extensions {
    /** A host that knows HELO only. */
    static final Extensions NONE = new Extensions(Set.of(), Set.of(), 0, Map.of());

    private static final int SIZE_DIGITS_MAX = 18;
    private static final int NO_LIMIT = Integer.MAX_VALUE;

    private final Set<String> keywords;
    private final Set<String> mechanisms;
    private final long octetsMax;
    private final Map<String, Integer> limits;

    private Extensions(
            Set<String> keywords,
            Set<String> mechanisms,
            long octetsMax,
            Map<String, Integer> limits) {
        this.keywords = keywords;
        this.mechanisms = mechanisms;
        this.octetsMax = octetsMax;
        this.limits = limits;
    }

    /** From the reply to EHLO: its first line is a greeting, each other one an extension. */
    static Extensions of(Reply reply) {
        Set<String> keywords = new HashSet<>();
        Set<String> mechanisms = new HashSet<>();
        Map<String, Integer> limits = new HashMap<>();
        long octetsMax = 0;
        List<String> lines = reply.lines();
        for (String line : lines.subList(1, lines.size())) {
            String text = line.strip().toUpperCase(Locale.ROOT);
            int end = endOfKeyword(text);
            String keyword = text.substring(0, end);
            keywords.add(keyword);
            String value = text.substring(Math.min(end + 1, text.length())).strip();
            if (keyword.equals("AUTH")) {
                addWords(value, mechanisms);
            } else if (keyword.equals("SIZE")) {
                octetsMax = number(value);
            } else if (keyword.equals("LIMITS")) {
                addLimits(value, limits);
            }
        }
        return new Extensions(keywords, mechanisms, octetsMax, limits);
    }

    /** It announced nothing: as who is greeted by HELO. */
    public boolean isEmpty() {
        return keywords.isEmpty();
    }

    /** True when this keyword was announced; upper case. */
    public boolean offers(String keyword) {
        return keywords.contains(keyword);
    }

    /** True when this SASL mechanism was announced; upper case. */
    public boolean offersMechanism(String mechanism) {
        return mechanisms.contains(mechanism);
    }

    /** The largest message it takes, in octets (RFC 1870); 0 when it gave no limit. */
    public long octetsMax() {
        return octetsMax;
    }

    /** Recipients of one transaction (LIMITS RCPTMAX, RFC 9422), at most our own limit. */
    public int recipientsMax() {
        return Math.min(limits.getOrDefault("RCPTMAX", NO_LIMIT), Transaction.RECIPIENTS_MAX);
    }

    /** Transactions of one conversation (LIMITS MAILMAX). */
    int transactionsMax() {
        return limits.getOrDefault("MAILMAX", NO_LIMIT);
    }

    /** Domains of all recipients of one conversation (LIMITS RCPTDOMAINMAX). */
    int domainsMax() {
        return limits.getOrDefault("RCPTDOMAINMAX", NO_LIMIT);
    }

    /** The same, but for what the host can't do in truth. */
    Extensions without(ClientSettings settings) {
        Set<String> left = new HashSet<>(keywords);
        if (settings.knows(HostTrait.NO_PIPELINING)) {
            left.remove("PIPELINING");
        }
        if (settings.knows(HostTrait.NO_CHUNKING)) {
            left.remove("CHUNKING");
        }
        return new Extensions(left, mechanisms, octetsMax, limits);
    }

    boolean pipelining() {
        return keywords.contains("PIPELINING");
    }

    boolean chunking() {
        return keywords.contains("CHUNKING");
    }

    /** The keyword ends at a space, or at the "=" of the old form {@code AUTH=LOGIN}. */
    private static int endOfKeyword(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ' ' || c == '=' || c == '\t') {
                return i;
            }
        }
        return text.length();
    }

    private static void addWords(String text, Set<String> words) {
        int from = 0;
        while (from < text.length()) {
            int space = text.indexOf(' ', from);
            int end = space < 0 ? text.length() : space;
            if (end > from) {
                words.add(text.substring(from, end));
            }
            from = end + 1;
        }
    }

    /** What is no limit that can be kept, as RCPTMAX=0, counts for nothing. */
    private static void addLimits(String text, Map<String, Integer> limits) {
        Set<String> words = new LinkedHashSet<>();
        addWords(text, words);
        for (String word : words) {
            int equals = word.indexOf('=');
            long value = equals < 0 ? 0 : number(word.substring(equals + 1));
            if (value > 0) {
                limits.put(word.substring(0, equals), (int) Math.min(value, NO_LIMIT));
            }
        }
    }

    private static long number(String text) {
        if (text.isEmpty() || text.length() > SIZE_DIGITS_MAX) {
            return 0;
        }
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return 0;
            }
            value = value * 10 + c - '0';
        }
        return value;
    }

    @Override
    public String toString() {
        return keywords.stream().sorted().toList().toString();
    }
}
