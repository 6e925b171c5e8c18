package org.posthouse.spool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.sim.SimPlatform;
import org.posthouse.spool.UncopiedParts.Part;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;

/** What one pass or another could read has been copied. */
class UncopiedPartsTest {
    private final UncopiedParts parts = new UncopiedParts();

    private static Part behind(long position) {
        return new Part(position, Long.MAX_VALUE);
    }

    private void areLeft(Long... positions) {
        assertThat(LongStream.range(0, 100).filter(parts::contains)).containsExactly(positions);
    }

    private static SegmentScan.Found frame(long position, long sequence, boolean whole) {
        byte[] none = {};
        return new SegmentScan.Found(
                position, Frame.COMMIT, sequence, sequence - 1, 0, 0, 100, whole, none);
    }

    private static long end(long position) {
        return frame(position, 1, true).end();
    }

    /** A segment of frames 5 to 7. */
    private static Segment segment() throws IOException {
        var disk = new SimPlatform(1).disk();
        Path path = Path.of("/segment");
        var header = new SegmentHeader(true, 1, 1, 1, 5, 1, 4096, 1);
        var segment = new Segment(1, path, disk.create(path), header);
        segment.endSequence = 8;
        return segment;
    }

    @Test
    void allIsLeftAtFirst() {
        assertThat(parts.contains(0)).isTrue();
        assertThat(parts.contains(1L << 40)).isTrue();
        assertThat(parts.isEmpty()).isFalse();
    }

    @Test
    void aPassThatBreaksOffHasCopiedWhatLiesBefore() {
        parts.keep(List.of(behind(98)));
        areLeft(98L, 99L);
        parts.keep(List.of(behind(50)));
        areLeft(98L, 99L);
        parts.keep(List.of());
        assertThat(parts.isEmpty()).isTrue();
    }

    @Test
    void whatWasReadOnceNeedsNoOtherPass() {
        parts.keep(List.of(new Part(10, 12), new Part(20, 22), new Part(30, 31)));
        areLeft(10L, 11L, 20L, 21L, 30L);
        parts.keep(List.of(new Part(5, 11), new Part(21, 40)));
        areLeft(10L, 21L, 30L);
        parts.keep(List.of(new Part(40, 50)));
        assertThat(parts.isEmpty()).isTrue();
    }

    @Test
    void whatWasReadWithinAPartIsLeftOutOfIt() {
        parts.keep(List.of(new Part(10, 20)));
        parts.keep(List.of(new Part(0, 11), new Part(12, 13), new Part(19, 30)));
        areLeft(10L, 12L, 19L);
    }

    @Test
    void aPassSeesWhatIsMissing() throws IOException {
        var pass = new UncopiedParts.Pass(segment());
        assertThat(pass.comesTo(frame(10_000, 5, true))).isTrue();
        assertThat(pass.comesTo(frame(20_000, 7, true))).isTrue();
        assertThat(pass.unreadInAll()).containsExactly(new Part(end(10_000), 20_000));
        assertThat(pass.unread())
                .containsExactly(new Part(end(10_000), 20_000), behind(end(20_000)));
    }

    @Test
    void aPassSeesWhatItCouldNotRead() throws IOException {
        var pass = new UncopiedParts.Pass(segment());
        assertThat(pass.comesTo(frame(10_000, 6, false))).isTrue();
        assertThat(pass.unreadInAll())
                .containsExactly(
                        new Part(SegmentHeader.FRAMES_AT, 10_000),
                        new Part(10_000, end(10_000)),
                        behind(end(10_000)));
    }

    /** A failed write leaves frames, some of them torn, behind what had been forced. */
    @Test
    void whatIsVoidIsNotMissed() throws IOException {
        var pass = new UncopiedParts.Pass(segment());
        for (int i = 5; i < 8; i++) {
            assertThat(pass.comesTo(frame(i * 10_000, i, true))).isTrue();
        }
        assertThat(pass.comesTo(frame(80_000, 8, false))).isFalse();
        assertThat(pass.comesTo(frame(90_000, 10, true))).isFalse();
        assertThat(pass.unreadInAll()).isEmpty();
    }
}
