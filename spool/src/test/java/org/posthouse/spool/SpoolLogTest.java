package org.posthouse.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.posthouse.spool.Samples.acceptance;
import static org.posthouse.spool.Samples.done;
import static org.posthouse.spool.Samples.octets;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.posthouse.core.Content;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.DiskFile;
import org.posthouse.platform.Threads;
import org.posthouse.sim.SimDiskFailure;
import org.posthouse.sim.SimDiskOperation;
import org.posthouse.sim.SimPlatform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

@ExtendWith(InSimulation.class)
class SpoolLogTest extends OpenSpool implements InSimulation.World {
    static final Path DIRECTORY = Path.of("/spool");

    /** Small, so that segments roll over, and with nothing in memory that could hide the disk. */
    static final SpoolSettings SMALL =
            new SpoolSettings(512 << 10, 64 << 10, 64 << 10, 1 << 20, 8 << 10, 2, 1, 1 << 20)
                    .withCheckpointOctets(300 << 10);

    private final SimPlatform platform = new SimPlatform(1);

    @Override
    public SimPlatform platform() {
        return platform;
    }

    @Override
    Spool open() {
        return SpoolLog.open(platform, DIRECTORY, SMALL);
    }

    private long segments() throws IOException {
        return files("segment-");
    }

    private long files(String prefix) throws IOException {
        return platform.disk().list(DIRECTORY).stream().filter(n -> n.startsWith(prefix)).count();
    }

    private void settleAll() throws InterruptedException {
        for (QueuedDelivery delivery : take()) {
            assertThat(spool.settle(List.of(done(delivery)))).isTrue();
        }
    }

    @Test
    void secondProcessIsTurnedAwayByName() {
        assertThatThrownBy(this::open)
                .isInstanceOfSatisfying(
                        SpoolException.class,
                        e -> assertThat(e.code()).isEqualTo(SpoolException.IN_USE))
                .hasMessageContaining("in use")
                .hasMessageContaining("process");
    }

    @Test
    void aMessageToManyIsReadBackOnceForAllItsDeliveries() throws Exception {
        String[] to = new String[40];
        Arrays.setAll(to, i -> "r@d" + i + ".example");
        byte[] body = octets(5, 100_000);
        SpoolId id = accept("", body, to);
        spool = reopen(spool);
        StoredMessage message = spool.message(id);
        assertThat(message.envelope().recipients()).hasSize(40);
        for (QueuedDelivery each : take()) {
            assertThat(spool.message(id)).isSameAs(message);
            assertThat(spool.delivery(each.id()).openRecipients())
                    .containsExactly(each.id().number());
        }
        assertThat(Samples.read(spool.content(id))).isEqualTo(Samples.withPrefix(body));
    }

    @Test
    void aDeliveryHasAtMostAThousandRecipients() throws Exception {
        String[] to = new String[2500];
        Arrays.setAll(to, i -> "r" + i + "@" + (i == 1 ? "b" : "a") + ".example");
        SpoolId id = accept("", octets(5, 10), to);
        for (int round = 0; round < 2; round++) {
            List<QueuedDelivery> taken = take();
            assertThat(taken)
                    .extracting(each -> spool.delivery(each.id()).openRecipients().size())
                    .containsExactly(1000, 1000, 499, 1);
            assertThat(taken)
                    .extracting(QueuedDelivery::domain)
                    .containsExactly("a.example", "a.example", "a.example", "b.example");
            spool = reopen(spool);
        }
        assertThat(spool.admin().deliveriesOf(id)).hasSize(4);
    }

    @Test
    void newerFormatIsRefused() throws IOException {
        spool.close();
        Path file = DIRECTORY.resolve("segment-00000001");
        byte[] before = platform.disk().contents(file);
        for (int slot = 0; slot < 2; slot++) {
            ByteBuffer header = ByteBuffer.allocate(SegmentHeader.OCTETS);
            int at = slot * SegmentHeader.SLOT_DISTANCE;
            header.put(before, at, SegmentHeader.OCTETS).putInt(8, SegmentHeader.VERSION + 1);
            var crc = new CRC32C();
            crc.update(header.array(), 0, 76);
            crc.update(ByteBuffer.allocate(8).putLong(0, at));
            header.putInt(76, (int) crc.getValue());
            write(file, header.array(), at);
        }
        assertThatThrownBy(this::open)
                .isInstanceOfSatisfying(
                        SpoolException.class,
                        e -> assertThat(e.code()).isEqualTo(SpoolException.NEWER_FORMAT))
                .hasMessageContaining("version " + (SegmentHeader.VERSION + 1));
        for (int slot = 0; slot < 2; slot++) {
            int at = slot * SegmentHeader.SLOT_DISTANCE;
            write(file, Arrays.copyOfRange(before, at, at + 80), at);
        }
        spool = open();
    }

    private void write(Path file, byte[] octets, long position) throws IOException {
        try (DiskFile open = platform.disk().open(file)) {
            open.write(ByteBuffer.wrap(octets), position);
            open.force();
        }
    }

    @Test
    void segmentsAreUsedAgain() throws Exception {
        for (int i = 0; i < 300; i++) {
            accept("", octets(i, 20_000), "a@x.example");
            settleAll();
        }
        assertThat(segments()).isLessThanOrEqualTo(5);
    }

    @Test
    void abortedContentIsReclaimed() throws Exception {
        for (int i = 0; i < 100; i++) {
            var sink = spool.openContent();
            byte[] much = octets(i, 300_000);
            sink.write(much, 0, much.length);
            sink.discard();
            accept("", octets(i, 10), "a@x.example");
            settleAll();
        }
        platform.settle();
        assertThat(segments()).isLessThanOrEqualTo(5);
        assertThat(files("bulk-")).isLessThanOrEqualTo(1);
    }

    @Test
    void contentOfManySegmentsKeepsMemoryFlat() throws Exception {
        byte[] body = octets(3, 3_000_000);
        SpoolId id = accept("", body, "a@x.example");
        assertThat(Samples.read(spool.content(id))).isEqualTo(Samples.withPrefix(body));
        spool = reopen(spool);
        assertThat(Samples.read(spool.content(id))).isEqualTo(Samples.withPrefix(body));
        settleAll();
        accept("", octets(1, 1), "a@x.example");
        platform.settle();
        assertThat(segments()).isLessThanOrEqualTo(4);
        assertThat(files("bulk-")).isZero();
    }

    /**
     * Content of a settled message goes with its segments, before the segment of its accept record:
     * a start then took that for damage, and kept the segment for ever.
     */
    @Test
    void settledMessageWithoutItsContentIsNoDamage() throws Exception {
        for (int i = 0; i < 10; i++) {
            SpoolId large = accept("", octets(i, 900_000), "a@x.example");
            SpoolId small = accept("", octets(i, 10), "b@x.example");
            for (QueuedDelivery delivery : take()) {
                if (delivery.id().message().equals(large)) {
                    assertThat(spool.settle(List.of(done(delivery)))).isTrue();
                }
            }
            accept("", octets(i, 10), "c@x.example");
            spool = reopen(spool);
            assertThat(spool.admin().messageCount()).isEqualTo(2);
            assertThat(spool.contains(new DeliveryId(small, 0))).isTrue();
            spool = reopen(spool);
            settleAll();
        }
        assertThat(segments()).isLessThanOrEqualTo(5);
    }

    @Test
    void openContentKeepsItsSegments() throws Exception {
        byte[] body = octets(3, 900_000);
        Content content = spool.content(accept("", body, "a@x.example"));
        settleAll();
        for (int i = 0; i < 200; i++) {
            accept("", octets(i, 30_000), "a@x.example");
            settleAll();
        }
        assertThat(Samples.read(content)).isEqualTo(Samples.withPrefix(body));
        for (int i = 0; i < 3; i++) {
            accept("", octets(i, 10), "a@x.example");
            settleAll();
        }
        assertThat(segments()).isLessThanOrEqualTo(5);
    }

    @Test
    void deferredMailDoesNotRiseFromItsOldState() throws Exception {
        accept("", octets(1, 100), "a@x.example", "b@x.example");
        QueuedDelivery old = take().getFirst();
        for (int i = 1; i <= 100; i++) {
            Settlement deferral =
                    Samples.deferred(
                            spool.admin().find(old.id()).orElseThrow(),
                            List.of(1),
                            platform.time().now().plusSeconds(i));
            assertThat(spool.settle(List.of(deferral))).isTrue();
            accept("", octets(i, 30_000), "c@y.example");
            settleAll();
        }
        spool = reopen(spool);
        StoredDelivery found = spool.delivery(old.id());
        assertThat(found.progress().attempts()).isEqualTo(100);
        assertThat(found.openRecipients()).containsExactly(1);
        assertThat(spool.admin().messageCount()).isEqualTo(1);
    }

    @Test
    void damagedChunkIsNeverServed() throws Exception {
        byte[] body = octets(1, 100_000);
        SpoolId id = accept("", body, "a@x.example");
        flip(body, 90_000);
        Content content = spool.content(id);
        assertThatThrownBy(() -> Samples.read(content)).isInstanceOf(UncheckedIOException.class);
        content.close();
        assertThat(spool.contains(take().getFirst().id())).isTrue();
    }

    /** Turns one octet of a body on the disk round. */
    private void flip(byte[] body, int at) throws IOException {
        for (String name : platform.disk().list(DIRECTORY)) {
            Path file = DIRECTORY.resolve(name);
            byte[] all = platform.disk().contents(file);
            for (int i = 0; i + 16 < all.length; i++) {
                if (Arrays.equals(all, i, i + 16, body, at, at + 16)) {
                    write(file, new byte[] {(byte) ~all[i]}, i);
                    return;
                }
            }
        }
        throw new AssertionError("not found");
    }

    @Test
    void damageInTheMiddleCostsOnlyWhatIsDamaged() throws Exception {
        spool.close();
        spool = SpoolLog.open(platform, DIRECTORY, SMALL.withCheckpointOctets(1L << 40));
        List<SpoolId> ids = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            ids.add(accept("", octets(i, 30_000), "a@x.example"));
        }
        spool.close();
        flip(octets(11, 30_000), 12_345);
        spool = open();
        assertThat(spool.admin().recovery().damagedFrames()).isEqualTo(1);
        assertThat(spool.admin().recovery().messagesSetAside()).isEqualTo(1);
        assertThat(spool.admin().heldCount()).isEqualTo(1);
        assertThat(take()).hasSize(29).noneMatch(d -> d.id().message().equals(ids.get(11)));
        for (int i = 0; i < 30; i++) {
            SpoolId id = ids.get(i);
            if (i == 11) {
                assertThat(spool.message(id).octets()).isGreaterThan(30_000);
                assertThatThrownBy(() -> Samples.read(spool.content(id)))
                        .isInstanceOf(UncheckedIOException.class);
            } else {
                assertThat(Samples.read(spool.content(id)))
                        .isEqualTo(Samples.withPrefix(octets(i, 30_000)));
            }
        }
        List<String> aside =
                platform.disk().list(DIRECTORY).stream()
                        .filter(name -> name.startsWith("quarantine-"))
                        .toList();
        assertThat(aside).hasSize(2).last().asString().endsWith(".txt");
        assertThat(platform.disk().contents(DIRECTORY.resolve(aside.getFirst())))
                .hasSize(Frame.octetsFor(30_000));
        assertThat(new String(platform.disk().contents(DIRECTORY.resolve(aside.getLast())), UTF_8))
                .contains("Content of message " + ids.get(11));
        spool = reopen(spool);
        assertThat(spool.admin().heldCount()).isEqualTo(1);
        assertThat(spool.admin().messageCount()).isEqualTo(30);
        assertThat(platform.disk().list(DIRECTORY)).containsAll(aside);
    }

    @Test
    void failedForceRefusesThePresentAndGoesOnElsewhere() throws Exception {
        SpoolId first = accept("", octets(1, 1000), "a@x.example");
        platform.disk().fail(SimDiskOperation.FORCE, 1, SimDiskFailure.INPUT_OUTPUT_ERROR);
        assertThat(spool.accept(acceptance(spool, "", octets(2, 1000), "a@x.example")))
                .isInstanceOf(AcceptResult.Unavailable.class);
        SpoolId third = accept("", octets(3, 1000), "a@x.example");
        spool = reopen(spool);
        assertThat(take()).extracting(d -> d.id().message()).containsExactly(first, third);
        assertThat(spool.admin().recovery().damagedFrames()).isZero();
    }

    @Test
    void failedForceLeavesOpenContentAlone() throws Exception {
        byte[] much = octets(1, 200_000);
        Acceptance open = acceptance(spool, "", much, "a@x.example");
        platform.disk().fail(SimDiskOperation.FORCE, 1, SimDiskFailure.INPUT_OUTPUT_ERROR);
        assertThat(spool.accept(acceptance(spool, "", octets(2, 1000), "a@x.example")))
                .isInstanceOf(AcceptResult.Unavailable.class);
        SpoolId id = ((AcceptResult.Accepted) spool.accept(open)).id();
        spool = reopen(spool);
        assertThat(Samples.read(spool.content(id))).isEqualTo(Samples.withPrefix(much));
    }

    @Test
    void settlementSurvivesAFailedForce() throws Exception {
        accept("", octets(1, 1000), "a@x.example");
        QueuedDelivery taken = take().getFirst();
        platform.disk().fail(SimDiskOperation.FORCE, 1, SimDiskFailure.INPUT_OUTPUT_ERROR);
        assertThat(spool.settle(List.of(done(taken)))).isTrue();
        spool = reopen(spool);
        assertThat(spool.admin().messageCount()).isZero();
    }

    @Test
    void settlementsTooLargeForOneCommitAreRefusedAndStoredInPieces() throws Exception {
        List<Settlement> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            accept("", octets(i, 100), "a@x.example");
            Acceptance report = acceptance(spool, "", octets(i, 100_000), "s@x.example");
            all.add(done(take().getFirst(), report));
        }
        assertThatThrownBy(() -> spool.settle(all))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("fewer deliveries at a time");
        assertThat(spool.admin().messageCount()).isEqualTo(8);
        assertThat(spool.settle(all.subList(0, 4))).isTrue();
        assertThat(spool.settle(all.subList(4, 8))).isTrue();
        spool = reopen(spool);
        List<QueuedDelivery> reports = take();
        assertThat(reports).hasSize(8);
        for (int i = 0; i < 8; i++) {
            assertThat(Samples.read(spool.content(reports.get(i).id().message())))
                    .isEqualTo(Samples.withPrefix(octets(i, 100_000)));
        }
    }

    @Test
    void deadDiskRefusesAndTheSpoolRecoversWithIt() throws Exception {
        accept("", octets(1, 1000), "a@x.example");
        QueuedDelivery taken = take().getFirst();
        platform.disk().failAll(SimDiskOperation.FORCE, SimDiskFailure.INPUT_OUTPUT_ERROR);
        for (int i = 0; i < 5; i++) {
            assertThat(spool.accept(acceptance(spool, "", octets(2, 9), "a@x.example")))
                    .isInstanceOf(AcceptResult.Unavailable.class);
            assertThat(spool.settle(List.of(done(taken)))).isFalse();
            platform.time().sleep(Duration.ofSeconds(2));
        }
        platform.disk().heal();
        platform.time().sleep(Duration.ofSeconds(2));
        accept("", octets(2, 9), "a@x.example");
        assertThat(spool.settle(List.of(done(taken)))).isTrue();
        spool = reopen(spool);
        assertThat(take()).hasSize(1);
    }

    @Test
    void fullDiskRefusesMailStillDrainsAndRecovers() throws Exception {
        platform.disk().capacity(4 << 20);
        int accepted = 0;
        AcceptResult last = null;
        for (int i = 0; i < 500; i++) {
            last = spool.accept(acceptance(spool, "", octets(i, 20_000), "a@x.example"));
            if (!(last instanceof AcceptResult.Accepted)) {
                break;
            }
            accepted++;
        }
        assertThat(last).isEqualTo(new AcceptResult.NoSpace());
        assertThat(accepted).isGreaterThan(50);
        spool = reopen(spool);
        List<QueuedDelivery> taken = take();
        assertThat(taken).hasSize(accepted);
        for (QueuedDelivery delivery : taken) {
            Settlement deferral = Samples.deferred(delivery, List.of(0), platform.time().now());
            boolean mayBeRefused = spool.settle(List.of(deferral)); // it makes no room
            assertThat(spool.settle(List.of(done(delivery)))).isTrue();
        }
        platform.time().sleep(Duration.ofSeconds(2));
        accept("", octets(1, 20_000), "a@x.example");
    }

    @Test
    void lowSpaceRefusesBeforeTheDiskIsFullAndRecovers() throws Exception {
        accept("", octets(1, 10), "a@x.example");
        platform.disk().capacity((2L * (512 << 10)) + (1 << 20) - 1);
        platform.time().sleep(Duration.ofSeconds(2));
        assertThat(spool.accept(acceptance(spool, "", octets(2, 10), "a@x.example")))
                .isEqualTo(new AcceptResult.NoSpace());
        assertThat(spool.settle(List.of(done(take().getFirst())))).isTrue();
        platform.disk().capacity(1L << 30);
        platform.time().sleep(Duration.ofSeconds(2));
        accept("", octets(2, 10), "a@x.example");
    }

    @Test
    void noRoomForTheFirstSegmentIsAClearError() {
        spool.close();
        platform.disk().capacity(0);
        assertThatThrownBy(() -> SpoolLog.open(platform, DIRECTORY.resolveSibling("other"), SMALL))
                .isInstanceOfSatisfying(
                        SpoolException.class,
                        e -> assertThat(e.code()).isEqualTo(SpoolException.NO_SPACE));
    }

    @Test
    void closeLeavesNothingOpen() throws Exception {
        Content content = spool.content(accept("", octets(3, 900_000), "a@x.example"));
        spool.close();
        assertThat(Samples.read(content)).hasSize(Samples.withPrefix(octets(3, 900_000)).length);
        platform.settle();
        assertThat(platform.disk().openFiles()).isZero();
        assertThat(platform.disk().heldLocks()).isZero();
        assertThat(platform.liveThreads()).hasSize(1);
    }

    @Test
    void takeWaitsForAnArrival() throws Exception {
        var task =
                platform.threads()
                        .start(
                                "client",
                                () -> {
                                    platform.advance(Duration.ofSeconds(5));
                                    accept("", octets(1, 10), "a@x.example");
                                });
        Deadline until = platform.time().after(Duration.ofSeconds(10));
        assertThat(spool.take(10, until)).hasSize(1);
        assertThat(spool.take(10, until)).isEmpty();
        assertThat(platform.time().isPast(until)).isTrue();
        assertThat(task.isDone()).isTrue();
    }

    /** Each once, and some for each domain together, so that they can share a connection. */
    @Test
    void muchThatIsDueComesByDomainsAfterAStart() throws Exception {
        int count = 5000;
        for (int i = 0; i < count; i++) {
            accept("", octets(i, 10), "a@d" + i % 100 + ".example");
        }
        spool = reopen(spool);
        List<QueuedDelivery> all = new ArrayList<>();
        for (List<QueuedDelivery> some = take(); !some.isEmpty(); some = take()) {
            all.addAll(some);
            long taken = all.stream().filter(each -> each.domain().equals("d7.example")).count();
            assertThat(spool.admin().retryNow("d7.example")).isEqualTo(50 - taken);
        }
        assertThat(all.stream().map(QueuedDelivery::id)).hasSize(count).doesNotHaveDuplicates();
        List<String> domains = all.stream().map(QueuedDelivery::domain).toList();
        int changes = 0;
        for (int i = 3001; i < count; i++) {
            changes += domains.get(i).equals(domains.get(i - 1)) ? 0 : 1;
        }
        assertThat(changes).isLessThan(200);
    }

    @Test
    void whoAsksAgainReadsNothingBack() throws Exception {
        SpoolId id = accept("", octets(1, 500), "a@x.example", "b@y.example");
        spool = reopen(spool);
        long before = platform.disk().count(SimDiskOperation.READ);
        StoredMessage message = spool.message(id);
        long once = platform.disk().count(SimDiskOperation.READ) - before;
        assertThat(once).isBetween(1L, 2L);
        assertThat(spool.message(id)).isEqualTo(message);
        assertThat(spool.delivery(new DeliveryId(id, 1)).openRecipients()).containsExactly(1);
        assertThat(platform.disk().count(SimDiskOperation.READ) - before).isEqualTo(once);
        assertThat(Samples.read(spool.content(id))).isEqualTo(Samples.withPrefix(octets(1, 500)));
        assertThat(platform.disk().count(SimDiskOperation.READ) - before).isEqualTo(once + 1);
    }

    @Test
    void fewForcesForManyWaiters() throws Exception {
        platform.disk().forceTakes(Duration.ofMillis(1));
        long before = platform.disk().count(SimDiskOperation.FORCE);
        List<Threads.Task> tasks = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            int seed = i;
            tasks.add(
                    platform.threads()
                            .start("c" + i, () -> accept("", octets(seed, 500), "a@x.example")));
        }
        for (var task : tasks) {
            task.join(Deadline.NEVER);
        }
        assertThat(spool.admin().messageCount()).isEqualTo(64);
        assertThat(platform.disk().count(SimDiskOperation.FORCE) - before).isLessThanOrEqualTo(4);
    }
}
