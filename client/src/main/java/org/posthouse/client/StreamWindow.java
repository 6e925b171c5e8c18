package org.posthouse.client;

/**
 * How many transactions may be on their way in one conversation: also the most that a cut can leave
 * ambiguous. Told how long each took from its last octet to its final reply, it compares with the
 * shortest time seen, which is the round trip and the work on one message. What a transaction took
 * beyond it, it spent behind others:
 *
 * <pre>
 * waiting = size x (took - shortest) / took
 * </pre>
 *
 * Few waiting: the host would take more, the window grows by one for each reply, so that it doubles
 * each round trip. Many waiting: the host is the limit, a wider window only adds to what is at
 * stake, so that it shrinks by one each round trip. After a cut it starts at one and grows by one
 * each round trip. A window that was not used up does not grow.
 */
final class StreamWindow {
    static final int MAX = 64;

    private static final int FIRST = 4;
    private static final int FEW = 4;
    private static final int MANY = 8;

    private final boolean careful;
    private int size;
    private int sinceStep;
    private long shortestNanos = Long.MAX_VALUE;

    /** At the start of a conversation; careful with a host that cut one before. */
    StreamWindow(boolean careful) {
        this.careful = careful;
        size = careful ? 1 : FIRST;
    }

    /** Transactions that may be on their way. */
    int size() {
        return size;
    }

    /**
     * A transaction was answered.
     *
     * @param nanos from its last octet to its final reply
     * @param onTheWay transactions before this answer, this one included
     */
    void answered(long nanos, int onTheWay) {
        long took = Math.max(1, nanos);
        shortestNanos = Math.min(shortestNanos, took);
        sinceStep++;
        double waiting = (double) size * (took - shortestNanos) / took;
        if (waiting < FEW && onTheWay >= size) {
            grow();
        } else if (waiting > MANY && sinceStep >= size) {
            step(-1);
        }
    }

    private void grow() {
        if (!careful || sinceStep >= size) {
            step(1);
        }
    }

    private void step(int by) {
        size = Math.clamp((long) size + by, 1, MAX);
        sinceStep = 0;
    }
}
