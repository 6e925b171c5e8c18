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

    /** Multiplied with a domain's number, it says where the first of its turns is. */
    private static final long SCATTER = 0x9E37_79B9_7F4A_7C15L;

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

    /**
     * The order of what was added: some of a domain together, as they came, and each domain's turns
     * spread over all, so that one of which much is due gets its share all the time.
     */
    int[] order() {
        long[] byDomain = new long[count];
        for (int i = 0; i < count; i++) {
            byDomain[i] = (long) domains[i] << Integer.SIZE | i;
        }
        Arrays.sort(byDomain);
        long[] byTurn = new long[count];
        int from = 0;
        while (from < count) {
            int to = endOfDomain(byDomain, from);
            long domain = byDomain[from] >> Integer.SIZE;
            long first = (domain * SCATTER) >>> Integer.SIZE;
            int turns = (to - from + TOGETHER - 1) / TOGETHER;
            for (int i = from; i < to; i++) {
                int turn = (i - from) / TOGETHER;
                long place = ((long) turn << Integer.SIZE | first) / turns; // a part of 2^32
                byTurn[i] = place >>> 1 << Integer.SIZE | i;
            }
            from = to;
        }
        Arrays.sort(byTurn);
        int[] places = new int[count];
        for (int i = 0; i < count; i++) {
            places[i] = (int) byDomain[(int) byTurn[i]];
        }
        return places;
    }

    private static int endOfDomain(long[] byDomain, int from) {
        int to = from + 1;
        while (to < byDomain.length
                && byDomain[to] >> Integer.SIZE == byDomain[from] >> Integer.SIZE) {
            to++;
        }
        return to;
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
