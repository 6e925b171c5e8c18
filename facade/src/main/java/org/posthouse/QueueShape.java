package org.posthouse;

import org.posthouse.core.DeliveryId;
import org.posthouse.core.SpoolId;
import org.posthouse.spool.QueuedDelivery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How old what waits is, by recipient domain, or by what else it has in common.
 *
 * @param total of all
 * @param rows those with the most deliveries, the largest first
 * @param otherRows how many there are besides
 * @param others these, together
 * @since 0.1
 */
public record QueueShape(Row total, List<Row> rows, int otherRows, Row others) {
    /** Where the columns of ages end; the last column has what is older. */
    public static final List<Duration> AGES =
            List.of(5, 10, 20, 40, 80, 160, 320, 640).stream().map(Duration::ofMinutes).toList();

    /** Ids of the queue hold the milliseconds of their acceptance above so many bits. */
    private static final int ID_COUNTER_BITS = 20;

    /** When a message was accepted, by its id: by the clock of then, to the millisecond. */
    public static Instant acceptedAt(SpoolId id) {
        return Instant.ofEpochMilli(id.value() >>> ID_COUNTER_BITS);
    }

    /** Copies the list. */
    public QueueShape {
        rows = List.copyOf(rows);
    }

    /** What deliveries of a row have in common. */
    public enum By {
        /** The domain of their recipients: known without reading a message. */
        DOMAIN,
        /** The reverse-path; {@code <>} the null one. */
        SENDER,
        /** Who logged in; empty for nobody. */
        LOGIN,
        /** The route by the rules of now. */
        ROUTE,
        /** The client's address. */
        CLIENT,
        /** The site by the rules of now, as far as it is known: its exchangers, or a smarthost. */
        MX_HOST
    }

    /**
     * A shape in the making: goes through the queue piece by piece, so that a long one can be shown
     * before its end. One thread at a time.
     */
    public interface Shaping {
        /** Looks at some more deliveries; false when all have been seen. */
        boolean advance();

        /** How many have been seen. */
        long seen();

        /**
         * What has been seen so far.
         *
         * @param rowsMax how many rows are told one by one
         */
        QueueShape shape(int rowsMax);
    }

    /**
     * Deliveries that have something in common, or of several rows.
     *
     * @param name what they have in common; empty for several rows
     * @param ages how many of each age, one more than {@link #AGES}
     * @param held of all, those that wait for a release
     * @param due of the others, those whose time has come
     * @param oldest empty without any
     */
    public record Row(
            String name, List<Long> ages, long held, long due, Optional<DeliveryId> oldest) {
        /** Copies the list. */
        public Row {
            ages = List.copyOf(ages);
        }

        /** Deliveries. */
        public long total() {
            return ages.stream().mapToLong(Long::longValue).sum();
        }

        /** When the oldest was accepted. */
        public Optional<Instant> oldestAt() {
            return oldest.map(id -> acceptedAt(id.message()));
        }
    }

    /** Counts deliveries, given in the order of ids. */
    static final class Counting {
        /** Rows that are counted one by one; what has another name is among the others then. */
        static final int NAMES_MAX = 50_000;

        private final Instant now;
        private final Map<String, Cells> byName = new HashMap<>();
        private final Cells unnamed = new Cells();
        private long seen;

        Counting(Instant now) {
            this.now = now;
        }

        void add(String name, QueuedDelivery delivery) {
            seen++;
            Cells cells = byName.get(name);
            if (cells == null) {
                cells = byName.size() < NAMES_MAX ? new Cells() : unnamed;
                if (cells != unnamed) {
                    byName.put(name, cells);
                }
            }
            cells.add(delivery, now);
        }

        long seen() {
            return seen;
        }

        QueueShape shape(int rowsMax) {
            Comparator<Map.Entry<String, Cells>> bySize =
                    Comparator.comparingLong(each -> -each.getValue().total());
            List<Map.Entry<String, Cells>> sorted = new ArrayList<>(byName.entrySet());
            sorted.sort(bySize.thenComparing(Map.Entry.comparingByKey()));
            var total = new Cells();
            var others = new Cells();
            total.add(unnamed);
            others.add(unnamed);
            List<Row> rows = new ArrayList<>();
            for (Map.Entry<String, Cells> each : sorted) {
                total.add(each.getValue());
                if (rows.size() < rowsMax) {
                    rows.add(each.getValue().row(each.getKey()));
                } else {
                    others.add(each.getValue());
                }
            }
            int left = sorted.size() - rows.size();
            return new QueueShape(total.row(""), rows, left, others.row(""));
        }
    }

    private static final class Cells {
        private final long[] ages = new long[AGES.size() + 1];
        private long held;
        private long due;
        private Optional<DeliveryId> oldest = Optional.empty();

        void add(QueuedDelivery delivery, Instant now) {
            long accepted = delivery.id().message().value() >>> ID_COUNTER_BITS;
            long age = now.toEpochMilli() - accepted;
            int column = 0;
            while (column < AGES.size() && age >= AGES.get(column).toMillis()) {
                column++;
            }
            ages[column]++;
            if (delivery.held()) {
                held++;
            } else if (!delivery.nextDueAt().isAfter(now)) {
                due++;
            }
            oldest = oldest.or(() -> Optional.of(delivery.id()));
        }

        void add(Cells other) {
            for (int i = 0; i < ages.length; i++) {
                ages[i] += other.ages[i];
            }
            held += other.held;
            due += other.due;
            oldest = isOlder(other) ? other.oldest : oldest;
        }

        private boolean isOlder(Cells other) {
            return oldest.isEmpty()
                    || (other.oldest.isPresent()
                            && other.oldest.get().message().compareTo(oldest.get().message()) < 0);
        }

        long total() {
            return Arrays.stream(ages).sum();
        }

        Row row(String domain) {
            List<Long> cells = Arrays.stream(ages).boxed().toList();
            return new Row(domain, cells, held, due, oldest);
        }
    }
}
