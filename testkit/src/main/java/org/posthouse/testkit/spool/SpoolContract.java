package org.posthouse.testkit.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.posthouse.testkit.spool.Samples.acceptance;
import static org.posthouse.testkit.spool.Samples.deferred;
import static org.posthouse.testkit.spool.Samples.done;
import static org.posthouse.testkit.spool.Samples.octets;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.posthouse.core.BodyType;
import org.posthouse.core.Content;
import org.posthouse.core.ContentSink;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.Disposition;
import org.posthouse.core.Envelope;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Ret;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.Deadline;
import org.posthouse.spool.AcceptResult;
import org.posthouse.spool.Acceptance;
import org.posthouse.spool.Progress;
import org.posthouse.spool.QueuedDelivery;
import org.posthouse.spool.Settlement;
import org.posthouse.spool.Spool;
import org.posthouse.spool.StoredDelivery;
import org.posthouse.spool.StoredMessage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * What every {@link Spool} keeps from its opening to its close, as tests: extend it for another
 * implementation and say how one is opened. A spool that is durable has {@link
 * SpoolRestartContract} to keep as well.
 *
 * @since 0.1
 */
public abstract class SpoolContract {
    /** A deadline that has passed: take what is there. */
    private static final Deadline NOW = new Deadline(Long.MIN_VALUE / 2);

    private static final Instant LATER = Instant.parse("2199-01-01T00:00:00Z");

    private static final DeliveryId START = new DeliveryId(new SpoolId(1), 0);

    private Spool spool;

    /** For implementations. */
    protected SpoolContract() {}

    /** A fresh and empty spool; each test gets its own and closes it. */
    protected abstract Spool open();

    @BeforeEach
    void openSpool() {
        spool = open();
    }

    @AfterEach
    void closeSpool() {
        spool.close();
    }

    private SpoolId accept(String acceptId, byte[] body, String... recipients) {
        AcceptResult result = spool.accept(acceptance(spool, acceptId, body, recipients));
        return ((AcceptResult.Accepted) result).id();
    }

    private List<QueuedDelivery> take() throws InterruptedException {
        return spool.take(1000, NOW);
    }

    @Test
    void keepsEnvelopeAndContent() {
        byte[] body = octets(1, 5000);
        Acceptance acceptance = acceptance(spool, "", body, "a@x.example", "b@y.example");
        SpoolId id = ((AcceptResult.Accepted) spool.accept(acceptance)).id();
        StoredMessage message = spool.message(id);
        assertThat(message.envelope()).isEqualTo(acceptance.envelope());
        assertThat(message.origin()).isEqualTo(acceptance.origin());
        assertThat(message.dispositions()).isEqualTo(acceptance.dispositions());
        assertThat(message.octets()).isEqualTo(Samples.withPrefix(body).length);
        assertThat(Samples.read(spool.content(id))).isEqualTo(Samples.withPrefix(body));
    }

    @Test
    void contentIsReadBeforeItIsAccepted() throws Exception {
        for (int length :
                new int[] {0, 10, 1 << 16, (1 << 16) + 1, 1 << 18, (1 << 18) + 1, 700_001}) {
            byte[] body = octets(length, length);
            ContentSink sink = Samples.filled(spool, body);
            Content written = sink.written();
            assertThat(written.octets()).isEqualTo(length);
            assertThat(written.stream().readAllBytes()).isEqualTo(body);
            var middle = new byte[3];
            int count = written.read(length / 2, middle, 0, middle.length);
            assertThat(count).isEqualTo(length == 0 ? -1 : middle.length);
            for (int i = 0; i < count; i++) {
                assertThat(middle[i]).isEqualTo(body[length / 2 + i]);
            }
            assertThatThrownBy(() -> sink.write(body, 0, 0))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(sink.written().stream().readAllBytes()).as("once more").isEqualTo(body);
            AcceptResult result = spool.accept(acceptance("", sink, "a@x.example"));
            SpoolId id = ((AcceptResult.Accepted) result).id();
            assertThat(Samples.read(spool.content(id))).isEqualTo(Samples.withPrefix(body));
            assertThatThrownBy(sink::written).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void keepsEveryOptionOfMail() {
        for (boolean smtpUtf8 : new boolean[] {false, true}) {
            for (boolean requireTls : new boolean[] {false, true}) {
                for (Ret ret : Ret.values()) {
                    var options =
                            new MailOptions(
                                    5,
                                    BodyType.EIGHT_BIT_MIME,
                                    smtpUtf8,
                                    ret,
                                    "Q",
                                    "<>",
                                    requireTls,
                                    List.of(Ret.values()).indexOf(ret) * 9 - 9,
                                    !requireTls && ret == Ret.FULL);
                    Acceptance plain = acceptance(spool, "", octets(1, 10), "a@x.example");
                    var envelope =
                            new Envelope(
                                    plain.envelope().reversePath(),
                                    options,
                                    plain.envelope().recipients());
                    Acceptance acceptance =
                            new Acceptance(
                                    "",
                                    plain.origin(),
                                    envelope,
                                    plain.dispositions(),
                                    plain.prefix(),
                                    plain.content(),
                                    plain.notBefore());
                    SpoolId id = ((AcceptResult.Accepted) spool.accept(acceptance)).id();
                    assertThat(spool.message(id).envelope()).isEqualTo(envelope);
                }
            }
        }
    }

    @Test
    void keepsContentOfEverySizeAroundTheChunkBorders() {
        for (int size : new int[] {0, 1, 4095, 4096, 4097, 65535, 65536, 65537, 131072, 300_001}) {
            byte[] body = octets(size, size);
            SpoolId id = accept("", body, "a@x.example");
            assertThat(spool.content(id).octets()).isEqualTo(Samples.withPrefix(body).length);
            assertThat(Samples.read(spool.content(id)))
                    .as("size %s", size)
                    .isEqualTo(Samples.withPrefix(body));
        }
    }

    @Test
    void keepsContentOfEverySizeAroundTheBordersOfLargeContent() {
        for (int size : new int[] {262_143, 262_144, 262_145, 327_680, 524_287, 524_289, 900_000}) {
            byte[] body = octets(size, size);
            SpoolId id = accept("", body, "a@x.example");
            assertThat(spool.content(id).octets()).isEqualTo(Samples.withPrefix(body).length);
            assertThat(Samples.read(spool.content(id)))
                    .as("size %s", size)
                    .isEqualTo(Samples.withPrefix(body));
        }
    }

    @Test
    void largeContentMayArriveInAnyPieces() {
        byte[] body = octets(5, 600_000);
        for (int piece : new int[] {1, 4_096, 65_535, 65_536, 262_144, 600_000}) {
            ContentSink sink = spool.openContent();
            for (int at = 0; at < body.length; at += piece) {
                sink.write(body, at, Math.min(piece, body.length - at));
            }
            assertThat(sink.octets()).isEqualTo(body.length);
            Acceptance message = Samples.acceptance("", sink, "a@x.example");
            SpoolId id = ((AcceptResult.Accepted) spool.accept(message)).id();
            assertThat(Samples.read(spool.content(id)))
                    .as("pieces of %s", piece)
                    .isEqualTo(Samples.withPrefix(body));
        }
    }

    @Test
    void readsContentAtAnyPosition() {
        byte[] body = octets(7, 200_000);
        byte[] whole = Samples.withPrefix(body);
        SpoolId id = accept("", body, "a@x.example");
        try (Content content = spool.content(id)) {
            var one = new byte[1];
            for (int position = whole.length - 1; position >= 0; position -= 997) {
                assertThat(content.read(position, one, 0, 1)).isEqualTo(1);
                assertThat(one[0]).isEqualTo(whole[position]);
            }
            assertThat(content.read(whole.length, one, 0, 1)).isEqualTo(-1);
        }
    }

    @Test
    void idsRise() {
        List<SpoolId> ids = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            ids.add(accept("", octets(i, 10), "a@x.example"));
        }
        assertThat(ids).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void groupsRecipientsByDomainKindAndFixedNextHop() throws InterruptedException {
        Envelope envelope =
                Samples.envelope(
                        "a@x.example",
                        "b@y.example",
                        "c@x.example",
                        "d@x.example",
                        "e@x.example",
                        "f@x.example");
        Disposition fixed = new Disposition.Relayed("rule", "hub.example:25");
        List<Disposition> dispositions =
                List.of(
                        Samples.RELAYED,
                        Samples.RELAYED,
                        Samples.RELAYED,
                        Disposition.LOCAL,
                        fixed,
                        new Disposition.Relayed("other", ""));
        spool.accept(
                new Acceptance(
                        "",
                        Samples.ORIGIN,
                        envelope,
                        dispositions,
                        new byte[0],
                        Samples.filled(spool, octets(1, 9)),
                        Instant.EPOCH));
        List<QueuedDelivery> taken = take();
        assertThat(taken)
                .extracting(QueuedDelivery::domain)
                .containsExactly("x.example", "y.example", "x.example", "x.example");
        assertThat(taken)
                .extracting(d -> spool.delivery(d.id()).openRecipients())
                .containsExactly(List.of(0, 2, 5), List.of(1), List.of(3), List.of(4));
        assertThat(taken)
                .extracting(QueuedDelivery::local)
                .containsExactly(false, false, true, false);
        assertThat(spool.delivery(taken.get(3).id()).progress().via()).isEqualTo("hub.example:25");
        assertThat(taken)
                .extracting(QueuedDelivery::fixedHop)
                .containsExactly(false, false, false, true);
        assertThat(taken).extracting(d -> d.id().number()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void givesEachDeliveryOnceInTheOrderOfIds() throws InterruptedException {
        List<SpoolId> ids = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ids.add(accept("", octets(i, 10), "a@x.example"));
        }
        List<SpoolId> taken = new ArrayList<>();
        for (List<QueuedDelivery> some = spool.take(7, NOW);
                !some.isEmpty();
                some = spool.take(7, NOW)) {
            assertThat(some).hasSizeLessThanOrEqualTo(7);
            some.forEach(delivery -> taken.add(delivery.id().message()));
        }
        assertThat(taken).isEqualTo(ids);
    }

    @Test
    void sameAcceptIdStoresOnceEvenBehindTheEnd() throws InterruptedException {
        SpoolId first = accept("key", octets(1, 10), "a@x.example");
        AcceptResult again = spool.accept(acceptance(spool, "key", octets(2, 10), "a@x.example"));
        assertThat(again).isEqualTo(new AcceptResult.Accepted(first, true));
        List<QueuedDelivery> taken = take();
        assertThat(taken).hasSize(1);
        spool.settle(List.of(done(taken.getFirst())));
        AcceptResult late = spool.accept(acceptance(spool, "key", octets(3, 10), "a@x.example"));
        assertThat(late).isEqualTo(new AcceptResult.Accepted(first, true));
        assertThat(spool.admin().messageCount()).isZero();
    }

    @Test
    void notBeforeIsTheFirstDue() throws InterruptedException {
        Acceptance now = acceptance(spool, "", octets(1, 10), "a@x.example");
        spool.accept(
                new Acceptance(
                        "",
                        now.origin(),
                        now.envelope(),
                        now.dispositions(),
                        now.prefix(),
                        now.content(),
                        LATER));
        assertThat(take()).isEmpty();
        QueuedDelivery waiting = spool.admin().list(START, 1).getFirst();
        assertThat(waiting.nextDueAt()).isEqualTo(LATER);
        assertThat(spool.delivery(waiting.id()).progress()).isEqualTo(Progress.fresh(LATER));
    }

    @Test
    void settledMessageIsGone() throws InterruptedException {
        SpoolId id = accept("", octets(1, 10), "a@x.example", "b@y.example");
        List<QueuedDelivery> taken = take();
        assertThat(spool.settle(List.of(done(taken.get(0))))).isTrue();
        assertThat(spool.contains(taken.get(0).id())).isFalse();
        assertThat(spool.contains(taken.get(1).id())).isTrue();
        assertThat(spool.message(id).id()).isEqualTo(id);
        assertThat(spool.settle(List.of(done(taken.get(1))))).isTrue();
        assertThatThrownBy(() -> spool.message(id)).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> spool.content(id)).isInstanceOf(NoSuchElementException.class);
        assertThat(spool.admin().messageCount()).isZero();
        assertThat(spool.admin().deliveryCount()).isZero();
    }

    @Test
    void contentStaysReadableUntilClosed() throws InterruptedException {
        for (int size : new int[] {3000, 250_000}) {
            byte[] body = octets(size, size);
            Content content = spool.content(accept("", body, "a@x.example"));
            spool.settle(List.of(done(take().getFirst())));
            for (int i = 0; i < 20; i++) {
                accept("", octets(i, 50_000), "a@x.example");
            }
            for (QueuedDelivery other : take()) {
                spool.settle(List.of(done(other)));
            }
            assertThat(Samples.read(content)).isEqualTo(Samples.withPrefix(body));
        }
    }

    @Test
    void deferralKeepsProgressAndOpenRecipients() throws InterruptedException {
        accept("", octets(1, 10), "a@x.example", "b@x.example", "c@x.example");
        QueuedDelivery taken = take().getFirst();
        Settlement deferred = deferred(taken, List.of(0, 2), Instant.parse("2026-12-01T00:00:00Z"));
        assertThat(spool.settle(List.of(deferred))).isTrue();
        StoredDelivery found = spool.delivery(taken.id());
        assertThat(found.openRecipients()).containsExactly(0, 2);
        assertThat(found.progress()).isEqualTo(deferred.progress());
        assertThat(take()).as("nothing is given twice").isEmpty();
    }

    @Test
    void anArrivalThatWasClaimedAndGivenBackIsGivenOnce() throws InterruptedException {
        for (int i = 0; i < 4; i++) {
            accept("", octets(i, 10), "a@x.example");
            DeliveryId id = spool.admin().list(START, 1).getFirst().id();
            assertThat(spool.claim(id)).isPresent();
            assertThat(spool.claim(id)).isEmpty();
            spool.giveBack(id, Instant.EPOCH);
            List<QueuedDelivery> taken = take();
            assertThat(taken).extracting(QueuedDelivery::id).containsExactly(id);
            assertThat(take()).isEmpty();
            spool.settle(List.of(done(taken.getFirst())));
        }
    }

    @Test
    void aNextHopChosenForTheNextAttemptShows() throws InterruptedException {
        accept("", octets(1, 10), "a@x.example");
        QueuedDelivery taken = take().getFirst();
        for (String via : List.of("hub.example:25", "")) {
            Progress progress =
                    new Progress(1, Instant.EPOCH, Instant.MAX, false, false, "450 later", via);
            Settlement deferral =
                    new Settlement(taken.id(), taken.epoch(), List.of(0), progress, List.of());
            assertThat(spool.settle(List.of(deferral))).isTrue();
            assertThat(spool.admin().find(taken.id()).orElseThrow().fixedHop())
                    .isEqualTo(!via.isEmpty());
        }
    }

    @Test
    void refusesASettledDeliveryAnOldEpochAndAClosedRecipient() throws InterruptedException {
        accept("", octets(1, 10), "a@x.example", "b@x.example");
        QueuedDelivery taken = take().getFirst();
        Settlement old =
                new Settlement(
                        taken.id(),
                        taken.epoch() - 1,
                        List.of(),
                        Progress.fresh(Instant.EPOCH),
                        List.of());
        assertThatThrownBy(() -> spool.settle(List.of(old)))
                .isInstanceOf(IllegalStateException.class);
        spool.settle(List.of(deferred(taken, List.of(1), Instant.EPOCH)));
        assertThatThrownBy(
                        () -> spool.settle(List.of(deferred(taken, List.of(0, 1), Instant.EPOCH))))
                .isInstanceOf(IllegalStateException.class);
        spool.settle(List.of(done(taken)));
        assertThatThrownBy(() -> spool.settle(List.of(done(taken))))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusedListChangesNothing() throws InterruptedException {
        accept("", octets(1, 10), "a@x.example");
        accept("", octets(2, 10), "a@x.example");
        List<QueuedDelivery> taken = take();
        QueuedDelivery one = taken.get(0);
        assertThatThrownBy(() -> spool.settle(List.of(done(taken.get(1)), done(one), done(one))))
                .isInstanceOf(IllegalStateException.class);
        assertThat(spool.admin().deliveryCount()).isEqualTo(2);
        assertThat(spool.settle(List.of(done(one), done(taken.get(1))))).isTrue();
    }

    @Test
    void reportComesInTheSameCommit() throws InterruptedException {
        accept("", octets(1, 10), "a@x.example");
        QueuedDelivery taken = take().getFirst();
        byte[] report = octets(5, 100_000);
        Acceptance insert = acceptance(spool, "", report, "sender@client.example");
        assertThat(spool.settle(List.of(done(taken, insert)))).isTrue();
        assertThat(spool.contains(taken.id())).isFalse();
        QueuedDelivery reported = take().getFirst();
        assertThat(reported.domain()).isEqualTo("client.example");
        assertThat(Samples.read(spool.content(reported.id().message())))
                .isEqualTo(Samples.withPrefix(report));
    }

    @Test
    void listsInTheOrderOfIdsAfterAGivenOne() {
        for (int i = 0; i < 10; i++) {
            accept("", octets(i, 10), "a@x.example", "b@y.example");
        }
        List<QueuedDelivery> all = spool.admin().list(START, 100);
        assertThat(all).hasSize(20);
        assertThat(spool.admin().list(START, 3)).isEqualTo(all.subList(0, 3));
        assertThat(spool.admin().list(all.get(2).id(), 3)).isEqualTo(all.subList(3, 6));
        assertThat(spool.admin().deliveriesOf(all.get(0).id().message()))
                .isEqualTo(all.subList(0, 2));
    }

    @Test
    void discardedContentLeavesNothing() {
        ContentSink sink = spool.openContent();
        sink.write(octets(1, 200_000), 0, 200_000);
        sink.discard();
        sink.discard();
        assertThat(spool.admin().messageCount()).isZero();
    }

    @Test
    void usedUpContentIsRefused() {
        Acceptance acceptance = acceptance(spool, "", octets(1, 10), "a@x.example");
        spool.accept(acceptance);
        assertThatThrownBy(() -> spool.accept(acceptance))
                .isInstanceOf(IllegalStateException.class);
        acceptance.content().discard();
        assertThat(spool.admin().messageCount()).isEqualTo(1);
    }

    @Test
    void closedSpoolTakesNothingAndGivesNothing() throws InterruptedException {
        Acceptance acceptance = acceptance(spool, "", octets(1, 10), "a@x.example");
        accept("", octets(1, 10), "a@x.example");
        spool.close();
        assertThat(spool.accept(acceptance)).isInstanceOf(AcceptResult.Unavailable.class);
        assertThat(spool.take(1, Deadline.NEVER)).isEmpty();
    }

    @Test
    void contentIsReadableUntilTheLastDeliveryIsSettled() throws InterruptedException {
        for (int size : new int[] {3000, 400_000}) {
            byte[] body = octets(size, size);
            SpoolId id = accept("", body, "a@x.example", "b@y.example", "c@z.example");
            for (QueuedDelivery taken : take()) {
                assertThat(Samples.read(spool.content(id))).isEqualTo(Samples.withPrefix(body));
                assertThat(spool.settle(List.of(done(taken)))).isTrue();
            }
            assertThatThrownBy(() -> spool.content(id)).isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void refusedSettlementStoresNoReport() throws InterruptedException {
        accept("", octets(1, 10), "a@x.example");
        QueuedDelivery taken = take().getFirst();
        Settlement deferral = deferred(taken, List.of(0), Instant.EPOCH);
        Settlement old =
                new Settlement(
                        taken.id(),
                        taken.epoch() - 1,
                        List.of(),
                        deferral.progress(),
                        List.of(acceptance(spool, "", octets(2, 10), "sender@client.example")));
        assertThatThrownBy(() -> spool.settle(List.of(old)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> spool.settle(List.of(deferral, old)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(spool.admin().messageCount()).isEqualTo(1);
        assertThat(spool.delivery(taken.id()).progress().attempts()).isZero();
        assertThat(take()).isEmpty();
        assertThat(spool.settle(List.of(done(taken)))).isTrue();
    }

    @Test
    void refusesADeliveryThatIsNotGivenOut() throws InterruptedException {
        accept("", octets(1, 10), "a@x.example");
        QueuedDelivery listed = spool.admin().list(START, 1).getFirst();
        assertThatThrownBy(() -> spool.settle(List.of(done(listed))))
                .isInstanceOf(IllegalStateException.class);
        QueuedDelivery taken = take().getFirst();
        spool.giveBack(taken.id(), Instant.EPOCH);
        assertThatThrownBy(() -> spool.settle(List.of(done(taken))))
                .isInstanceOf(IllegalStateException.class);
        assertThat(take()).containsExactly(taken);
        assertThat(spool.settle(List.of(done(taken)))).isTrue();
    }

    @Test
    void whatIsGivenBackComesAgainAtItsInstant() throws InterruptedException {
        accept("", octets(1, 10), "a@x.example");
        accept("", octets(2, 10), "a@x.example");
        List<QueuedDelivery> taken = take();
        spool.giveBack(taken.get(0).id(), LATER);
        spool.giveBack(taken.get(1).id(), Instant.EPOCH);
        assertThat(take()).containsExactly(taken.get(1));
        assertThat(spool.claim(taken.get(0).id())).contains(taken.get(0));
        spool.giveBack(taken.get(0).id(), Instant.EPOCH);
        assertThat(take()).containsExactly(taken.get(0));
    }

    @Test
    void deferredDeliveryThatIsGivenBackComesAgainWithItsState() throws InterruptedException {
        accept("", octets(1, 10), "a@x.example", "b@x.example");
        QueuedDelivery taken = take().getFirst();
        Settlement deferral = deferred(taken, List.of(1), LATER);
        assertThat(spool.settle(List.of(deferral))).isTrue();
        spool.giveBack(taken.id(), LATER);
        assertThat(take()).isEmpty();
        QueuedDelivery claimed = spool.claim(taken.id()).orElseThrow();
        assertThat(claimed.attempts()).isEqualTo(1);
        assertThat(claimed.nextDueAt()).isEqualTo(LATER);
        spool.giveBack(taken.id(), Instant.EPOCH);
        assertThat(take()).containsExactly(claimed);
    }

    @Test
    void heldDeliveryIsClaimedButNotTaken() throws InterruptedException {
        accept("", octets(1, 10), "a@x.example");
        QueuedDelivery taken = take().getFirst();
        Settlement deferral = deferred(taken, List.of(0), Instant.EPOCH);
        assertThat(spool.settle(List.of(Samples.held(deferral, true)))).isTrue();
        spool.giveBack(taken.id(), Instant.EPOCH);
        assertThat(take()).isEmpty();
        assertThat(spool.admin().heldCount()).isEqualTo(1);
        assertThat(spool.claim(taken.id()).orElseThrow().held()).isTrue();
        assertThat(spool.settle(List.of(Samples.held(deferral, false)))).isTrue();
        spool.giveBack(taken.id(), Instant.EPOCH);
        assertThat(take()).extracting(QueuedDelivery::id).containsExactly(taken.id());
        assertThat(spool.admin().heldCount()).isZero();
    }

    @Test
    void whatIsDoneIsNeitherClaimedNorGivenBack() throws InterruptedException {
        accept("", octets(1, 10), "a@x.example");
        QueuedDelivery taken = take().getFirst();
        assertThat(spool.settle(List.of(done(taken)))).isTrue();
        spool.giveBack(taken.id(), Instant.EPOCH);
        assertThat(spool.claim(taken.id())).isEmpty();
        assertThat(take()).isEmpty();
        assertThat(spool.admin().deliveryCount()).isZero();
    }
}
