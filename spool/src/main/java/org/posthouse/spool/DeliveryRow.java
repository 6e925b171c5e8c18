package org.posthouse.spool;

import java.nio.ByteBuffer;

/**
 * A view of one row of a {@link DeliveryTable}; void after the next insertion or removal.
 *
 * <pre>
 * word | bits, from the highest
 * -----+---------------------------------------------------------------------
 *    0 | message id 64
 *    1 | number 24, domain 24, attempts 16
 *    2 | next due (ms) 48, flags 16
 *    3 | wake (ms) 48, octets of the state record / 8 16
 *    4 | accept record: segment 24, position / 8 40
 *    5 | first chunk of content in the log: segment 24, position / 8 40
 *    6 | state record: segment 24, position / 8 40
 *    7 | octets of the message 36, octets of the accept record / 8 28
 * </pre>
 *
 * A segment is given by its slot in {@link Slots}, 0 for none. Words 4, 5 and 7 are those of the
 * message, the same in all its rows. Instants are milliseconds of the wall clock.
 */
final class DeliveryRow {
    static final int WORDS = 8;
    static final int NUMBER_MAX = (1 << 24) - 1;
    static final int DOMAIN_MAX = (1 << 24) - 1;
    static final long OCTETS_MAX = (1L << 36) - 1;

    /** For the local store, not for relaying. */
    static final int LOCAL = 1;

    static final int HELD = 2;
    static final int WARNED = 4;

    /** Given out, and not given back. */
    static final int OUT = 8;

    /** A settlement is on its way to the disk. */
    static final int SETTLING = 16;

    /** Its records are being copied to another segment. */
    static final int MOVING = 32;

    /** Its content lies in bulk segments: {@link Index} knows where. */
    static final int BULK = 64;

    /** Part of its content is lost. */
    static final int ASIDE = 128;

    /** Its state record is not known: either a later one will be found, or it is lost. */
    static final int STATELESS = 256;

    /** Its domain does not tell its way: a next hop was chosen for it, or it waives TLS. */
    static final int FIXED_HOP = 512;

    /** One was chosen for its next attempt. */
    static final int VIA = 1024;

    /** Its message has an instant of its own at which it is given up. */
    static final int EXPIRES = 2048;

    /** Flags that mean nothing to another process. */
    static final int OF_THE_MOMENT = OUT | SETTLING | MOVING;

    private static final int ATTEMPTS_MAX = (1 << 16) - 1;
    private static final int STATE_UNITS_MAX = (1 << 16) - 1;
    private static final int UNIT = 8;
    private static final long LOW_16 = 0xFFFF;
    private static final long LOW_24 = 0xFFFFFF;
    private static final long LOW_28 = 0xFFFFFFF;
    private static final long LOW_40 = (1L << 40) - 1;

    final DeliveryTable.Page page;
    final int pageIndex;
    final int index;
    private final long[] words;
    private final int at;

    DeliveryRow(DeliveryTable.Page page, int pageIndex, int index) {
        this.page = page;
        this.pageIndex = pageIndex;
        this.index = index;
        words = page.words;
        at = index * WORDS;
    }

    static int number(long[] words, int row) {
        return (int) (words[row * WORDS + 1] >>> 40);
    }

    static long wake(long[] words, int row) {
        return words[row * WORDS + 3] >>> 16;
    }

    static int domain(long[] words, int row) {
        return (int) (words[row * WORDS + 1] >>> 16 & LOW_24);
    }

    /**
     * Copies the row for another process: nothing is out or under way there, and what memory alone
     * knew of the next instant is not known. A row that was out wakes at once.
     */
    void write(ByteBuffer into) {
        long wake = wake();
        if (is(HELD)) {
            wake = DeliveryTable.NEVER;
        } else {
            wake = wake == DeliveryTable.NEVER ? 0 : Math.min(wake, due());
        }
        for (int word = 0; word < WORDS; word++) {
            long value = words[at + word];
            into.putLong(
                    switch (word) {
                        case 2 -> value & ~(long) OF_THE_MOMENT;
                        case 3 -> wake << 16 | (value & LOW_16);
                        default -> value;
                    });
        }
    }

    void name(long id, int number) {
        words[at] = id;
        words[at + 1] = (long) number << 40 | (words[at + 1] & LOW_40);
        words[at + 3] = DeliveryTable.NEVER << 16;
    }

    long id() {
        return words[at];
    }

    int number() {
        return (int) (words[at + 1] >>> 40);
    }

    int domain() {
        return (int) (words[at + 1] >>> 16 & LOW_24);
    }

    void domain(int value) {
        words[at + 1] = (words[at + 1] & ~(LOW_24 << 16)) | (long) value << 16;
    }

    int attempts() {
        return (int) (words[at + 1] & LOW_16);
    }

    void attempts(int value) {
        words[at + 1] = (words[at + 1] & ~LOW_16) | Math.min(value, ATTEMPTS_MAX);
    }

    long due() {
        return words[at + 2] >>> 16;
    }

    void due(long millis) {
        words[at + 2] = bounded(millis) << 16 | (words[at + 2] & LOW_16);
    }

    private static long bounded(long millis) {
        return Math.clamp(millis, 0, DeliveryTable.NEVER);
    }

    boolean is(int flag) {
        return (words[at + 2] & flag) != 0;
    }

    void set(int flag, boolean value) {
        words[at + 2] = value ? words[at + 2] | flag : words[at + 2] & ~(long) flag;
    }

    long wake() {
        return words[at + 3] >>> 16;
    }

    /** It is to be given out at this instant. */
    void wake(long millis) {
        long wake = bounded(millis);
        words[at + 3] = wake << 16 | (words[at + 3] & LOW_16);
        page.earliestWake = Math.min(page.earliestWake, wake);
    }

    /** Whoever finds it in a queue of those to be given out may do so. */
    boolean isReady() {
        return wake() == DeliveryTable.NEVER && !is(OUT | HELD);
    }

    /** What the state record counts as live. */
    int stateOctets() {
        return (int) (words[at + 3] & LOW_16) * UNIT;
    }

    int acceptSlot() {
        return (int) (words[at + 4] >>> 40);
    }

    /** Of the frame with the accept record. */
    long acceptPosition() {
        return (words[at + 4] & LOW_40) * UNIT;
    }

    void accept(int slot, long position) {
        words[at + 4] = place(slot, position);
    }

    int chunkSlot() {
        return (int) (words[at + 5] >>> 40);
    }

    long chunkPosition() {
        return (words[at + 5] & LOW_40) * UNIT;
    }

    void chunk(int slot, long position) {
        words[at + 5] = place(slot, position);
    }

    /** 0 when its state is still that of the accept record. */
    int stateSlot() {
        return (int) (words[at + 6] >>> 40);
    }

    /** Of the frame with the state record. */
    long statePosition() {
        return (words[at + 6] & LOW_40) * UNIT;
    }

    void state(int slot, long position, int octets) {
        words[at + 6] = place(slot, position);
        int units = Math.min((octets + UNIT - 1) / UNIT, STATE_UNITS_MAX);
        words[at + 3] = (words[at + 3] & ~LOW_16) | units;
    }

    private static long place(int slot, long position) {
        return (long) slot << 40 | position / UNIT;
    }

    /** Length of the message. */
    long octets() {
        return words[at + 7] >>> 28;
    }

    /** What the accept record counts as live. */
    long acceptOctets() {
        return (words[at + 7] & LOW_28) * UNIT;
    }

    void octets(long message, long acceptRecord) {
        words[at + 7] =
                Math.min(message, OCTETS_MAX) << 28
                        | Math.min((acceptRecord + UNIT - 1) / UNIT, LOW_28);
    }
}
