package org.posthouse.spool;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * The deliveries that are not done: one row of 64 octets each, in pages, sorted by message id and
 * delivery number. Nothing else is kept for a delivery, so that ten million take 640 MB.
 *
 * <p>A row is found by binary search, over the pages and then in one. Each page knows the earliest
 * instant at which one of its rows is to be given out, so that what is due is found without a heap.
 * Rows of a message lie side by side. Not safe for threads: guarded by the lock of {@link Index}.
 */
final class DeliveryTable {
    /** No instant: never. */
    static final long NEVER = (1L << 48) - 1;

    static final int PAGE_ROWS = 1024;

    /** Two neighbours with fewer rows than this together become one page. */
    private static final int MERGE_ROWS = PAGE_ROWS / 2;

    private static final int FIRST_ROWS = 16;

    private final ArrayList<Page> pages = new ArrayList<>();
    private long count;

    /** Some rows. Not final in number: pages split and merge. */
    static final class Page {
        long[] words = new long[FIRST_ROWS * DeliveryRow.WORDS];
        int count;

        /** Not later than the earliest wake instant of its rows. */
        long earliestWake = NEVER;

        private void ensure(int rows) {
            int wanted = rows * DeliveryRow.WORDS;
            if (words.length < wanted) {
                int doubled = Math.min(words.length * 2, PAGE_ROWS * DeliveryRow.WORDS);
                words = Arrays.copyOf(words, Math.max(wanted, doubled));
            }
        }

        private long id(int row) {
            return words[row * DeliveryRow.WORDS];
        }

        private int number(int row) {
            return DeliveryRow.number(words, row);
        }

        private int compare(int row, long id, int number) {
            int byId = Long.compare(id(row), id);
            return byId != 0 ? byId : Integer.compare(number(row), number);
        }

        /** The first row not before this one. */
        private int ceiling(long id, int number) {
            int low = 0;
            int high = count;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (compare(middle, id, number) < 0) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }

        private void seekEarliest() {
            long earliest = NEVER;
            for (int row = 0; row < count; row++) {
                earliest = Math.min(earliest, DeliveryRow.wake(words, row));
            }
            earliestWake = earliest;
        }
    }

    long count() {
        return count;
    }

    int pageCount() {
        return pages.size();
    }

    /** The page at a place in the order; places change with every insertion and removal. */
    Page page(int index) {
        return pages.get(index);
    }

    /** The row of a delivery; null when it is not here. */
    @Nullable DeliveryRow find(long id, int number) {
        DeliveryRow row = ceiling(id, number);
        return row != null && row.id() == id && row.number() == number ? row : null;
    }

    /** The first row at or after a delivery; null when there is none. */
    @Nullable DeliveryRow ceiling(long id, int number) {
        int index = pageOf(id, number);
        if (index < pages.size()) {
            Page page = pages.get(index);
            return new DeliveryRow(page, index, page.ceiling(id, number));
        }
        return null;
    }

    /** The first page whose last row is not before this one; the number of pages if none is. */
    private int pageOf(long id, int number) {
        int low = 0;
        int high = pages.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            Page page = pages.get(middle);
            if (page.compare(page.count - 1, id, number) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The row after one; null after the last. */
    @Nullable DeliveryRow next(DeliveryRow row) {
        if (row.index + 1 < row.page.count) {
            return new DeliveryRow(row.page, row.pageIndex, row.index + 1);
        }
        int next = row.pageIndex + 1;
        return next < pages.size() ? new DeliveryRow(pages.get(next), next, 0) : null;
    }

    /** The row before one; null before the first. */
    private @Nullable DeliveryRow previous(DeliveryRow row) {
        if (row.index > 0) {
            return new DeliveryRow(row.page, row.pageIndex, row.index - 1);
        }
        int before = row.pageIndex - 1;
        return before < 0
                ? null
                : new DeliveryRow(pages.get(before), before, pages.get(before).count - 1);
    }

    /** A row of zeros at its place; rows found before are void. The delivery must not be here. */
    DeliveryRow insert(long id, int number) {
        int index = pageOf(id, number);
        if (index == pages.size()) {
            if (index == 0 || pages.get(index - 1).count == PAGE_ROWS) {
                pages.add(new Page());
            } else {
                index--;
            }
        }
        if (pages.get(index).count == PAGE_ROWS) {
            split(index);
            index = Math.min(pageOf(id, number), pages.size() - 1);
        }
        Page page = pages.get(index);
        int at = page.ceiling(id, number);
        page.ensure(page.count + 1);
        move(page, at, at + 1, page.count - at);
        Arrays.fill(page.words, at * DeliveryRow.WORDS, (at + 1) * DeliveryRow.WORDS, 0);
        page.count++;
        count++;
        DeliveryRow row = new DeliveryRow(page, index, at);
        row.name(id, number);
        return row;
    }

    private void split(int index) {
        Page page = pages.get(index);
        Page upper = new Page();
        int half = page.count / 2;
        upper.ensure(page.count - half);
        upper.count = page.count - half;
        System.arraycopy(
                page.words,
                half * DeliveryRow.WORDS,
                upper.words,
                0,
                upper.count * DeliveryRow.WORDS);
        page.count = half;
        page.seekEarliest();
        upper.seekEarliest();
        pages.add(index + 1, upper);
    }

    /** Takes a row out; rows found before are void. */
    void remove(DeliveryRow row) {
        Page page = row.page;
        move(page, row.index + 1, row.index, page.count - row.index - 1);
        page.count--;
        count--;
        if (page.count == 0) {
            pages.remove(row.pageIndex);
        } else if (page.count < MERGE_ROWS / 2) {
            mergeWithNext(row.pageIndex);
        }
    }

    private void mergeWithNext(int index) {
        if (index + 1 >= pages.size()) {
            return;
        }
        Page page = pages.get(index);
        Page next = pages.get(index + 1);
        if (page.count + next.count > MERGE_ROWS) {
            return;
        }
        page.ensure(page.count + next.count);
        System.arraycopy(
                next.words,
                0,
                page.words,
                page.count * DeliveryRow.WORDS,
                next.count * DeliveryRow.WORDS);
        page.count += next.count;
        page.earliestWake = Math.min(page.earliestWake, next.earliestWake);
        pages.remove(index + 1);
    }

    private static void move(Page page, int from, int to, int rows) {
        System.arraycopy(
                page.words,
                from * DeliveryRow.WORDS,
                page.words,
                to * DeliveryRow.WORDS,
                rows * DeliveryRow.WORDS);
    }

    /** Adds rows that were read back; they come after all that is here. */
    void append(ByteBuffer rows) {
        while (rows.hasRemaining()) {
            int octets = Math.min(rows.remaining(), PAGE_ROWS * DeliveryRow.WORDS * Long.BYTES);
            Page page = new Page();
            page.words = new long[octets / Long.BYTES];
            rows.slice(rows.position(), octets).asLongBuffer().get(page.words);
            rows.position(rows.position() + octets);
            page.count = page.words.length / DeliveryRow.WORDS;
            pages.add(page);
            count += page.count;
        }
    }

    /** Keeps only the rows for which the predicate is true; at the start. */
    void keep(Predicate<DeliveryRow> wanted) {
        for (int i = 0; i < pages.size(); i++) {
            Page page = pages.get(i);
            int kept = 0;
            for (int row = 0; row < page.count; row++) {
                if (wanted.test(new DeliveryRow(page, i, row))) {
                    move(page, row, kept++, 1);
                }
            }
            count -= page.count - kept;
            page.count = kept;
            page.seekEarliest();
        }
        pages.removeIf(page -> page.count == 0);
    }

    /** True when another delivery of the message of this one is here. */
    boolean hasSibling(DeliveryRow row) {
        DeliveryRow before = previous(row);
        if (before != null && before.id() == row.id()) {
            return true;
        }
        DeliveryRow after = next(row);
        return after != null && after.id() == row.id();
    }

    /** All rows of a message, in order. */
    List<DeliveryRow> rowsOf(long id) {
        List<DeliveryRow> rows = new ArrayList<>(1);
        DeliveryRow row = ceiling(id, 0);
        while (row != null && row.id() == id) {
            rows.add(row);
            row = next(row);
        }
        return rows;
    }

    /** The earliest instant at which a row is to be given out, or an earlier one. */
    long earliestWake() {
        long earliest = NEVER;
        for (int i = 0; i < pages.size(); i++) {
            earliest = Math.min(earliest, pages.get(i).earliestWake);
        }
        return earliest;
    }

    /** Adds rows whose wake instant has come, at most {@code max}; by pages, most overdue first. */
    void addDue(long nowMillis, int max, List<DeliveryRow> due) {
        int wanted = due.size() + max;
        while (due.size() < wanted) {
            int index = mostOverdue(nowMillis);
            if (index < 0) {
                return;
            }
            addDueOf(index, nowMillis, wanted, due);
        }
    }

    private int mostOverdue(long nowMillis) {
        long earliest = nowMillis;
        int found = -1;
        for (int i = 0; i < pages.size(); i++) {
            long wake = pages.get(i).earliestWake;
            if (wake < earliest || (wake == earliest && found < 0)) {
                earliest = wake;
                found = i;
            }
        }
        return found;
    }

    private void addDueOf(int pageIndex, long nowMillis, int wanted, List<DeliveryRow> due) {
        Page page = pages.get(pageIndex);
        long earliest = NEVER;
        for (int row = 0; row < page.count; row++) {
            long wake = DeliveryRow.wake(page.words, row);
            if (wake <= nowMillis && due.size() < wanted) {
                DeliveryRow found = new DeliveryRow(page, pageIndex, row);
                found.wake(NEVER);
                due.add(found);
            } else {
                earliest = Math.min(earliest, wake);
            }
        }
        page.earliestWake = earliest;
    }
}
