package org.posthouse.spool;

import java.util.Arrays;

/**
 * What is due and is more than is taken at once, some of each domain together: so a host gets them
 * by one connection, and not each by one of its own because those of others came between. Names of
 * deliveries, a bounded number, that wake at no instant as long as they are here. Guarded by the
 * lock of {@link Index}, but for {@link #order}.
 */
final class Backlog {
    static final int MAX = 1 << 17;

    /** So many of a domain, then others. */
    private static final int TOGETHER = 16;

    private static final int[] NONE = {};

    private long[] ids = {};
    private int[] numbers = NONE;
    private int[] domains = NONE;
    private int count;

    /** Places of what is here, in the order in which they are given out; how many were. */
    private int[] order = NONE;

    private int given;

    boolean isEmpty() {
        return given == order.length;
    }

    boolean isFull() {
        return count == MAX;
    }

    /** Makes room for some more. */
    void reserve(int more) {
        if (count + more > ids.length) {
            int length = Math.max(count + more, 2 * count);
            ids = Arrays.copyOf(ids, length);
            numbers = Arrays.copyOf(numbers, length);
            domains = Arrays.copyOf(domains, length);
        }
    }

    /** Adds one; it is given out when all have been put in order. */
    void add(DeliveryRow row) {
        ids[count] = row.id();
        numbers[count] = row.number();
        domains[count] = row.domain();
        count++;
    }

    /** The order of what was added: by rounds, in each so many of each domain as they came. */
    int[] order() {
        long[] byDomain = new long[count];
        for (int i = 0; i < count; i++) {
            byDomain[i] = (long) domains[i] << Integer.SIZE | i;
        }
        Arrays.sort(byDomain);
        long[] byRound = new long[count];
        int first = 0;
        for (int i = 0; i < count; i++) {
            boolean sameDomain = byDomain[first] >> Integer.SIZE == byDomain[i] >> Integer.SIZE;
            first = sameDomain ? first : i;
            byRound[i] = (long) ((i - first) / TOGETHER) << Integer.SIZE | i;
        }
        Arrays.sort(byRound);
        int[] places = new int[count];
        for (int i = 0; i < count; i++) {
            places[i] = (int) byDomain[(int) byRound[i]];
        }
        return places;
    }

    /** From now on it is given out in this order. */
    void give(int[] places) {
        order = places;
        given = 0;
        if (isEmpty()) {
            clear();
        }
    }

    /** They wake at once instead. */
    void giveBack(DeliveryTable table) {
        for (int i = 0; i < count; i++) {
            DeliveryRow row = table.find(ids[i], numbers[i]);
            if (row != null && row.isReady()) {
                row.wake(0);
            }
        }
        clear();
    }

    /** Message id of the next one. */
    long id() {
        return ids[order[given]];
    }

    /** Delivery number of the next one. */
    int number() {
        return numbers[order[given]];
    }

    void removeNext() {
        given++;
        if (isEmpty()) {
            clear();
        }
    }

    private void clear() {
        ids = new long[0];
        numbers = NONE;
        domains = NONE;
        order = NONE;
        count = 0;
        given = 0;
    }
}
