package org.posthouse;

import org.posthouse.core.DeliveryId;
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
 * How old what waits is, by recipient domain.
 *
 * @param total of all domains
 * @param domains those with the most deliveries, the largest first
 * @param otherDomains how many there are besides
 * @param others these, together
 * @since 0.1
 */
public record QueueShape(Row total, List<Row> domains, int otherDomains, Row others) {
    /** Where the columns of ages end; the last column has what is older. */
    public static final List<Duration> AGES =
            List.of(5, 10, 20, 40, 80, 160, 320, 640).stream().map(Duration::ofMinutes).toList();

    /** Ids of the queue hold the milliseconds of their acceptance above so many bits. */
    private static final int ID_COUNTER_BITS = 20;

    /** Copies the list. */
    public QueueShape {
        domains = List.copyOf(domains);
    }

    /**
     * Deliveries of one domain, or of several.
     *
     * @param domain empty for several
     * @param ages how many of each age, one more than {@link #AGES}
     * @param held of all, those that wait for a release
     * @param due of the others, those whose time has come
     * @param oldest empty without any
     */
    public record Row(
            String domain, List<Long> ages, long held, long due, Optional<DeliveryId> oldest) {
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
            return oldest.map(id -> Instant.ofEpochMilli(id.message().value() >>> ID_COUNTER_BITS));
        }
    }

    /** Counts deliveries, given in the order of ids. */
    static final class Counting {
        private final Instant now;
        private final Map<String, Cells> byDomain = new HashMap<>();

        Counting(Instant now) {
            this.now = now;
        }

        void add(QueuedDelivery delivery) {
            byDomain.computeIfAbsent(delivery.domain(), domain -> new Cells()).add(delivery, now);
        }

        QueueShape shape(int domainsMax) {
            Comparator<Map.Entry<String, Cells>> bySize =
                    Comparator.comparingLong(each -> -each.getValue().total());
            List<Map.Entry<String, Cells>> sorted = new ArrayList<>(byDomain.entrySet());
            sorted.sort(bySize.thenComparing(Map.Entry.comparingByKey()));
            var total = new Cells();
            var others = new Cells();
            List<Row> rows = new ArrayList<>();
            for (Map.Entry<String, Cells> each : sorted) {
                total.add(each.getValue());
                if (rows.size() < domainsMax) {
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
