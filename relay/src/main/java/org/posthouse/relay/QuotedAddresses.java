package org.posthouse.relay;

/** Finds the addresses that a reply quotes: words around an {@code @}, quoted local parts whole. */
final class QuotedAddresses {
    private static final String ENDS = " <>()[]{},;:\"'`";

    private QuotedAddresses() {}

    /** The text with a space in place of each address. */
    static String removed(String text) {
        int at = text.indexOf('@');
        if (at < 0) {
            return text;
        }
        var rest = new StringBuilder(text.length());
        int kept = 0;
        while (at >= 0) {
            rest.append(text, kept, Math.max(kept, start(text, at))).append(' ');
            kept = end(text, at);
            at = text.indexOf('@', kept);
        }
        return rest.append(text, kept, text.length()).toString();
    }

    private static int start(String text, int at) {
        if (at > 0 && text.charAt(at - 1) == '"') {
            int quote = text.lastIndexOf('"', at - 2);
            while (quote > 0 && text.charAt(quote - 1) == '\\') {
                quote = text.lastIndexOf('"', quote - 1);
            }
            return Math.max(quote, 0);
        }
        int start = at;
        while (start > 0 && ENDS.indexOf(text.charAt(start - 1)) < 0) {
            start--;
        }
        return start;
    }

    /** A domain, or an address literal. */
    private static int end(String text, int at) {
        int end = at + 1;
        if (end < text.length() && text.charAt(end) == '[') {
            int close = text.indexOf(']', end);
            return close < 0 ? text.length() : close + 1;
        }
        while (end < text.length() && ENDS.indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return end;
    }
}
