package org.posthouse.server;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that contents hold while they arrive, those of all sessions together: a share of what
 * there is, so that many clients that begin a message and do not end it can't use it up. Strangers
 * leave some of it to the others.
 */
final class ContentMemory {
    /** Of a longer content no more is held: the rest is on disk. */
    static final long HELD_OCTETS_MAX = 256 * 1024;

    private static final int SHARE = 4;
    private static final long STEP_OCTETS = 4 * 1024;

    private final long octetsMax;
    private final AtomicLong held = new AtomicLong();

    /**
     * Begins.
     *
     * @param memoryOctets all memory there is
     */
    ContentMemory(long memoryOctets) {
        octetsMax = memoryOctets / SHARE;
    }

    /** For one content. */
    Part part(boolean isStranger) {
        return new Part(isStranger ? octetsMax - octetsMax / SHARE : octetsMax);
    }

    /** What one content holds; one thread uses it. */
    final class Part {
        private final long most;
        private long own;

        private Part(long most) {
            this.most = most;
        }

        /** Has this much in all; false when there is no room for it, so that nothing changes. */
        boolean has(long octets) {
            if (octets <= own) {
                return true;
            }
            long wanted = (octets + STEP_OCTETS - 1) / STEP_OCTETS * STEP_OCTETS;
            long more = wanted - own;
            if (held.addAndGet(more) > most) {
                held.addAndGet(-more);
                return false;
            }
            own = wanted;
            return true;
        }

        /** Holds nothing more. */
        void release() {
            held.addAndGet(-own);
            own = 0;
        }
    }
}
