package org.posthouse.testkit.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthouse.testkit.spool.Samples.acceptance;
import static org.posthouse.testkit.spool.Samples.deferred;
import static org.posthouse.testkit.spool.Samples.done;

import org.posthouse.core.DeliveryId;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.Deadline;
import org.posthouse.spool.AcceptResult;
import org.posthouse.spool.Acceptance;
import org.posthouse.spool.QueuedDelivery;
import org.posthouse.spool.Spool;
import org.posthouse.spool.StoredMessage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The stories of {@link SpoolRestartContract}. The key of a message is its first local part. */
final class CrashStories {
    private static final Deadline NOW = new Deadline(Long.MIN_VALUE / 2);
    private static final DeliveryId START = new DeliveryId(new SpoolId(1), 0);

    private CrashStories() {}

    private static Acceptance message(Spool spool, String acceptId, String key, int octets) {
        byte[] body = Samples.octets(key.hashCode(), octets);
        return acceptance(spool, acceptId, body, key + "@x.example", "second@y.example");
    }

    private static SpoolId accept(Spool spool, String key, int octets) {
        AcceptResult result = spool.accept(message(spool, key, key, octets));
        return ((AcceptResult.Accepted) result).id();
    }

    private static List<QueuedDelivery> list(Spool spool) {
        return spool.admin().list(START, 1000);
    }

    /** The keys of all messages, each read whole, in the order of ids. */
    private static List<String> keys(Spool spool) {
        List<String> keys = new ArrayList<>();
        for (SpoolId id :
                list(spool).stream().map(queued -> queued.id().message()).distinct().toList()) {
            StoredMessage message = spool.message(id);
            String key = message.envelope().recipients().getFirst().mailbox().localPart();
            int octets = (int) message.octets() - Samples.prefix().length;
            assertThat(Samples.read(spool.content(id)))
                    .as("content of %s", key)
                    .isEqualTo(Samples.withPrefix(Samples.octets(key.hashCode(), octets)));
            keys.add(key);
        }
        assertThat(spool.admin().messageCount()).isEqualTo(keys.size());
        return keys;
    }

    /** Small and large mail is accepted, one after the other. */
    static final class Accepting implements CrashStory {
        private static final int[] OCTETS = {0, 300, 5000, 1, 2500, 12_000};

        private static final SpoolId FIRST = new SpoolId(1);

        private final Map<String, SpoolId> told = new TreeMap<>();

        @Override
        public void live(Spool spool) {
            for (int i = 0; i < OCTETS.length; i++) {
                told.put("m" + i, accept(spool, "m" + i, OCTETS[i]));
            }
        }

        @Override
        public void verify(Spool spool) {
            List<String> found = keys(spool);
            assertThat(found).as("at most one is in doubt").hasSizeBetween(told.size(), max());
            assertThat(found.subList(0, told.size())).isEqualTo(List.copyOf(told.keySet()));
            for (int i = 0; i < found.size(); i++) {
                SpoolId id = list(spool).get(2 * i).id().message();
                assertThat(spool.message(id).octets() - Samples.prefix().length)
                        .isEqualTo(OCTETS[i]);
                assertThat(spool.admin().deliveriesOf(id)).hasSize(2);
            }
            told.forEach(
                    (key, id) ->
                            assertThat(spool.accept(message(spool, key, key, 9)))
                                    .isEqualTo(new AcceptResult.Accepted(id, true)));
            assertThat(accept(spool, "after", 10))
                    .isGreaterThan(told.values().stream().max(SpoolId::compareTo).orElse(FIRST));
        }

        private int max() {
            return Math.min(OCTETS.length, told.size() + 1);
        }
    }

    /** One delivery of a message is done and the other deferred, in one commit. */
    static final class Settling implements CrashStory {
        private boolean accepted;
        private boolean settled;

        @Override
        public void live(Spool spool) throws InterruptedException {
            accept(spool, "m", 3000);
            accepted = true;
            List<QueuedDelivery> taken = spool.take(1000, NOW);
            settled =
                    spool.settle(
                            List.of(
                                    done(taken.get(0)),
                                    deferred(taken.get(1), List.of(1), Instant.EPOCH)));
            assertThat(settled).isTrue();
        }

        @Override
        public void verify(Spool spool) throws InterruptedException {
            List<String> before = List.of("0 after 0", "1 after 0");
            List<String> after = List.of("1 after 1");
            List<String> found =
                    spool.take(1000, NOW).stream()
                            .map(queued -> queued.id().number() + " after " + queued.attempts())
                            .sorted()
                            .toList();
            if (settled) {
                assertThat(found).isEqualTo(after);
            } else if (accepted) {
                assertThat(found).isIn(before, after);
            } else {
                assertThat(found).isIn(before, List.of());
            }
            assertThat(keys(spool)).hasSize(found.isEmpty() ? 0 : 1);
            for (QueuedDelivery left : list(spool)) {
                assertThat(spool.settle(List.of(done(left)))).isTrue();
            }
            assertThat(spool.admin().messageCount()).isZero();
        }
    }

    /** Reports come in the place of a message. */
    static final class Replacing implements CrashStory {
        private boolean accepted;
        private boolean settled;

        @Override
        public void live(Spool spool) throws InterruptedException {
            accept(spool, "m", 3000);
            accepted = true;
            List<QueuedDelivery> taken = spool.take(1000, NOW);
            settled =
                    spool.settle(
                            List.of(
                                    done(taken.get(0), message(spool, "", "r0", 100)),
                                    done(
                                            taken.get(1),
                                            message(spool, "", "r1", 6000),
                                            message(spool, "", "r2", 700))));
            assertThat(settled).isTrue();
        }

        @Override
        public void verify(Spool spool) throws InterruptedException {
            List<String> before = List.of("m");
            List<String> after = List.of("r0", "r1", "r2");
            List<String> found = keys(spool);
            if (settled) {
                assertThat(found).isEqualTo(after);
            } else if (accepted) {
                assertThat(found).isIn(before, after);
            } else {
                assertThat(found).isIn(before, List.of());
            }
            assertThat(spool.take(1000, NOW)).hasSize(2 * found.size());
        }
    }
}
