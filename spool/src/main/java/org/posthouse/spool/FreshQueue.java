package org.posthouse.spool;

import java.util.Arrays;

/**
 * What arrived and was not given out yet, in order: names of deliveries in a ring of bounded
 * length. Guarded by the lock of {@link Index}.
 */
final class FreshQueue {
    private static final int FIRST = 64;
    private static final int MAX = 1 << 16;

    private long[] ids = new long[FIRST];
    private int[] numbers = new int[FIRST];
    private int head;
    private int count;

    boolean isEmpty() {
        return count == 0;
    }

    /** Adds one; false when too many wait. */
    boolean add(long id, int number) {
        if (count == ids.length && !grow()) {
            return false;
        }
        int at = (head + count++) % ids.length;
        ids[at] = id;
        numbers[at] = number;
        return true;
    }

    private boolean grow() {
        if (count >= MAX) {
            return false;
        }
        long[] oldIds = ids;
        int[] oldNumbers = numbers;
        ids = Arrays.copyOf(oldIds, 2 * count);
        numbers = Arrays.copyOf(oldNumbers, 2 * count);
        for (int i = 0; i < count; i++) {
            int from = (head + i) % count;
            ids[i] = oldIds[from];
            numbers[i] = oldNumbers[from];
        }
        head = 0;
        return true;
    }

    /** Message id of the oldest. */
    long id() {
        return ids[head];
    }

    /** Delivery number of the oldest. */
    int number() {
        return numbers[head];
    }

    void removeOldest() {
        head = (head + 1) % ids.length;
        count--;
    }

    void clear() {
        count = 0;
    }
}
