package org.posthouse.spool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class TailRuleTest {
    private static final long NONE = Long.MAX_VALUE;

    private final List<SegmentScan.Found> found = new ArrayList<>();

    private void frame(long sequence, long forced, boolean whole) {
        long position = SegmentHeader.FRAMES_AT + 100 * sequence;
        found.add(
                new SegmentScan.Found(
                        position, Frame.CHUNK, sequence, forced, 1, 0, 10, whole, new byte[0]));
    }

    private void frames(long from, long to, long forced) {
        for (long sequence = from; sequence <= to; sequence++) {
            frame(sequence, forced, true);
        }
    }

    private static List<Long> sequences(List<SegmentScan.Found> frames) {
        return frames.stream().map(SegmentScan.Found::sequence).toList();
    }

    private TailRule.Judgement judge(long end, boolean adjoins) {
        return TailRule.judge(found, new TailRule.Bounds(1, end, adjoins, 0));
    }

    @Test
    void emptySegmentIsEmpty() {
        TailRule.Judgement judgement = judge(NONE, false);
        assertThat(judgement.good()).isEmpty();
        assertThat(judgement.damaged()).isZero();
        assertThat(judgement.next()).isEqualTo(1);
    }

    @Test
    void lastBatchCountsThoughNothingSaysThatItWasForced() {
        frames(1, 3, 0);
        TailRule.Judgement judgement = judge(NONE, false);
        assertThat(sequences(judgement.good())).containsExactly(1L, 2L, 3L);
        assertThat(judgement.forced()).isZero();
        assertThat(judgement.next()).isEqualTo(4);
    }

    @Test
    void cutsAtTheFirstMissingFrameOfTheTail() {
        frames(1, 3, 0);
        frames(4, 5, 3);
        frames(7, 8, 3);
        TailRule.Judgement judgement = judge(NONE, false);
        assertThat(sequences(judgement.good())).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(sequences(judgement.erased())).containsExactly(7L, 8L);
        assertThat(judgement.damaged()).isZero();
        assertThat(judgement.next()).isEqualTo(6);
        assertThat(judgement.erasedOctets()).isEqualTo(2 * 64);
    }

    @Test
    void cutsAtATornPayloadOfTheTail() {
        frames(1, 3, 0);
        frame(4, 3, false);
        frame(5, 3, true);
        TailRule.Judgement judgement = judge(NONE, false);
        assertThat(sequences(judgement.good())).containsExactly(1L, 2L, 3L);
        assertThat(sequences(judgement.erased())).containsExactly(4L, 5L);
        assertThat(judgement.damaged()).isZero();
    }

    @Test
    void missingOrBadBelowAForcedPositionIsDamage() {
        frames(1, 1, 0);
        frame(4, 1, false);
        frames(5, 6, 4);
        TailRule.Judgement judgement = judge(NONE, false);
        assertThat(sequences(judgement.good())).containsExactly(1L, 5L, 6L);
        assertThat(judgement.damaged()).isEqualTo(3);
        assertThat(judgement.erased()).isEmpty();
    }

    @Test
    void gapThatReachesBeyondTheForcedPositionIsCut() {
        frames(1, 2, 0);
        frame(6, 3, true);
        TailRule.Judgement judgement = judge(NONE, false);
        assertThat(sequences(judgement.good())).containsExactly(1L, 2L);
        assertThat(sequences(judgement.erased())).containsExactly(6L);
        assertThat(judgement.damaged()).as("frame 3 had been forced").isEqualTo(1);
        assertThat(judgement.next()).isEqualTo(4);
    }

    @Test
    void nextGenerationMakesVoidWhatReachesIntoIt() {
        frames(1, 6, 0);
        TailRule.Judgement judgement = judge(4, true);
        assertThat(sequences(judgement.good())).containsExactly(1L, 2L, 3L);
        assertThat(sequences(judgement.erased())).containsExactly(4L, 5L, 6L);
        assertThat(judgement.damaged()).isZero();
    }

    @Test
    void missingEndBeforeTheVeryNextGenerationIsDamage() {
        frames(1, 3, 0);
        assertThat(judge(6, true).damaged()).isEqualTo(2);
        assertThat(judge(6, false).damaged()).as("another one was between").isZero();
    }
}
