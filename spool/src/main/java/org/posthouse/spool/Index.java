package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Signal;
import org.posthouse.platform.TimeSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What memory knows of the messages that are not done: a row for each delivery, and which of them
 * are given out. Changes only after the change is durable. One lock guards all; it is never held
 * across I/O.
 *
 * <pre>
 * a delivery is | its row                            | next
 * --------------+------------------------------------+--------------------------------------
 * fresh         | in the queue of arrivals           | out (take, claim)
 * waiting       | wakes at an instant                | out (take when it has come, claim)
 * held          | HELD, never wakes                  | out (claim)
 * out           | OUT                                | waiting, held (giveBack), settling
 * settling      | OUT and SETTLING                   | out (deferred, or not stored), gone
 * moving        | MOVING besides the first three     | as before
 * </pre>
 */
final class Index {
    /** The wall clock may jump: it is looked at again after this. */
    private static final Duration CLOCK_CHECK = Duration.ofMinutes(1);

    final ReentrantLock lock = new ReentrantLock();
    final DeliveryTable table = new DeliveryTable();
    final Domains domains = new Domains();
    final Slots slots = new Slots();
    final AcceptIds acceptIds = new AcceptIds(lock, this::nowMillis);

    /** Where the contents in bulk segments lie, by message. */
    final Map<Long, ChunkList> bulk = new HashMap<>();

    private final TimeSource time;
    private final long epoch;
    private final FreshQueue fresh = new FreshQueue();
    private final DueDeliveries due =
            new DueDeliveries(lock, table, this::nowMillis, this::wakeTakers);
    private final ArrayDeque<Signal> takers = new ArrayDeque<>();
    private final Condition moved = lock.newCondition();
    private long sleepingUntil = DeliveryTable.NEVER;
    private long messageCount;
    private long heldCount;
    private boolean dueFirst;
    private boolean closed;

    Index(TimeSource time, long epoch) {
        this.time = time;
        this.epoch = epoch;
    }

    long epoch() {
        return epoch;
    }

    /** Of the clock that never steps. */
    long nowNanos() {
        return time.nanos();
    }

    /** Adds a durable message; the caller holds the lock and calls {@link #wakeTakers} after. */
    List<DeliveryRow> add(Arrived message) {
        boolean isDue = message.dueMillis() <= nowMillis();
        List<DeliveryRow> rows = insert(message);
        for (DeliveryRow row : rows) {
            if (!isDue || !fresh.add(row.id(), row.number())) {
                wake(row, message.dueMillis());
            }
        }
        return rows;
    }

    /** Adds a message that was found at the start: it wakes when it is due. */
    List<DeliveryRow> recover(Arrived message) {
        List<DeliveryRow> rows = insert(message);
        rows.forEach(row -> row.wake(message.dueMillis()));
        return rows;
    }

    private List<DeliveryRow> insert(Arrived message) {
        int count = message.deliveries().size();
        for (int number = 0; number < count; number++) {
            Grouping.Group group = message.deliveries().get(number);
            DeliveryRow row = table.insert(message.id(), number);
            row.domain(domains.add(group.domain()));
            row.set(DeliveryRow.LOCAL, group.local());
            row.set(DeliveryRow.FIXED_HOP, message.ownWay() || !group.via().isEmpty());
            row.set(DeliveryRow.EXPIRES, message.expires());
            row.octets(message.octets(), message.acceptOctets());
            row.due(message.dueMillis());
        }
        messageCount++;
        acceptIds.put(message.acceptId(), message.id());
        return table.rowsOf(message.id());
    }

    /** Counts what was put into the table from a checkpoint. */
    void recovered() {
        long before = 0;
        for (int i = 0; i < table.pageCount(); i++) {
            DeliveryTable.Page page = table.page(i);
            for (int at = 0; at < page.count; at++) {
                DeliveryRow row = new DeliveryRow(page, i, at);
                messageCount += row.id() == before ? 0 : 1;
                heldCount += row.is(DeliveryRow.HELD) ? 1 : 0;
                domains.addAgain(row.domain());
                before = row.id();
            }
        }
        domains.restored();
        acceptIds.keep(id -> row(id) != null);
    }

    /** Wakes who waits for deliveries; the caller holds the lock. */
    void wakeTakers() {
        while (!takers.isEmpty()) {
            takers.poll().raise();
        }
    }

    List<QueuedDelivery> take(int max, Deadline until) throws InterruptedException {
        if (max < 1) {
            throw new IllegalArgumentException("take at least one");
        }
        while (true) {
            due.gather();
            Signal arrival = time.signal();
            Deadline wake;
            lock.lock();
            try {
                List<QueuedDelivery> taken = poll(max);
                if (!taken.isEmpty() || closed) {
                    return taken;
                }
                takers.add(arrival);
                wake = nextWake();
            } finally {
                lock.unlock();
            }
            if (!await(arrival, until.earlier(wake)) && time.isPast(until)) {
                return List.of();
            }
        }
    }

    private Deadline nextWake() {
        sleepingUntil = table.earliestWake();
        if (sleepingUntil == DeliveryTable.NEVER) {
            return Deadline.NEVER;
        }
        Duration left = Duration.ofMillis(Math.max(0, sleepingUntil - nowMillis()));
        return time.after(left.compareTo(CLOCK_CHECK) > 0 ? CLOCK_CHECK : left);
    }

    private boolean await(Signal arrival, Deadline until) throws InterruptedException {
        boolean raised = false;
        try {
            raised = arrival.await(until);
            return raised;
        } finally {
            if (!raised) {
                forget(arrival);
            }
        }
    }

    private void forget(Signal arrival) {
        lock.lock();
        try {
            takers.remove(arrival);
        } finally {
            lock.unlock();
        }
    }

    /** Arrivals and what is due take turns in being first. */
    private List<QueuedDelivery> poll(int max) {
        if (closed) {
            return List.of();
        }
        List<DeliveryRow> rows = new ArrayList<>();
        dueFirst = !dueFirst;
        if (dueFirst) {
            due.addTo(rows, max);
        }
        addFresh(max, rows);
        if (!dueFirst) {
            due.addTo(rows, max - rows.size());
        }
        return rows.stream().map(this::queued).toList();
    }

    private void addFresh(int max, List<DeliveryRow> rows) {
        while (rows.size() < max && !fresh.isEmpty()) {
            DeliveryRow row = table.find(fresh.id(), fresh.number());
            fresh.removeOldest();
            if (row != null && row.isReady()) {
                row.set(DeliveryRow.OUT, true);
                rows.add(row);
            }
        }
    }

    QueuedDelivery queued(DeliveryRow row) {
        return new QueuedDelivery(
                new DeliveryId(new SpoolId(row.id()), row.number()),
                epoch,
                domains.name(row.domain()),
                row.is(DeliveryRow.LOCAL),
                row.attempts(),
                Instant.ofEpochMilli(row.due()),
                row.is(DeliveryRow.HELD),
                row.is(DeliveryRow.WARNED),
                row.is(DeliveryRow.FIXED_HOP | DeliveryRow.VIA),
                row.is(DeliveryRow.EXPIRES),
                row.octets());
    }

    void giveBack(DeliveryId id, Instant wakeAt) {
        lock.lock();
        try {
            DeliveryRow row = find(id);
            if (row == null || !row.is(DeliveryRow.OUT)) {
                return;
            }
            row.set(DeliveryRow.OUT, false);
            if (!row.is(DeliveryRow.HELD)) {
                wake(row, millis(wakeAt));
            }
        } finally {
            lock.unlock();
        }
    }

    private void wake(DeliveryRow row, long atMillis) {
        row.wake(atMillis);
        if (atMillis < sleepingUntil) {
            sleepingUntil = atMillis;
            wakeTakers();
        }
    }

    Optional<QueuedDelivery> claim(DeliveryId id) {
        lock.lock();
        try {
            DeliveryRow row = find(id);
            if (closed || row == null || row.is(DeliveryRow.OUT)) {
                return Optional.empty();
            }
            row.wake(DeliveryTable.NEVER);
            row.set(DeliveryRow.OUT, true);
            return Optional.of(queued(row));
        } finally {
            lock.unlock();
        }
    }

    /** Lets all of a domain that wait be taken now. */
    long retryNow(String domain) {
        long woken = 0;
        var all = new DomainScan(this, domain);
        while (all.nextPage()) {
            lock.lock();
            try {
                woken += all.wake(nowMillis());
                wakeTakers();
            } finally {
                lock.unlock();
            }
        }
        return woken;
    }

    /** Lets all that is due be taken now, until whenever it was given back. */
    long wakeDue() {
        long woken = 0;
        var all = new DomainScan(this, "");
        while (all.nextPage()) {
            lock.lock();
            try {
                woken += all.wakeDue(nowMillis());
                wakeTakers();
            } finally {
                lock.unlock();
            }
        }
        return woken;
    }

    /**
     * Checks settlements and marks their deliveries as being settled: all or, with an exception,
     * none. Waits while the records of one are being moved.
     *
     * @return the generations of the segments with their messages' accept records
     */
    long[] begin(List<Settlement> settlements) {
        lock.lock();
        try {
            while (isMoving(settlements)) {
                moved.awaitUninterruptibly();
            }
            return mark(settlements);
        } finally {
            lock.unlock();
        }
    }

    private boolean isMoving(List<Settlement> settlements) {
        for (Settlement settlement : settlements) {
            DeliveryRow row = find(settlement.delivery());
            if (row != null && row.is(DeliveryRow.MOVING)) {
                return true;
            }
        }
        return false;
    }

    private long[] mark(List<Settlement> settlements) {
        long[] generations = new long[settlements.size()];
        int marked = 0;
        try {
            for (Settlement settlement : settlements) {
                DeliveryRow row = check(settlement);
                row.set(DeliveryRow.SETTLING, true);
                int slot = row.acceptSlot();
                generations[marked++] = slot == 0 ? 0 : slots.get(slot).header.generation();
            }
            return generations;
        } catch (IllegalStateException refused) {
            unmark(settlements.subList(0, marked));
            throw refused;
        }
    }

    private DeliveryRow check(Settlement settlement) {
        DeliveryId id = settlement.delivery();
        if (settlement.epoch() != epoch) {
            throw new IllegalStateException(
                    id + " was given out in epoch " + settlement.epoch() + ", this is " + epoch);
        }
        DeliveryRow row = find(id);
        if (row == null) {
            throw new IllegalStateException(id + " is not here or was settled before");
        }
        if (!row.is(DeliveryRow.OUT)) {
            throw new IllegalStateException(id + " was not given out");
        }
        if (row.is(DeliveryRow.SETTLING)) {
            throw new IllegalStateException(id + " is being settled");
        }
        return row;
    }

    /** Nothing came of these settlements. */
    void abandon(List<Settlement> settlements) {
        lock.lock();
        try {
            unmark(settlements);
        } finally {
            lock.unlock();
        }
    }

    private void unmark(List<Settlement> settlements) {
        for (Settlement settlement : settlements) {
            DeliveryRow row = find(settlement.delivery());
            if (row != null) {
                row.set(DeliveryRow.SETTLING, false);
            }
        }
    }

    /** It can't be delivered: it waits for an operator; at the start. */
    void setAside(DeliveryRow row) {
        heldCount += row.is(DeliveryRow.HELD) ? 0 : 1;
        row.set(DeliveryRow.HELD, true);
        row.set(DeliveryRow.ASIDE, true);
        row.wake(DeliveryTable.NEVER);
    }

    /** Records where a delivery is now; the caller holds the lock. */
    void update(DeliveryRow row, Progress progress) {
        heldCount += (progress.held() ? 1 : 0) - (row.is(DeliveryRow.HELD) ? 1 : 0);
        row.set(DeliveryRow.SETTLING | DeliveryRow.STATELESS, false);
        row.set(DeliveryRow.HELD, progress.held());
        row.set(DeliveryRow.WARNED, progress.warned());
        row.set(DeliveryRow.VIA, !progress.via().isEmpty());
        row.attempts(progress.attempts());
        row.due(millis(progress.nextDueAt()));
        boolean waits = !progress.held() && !row.is(DeliveryRow.OUT);
        row.wake(waits ? millis(progress.wakeAt()) : DeliveryTable.NEVER);
    }

    /**
     * Takes a delivery that is done out; the caller holds the lock.
     *
     * @return true when its message is done, too
     */
    boolean remove(DeliveryRow row) {
        boolean last = !table.hasSibling(row);
        long id = row.id();
        heldCount -= row.is(DeliveryRow.HELD) ? 1 : 0;
        domains.remove(row.domain());
        table.remove(row);
        if (last) {
            messageCount--;
            acceptIds.remove(id);
        }
        return last;
    }

    /** The rows of these messages may change again; the caller holds the lock. */
    void movesEnded() {
        moved.signalAll();
    }

    /** The row of a delivery that is not done; the caller holds the lock. */
    @Nullable DeliveryRow find(DeliveryId id) {
        return table.find(id.message().value(), id.number());
    }

    /** Some row of a message; the caller holds the lock. */
    @Nullable DeliveryRow row(long id) {
        DeliveryRow row = table.ceiling(id, 0);
        return row != null && row.id() == id ? row : null;
    }

    /** Where the first chunk of content in the log lies, its length unknown. */
    ChunkList firstChunk(DeliveryRow row) {
        ChunkList first = new ChunkList();
        if (row.chunkSlot() != 0) {
            first.add(slots.get(row.chunkSlot()), row.chunkPosition(), 0);
        }
        return first;
    }

    /** Some row of a message; the caller holds the lock. */
    DeliveryRow require(SpoolId id) {
        DeliveryRow row = row(id.value());
        if (row == null) {
            throw new NoSuchElementException("no message " + id);
        }
        return row;
    }

    /** Lets every {@link #take} return empty from now on. */
    void close() {
        lock.lock();
        try {
            closed = true;
            fresh.clear();
            wakeTakers();
        } finally {
            lock.unlock();
        }
    }

    long messageCount() {
        return messageCount;
    }

    long heldCount() {
        return heldCount;
    }

    long nowMillis() {
        return time.now().toEpochMilli();
    }

    /** Milliseconds of an instant, which may be {@link Instant#MAX}. */
    static long millis(Instant instant) {
        long second = instant.getEpochSecond();
        return second >= DeliveryTable.NEVER / 1000 ? DeliveryTable.NEVER : instant.toEpochMilli();
    }
}
