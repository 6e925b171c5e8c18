package org.posthouse.core;

import java.util.Optional;

/**
 * The fields of a header section that is in memory, one after the other. {@link HeaderScanner} says
 * where such a section ends.
 *
 * @since 0.1
 */
public final class HeaderFields {
    private final byte[] octets;
    private final int end;
    private int from;
    private int colon;
    private int to;

    /** Over a header section; the array is read and not kept beyond this object's life. */
    public HeaderFields(byte[] octets, int from, int to) {
        this.octets = octets;
        this.end = to;
        this.from = from;
        this.colon = from;
        this.to = from;
    }

    /**
     * The first value of a field, unfolded.
     *
     * @param name in any case
     * @param octetsMax longer values are cut
     * @return empty when there is no such field
     */
    public static Optional<String> first(byte[] section, String name, int octetsMax) {
        var fields = new HeaderFields(section, 0, section.length);
        while (fields.next()) {
            if (fields.is(name)) {
                return Optional.of(fields.value(octetsMax));
            }
        }
        return Optional.empty();
    }

    /** Moves to the next field; false when there is none, or what follows is no field. */
    public boolean next() {
        from = to;
        int lineEnd = behindLine(from);
        colon = Octets.indexOf(octets, from, lineEnd, ':');
        if (colon == lineEnd || !isName()) {
            to = end;
            return false;
        }
        to = lineEnd;
        while (to < end && (octets[to] == ' ' || octets[to] == '\t')) {
            to = behindLine(to);
        }
        return true;
    }

    /** True when the field has this name, in any case. */
    public boolean is(String name) {
        return Octets.isWord(octets, from, nameEnd(), upper(name));
    }

    /** The field's name as written. */
    public String name() {
        return Octets.text(octets, from, nameEnd());
    }

    /** Where the field starts. */
    public int from() {
        return from;
    }

    /** Where the field ends, behind its last line end. */
    public int to() {
        return to;
    }

    /**
     * The field's value, unfolded (RFC 5322 section 2.2.3) and without space at its ends.
     *
     * @param octetsMax longer values are cut
     */
    public String value(int octetsMax) {
        var value = new byte[Math.min(to - colon - 1, octetsMax)];
        int count = 0;
        for (int i = colon + 1; i < to && count < value.length; i++) {
            if (octets[i] != '\r' && octets[i] != '\n') {
                value[count++] = octets[i];
            }
        }
        return Octets.text(value, 0, count).strip();
    }

    private int behindLine(int start) {
        return Math.min(end, Octets.indexOf(octets, start, end, '\n') + 1);
    }

    private int nameEnd() {
        int at = colon;
        while (at > from && (octets[at - 1] == ' ' || octets[at - 1] == '\t')) {
            at--;
        }
        return at;
    }

    private boolean isName() {
        int nameEnd = nameEnd();
        for (int i = from; i < nameEnd; i++) {
            if (octets[i] <= ' ' || octets[i] == 127) {
                return false;
            }
        }
        return nameEnd > from;
    }

    private static String upper(String name) {
        var upper = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            upper.append((char) Octets.upper(name.charAt(i)));
        }
        return upper.toString();
    }
}
