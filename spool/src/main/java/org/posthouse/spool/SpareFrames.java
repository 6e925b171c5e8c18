package org.posthouse.spool;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A few arrays that commits are read into, used again and again: a commit of many messages is long,
 * and one of its records is all that is kept. Who finds none gets a new one; nobody waits.
 */
final class SpareFrames {
    private static final int SHELF = 16;

    /** Longer ones are not kept. */
    private static final int OCTETS = 64 << 10;

    private final AtomicReferenceArray<byte[]> shelf = new AtomicReferenceArray<>(SHELF);

    /** One with room for so many octets; what stands in it is of no use. */
    byte[] take(int octets) {
        if (octets > OCTETS) {
            return new byte[octets];
        }
        for (int i = 0; i < SHELF; i++) {
            byte[] found = shelf.getPlain(i) == null ? null : shelf.getAndSet(i, null);
            if (found != null) {
                return found;
            }
        }
        return new byte[OCTETS];
    }

    /** It is not used any more. */
    void giveBack(byte[] octets) {
        if (octets.length != OCTETS) {
            return;
        }
        for (int i = 0; i < SHELF; i++) {
            if (shelf.getPlain(i) == null && shelf.compareAndSet(i, null, octets)) {
                return;
            }
        }
    }
}
