package org.posthouse.spool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/** The table against a tree of objects. */
class DeliveryTableTest {
    private record Key(long id, int number) {}

    private static final Comparator<Key> ORDER =
            Comparator.comparingLong(Key::id).thenComparingInt(Key::number);

    private final DeliveryTable table = new DeliveryTable();
    private final TreeMap<Key, Long> wakes = new TreeMap<>(ORDER);

    private void insert(Key key, long wake) {
        DeliveryRow row = table.insert(key.id, key.number);
        row.wake(wake);
        wakes.put(key, wake);
    }

    private void verify() {
        assertThat(table.count()).isEqualTo(wakes.size());
        List<Key> found = new ArrayList<>();
        for (DeliveryRow row = table.ceiling(0, 0); row != null; row = table.next(row)) {
            Key key = new Key(row.id(), row.number());
            found.add(key);
            assertThat(row.wake()).isEqualTo(wakes.get(key));
        }
        assertThat(found).containsExactlyElementsOf(wakes.keySet());
        long earliest = wakes.values().stream().min(Long::compare).orElse(DeliveryTable.NEVER);
        assertThat(table.earliestWake()).isLessThanOrEqualTo(earliest);
    }

    @ParameterizedTest
    @ValueSource(ints = {50, 3000, 20_000})
    void isATree(int steps) {
        Random random = new Random(steps);
        long last = 1;
        for (int step = 0; step < steps; step++) {
            switch (random.nextInt(8)) {
                case 0, 1, 2, 3 -> {
                    last += random.nextInt(3) + 1;
                    for (int number = random.nextInt(3); number >= 0; number--) {
                        insert(new Key(last, number), random.nextInt(1000));
                    }
                }
                case 4 -> {
                    Key old = new Key(random.nextLong(last) + 1, random.nextInt(5));
                    if (!wakes.containsKey(old)) {
                        insert(old, random.nextInt(1000));
                    }
                }
                case 5, 6 -> remove(new Key(random.nextLong(last) + 1, random.nextInt(2)));
                default -> due(random.nextInt(1000), 1 + random.nextInt(20));
            }
            if (step % (steps / 10) == 0) {
                verify();
            }
        }
        verify();
        while (!wakes.isEmpty()) {
            remove(wakes.firstKey());
        }
        verify();
        assertThat(table.pageCount()).isZero();
    }

    private void remove(Key key) {
        DeliveryRow row = table.find(key.id, key.number);
        assertThat(row != null).isEqualTo(wakes.containsKey(key));
        if (row != null) {
            Key before = wakes.lowerKey(key);
            Key after = wakes.higherKey(key);
            boolean sibling =
                    before != null && before.id == key.id || after != null && after.id == key.id;
            assertThat(table.hasSibling(row)).isEqualTo(sibling);
            table.remove(row);
            wakes.remove(key);
        }
    }

    /** What is due is found, all of it, and nothing else. */
    private void due(long now, int max) {
        List<DeliveryRow> due = new ArrayList<>();
        table.addDue(now, max, due);
        long expected = wakes.values().stream().filter(wake -> wake <= now).count();
        assertThat(due).hasSize((int) Math.min(expected, max));
        for (DeliveryRow row : due) {
            Key key = new Key(row.id(), row.number());
            assertThat(wakes.get(key)).isLessThanOrEqualTo(now);
            wakes.put(key, DeliveryTable.NEVER);
        }
    }

    @Test
    void rowKeepsItsFieldsApart() {
        DeliveryRow row = table.insert(Long.MAX_VALUE, DeliveryRow.NUMBER_MAX);
        row.domain(DeliveryRow.DOMAIN_MAX);
        row.attempts(70_000);
        row.due(DeliveryTable.NEVER);
        row.wake(DeliveryTable.NEVER - 1);
        row.accept(0xFFFFFF, (1L << 43) - 8);
        row.chunk(1, 8192);
        row.state(0xABCDEF, 16, 9);
        row.octets(Long.MAX_VALUE, 33);
        row.set(DeliveryRow.HELD, true);
        row.set(DeliveryRow.LOCAL, true);
        row.set(DeliveryRow.HELD, false);
        assertThat(row.id()).isEqualTo(Long.MAX_VALUE);
        assertThat(row.number()).isEqualTo(DeliveryRow.NUMBER_MAX);
        assertThat(row.domain()).isEqualTo(DeliveryRow.DOMAIN_MAX);
        assertThat(row.attempts()).isEqualTo(65_535);
        assertThat(row.due()).isEqualTo(DeliveryTable.NEVER);
        assertThat(row.wake()).isEqualTo(DeliveryTable.NEVER - 1);
        assertThat(row.acceptSlot()).isEqualTo(0xFFFFFF);
        assertThat(row.acceptPosition()).isEqualTo((1L << 43) - 8);
        assertThat(row.chunkSlot()).isEqualTo(1);
        assertThat(row.chunkPosition()).isEqualTo(8192);
        assertThat(row.stateSlot()).isEqualTo(0xABCDEF);
        assertThat(row.statePosition()).isEqualTo(16);
        assertThat(row.stateOctets()).isEqualTo(16);
        assertThat(row.octets()).isEqualTo(DeliveryRow.OCTETS_MAX);
        assertThat(row.acceptOctets()).isEqualTo(40);
        assertThat(row.is(DeliveryRow.LOCAL)).isTrue();
        assertThat(row.is(DeliveryRow.HELD)).isFalse();
    }

    @Test
    void copyForAnotherProcessWakesWhatWasOut() {
        DeliveryRow out = table.insert(5, 0);
        out.due(1000);
        out.set(DeliveryRow.OUT | DeliveryRow.SETTLING, true);
        DeliveryRow held = table.insert(6, 0);
        held.set(DeliveryRow.HELD, true);
        DeliveryRow later = table.insert(7, 0);
        later.due(1000);
        later.wake(5000);
        ByteBuffer copy = ByteBuffer.allocate(3 * DeliveryRow.WORDS * Long.BYTES);
        for (DeliveryRow row : List.of(out, held, later)) {
            row.write(copy);
        }
        DeliveryTable other = new DeliveryTable();
        other.append(copy.flip());
        other.keep(row -> true);
        List<DeliveryRow> due = new ArrayList<>();
        other.addDue(10, 10, due);
        assertThat(due).extracting(DeliveryRow::id).containsExactly(5L);
        assertThat(due.getFirst().is(DeliveryRow.OUT)).isFalse();
        other.addDue(1000, 10, due);
        assertThat(due).extracting(DeliveryRow::id).containsExactly(5L, 7L);
    }
}
