package org.posthouse.platform;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A few buffers that are used again and again, by whichever thread needs one for a moment. Who
 * finds none gets a new one, and who gives one back to a full shelf lets it go: nobody waits, and
 * no more than the shelf holds are kept. What stands in them may be seen by whoever takes them
 * next.
 */
final class SpareBuffers {
    private static final int SHELF = 16;

    /** One record of TLS and a little; larger ones are not kept. */
    private static final int OCTETS = 17 * 1024;

    private final AtomicReferenceArray<ByteBuffer> shelf = new AtomicReferenceArray<>(SHELF);

    /** An empty one with room for so many octets. */
    ByteBuffer take(int octets) {
        if (octets > OCTETS) {
            return ByteBuffer.allocate(octets);
        }
        for (int i = 0; i < SHELF; i++) {
            ByteBuffer found = shelf.getPlain(i) == null ? null : shelf.getAndSet(i, null);
            if (found != null) {
                return found.clear();
            }
        }
        return ByteBuffer.allocate(OCTETS);
    }

    /** It is not used any more. */
    void giveBack(ByteBuffer buffer) {
        if (buffer.capacity() != OCTETS) {
            return;
        }
        for (int i = 0; i < SHELF; i++) {
            if (shelf.getPlain(i) == null && shelf.compareAndSet(i, null, buffer)) {
                return;
            }
        }
    }
}
