package org.posthouse.testkit.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.posthouse.testkit.spool.Samples.acceptance;
import static org.posthouse.testkit.spool.Samples.deferred;
import static org.posthouse.testkit.spool.Samples.done;
import static org.posthouse.testkit.spool.Samples.octets;

import org.junit.jupiter.api.Test;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.Deadline;
import org.posthouse.spool.AcceptResult;
import org.posthouse.spool.QueuedDelivery;
import org.posthouse.spool.Settlement;
import org.posthouse.spool.Spool;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Supplier;

/**
 * What every {@link Spool} that says it is durable keeps when its owner ends, in order or not, and
 * the next one opens it, as tests: extend it for another implementation and say how a spool is
 * opened and how its owner dies.
 *
 * @since 0.1
 */
public abstract class SpoolRestartContract {
    private static final Deadline NOW = new Deadline(Long.MIN_VALUE / 2);
    private static final Instant LATER = Instant.parse("2199-01-01T00:00:00Z");

    private static final int[] OCTETS = {0, 100, 5000, 70_000, 300_000};

    private static final Comparator<DeliveryId> ORDER =
            Comparator.comparing(DeliveryId::message).thenComparingInt(DeliveryId::number);

    /**
     * A part of a test: all that one owner does.
     *
     * @since 0.1
     */
    @FunctionalInterface
    public interface Part {
        /** Runs it. */
        void run() throws InterruptedException;
    }

    /** What is done with an open spool. */
    private interface Life {
        void with(Spool spool) throws InterruptedException;
    }

    /** For implementations. */
    protected SpoolRestartContract() {}

    /** The spool of this test, as its owners before left it; empty at first. */
    protected abstract Spool open();

    /**
     * The owner of this spool dies right now, as the last act of a part: nothing is finished, and
     * all is lost that is not durable yet. Where that can't be brought about, closes it.
     */
    protected abstract void crash(Spool spool);

    /** Runs a part; a spool that lives in a simulated world runs it there. */
    protected void run(Part part) throws InterruptedException {
        part.run();
    }

    /**
     * Tells a new story on an empty spool again and again, and its owner dies at each change that
     * the spool makes to what it keeps, once after the other. Where that can't be brought about, it
     * dies once, at the end.
     */
    protected void atEveryCrash(Supplier<? extends CrashStory> stories)
            throws InterruptedException {
        CrashStory story = stories.get();
        untilCrash(story::live);
        untilClosed(story::verify);
    }

    private void untilCrash(Life life) throws InterruptedException {
        run(
                () -> {
                    Spool spool = open();
                    try {
                        life.with(spool);
                    } finally {
                        crash(spool);
                    }
                });
    }

    private void untilClosed(Life life) throws InterruptedException {
        run(
                () -> {
                    try (Spool spool = open()) {
                        life.with(spool);
                    }
                });
    }

    private static SpoolId accept(Spool spool, String acceptId, byte[] body, String... to) {
        return ((AcceptResult.Accepted) spool.accept(acceptance(spool, acceptId, body, to))).id();
    }

    private static List<QueuedDelivery> take(Spool spool) throws InterruptedException {
        return spool.take(1000, NOW);
    }

    private static void settle(Spool spool, Settlement... settlements) {
        assertThat(spool.settle(List.of(settlements))).isTrue();
    }

    private static void assertContent(Spool spool, SpoolId id, byte[] body) {
        assertThat(Samples.read(spool.content(id))).isEqualTo(Samples.withPrefix(body));
    }

    @Test
    void isDurable() throws InterruptedException {
        untilClosed(spool -> assertThat(spool.capabilities().durable()).isTrue());
    }

    @Test
    void acceptedMailSurvivesACrashRightAfter() throws InterruptedException {
        List<SpoolId> ids = new ArrayList<>();
        for (int size : OCTETS) {
            untilCrash(spool -> ids.add(accept(spool, "", octets(size, size), "a@x.example")));
        }
        untilClosed(
                spool -> {
                    assertThat(spool.admin().messageCount()).isEqualTo(OCTETS.length);
                    for (int i = 0; i < OCTETS.length; i++) {
                        assertThat(spool.message(ids.get(i)).envelope())
                                .isEqualTo(Samples.envelope("a@x.example"));
                        assertThat(spool.message(ids.get(i)).origin()).isEqualTo(Samples.ORIGIN);
                        assertContent(spool, ids.get(i), octets(OCTETS[i], OCTETS[i]));
                    }
                });
    }

    @Test
    void settledMailStaysSettledAfterACrash() throws InterruptedException {
        List<SpoolId> ids = new ArrayList<>();
        untilCrash(
                spool -> {
                    for (int size : OCTETS) {
                        ids.add(accept(spool, "", octets(size, size), "a@x.example"));
                    }
                    for (QueuedDelivery taken : take(spool)) {
                        if (!taken.id().message().equals(ids.get(2))) {
                            settle(spool, done(taken));
                        }
                    }
                });
        untilCrash(
                spool -> {
                    assertThat(spool.admin().messageCount()).isEqualTo(1);
                    assertContent(spool, ids.get(2), octets(OCTETS[2], OCTETS[2]));
                    settle(spool, done(take(spool).getFirst()));
                });
        untilClosed(spool -> assertThat(spool.admin().messageCount()).isZero());
    }

    @Test
    void deferralSurvivesACrash() throws InterruptedException {
        List<Settlement> told = new ArrayList<>();
        untilCrash(
                spool -> {
                    accept(spool, "", octets(1, 10), "a@x.example", "b@x.example", "c@x.example");
                    QueuedDelivery taken = take(spool).getFirst();
                    settle(spool, deferred(taken, List.of(0, 2), Instant.EPOCH));
                    told.add(deferred(taken, List.of(2), LATER));
                    settle(spool, told.getFirst());
                });
        untilClosed(
                spool -> {
                    DeliveryId id = told.getFirst().delivery();
                    assertThat(take(spool)).as("it is not due").isEmpty();
                    assertThat(spool.delivery(id).progress()).isEqualTo(told.getFirst().progress());
                    assertThat(spool.delivery(id).openRecipients()).containsExactly(2);
                });
    }

    @Test
    void heldMailIsHeldAfterACrash() throws InterruptedException {
        untilCrash(
                spool -> {
                    accept(spool, "", octets(1, 10), "a@x.example");
                    QueuedDelivery taken = take(spool).getFirst();
                    settle(spool, Samples.held(deferred(taken, List.of(0), Instant.EPOCH), true));
                });
        untilClosed(
                spool -> {
                    assertThat(take(spool)).isEmpty();
                    assertThat(spool.admin().heldCount()).isEqualTo(1);
                });
    }

    @Test
    void reportSurvivesACrashInThePlaceOfItsMessage() throws InterruptedException {
        byte[] report = octets(5, 100_000);
        untilCrash(
                spool -> {
                    accept(spool, "", octets(1, 10), "a@x.example");
                    QueuedDelivery taken = take(spool).getFirst();
                    settle(spool, done(taken, acceptance(spool, "", report, "s@client.example")));
                });
        untilClosed(
                spool -> {
                    assertThat(spool.admin().messageCount()).isEqualTo(1);
                    QueuedDelivery taken = take(spool).getFirst();
                    assertThat(taken.domain()).isEqualTo("client.example");
                    assertContent(spool, taken.id().message(), report);
                });
    }

    @Test
    void acceptIdIsKnownAfterACrashEvenBehindTheEnd() throws InterruptedException {
        List<SpoolId> ids = new ArrayList<>();
        untilCrash(spool -> ids.add(accept(spool, "key", octets(1, 10), "a@x.example")));
        untilCrash(
                spool -> {
                    assertThat(spool.accept(acceptance(spool, "key", octets(2, 9), "a@x.example")))
                            .isEqualTo(new AcceptResult.Accepted(ids.getFirst(), true));
                    assertThat(spool.admin().messageCount()).isEqualTo(1);
                    assertContent(spool, ids.getFirst(), octets(1, 10));
                    settle(spool, done(take(spool).getFirst()));
                });
        untilClosed(
                spool ->
                        assertThat(
                                        spool.accept(
                                                acceptance(
                                                        spool, "key", octets(3, 9), "a@x.example")))
                                .isEqualTo(new AcceptResult.Accepted(ids.getFirst(), true)));
    }

    @Test
    void backlogComesInTheOrderOfIdsAfterACrash() throws InterruptedException {
        List<SpoolId> ids = new ArrayList<>();
        untilCrash(
                spool -> {
                    for (int i = 0; i < 20; i++) {
                        ids.add(accept(spool, "", octets(i, 700), "a@x.example"));
                    }
                    List<QueuedDelivery> taken = take(spool);
                    settle(spool, done(taken.get(11)), done(taken.get(4)));
                    ids.removeAll(List.of(ids.get(11), ids.get(4)));
                });
        untilClosed(
                spool -> {
                    List<SpoolId> taken = new ArrayList<>();
                    for (List<QueuedDelivery> some = spool.take(7, NOW);
                            !some.isEmpty();
                            some = spool.take(7, NOW)) {
                        some.forEach(delivery -> taken.add(delivery.id().message()));
                    }
                    assertThat(taken).isEqualTo(ids);
                    assertThat(accept(spool, "", octets(1, 1), "a@x.example"))
                            .isGreaterThan(ids.getLast());
                });
    }

    @Test
    void nothingIsSettledUnderAnOldEpoch() throws InterruptedException {
        List<QueuedDelivery> old = new ArrayList<>();
        untilCrash(
                spool -> {
                    accept(spool, "", octets(1, 10), "a@x.example");
                    accept(spool, "", octets(2, 10), "a@x.example");
                    old.addAll(take(spool));
                });
        untilCrash(
                spool -> {
                    List<QueuedDelivery> now = take(spool);
                    assertThat(now).extracting(QueuedDelivery::id).isEqualTo(idsOf(old));
                    assertThat(now.get(0).epoch()).isGreaterThan(old.get(0).epoch());
                    refuse(spool, done(old.get(0)));
                    refuse(spool, deferred(old.get(0), List.of(0), LATER));
                    refuse(spool, done(now.get(1)), done(old.get(0)));
                    refuse(
                            spool,
                            done(
                                    old.get(0),
                                    acceptance(spool, "", octets(3, 10), "s@client.example")));
                });
        untilClosed(
                spool -> {
                    List<QueuedDelivery> now = take(spool);
                    assertThat(now).extracting(QueuedDelivery::id).isEqualTo(idsOf(old));
                    assertThat(now).extracting(QueuedDelivery::attempts).containsOnly(0);
                    settle(spool, done(now.get(0)), done(now.get(1)));
                });
    }

    private static List<DeliveryId> idsOf(List<QueuedDelivery> deliveries) {
        return deliveries.stream().map(QueuedDelivery::id).toList();
    }

    private static void refuse(Spool spool, Settlement... settlements) {
        assertThatThrownBy(() -> spool.settle(List.of(settlements)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(spool.admin().messageCount()).isEqualTo(2);
    }

    @Test
    void whatWasGivenOutOrGivenBackIsGivenToTheNextOwner() throws InterruptedException {
        List<QueuedDelivery> before = new ArrayList<>();
        untilCrash(
                spool -> {
                    accept(spool, "", octets(1, 10), "a@x.example", "b@y.example", "c@z.example");
                    before.addAll(take(spool));
                    spool.giveBack(before.get(1).id(), LATER);
                    spool.giveBack(before.get(2).id(), Instant.EPOCH);
                });
        untilClosed(
                spool ->
                        assertThat(take(spool))
                                .extracting(QueuedDelivery::id)
                                .isEqualTo(idsOf(before)));
    }

    @Test
    void contentIsReadableUntilTheLastDeliveryIsSettledWhoeverOwnsIt() throws InterruptedException {
        for (int size : new int[] {3000, 400_000}) {
            List<SpoolId> ids = new ArrayList<>();
            byte[] body = octets(size, size);
            untilCrash(
                    spool -> {
                        ids.add(accept(spool, "", body, "a@x.example", "b@y.example"));
                        settle(spool, done(take(spool).getFirst()));
                    });
            untilCrash(
                    spool -> {
                        assertContent(spool, ids.getFirst(), body);
                        settle(spool, done(take(spool).getFirst()));
                    });
            untilClosed(
                    spool ->
                            assertThatThrownBy(() -> spool.content(ids.getFirst()))
                                    .isInstanceOf(NoSuchElementException.class));
        }
    }

    @Test
    void newOwnerFindsWhatIsNotDoneUnderANewEpoch() throws InterruptedException {
        byte[] body = octets(1, 150_000);
        List<SpoolId> kept = new ArrayList<>();
        List<QueuedDelivery> taken = new ArrayList<>();
        untilClosed(
                spool -> {
                    kept.add(
                            accept(
                                    spool,
                                    "key",
                                    body,
                                    "a@x.example",
                                    "b@x.example",
                                    "c@y.example"));
                    accept(spool, "", octets(2, 10), "a@x.example");
                    taken.addAll(take(spool));
                    settle(spool, someDeferral(taken.get(0)), done(taken.get(2)));
                });
        untilClosed(
                spool -> {
                    List<QueuedDelivery> again = take(spool);
                    assertThat(idsOf(again)).isSortedAccordingTo(ORDER).hasSize(2);
                    assertThat(spool.delivery(again.get(0).id()).progress())
                            .isEqualTo(someDeferral(taken.get(0)).progress());
                    assertThat(spool.delivery(again.get(0).id()).openRecipients())
                            .containsExactly(1);
                    assertThat(spool.delivery(again.get(1).id()).openRecipients())
                            .containsExactly(2);
                    assertThat(again.get(0).epoch()).isGreaterThan(taken.get(0).epoch());
                    assertContent(spool, kept.getFirst(), body);
                    assertThat(spool.accept(acceptance(spool, "key", octets(9, 9), "a@x.example")))
                            .isEqualTo(new AcceptResult.Accepted(kept.getFirst(), true));
                    assertThatThrownBy(() -> spool.settle(List.of(done(taken.get(0)))))
                            .isInstanceOf(IllegalStateException.class);
                    assertThat(accept(spool, "", octets(4, 4), "a@x.example"))
                            .isGreaterThan(kept.getFirst());
                });
    }

    private static Settlement someDeferral(QueuedDelivery delivery) {
        return deferred(delivery, List.of(1), Instant.ofEpochSecond(5, 6));
    }

    @Test
    void acceptsAllOrNothingWheneverItsOwnerDies() throws InterruptedException {
        atEveryCrash(CrashStories.Accepting::new);
    }

    @Test
    void settlesAllOrNothingWheneverItsOwnerDies() throws InterruptedException {
        atEveryCrash(CrashStories.Settling::new);
    }

    @Test
    void replacesAllOrNothingWheneverItsOwnerDies() throws InterruptedException {
        atEveryCrash(CrashStories.Replacing::new);
    }
}
