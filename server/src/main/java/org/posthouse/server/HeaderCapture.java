package org.posthouse.server;

import org.posthouse.core.HeaderField;
import org.posthouse.core.HeaderScanner;

import java.util.Arrays;
import java.util.Optional;

/** Keeps the header section of a content that streams by, up to a limit. */
final class HeaderCapture {
    private static final int INITIAL_OCTETS = 1024;
    private static final byte[] NOTHING = {};

    private final HeaderScanner scanner = new HeaderScanner();
    private final int octetsMax;
    private byte[] kept = new byte[INITIAL_OCTETS];
    private Optional<byte[]> replaced = Optional.empty();
    private int count;
    private boolean overflown;
    private boolean begun;
    private boolean beginsWithLineEnd;

    HeaderCapture(int octetsMax) {
        this.octetsMax = octetsMax;
    }

    /** True when what follows needs no look. */
    boolean isDone() {
        return overflown || scanner.ended();
    }

    /** True when the section is longer than allowed. */
    boolean isOverflown() {
        return overflown;
    }

    /** True when there is content, and its first line is neither a field nor empty. */
    boolean isMissing() {
        boolean hasFields = scanner.fields() > 0 || replaced.filter(s -> s.length > 0).isPresent();
        return begun && !beginsWithLineEnd && !hasFields;
    }

    void take(byte[] octets, int offset, int length) {
        if (!begun && length > 0) {
            begun = true;
            beginsWithLineEnd = octets[offset] == '\r';
        }
        scanner.scan(octets, offset, offset + length);
        long wanted = scanner.ended() ? scanner.octets() - count : length;
        int more = (int) Math.max(0, wanted);
        overflown = more > octetsMax - count;
        if (overflown) {
            return;
        }
        if (kept.length - count < more) {
            kept = Arrays.copyOf(kept, Math.max(kept.length * 2, count + more));
        }
        System.arraycopy(octets, offset, kept, count, more);
        count += more;
    }

    /** The section: all its fields, without the empty line behind them. */
    byte[] section() {
        return replaced.orElseGet(
                () -> Arrays.copyOf(kept, (int) Math.min(count, scanner.octets())));
    }

    /** Keeps nothing more. */
    void drop() {
        kept = NOTHING;
        count = 0;
        overflown = true;
    }

    /** Octets kept. */
    int count() {
        return count;
    }

    /** What was kept behind the section. */
    byte[] behind() {
        return Arrays.copyOfRange(kept, (int) Math.min(count, scanner.octets()), count);
    }

    /** Another section takes its place. */
    void replace(byte[] section) {
        replaced = Optional.of(section);
    }

    /** How often the field is there. */
    int count(HeaderField field) {
        if (replaced.isEmpty()) {
            return scanner.count(field);
        }
        var edited = new HeaderScanner();
        edited.scan(replaced.get(), 0, replaced.get().length);
        return edited.count(field);
    }

    /** Received fields (RFC 5321 section 6.3). */
    int receivedFields() {
        return scanner.count(HeaderField.RECEIVED);
    }
}
