package org.posthouse.relay;

import org.posthouse.core.DeliveryId;
import org.posthouse.core.Disposition;
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvents;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Signal;
import org.posthouse.platform.TimeSource;
import org.posthouse.spool.QueuedDelivery;
import org.posthouse.spool.Spool;
import org.posthouse.spool.StoredMessage;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Makes outcomes durable: one loop takes what gathered while the last commit ran and settles it in
 * one commit. What the spool can't store is given to it again, later, as it is: nothing is lost and
 * nothing is told twice. Events are told after the commit.
 */
final class Settler {
    private static final int BATCH_MAX = 512;
    private static final int CLOSING_TRIES = 3;

    /** More may be more than one delivery. */
    private static final int SINGLE_RECIPIENTS_MAX = 100;

    /** What the spool refuses is attempted again after this: it may have been delivered. */
    private static final Duration REFUSED_PAUSE = Duration.ofMinutes(15);

    private static final Duration RETRY_FIRST = Duration.ofMillis(100);
    private static final Duration RETRY_MAX = Duration.ofSeconds(5);

    private final Spool spool;
    private final Dispatcher dispatcher;
    private final TimeSource time;
    private final MailEvents events;
    private final Signal retry;
    private final ReentrantLock lock = new ReentrantLock();
    private final Signal arrived;

    /** Guarded by the lock, as are the two below. */
    private final Deque<Settling> waiting = new ArrayDeque<>();

    private boolean closing;

    private boolean hurried;

    /** Of the settling thread alone. */
    private boolean hopeless;

    Settler(Spool spool, Dispatcher dispatcher, TimeSource time, MailEvents events) {
        this.spool = spool;
        this.dispatcher = dispatcher;
        this.time = time;
        this.events = events;
        retry = time.signal();
        arrived = time.signal();
    }

    void offer(Settling settling) {
        lock.lock();
        try {
            waiting.add(settling);
        } finally {
            lock.unlock();
        }
        arrived.raise();
    }

    /** The thread's body: runs until {@link #finish}, and until all is settled. */
    void run() {
        try {
            List<Settling> batch = take();
            while (!batch.isEmpty()) {
                guarded(batch);
                batch = take();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** From now on, what can't be stored after a few tries is given up: it stays as it was. */
    void hurry() {
        lock.lock();
        try {
            hurried = true;
        } finally {
            lock.unlock();
        }
        retry.raise();
    }

    /** No more will be offered: it ends when what waits is settled. */
    void finish() {
        hurry();
        lock.lock();
        try {
            closing = true;
        } finally {
            lock.unlock();
        }
        arrived.raise();
    }

    private List<Settling> take() throws InterruptedException {
        while (hasNothing()) {
            boolean unused = arrived.await(Deadline.NEVER);
        }
        lock.lock();
        try {
            List<Settling> batch = new ArrayList<>(Math.min(waiting.size(), BATCH_MAX));
            while (!waiting.isEmpty() && batch.size() < BATCH_MAX) {
                batch.add(waiting.remove());
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private boolean hasNothing() {
        lock.lock();
        try {
            return waiting.isEmpty() && !closing;
        } finally {
            lock.unlock();
        }
    }

    /** Whatever breaks, the loop goes on, and no delivery stays with us. */
    private void guarded(List<Settling> batch) throws InterruptedException {
        try {
            settle(batch);
        } catch (RuntimeException e) {
            trouble("PH-S041", batch.size() + " outcomes could not be settled: " + e);
            batch.forEach(each -> dispatcher.putBack(each.delivery(), REFUSED_PAUSE));
        }
    }

    private void settle(List<Settling> batch) throws InterruptedException {
        Duration pause = RETRY_FIRST;
        int triesLeft = hopeless ? 1 : CLOSING_TRIES;
        while (!isStored(batch)) {
            boolean hurry = isHurried();
            if (hurry && --triesLeft <= 0) {
                hopeless = true;
                trouble("PH-S040", batch.size() + " outcomes could not be stored before the end");
                batch.forEach(this::giveUp);
                return;
            }
            boolean unused = retry.await(time.after(hurry ? RETRY_FIRST : pause));
            addEnds(batch);
            Duration twice = pause.multipliedBy(2);
            pause = twice.compareTo(RETRY_MAX) > 0 ? RETRY_MAX : twice;
        }
    }

    /** What ends a delivery makes room: on a full disk it must not wait behind deferrals. */
    private void addEnds(List<Settling> batch) {
        lock.lock();
        try {
            long roomFor = BATCH_MAX - batch.stream().filter(s -> s.settlement().isDone()).count();
            for (Iterator<Settling> each = waiting.iterator(); each.hasNext() && roomFor > 0; ) {
                Settling next = each.next();
                if (next.settlement().isDone()) {
                    each.remove();
                    batch.add(next);
                    roomFor--;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void giveUp(Settling settling) {
        dispatcher.putBack(settling.delivery(), Duration.ZERO);
        settling.giveUp();
    }

    /**
     * True when the batch is done with: durable, or refused alone. Otherwise what is done with is
     * taken out.
     */
    private boolean isStored(List<Settling> batch) {
        try {
            if (isSettled(batch)) {
                return true;
            }
            List<Settling> ends = batch.stream().filter(s -> s.settlement().isDone()).toList();
            if (!ends.isEmpty() && ends.size() < batch.size() && isSettled(ends)) {
                batch.removeIf(s -> s.settlement().isDone());
            }
            return false;
        } catch (RuntimeException e) {
            return batch.size() > 1 ? isStoredByHalves(batch) : isRefused(batch, e);
        }
    }

    private boolean isSettled(List<Settling> batch) {
        if (!spool.settle(batch.stream().map(Settling::settlement).toList())) {
            return false;
        }
        tell(batch);
        return true;
    }

    /** One of them was refused, or all are too large for one commit: none was stored. */
    private boolean isStoredByHalves(List<Settling> batch) {
        while (!batch.isEmpty()) {
            List<Settling> half = batch.subList(0, (batch.size() + 1) / 2);
            if (!isStored(half)) {
                return false;
            }
            half.clear();
        }
        return true;
    }

    /** Refused alone. A report whose sink failed is made again; then it is not stored yet. */
    private boolean isRefused(List<Settling> one, RuntimeException refusal) {
        Settling refused = one.get(0);
        if (isRemade(one)) {
            return false;
        }
        trouble("PH-S041", refused.delivery().id() + " could not be settled: " + refusal);
        dispatcher.putBack(refused.delivery(), REFUSED_PAUSE);
        refused.giveUp();
        return true;
    }

    private boolean isRemade(List<Settling> one) {
        Settling refused = one.get(0);
        try {
            if (refused.isRemakeable() && spool.contains(refused.delivery().id())) {
                one.set(0, refused.remade());
                return true;
            }
        } catch (RuntimeException e) {
            trouble("PH-S041", "no report for " + refused.delivery().id() + ": " + e);
        }
        return false;
    }

    private void tell(List<Settling> batch) {
        dispatcher.settled(batch);
        Map<SpoolId, StoredMessage> done = new LinkedHashMap<>();
        for (Settling each : batch) {
            each.credit().release();
            each.events().forEach(events::emit);
            if (each.settlement().isDone()) {
                done.put(each.message().id(), each.message());
            }
        }
        if (!events.equals(MailEvents.NONE)) {
            done.values().forEach(each -> tellIfSettled(each, spool, time, events));
        }
    }

    /** Tells the end of a message, if this was the last of its deliveries. */
    static void tellIfSettled(
            StoredMessage message, Spool spool, TimeSource time, MailEvents events) {
        if (isSingle(message) || !isQueued(message.id(), spool)) {
            Instant now = time.now();
            Duration elapsed = Duration.between(message.acceptedAt(), now);
            events.emit(new MailEvent.Settled(now, message.id(), elapsed));
        }
    }

    /** Without a list of what may be very many deliveries. */
    private static boolean isQueued(SpoolId id, Spool spool) {
        var before = new DeliveryId(new SpoolId(id.value() - 1), Integer.MAX_VALUE - 1);
        List<QueuedDelivery> next = spool.admin().list(before, 1);
        return !next.isEmpty() && next.getFirst().id().message().equals(id);
    }

    /** True when the message surely has one delivery only: one domain, one disposition. */
    private static boolean isSingle(StoredMessage message) {
        if (message.dispositions().size() > SINGLE_RECIPIENTS_MAX) {
            return false;
        }
        Disposition first = message.dispositions().get(0);
        String domain = message.envelope().recipients().get(0).mailbox().domain();
        for (int i = 1; i < message.dispositions().size(); i++) {
            boolean same =
                    message.dispositions().get(i).equals(first)
                            && domain.equals(
                                    message.envelope().recipients().get(i).mailbox().domain());
            if (!same) {
                return false;
            }
        }
        return true;
    }

    private boolean isHurried() {
        lock.lock();
        try {
            return hurried;
        } finally {
            lock.unlock();
        }
    }

    private void trouble(String code, String text) {
        events.emit(new MailEvent.Trouble(time.now(), code, text));
    }
}
