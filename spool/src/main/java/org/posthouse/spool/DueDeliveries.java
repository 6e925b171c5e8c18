package org.posthouse.spool;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Gives out what is due: as the table has it, and where that would go on for long, by domains
 * ({@link Backlog}).
 */
final class DueDeliveries {
    /** So many in a row, and there are more. */
    private static final int LONG = 2048;

    /** Moved to the backlog under the lock at a time: each may lie in a page of its own. */
    static final int SLICE = 256;

    private final ReentrantLock lock;
    private final DeliveryTable table;
    private final LongSupplier nowMillis;
    private final Runnable gathered;
    private final Backlog backlog = new Backlog();

    /** Taken from the table since that had no more. */
    private long inARow;

    private boolean gathering;

    /**
     * Of a table.
     *
     * @param gathered called with the lock: who came meanwhile found nothing, and may wait
     */
    DueDeliveries(
            ReentrantLock lock, DeliveryTable table, LongSupplier nowMillis, Runnable gathered) {
        this.lock = lock;
        this.table = table;
        this.nowMillis = nowMillis;
        this.gathered = gathered;
    }

    /** Takes some out; the caller holds the lock. */
    void addTo(List<DeliveryRow> rows, int max) {
        int from = rows.size();
        addBacklog(rows, from + max);
        int wanted = from + max - rows.size();
        if (wanted > 0) {
            int before = rows.size();
            table.addDue(nowMillis.getAsLong(), wanted, rows);
            int got = rows.size() - before;
            inARow = got == wanted ? inARow + got : 0;
        }
        rows.subList(from, rows.size()).forEach(row -> row.set(DeliveryRow.OUT, true));
    }

    private void addBacklog(List<DeliveryRow> rows, int end) {
        while (rows.size() < end && !backlog.isEmpty()) {
            DeliveryRow row = table.find(backlog.id(), backlog.number());
            backlog.removeNext();
            if (row != null && row.isReady()) {
                rows.add(row);
            }
        }
    }

    /** Puts what is due in order, if that is much; without the lock. One thread at a time does. */
    void gather() {
        if (!begins()) {
            return;
        }
        int @Nullable [] order = null;
        try {
            boolean more = true;
            while (more) {
                more = addSlice();
            }
            order = backlog.order();
        } finally {
            end(order);
        }
    }

    private boolean begins() {
        lock.lock();
        try {
            if (gathering || inARow < LONG || !backlog.isEmpty()) {
                return false;
            }
            inARow = 0;
            gathering = true;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean addSlice() {
        lock.lock();
        try {
            backlog.reserve(SLICE);
            List<DeliveryRow> due = new ArrayList<>(SLICE);
            table.addDue(nowMillis.getAsLong(), SLICE, due);
            due.forEach(backlog::add);
            return due.size() == SLICE && !backlog.isFull();
        } finally {
            lock.unlock();
        }
    }

    /** Without an order nothing comes of it. */
    private void end(int @Nullable [] order) {
        lock.lock();
        try {
            if (order == null) {
                backlog.giveBack(table);
            } else {
                inARow = backlog.isFull() ? LONG : 0;
                backlog.give(order);
            }
            gathering = false;
            gathered.run();
        } finally {
            lock.unlock();
        }
    }
}
