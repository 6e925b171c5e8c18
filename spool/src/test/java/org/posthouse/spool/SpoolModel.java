package org.posthouse.spool;

import static org.assertj.core.api.Assertions.assertThat;

import org.posthouse.core.ContentSink;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.Deadline;

import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a client of a spool knows: what it was told is durable, and what is in doubt because no
 * answer came, or a refusal. The key of a message is the local part of its first recipient.
 */
final class SpoolModel {
    private static final Instant DUE = Instant.parse("2020-01-01T00:00:00Z");

    /** A message as the client made it. */
    record Message(String key, byte[] body, int deliveries) {}

    /** A delivery as the client names it. */
    record Delivery(String key, int number) {}

    /** How far it has come; attempts tell states apart. */
    record State(List<Integer> open, int attempts) {
        boolean isDone() {
            return open.isEmpty();
        }
    }

    /** A settlement with no good answer (yet). */
    private record Doubt(Map<Delivery, State> changes, List<String> inserts) {}

    private final Map<String, Message> tried = new TreeMap<>();
    private final Map<String, SpoolId> accepted = new TreeMap<>();
    private final Map<Delivery, State> states = new LinkedHashMap<>();
    private final Map<Delivery, QueuedDelivery> taken = new LinkedHashMap<>();
    private final List<Doubt> doubts = new ArrayList<>();
    private long epoch;

    private static String[] recipients(String key) {
        return new String[] {key + "@x.example", "second@x.example", "third@y.example"};
    }

    private Message message(String key, int octets) {
        Message message = new Message(key, Samples.octets(key.hashCode(), octets), 2);
        tried.put(key, message);
        return message;
    }

    private Acceptance acceptance(Spool spool, Message message, String acceptId) {
        return Samples.acceptance(spool, acceptId, message.body, recipients(message.key));
    }

    /** Accepts a message of this length; false when it was refused. */
    boolean accept(Spool spool, String key, int octets) {
        Message message = message(key, octets);
        Acceptance acceptance = acceptance(spool, message, "id-" + key);
        if (key.hashCode() % 2 == 0) {
            look(acceptance.content(), message.body);
        }
        AcceptResult result = spool.accept(acceptance);
        if (result instanceof AcceptResult.Accepted now) {
            accepted(message, now.id());
            return true;
        }
        return false;
    }

    /** Reads a content before it is accepted, as far as the disk lets it. */
    private static void look(ContentSink sink, byte[] body) {
        try {
            assertThat(Samples.read(sink.written())).isEqualTo(body);
        } catch (UncheckedIOException e) {
            assertThat(e).hasMessageNotContaining("damaged");
        }
    }

    private void accepted(Message message, SpoolId id) {
        accepted.put(message.key, id);
        states.put(new Delivery(message.key, 0), new State(List.of(0, 1), 0));
        states.put(new Delivery(message.key, 1), new State(List.of(2), 0));
    }

    boolean isAccepted(String key) {
        return accepted.containsKey(key);
    }

    /** Takes what there is. */
    List<Delivery> take(Spool spool) throws InterruptedException {
        List<Delivery> some = new ArrayList<>();
        for (QueuedDelivery queued : spool.take(1000, new Deadline(Long.MIN_VALUE / 2))) {
            Delivery delivery = delivery(spool, queued);
            taken.put(delivery, queued);
            some.add(delivery);
        }
        return some;
    }

    private Delivery delivery(Spool spool, QueuedDelivery queued) {
        String key = keyOf(spool.message(queued.id().message()));
        return new Delivery(key, queued.id().number());
    }

    private static String keyOf(StoredMessage message) {
        return message.envelope().recipients().getFirst().mailbox().localPart();
    }

    /** Takes what there is, but for one message that this model does not know. */
    void takeKnown(Spool spool, SpoolId other) throws InterruptedException {
        for (QueuedDelivery queued : spool.take(1000, new Deadline(Long.MIN_VALUE / 2))) {
            if (!queued.id().message().equals(other)) {
                taken.put(delivery(spool, queued), queued);
            }
        }
    }

    /** Ends a delivery, if it was taken. */
    void settleQueued(Spool spool, QueuedDelivery queued) {
        Delivery delivery = delivery(spool, queued);
        if (!open(delivery).isEmpty()) {
            settle(spool, Map.of(delivery, List.of()), List.of());
        }
    }

    /** What is left of a delivery that was taken; empty when it is done or was never here. */
    List<Integer> open(Delivery delivery) {
        State state = states.get(delivery);
        return state == null || !taken.containsKey(delivery) ? List.of() : state.open;
    }

    /** Settles these deliveries in one commit; reports are made for some. */
    boolean settle(Spool spool, Map<Delivery, List<Integer>> open, List<String> reports) {
        Map<Delivery, State> changes = new LinkedHashMap<>();
        List<Settlement> settlements = new ArrayList<>();
        List<Acceptance> inserts = new ArrayList<>();
        for (String key : reports) {
            inserts.add(acceptance(spool, message(key, 1500), ""));
        }
        open.forEach(
                (delivery, left) -> {
                    State next = new State(left, states.get(delivery).attempts + 1);
                    changes.put(delivery, next);
                    settlements.add(
                            new Settlement(
                                    taken.get(delivery).id(),
                                    taken.get(delivery).epoch(),
                                    left,
                                    progress(next),
                                    settlements.isEmpty() ? inserts : List.of()));
                });
        Doubt doubt = new Doubt(changes, reports);
        doubts.add(doubt);
        if (!spool.settle(settlements)) {
            return false;
        }
        doubts.remove(doubt);
        states.putAll(changes);
        for (Doubt older : doubts) {
            older.changes.keySet().removeAll(changes.keySet());
        }
        for (String key : reports) {
            accepted(tried.get(key), new SpoolId(Long.MAX_VALUE));
        }
        return true;
    }

    /** The spool is what the client was told, and nothing else: no crash came between. */
    void verifyExactly(Spool spool) {
        Map<Delivery, State> found = found(spool);
        Map<Delivery, State> expected = new LinkedHashMap<>();
        states.forEach(
                (delivery, state) -> {
                    if (!state.isDone()) {
                        expected.put(delivery, state);
                    }
                });
        assertThat(found).containsExactlyInAnyOrderEntriesOf(expected);
    }

    /**
     * After a crash: all that was told is there, what was in doubt is there or not, whole; then the
     * model goes on from what is there.
     */
    void verifyRecovered(Spool spool) {
        Map<Delivery, State> found = found(spool);
        for (Doubt doubt : doubts) {
            verifyWhole(doubt, found);
        }
        states.forEach((delivery, state) -> verifyState(delivery, state, found.get(delivery)));
        for (Delivery delivery : found.keySet()) {
            if (!states.containsKey(delivery)) {
                verifyUntold(delivery, found);
            }
        }
        goOnFrom(found);
    }

    private void verifyState(Delivery delivery, State told, State found) {
        Set<State> allowed = new HashSet<>(Set.of(told));
        for (Doubt doubt : doubts) {
            State other = doubt.changes.get(delivery);
            if (other != null) {
                allowed.add(other);
            }
        }
        if (found != null) {
            assertThat(allowed).as("%s", delivery).contains(found);
        } else {
            assertThat(allowed).as("%s is gone", delivery).anyMatch(State::isDone);
        }
    }

    /** Nobody was told of this message: all of it is here as it was made, or in no part. */
    private void verifyUntold(Delivery delivery, Map<Delivery, State> found) {
        State first = found.get(new Delivery(delivery.key, 0));
        State second = found.get(new Delivery(delivery.key, 1));
        assertThat(first).as("%s", delivery).isEqualTo(new State(List.of(0, 1), 0));
        assertThat(second).as("%s", delivery).isEqualTo(new State(List.of(2), 0));
    }

    /** A settlement is seen in all its changes and reports, or in none. */
    private void verifyWhole(Doubt doubt, Map<Delivery, State> found) {
        Set<Boolean> seen = new HashSet<>();
        doubt.changes.forEach(
                (delivery, state) -> {
                    State now = found.get(delivery);
                    seen.add(now == null ? state.isDone() : now.equals(state));
                });
        if (doubt.changes.isEmpty()) {
            return;
        }
        for (String key : doubt.inserts) {
            seen.add(found.containsKey(new Delivery(key, 0)));
        }
        assertThat(seen).as("all or nothing: %s", doubt).hasSize(1);
    }

    private void goOnFrom(Map<Delivery, State> found) {
        doubts.clear();
        states.replaceAll((delivery, state) -> found.getOrDefault(delivery, DONE));
        found.forEach(states::put);
        taken.clear();
    }

    private static Progress progress(State state) {
        return new Progress(state.attempts, DUE, Instant.MAX, false, false, "451", "");
    }

    private static final State DONE = new State(List.of(), 0);

    /** All that is in the spool, each content verified octet by octet. */
    private Map<Delivery, State> found(Spool spool) {
        Map<Delivery, State> found = new LinkedHashMap<>();
        Map<String, SpoolId> ids = new TreeMap<>();
        List<QueuedDelivery> list =
                spool.admin().list(new DeliveryId(new SpoolId(1), 0), Integer.MAX_VALUE);
        for (QueuedDelivery queued : list) {
            StoredMessage message = spool.message(queued.id().message());
            String key = keyOf(message);
            SpoolId before = ids.put(key, message.id());
            assertThat(before == null || before.equals(message.id())).as("%s twice", key).isTrue();
            if (before == null) {
                verifyContent(spool, message, key);
            }
            found.put(new Delivery(key, queued.id().number()), state(spool.delivery(queued.id())));
            if (epoch != 0) {
                assertThat(queued.epoch()).isGreaterThanOrEqualTo(epoch);
            }
            epoch = queued.epoch();
        }
        assertThat(spool.admin().messageCount()).isEqualTo(ids.size());
        assertThat(spool.admin().deliveryCount()).isEqualTo(list.size());
        return found;
    }

    private static State state(StoredDelivery stored) {
        return new State(stored.openRecipients(), stored.progress().attempts());
    }

    private void verifyContent(Spool spool, StoredMessage message, String key) {
        assertThat(tried).containsKey(key);
        byte[] body = tried.get(key).body;
        assertThat(message.envelope()).isEqualTo(Samples.envelope(recipients(key)));
        assertThat(message.origin()).isEqualTo(Samples.ORIGIN);
        assertThat(Samples.read(spool.content(message.id()))).isEqualTo(Samples.withPrefix(body));
    }
}
