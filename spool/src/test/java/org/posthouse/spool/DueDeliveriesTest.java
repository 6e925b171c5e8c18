package org.posthouse.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** What is due comes by domains when it is much, each once, and nothing is forgotten. */
class DueDeliveriesTest {
    private static final int AT_ONCE = 256;

    private final DeliveryTable table = new DeliveryTable();
    private final ReentrantLock lock = new ReentrantLock();
    private long now = 1000;
    private Runnable whenAsked = () -> {};
    private boolean waits;
    private final DueDeliveries due =
            new DueDeliveries(lock, table, this::askedNow, () -> waits = false);

    private long askedNow() {
        whenAsked.run();
        return now;
    }

    private void insert(long id, int domain, long wake) {
        DeliveryRow row = table.insert(id, 0);
        row.domain(domain);
        row.wake(wake);
    }

    private void insert(int count, int domains) {
        for (int id = 1; id <= count; id++) {
            insert(id, id % domains, 0);
        }
    }

    private List<DeliveryRow> take(int max) {
        due.gather();
        List<DeliveryRow> rows = new ArrayList<>();
        lock.lock();
        try {
            due.addTo(rows, max);
        } finally {
            lock.unlock();
        }
        assertThat(rows).hasSizeLessThanOrEqualTo(max).allMatch(row -> row.is(DeliveryRow.OUT));
        return rows;
    }

    private List<DeliveryRow> takeAll() {
        List<DeliveryRow> all = new ArrayList<>();
        List<DeliveryRow> some;
        do {
            some = take(AT_ONCE);
            all.addAll(some);
        } while (!some.isEmpty());
        return all;
    }

    private DeliveryRow row(long id) {
        return Objects.requireNonNull(table.find(id, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 2048, 30_000, Backlog.MAX + 50_000})
    void eachComesOnce(int count) {
        insert(count, 1000);
        assertThat(takeAll()).hasSize(count).doesNotHaveDuplicates();
        assertThat(table.earliestWake()).isEqualTo(DeliveryTable.NEVER);
    }

    @Test
    void someOfEachDomainComeTogether() {
        insert(50_000, 1000);
        List<DeliveryRow> all = takeAll();
        int changes = 0;
        for (int i = 3000; i < 33_000; i++) {
            changes += all.get(i).domain() == all.get(i - 1).domain() ? 0 : 1;
        }
        assertThat(changes).isBetween(30_000 / 16 - 1, 30_000 / 16 + 1);
    }

    /** As they came, within a domain; and a large one leaves room for the others. */
    @Test
    void aDomainDoesNotComeWhole() {
        insert(20_000, 2);
        List<DeliveryRow> all = takeAll();
        List<Long> even = all.stream().map(DeliveryRow::id).filter(id -> id % 2 == 0).toList();
        assertThat(even).isSorted();
        for (int i = 5000; i < 15_000; i += 16) {
            assertThat(all.subList(i, i + 32).stream().map(DeliveryRow::domain)).contains(0, 1);
        }
    }

    /** One of which much is due, beside many with a little, is not kept to the end. */
    @Test
    void eachDomainKeepsItsShare() {
        for (int id = 1; id <= 40_000; id++) {
            insert(id, id % 2 == 0 ? 0 : 1 + id % 5000, 0);
        }
        List<DeliveryRow> all = takeAll();
        for (int i = 3000; i < 36_000; i += 4000) {
            long ofMuch = all.subList(i, i + 4000).stream().filter(r -> r.domain() == 0).count();
            assertThat(ofMuch).isBetween(1000L, 3000L);
        }
    }

    @Test
    void littleComesAsItIs() {
        insert(2000, 100);
        assertThat(takeAll().stream().map(DeliveryRow::id)).isSorted();
    }

    @Test
    void whatHasChangedMeanwhileIsPassedOver() {
        insert(10_000, 10);
        for (int i = 0; i < 10; i++) {
            take(AT_ONCE);
        }
        DeliveryRow claimed = row(9000);
        assertThat(claimed.isReady()).isTrue();
        claimed.set(DeliveryRow.OUT, true);
        row(9001).set(DeliveryRow.HELD, true);
        row(9002).wake(5000);
        table.remove(row(9003));
        List<Long> ids = takeAll().stream().map(DeliveryRow::id).toList();
        assertThat(ids).contains(8999L, 9004L).doesNotContain(9000L, 9001L, 9002L, 9003L);
        now = 5000;
        assertThat(takeAll().stream().map(DeliveryRow::id)).containsExactly(9002L);
    }

    @Test
    void whatCouldNotBePutInOrderWakesAgain() {
        insert(10, 2);
        var backlog = new Backlog();
        List<DeliveryRow> rows = new ArrayList<>();
        table.addDue(now, 10, rows);
        backlog.reserve(10);
        rows.forEach(backlog::add);
        row(4).set(DeliveryRow.HELD, true);
        table.remove(row(5));
        backlog.giveBack(table);
        assertThat(backlog.isEmpty()).isTrue();
        assertThat(takeAll()).hasSize(8);
    }

    private List<DeliveryRow> takeOthers() {
        List<DeliveryRow> rows = new ArrayList<>();
        whenAsked = () -> {};
        due.addTo(rows, 1);
        return rows;
    }

    /** Another taker comes when all has left the table, and is in no order yet. */
    @Test
    void whoFindsNothingMeanwhileIsWoken() {
        insert(8 * AT_ONCE + DueDeliveries.SLICE, 10);
        for (int i = 0; i < 8; i++) {
            assertThat(take(AT_ONCE)).hasSize(AT_ONCE);
        }
        boolean[] came = {false};
        whenAsked =
                () -> {
                    if (table.earliestWake() == DeliveryTable.NEVER) {
                        waits = takeOthers().isEmpty();
                        came[0] = waits;
                    }
                };
        due.gather();
        assertThat(came[0]).isTrue();
        assertThat(waits).isFalse();
        assertThat(takeAll()).hasSize(DueDeliveries.SLICE);
    }

    @Test
    void whatFailsWhileItIsGatheredComesAgain() {
        insert(8 * AT_ONCE + 2 * DueDeliveries.SLICE, 10);
        for (int i = 0; i < 8; i++) {
            take(AT_ONCE);
        }
        waits = true;
        int[] asked = {0};
        whenAsked =
                () -> {
                    if (++asked[0] == 2) {
                        throw new IllegalStateException("no memory");
                    }
                };
        assertThatThrownBy(due::gather).hasMessage("no memory");
        assertThat(waits).isFalse();
        assertThat(takeAll()).hasSize(2 * DueDeliveries.SLICE);
    }

    /** Taken, given back, held, taken by name, and gone, at random. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void nothingIsForgotten(int seed) {
        var random = new Random(seed);
        Set<Long> there = new HashSet<>();
        List<Long> out = new ArrayList<>();
        long last = 0;
        for (int step = 0; step < 3000; step++) {
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    for (int i = random.nextInt(60); i > 0; i--) {
                        insert(++last, random.nextInt(50), now + random.nextInt(200) - 100);
                        there.add(last);
                    }
                }
                case 2 -> take(1 + random.nextInt(40)).forEach(row -> out.add(row.id()));
                case 3 -> now += random.nextInt(100);
                case 4 -> giveBack(out, random);
                default -> claim(last, out, random);
            }
        }
        while (!out.isEmpty()) {
            long id = out.removeLast();
            if (random.nextBoolean()) {
                table.remove(row(id));
                there.remove(id);
            } else {
                row(id).set(DeliveryRow.OUT, false);
                row(id).wake(now + random.nextInt(1000));
            }
        }
        now += 1000;
        assertThat(takeAll().stream().map(DeliveryRow::id))
                .containsExactlyInAnyOrderElementsOf(there);
    }

    private void giveBack(List<Long> out, Random random) {
        for (int i = random.nextInt(100); i > 0 && !out.isEmpty(); i--) {
            DeliveryRow row = row(out.remove(random.nextInt(out.size())));
            row.set(DeliveryRow.OUT, false);
            row.wake(now + random.nextInt(300) - 100);
        }
    }

    private void claim(long last, List<Long> out, Random random) {
        DeliveryRow row = table.find(1 + random.nextLong(last + 1), 0);
        if (row != null && !row.is(DeliveryRow.OUT)) {
            row.wake(DeliveryTable.NEVER);
            row.set(DeliveryRow.OUT, true);
            out.add(row.id());
        }
    }
}
