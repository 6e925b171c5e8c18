package org.posthouse.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.posthouse.spool.Samples.octets;

import org.junit.jupiter.api.Test;
import org.posthouse.core.Content;
import org.posthouse.core.ContentSink;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.DiskFile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Segments of large content that are damaged or gone at a start. */
class SpoolBulkDamageTest extends BulkSpool {
    private void change(Path file, byte[] octets, long position) throws IOException {
        try (DiskFile open = platform.disk().open(file)) {
            open.write(ByteBuffer.wrap(octets), position);
            open.force();
        }
    }

    /** Messages one and two in the first file, a third in another; then something befalls one. */
    private Map<SpoolId, byte[]> threeMessages() throws IOException {
        Map<SpoolId, byte[]> kept = new LinkedHashMap<>();
        for (int i = 0; i < 3; i++) {
            byte[] body = octets(i, i == 1 ? 220_000 : 90_000);
            kept.put(accept(body), body);
        }
        assertThat(bulkFiles()).hasSize(2);
        spool.close();
        return kept;
    }

    private void onlyLastIsLeft(Map<SpoolId, byte[]> kept, int left) {
        openSpool();
        List<SpoolId> ids = List.copyOf(kept.keySet());
        assertThat(spool.admin().recovery().messagesSetAside()).isEqualTo(3L - left);
        assertThat(spool.admin().messageCount() - spool.admin().heldCount()).isEqualTo(left);
        for (int i = 0; i < 3; i++) {
            SpoolId id = ids.get(i);
            if (i < 3 - left) {
                assertThat(spool.message(id).octets()).isGreaterThan(LARGE);
                assertThatThrownBy(() -> Samples.read(spool.content(id)))
                        .isInstanceOf(UncheckedIOException.class);
            } else {
                verify(id, kept.get(id));
            }
        }
    }

    @Test
    void missingFileCostsOnlyTheMessagesInIt() throws Exception {
        Map<SpoolId, byte[]> kept = threeMessages();
        platform.disk().delete(bulkFiles().getFirst());
        onlyLastIsLeft(kept, 1);
        long damaged = spool.admin().recovery().damagedFrames();
        assertThat(damaged).isGreaterThan(50);
        reopen();
        assertThat(spool.admin().recovery().messagesSetAside()).isEqualTo(2);
        assertThat(spool.admin().heldCount()).isEqualTo(2);
    }

    @Test
    void shortFileCostsOnlyWhatIsCutOff() throws Exception {
        Map<SpoolId, byte[]> kept = threeMessages();
        Path first = bulkFiles().getFirst();
        try (DiskFile file = platform.disk().open(first)) {
            file.truncate(90_000);
            file.force();
        }
        List<SpoolId> ids = List.copyOf(kept.keySet());
        openSpool();
        assertThat(spool.admin().recovery().messagesSetAside()).isEqualTo(2);
        assertThat(spool.admin().heldCount()).isEqualTo(2);
        verify(ids.get(2), kept.get(ids.get(2)));
        spool.close();
        assertThat(bulkFiles()).as("kept, for people to look at").contains(first);
        openSpool();
        assertThat(spool.admin().recovery().messagesSetAside()).isEqualTo(2);
        assertThat(spool.admin().heldCount()).isEqualTo(2);
    }

    @Test
    void damagedHeaderSetsItsMessagesAsideAndKeepsTheFile() throws Exception {
        Map<SpoolId, byte[]> kept = threeMessages();
        Path first = bulkFiles().getFirst();
        change(first, new byte[] {1, 2, 3}, 20);
        onlyLastIsLeft(kept, 1);
        List<Path> aside = bulkFiles();
        assertThat(aside).startsWith(first).hasSize(2);
        for (int i = 0; i < 20; i++) {
            accept(octets(i, LARGE));
        }
        assertThat(bulkFiles()).hasSizeGreaterThan(4);
        settleAll();
        reopen();
        assertThat(bulkFiles()).as("nothing took their place").containsAll(aside);
    }

    @Test
    void fileOfAnotherTimeIsNotTakenForTheRightOne() throws Exception {
        Map<SpoolId, byte[]> kept = threeMessages();
        Path first = bulkFiles().getFirst();
        byte[] right = platform.disk().contents(first);
        SegmentHeader header =
                ((SegmentHeader.Slot.Valid)
                                SegmentHeader.decode(
                                        ByteBuffer.wrap(right, 0, SegmentHeader.OCTETS).slice(), 0))
                        .header();
        SegmentHeader other =
                new SegmentHeader(
                        true,
                        0,
                        header.generation() + 1,
                        header.epoch(),
                        0,
                        0,
                        header.segmentOctets(),
                        header.salt(),
                        true);
        change(first, other.encode().array(), 0);
        onlyLastIsLeft(kept, 1);
    }

    @Test
    void damagedChunkIsNeverServed() throws Exception {
        Map<SpoolId, byte[]> kept = threeMessages();
        change(bulkFiles().getFirst(), new byte[] {1, 2, 3}, 60_000);
        openSpool();
        List<SpoolId> ids = List.copyOf(kept.keySet());
        assertThat(spool.admin().messageCount()).isEqualTo(3);
        try (Content content = spool.content(ids.getFirst())) {
            assertThatThrownBy(() -> content.stream().readAllBytes())
                    .isInstanceOfAny(UncheckedIOException.class, IOException.class);
        }
        verify(ids.get(1), kept.get(ids.get(1)));
    }

    @Test
    void numbersOfFilesAreNotUsedTwice() throws Exception {
        accept(octets(1, LARGE));
        Path first = bulkFiles().getFirst();
        reopen();
        accept(octets(2, LARGE));
        assertThat(bulkFiles()).hasSize(2).contains(first);
        settleAll();
        reopen();
        SpoolId id = accept(octets(3, LARGE));
        reopen();
        verify(id, octets(3, LARGE));
    }

    @Test
    void messageOfManyRunsIsFoundAgain() throws Exception {
        ContentSink one = spool.openContent();
        ContentSink other = spool.openContent();
        byte[] body = octets(1, 2_000_000);
        for (int at = 0; at < body.length; at += 10_000) {
            one.write(body, at, 10_000);
            other.write(body, at, 10_000);
        }
        SpoolId id = ((AcceptResult.Accepted) accept(one)).id();
        other.discard();
        reopen();
        verify(id, body);
        settleAll();
        reopen();
        assertThat(bulkFiles()).isEmpty();
    }
}
