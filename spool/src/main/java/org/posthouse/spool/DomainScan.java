package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.SpoolId;

import java.util.List;

/**
 * Goes over all rows for the deliveries of one domain, a few pages under the lock at a time, so
 * that a queue of millions stops nobody.
 */
final class DomainScan {
    private static final int PAGES_AT_ONCE = 64;
    private static final DeliveryId START = new DeliveryId(new SpoolId(1), 0);

    private final Index index;
    private final String domain;
    private long afterId;
    private int afterNumber;
    private boolean ended;

    DomainScan(Index index, String domain) {
        this(index, domain, START);
        afterNumber = -1;
    }

    /** Begins behind a delivery. */
    DomainScan(Index index, String domain, DeliveryId after) {
        this.index = index;
        this.domain = domain;
        afterId = after.message().value();
        afterNumber = after.number();
    }

    /** False when all was seen. */
    boolean nextPage() {
        return !ended;
    }

    /** Wakes what waits in the next pages; the caller holds the lock. */
    long wake(long nowMillis) {
        long woken = 0;
        DeliveryRow row = next();
        for (int pages = 0; row != null && pages < PAGES_AT_ONCE; pages++) {
            DeliveryTable.Page page = row.page;
            int number = index.domains.find(domain);
            for (int i = row.index; i < page.count; i++) {
                if (DeliveryRow.domain(page.words, i) == number) {
                    woken += wake(new DeliveryRow(page, row.pageIndex, i), nowMillis);
                }
            }
            row = behind(row);
        }
        ended = row == null;
        return woken;
    }

    /** Wakes what is due in the next pages, whatever its domain; the caller holds the lock. */
    long wakeDue(long nowMillis) {
        long woken = 0;
        DeliveryRow row = next();
        for (int pages = 0; row != null && pages < PAGES_AT_ONCE; pages++) {
            DeliveryTable.Page page = row.page;
            for (int i = row.index; i < page.count; i++) {
                if (DeliveryRow.wake(page.words, i) > nowMillis) {
                    var each = new DeliveryRow(page, row.pageIndex, i);
                    woken += each.due() <= nowMillis ? wake(each, nowMillis) : 0;
                }
            }
            row = behind(row);
        }
        ended = row == null;
        return woken;
    }

    private static int wake(DeliveryRow row, long nowMillis) {
        if (row.is(DeliveryRow.OUT | DeliveryRow.HELD)) {
            return 0;
        }
        if (!row.isReady()) { // what is ready is given out anyway
            row.wake(nowMillis);
        }
        return 1;
    }

    /** Adds what is found in the next pages; the caller holds the lock. */
    void list(int max, List<QueuedDelivery> found) {
        DeliveryRow row = next();
        for (int pages = 0; row != null && pages < PAGES_AT_ONCE; pages++) {
            DeliveryTable.Page page = row.page;
            int number = index.domains.find(domain);
            for (int i = row.index; i < page.count && found.size() < max; i++) {
                if (DeliveryRow.domain(page.words, i) == number) {
                    found.add(index.queued(new DeliveryRow(page, row.pageIndex, i)));
                }
            }
            row = behind(row);
        }
        ended = row == null || found.size() >= max;
    }

    private @Nullable DeliveryRow next() {
        return index.table.ceiling(afterId, afterNumber + 1);
    }

    /** The first row of the next page. */
    private @Nullable DeliveryRow behind(DeliveryRow row) {
        DeliveryRow last = new DeliveryRow(row.page, row.pageIndex, row.page.count - 1);
        afterId = last.id();
        afterNumber = last.number();
        return index.table.next(last);
    }
}
