package org.posthouse.relay;

import org.posthouse.core.DeliveryId;
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvents;
import org.posthouse.platform.TimeSource;
import org.posthouse.spool.Spool;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the spool is to be told: deliveries given back, and those to be woken; and facts. Gathered
 * under the dispatcher's lock; told behind it, since the spool has a lock of its own, and to wake a
 * domain reads all its rows.
 */
final class Returns {
    private static final Batch NOTHING = new Batch(List.of(), List.of(), List.of(), List.of(), 0);

    private final Spool spool;
    private final TimeSource time;
    private final MailEvents events;
    private List<Back> backs = new ArrayList<>();
    private List<Parking.Waiting> wakes = new ArrayList<>();
    private List<MailEvent> facts = new ArrayList<>(0);
    private List<Back> suspended = new ArrayList<>(0);

    /** Changes of what is suspended; raised under the dispatcher's lock. */
    private final AtomicInteger changes = new AtomicInteger();

    /** A delivery with the instant until which it is given back. */
    record Back(DeliveryId id, long atMillis) {}

    /**
     * What was gathered.
     *
     * @param changes of what is suspended, until then
     */
    record Batch(
            List<Back> backs,
            List<Parking.Waiting> wakes,
            List<MailEvent> facts,
            List<Back> suspended,
            int changes) {}

    Returns(Spool spool, TimeSource time, MailEvents events) {
        this.spool = spool;
        this.events = events;
        this.time = time;
    }

    /** To be given back; it has left the {@link OutSet}. */
    void giveBack(DeliveryId id, long atMillis) {
        backs.add(new Back(id, atMillis));
    }

    /** To be given back since it is suspended; woken if that changed until it lies there. */
    void suspend(DeliveryId id, long atMillis) {
        suspended.add(new Back(id, atMillis));
    }

    /** What is suspended changed; whoever changed it wakes what lies in the spool. */
    void resumed() {
        int unused = changes.incrementAndGet();
    }

    /** To be woken. */
    void wake(Parking.Waiting waiting) {
        wakes.add(waiting);
    }

    /** To be told. */
    void fact(MailEvent event) {
        facts.add(event);
    }

    /** Takes what was gathered. */
    Batch take() {
        if (backs.isEmpty() && wakes.isEmpty() && facts.isEmpty() && suspended.isEmpty()) {
            return NOTHING;
        }
        Batch batch = new Batch(backs, wakes, facts, suspended, changes.get());
        suspended = new ArrayList<>(0);
        backs = new ArrayList<>();
        wakes = new ArrayList<>();
        facts = new ArrayList<>(0);
        return batch;
    }

    /** Tells it; without the dispatcher's lock. */
    void tell(Batch batch) {
        for (Back back : batch.backs()) {
            spool.giveBack(back.id(), Instant.ofEpochMilli(back.atMillis()));
        }
        for (Back back : batch.suspended()) {
            spool.giveBack(back.id(), Instant.ofEpochMilli(back.atMillis()));
            if (changes.get() != batch.changes()) {
                tellWake(back.id());
            }
        }
        batch.facts().forEach(events::emit);
        for (Parking.Waiting waiting : batch.wakes()) {
            waiting.deliveries().forEach(this::tellWake);
            waiting.domains().forEach(spool.admin()::retryNow);
        }
    }

    /** What is not in the spool just now is on its way: nothing to do. */
    private void tellWake(DeliveryId id) {
        if (spool.claim(id).isPresent()) {
            spool.giveBack(id, time.now());
        }
    }
}
