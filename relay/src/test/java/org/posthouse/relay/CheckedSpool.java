package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.posthouse.core.Content;
import org.posthouse.core.ContentSink;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.Deadline;
import org.posthouse.spool.AcceptResult;
import org.posthouse.spool.Acceptance;
import org.posthouse.spool.Capabilities;
import org.posthouse.spool.QueuedDelivery;
import org.posthouse.spool.Settlement;
import org.posthouse.spool.Spool;
import org.posthouse.spool.SpoolAdmin;
import org.posthouse.spool.StoredDelivery;
import org.posthouse.spool.StoredMessage;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A spool that keeps the books of what it gave out: each delivery comes back once, or is done. */
class CheckedSpool implements Spool {
    private static final DeliveryId FIRST = new DeliveryId(new SpoolId(1), 0);

    private static final int PAGE = 10_000;

    final Spool behind;

    /** Given out, and neither given back nor done. */
    final Set<DeliveryId> out = new LinkedHashSet<>();

    /** The most of them at the same time. */
    int outMax;

    /** Messages and deliveries read. */
    int reads;

    CheckedSpool(Spool behind) {
        this.behind = behind;
    }

    /** Nothing is out, and all that is here can be had. */
    void assertAllBack() {
        assertThat(out).as("not given back").isEmpty();
        List<QueuedDelivery> some = admin().list(FIRST, PAGE);
        while (!some.isEmpty()) {
            for (QueuedDelivery each : some) {
                assertThat(behind.claim(each.id())).as("%s can be had", each.id()).isPresent();
                behind.giveBack(each.id(), Instant.EPOCH);
            }
            some = admin().list(some.getLast().id(), PAGE);
        }
    }

    @Override
    public List<QueuedDelivery> take(int max, Deadline until) throws InterruptedException {
        List<QueuedDelivery> taken = behind.take(max, until);
        taken.forEach(each -> goesOut(each.id()));
        return taken;
    }

    @Override
    public Optional<QueuedDelivery> claim(DeliveryId id) {
        Optional<QueuedDelivery> claimed = behind.claim(id);
        claimed.ifPresent(each -> goesOut(each.id()));
        return claimed;
    }

    private void goesOut(DeliveryId id) {
        assertThat(out.add(id)).as("%s is given out once", id).isTrue();
        outMax = Math.max(outMax, out.size());
    }

    @Override
    public void giveBack(DeliveryId id, Instant wakeAt) {
        assertThat(out.remove(id) || !behind.contains(id)).as("%s is out", id).isTrue();
        behind.giveBack(id, wakeAt);
    }

    @Override
    public boolean settle(List<Settlement> settlements) {
        for (Settlement each : settlements) {
            assertThat(out).as("settled").contains(each.delivery());
        }
        boolean durable = behind.settle(settlements);
        if (durable) {
            settlements.stream().filter(Settlement::isDone).forEach(s -> out.remove(s.delivery()));
        }
        return durable;
    }

    @Override
    public Capabilities capabilities() {
        return behind.capabilities();
    }

    @Override
    public ContentSink openContent() {
        return behind.openContent();
    }

    @Override
    public AcceptResult accept(Acceptance acceptance) {
        return behind.accept(acceptance);
    }

    @Override
    public StoredMessage message(SpoolId id) {
        reads++;
        return behind.message(id);
    }

    @Override
    public StoredDelivery delivery(DeliveryId id) {
        return behind.delivery(id);
    }

    @Override
    public Content content(SpoolId id) {
        return behind.content(id);
    }

    @Override
    public SpoolAdmin admin() {
        return behind.admin();
    }

    @Override
    public void close() {
        behind.close();
    }
}
