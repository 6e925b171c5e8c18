package org.posthouse.client;

import org.posthouse.core.Reply;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a host said it can do (RFC 5321 section 4.1.1.1).
 *
 * @since 0.1
 */
public final class Extensions {
    /** A host that knows HELO only. */
    static final Extensions NONE = new Extensions(Set.of(), Set.of(), 0);

    private static final int SIZE_DIGITS_MAX = 18;

    private final Set<String> keywords;
    private final Set<String> mechanisms;
    private final long octetsMax;

    private Extensions(Set<String> keywords, Set<String> mechanisms, long octetsMax) {
        this.keywords = keywords;
        this.mechanisms = mechanisms;
        this.octetsMax = octetsMax;
    }

    /** From the reply to EHLO: its first line is a greeting, each other one an extension. */
    static Extensions of(Reply reply) {
        Set<String> keywords = new HashSet<>();
        Set<String> mechanisms = new HashSet<>();
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
            }
        }
        return new Extensions(keywords, mechanisms, octetsMax);
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
