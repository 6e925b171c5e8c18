package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.Content;
import org.posthouse.core.ContentSink;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.TimeSource;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;

/**
 * A spool that lives in memory: for tests, and for programs whose mail may die with them. Keeps the
 * contract of {@link Spool} but for durability.
 *
 * @since 0.1
 */
public final class MemorySpool implements Spool {
    /** Octets of content that {@link #MemorySpool(TimeSource)} takes in all. */
    public static final long OCTETS_MAX = 256L << 20;

    private record Held(StoredMessage message, Content content, StoredDelivery[] states) {}

    private final TimeSource time;
    private final long octetsMax;
    private final IdSource ids;
    private final Index index;

    /** Guarded by the index' lock, as are the two below. */
    private final Map<Long, Held> held = new HashMap<>();

    private long heldOctets;
    private boolean closed;

    /** An empty spool of at most {@link #OCTETS_MAX} octets. */
    public MemorySpool(TimeSource time) {
        this(time, OCTETS_MAX);
    }

    /**
     * An empty spool.
     *
     * @param octetsMax octets of content it holds at most, that of sinks still open not counted
     */
    public MemorySpool(TimeSource time, long octetsMax) {
        this.time = time;
        this.octetsMax = octetsMax;
        ids = new IdSource(time, 0);
        index = new Index(time, 1);
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(false, false, Math.min(octetsMax, Integer.MAX_VALUE - 64));
    }

    @Override
    public ContentSink openContent() {
        return new MemorySink(capabilities().contentOctetsMax());
    }

    @Override
    public AcceptResult accept(Acceptance acceptance) {
        MemorySink sink = sinkOf(acceptance);
        String acceptId = acceptance.acceptId();
        if (acceptId.isEmpty()) {
            return store(acceptance, sink);
        }
        long known = index.acceptIds.claim(acceptId);
        if (known != 0) {
            sink.discard();
            return new AcceptResult.Accepted(new SpoolId(known), true);
        }
        try {
            return store(acceptance, sink);
        } finally {
            index.acceptIds.unclaim(acceptId);
        }
    }

    private AcceptResult store(Acceptance acceptance, MemorySink sink) {
        index.lock.lock();
        try {
            AcceptResult refusal = refusal(List.of(acceptance));
            if (refusal != null) {
                sink.discard();
                return refusal;
            }
            SpoolId id = add(acceptance);
            index.wakeTakers();
            return new AcceptResult.Accepted(id, false);
        } finally {
            index.lock.unlock();
        }
    }

    private @Nullable AcceptResult refusal(List<Acceptance> acceptances) {
        if (closed) {
            return new AcceptResult.Unavailable("the spool is closed");
        }
        long more = 0;
        for (Acceptance acceptance : acceptances) {
            MemorySink sink = sinkOf(acceptance);
            sink.requireUnused();
            if (sink.isOverflown()) {
                return new AcceptResult.NoSpace();
            }
            more += sink.octets() + acceptance.prefix().length;
        }
        return heldOctets + more > octetsMax ? new AcceptResult.NoSpace() : null;
    }

    private SpoolId add(Acceptance acceptance) {
        SpoolId id = new SpoolId(ids.next(1));
        Instant now = Instant.ofEpochMilli(time.now().toEpochMilli());
        Content content = sinkOf(acceptance).seal(acceptance.prefix());
        StoredMessage message =
                new StoredMessage(
                        id,
                        now,
                        acceptance.origin(),
                        acceptance.envelope(),
                        acceptance.dispositions(),
                        acceptance.notBefore(),
                        acceptance.expiresAt(),
                        content.octets());
        Instant dueAt = acceptance.notBefore().isAfter(now) ? acceptance.notBefore() : now;
        List<Grouping.Group> groups = Grouping.of(acceptance.envelope(), acceptance.dispositions());
        held.put(id.value(), new Held(message, content, fresh(groups, dueAt)));
        heldOctets += content.octets();
        List<DeliveryRow> rows =
                index.add(
                        new Arrived(
                                id.value(),
                                acceptance.acceptId(),
                                content.octets(),
                                0,
                                Index.millis(dueAt),
                                acceptance.expiresAt().isBefore(Instant.MAX),
                                acceptance.envelope().options().waivesTls(),
                                groups));
        if (rows.isEmpty()) {
            throw new IllegalStateException("nobody gets " + id);
        }
        return id;
    }

    private static StoredDelivery[] fresh(List<Grouping.Group> groups, Instant dueAt) {
        StoredDelivery[] states = new StoredDelivery[groups.size()];
        for (int i = 0; i < states.length; i++) {
            Grouping.Group group = groups.get(i);
            Progress progress = new Progress(0, dueAt, Instant.MAX, false, false, "", group.via());
            states[i] = new StoredDelivery(group.recipients(), progress);
        }
        return states;
    }

    @Override
    public List<QueuedDelivery> take(int max, Deadline until) throws InterruptedException {
        return index.take(max, until);
    }

    @Override
    public boolean settle(List<Settlement> settlements) {
        List<Acceptance> inserts = new ArrayList<>();
        settlements.forEach(settlement -> inserts.addAll(settlement.inserts()));
        if (inserts.stream().anyMatch(insert -> sinkOf(insert).isOverflown())) {
            throw new IllegalStateException(
                    "the content of a report could not be stored; make it again");
        }
        settlements.forEach(this::requireOpen);
        long[] unused = index.begin(settlements);
        index.lock.lock();
        try {
            if (refused(inserts, settlements)) {
                return false;
            }
            inserts.forEach(this::add);
            settlements.forEach(this::apply);
            index.wakeTakers();
            return true;
        } finally {
            index.lock.unlock();
        }
    }

    private void requireOpen(Settlement settlement) {
        if (settlement.isDone()) {
            return;
        }
        try {
            settlement.requireAmong(delivery(settlement.delivery()).openRecipients());
        } catch (NoSuchElementException e) {
            throw new IllegalStateException(settlement.delivery() + " was settled before", e);
        }
    }

    private void apply(Settlement settlement) {
        DeliveryId id = settlement.delivery();
        DeliveryRow row = Objects.requireNonNull(index.find(id));
        if (!settlement.isDone()) {
            index.update(row, settlement.progress());
            heldOf(id.message()).states()[id.number()] =
                    new StoredDelivery(settlement.openRecipients(), settlement.progress());
            return;
        }
        long octets = row.octets();
        if (index.remove(row)) {
            held.remove(id.message().value());
            heldOctets -= octets;
        }
    }

    private boolean refused(List<Acceptance> inserts, List<Settlement> settlements) {
        boolean refused = true;
        try {
            refused = refusal(inserts) != null;
        } finally {
            if (refused) {
                index.abandon(settlements);
            }
        }
        return refused;
    }

    @Override
    public void giveBack(DeliveryId id, Instant wakeAt) {
        index.giveBack(id, wakeAt);
    }

    @Override
    public Optional<QueuedDelivery> claim(DeliveryId id) {
        return index.claim(id);
    }

    @Override
    public StoredDelivery delivery(DeliveryId id) {
        index.lock.lock();
        try {
            if (index.find(id) == null) {
                throw new NoSuchElementException("no delivery " + id);
            }
            return heldOf(id.message()).states()[id.number()];
        } finally {
            index.lock.unlock();
        }
    }

    @Override
    public StoredMessage message(SpoolId id) {
        return heldOf(id).message();
    }

    @Override
    public Content content(SpoolId id) {
        return heldOf(id).content();
    }

    private Held heldOf(SpoolId id) {
        index.lock.lock();
        try {
            Held found = held.get(index.require(id).id());
            return Objects.requireNonNull(found);
        } finally {
            index.lock.unlock();
        }
    }

    @Override
    public SpoolAdmin admin() {
        return new IndexAdmin(index, new RecoveryReport(0, 0, 0, 0, 0, 0));
    }

    @Override
    public void close() {
        index.lock.lock();
        try {
            closed = true;
        } finally {
            index.lock.unlock();
        }
        index.close();
    }

    private static MemorySink sinkOf(Acceptance acceptance) {
        if (acceptance.content() instanceof MemorySink sink) {
            return sink;
        }
        throw new IllegalArgumentException("the content was not filled into a sink of this spool");
    }
}
