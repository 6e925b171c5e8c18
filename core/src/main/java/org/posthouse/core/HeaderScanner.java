package org.posthouse.core;

import java.util.EnumMap;
import java.util.Map;

/**
 * Watches content go by: counts known header fields and sees where the header section ends. Keeps
 * nothing but numbers. Fed with blocks, split anywhere.
 *
 * <p>The header section ends before the first empty line, or before the first line that is neither
 * a field nor the continuation of one: such a line belongs to a body that lacks its empty line.
 *
 * @since 0.1
 */
public final class HeaderScanner {
    private enum State {
        LINE_START,
        LINE_START_CR,
        NAME,
        BEHIND_NAME,
        VALUE,
        ENDED
    }

    private static final HeaderField[] FIELDS = HeaderField.values();
    private static final int NAME_MAX = 16;

    private final Map<HeaderField, Integer> counts = new EnumMap<>(HeaderField.class);
    private final byte[] name = new byte[NAME_MAX];
    private int nameOctets;
    private int fields;
    private long scanned;
    private long lineStartAt;
    private State state = State.LINE_START;

    /** At the start of a content. */
    public HeaderScanner() {}

    /** Looks at a block; does nothing once the header section has ended. */
    public void scan(byte[] octets, int from, int to) {
        for (int i = from; i < to && state != State.ENDED; i++) {
            if (state == State.VALUE) {
                int lf = Octets.indexOf(octets, i, to, '\n');
                scanned += Math.min(lf + 1, to) - i;
                i = lf;
                if (lf < to) {
                    state = State.LINE_START;
                    lineStartAt = scanned;
                }
            } else {
                scanned++;
                state = next(octets[i]);
            }
        }
    }

    /** True once the header section has ended. */
    public boolean ended() {
        return state == State.ENDED;
    }

    /**
     * Octets of the header section: all its fields with their line ends, without the empty line.
     * While it has not ended: up to the last line that began.
     */
    public long octets() {
        return state == State.VALUE ? scanned : lineStartAt;
    }

    /** How often the field was there so far. */
    public int count(HeaderField field) {
        return counts.getOrDefault(field, 0);
    }

    /** How many fields there were so far, of any name. */
    public int fields() {
        return fields;
    }

    private State next(byte octet) {
        return switch (state) {
            case LINE_START -> lineStart(octet);
            case NAME -> name(octet);
            case BEHIND_NAME -> behindName(octet);
            case LINE_START_CR, ENDED, VALUE -> State.ENDED;
        };
    }

    private State lineStart(byte octet) {
        nameOctets = 0;
        if (octet == ' ' || octet == '\t') {
            return fields == 0 ? State.ENDED : State.VALUE;
        }
        if (octet == '\r') {
            return State.LINE_START_CR;
        }
        return octet == ':' ? State.ENDED : name(octet);
    }

    private State name(byte octet) {
        if (octet == ':' || octet == ' ' || octet == '\t') {
            return behindName(octet);
        }
        if (octet <= ' ' || octet == 127) {
            return State.ENDED;
        }
        if (nameOctets < NAME_MAX) {
            name[nameOctets] = octet;
        }
        nameOctets++;
        return State.NAME;
    }

    private State behindName(byte octet) {
        if (octet == ':') {
            count();
            return State.VALUE;
        }
        return octet == ' ' || octet == '\t' ? State.BEHIND_NAME : State.ENDED;
    }

    private void count() {
        fields++;
        for (int i = 0; i < FIELDS.length && nameOctets <= NAME_MAX; i++) {
            if (Octets.isWord(name, 0, nameOctets, FIELDS[i].upperName())) {
                counts.merge(FIELDS[i], 1, Integer::sum);
                return;
            }
        }
    }
}
