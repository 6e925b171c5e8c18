package org.posthouse.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;

class StreamWindowTest {
    /**
     * A host behind a link that works on one message after the other; returns the size at the end.
     */
    private static int after(int messages, long roundTrip, long work, StreamWindow window) {
        Deque<Long> written = new ArrayDeque<>();
        long now = 0;
        long hostFree = 0;
        Deque<Long> answers = new ArrayDeque<>();
        for (int done = 0; done < messages; done++) {
            while (written.size() < window.size()) {
                written.add(now);
                hostFree = Math.max(hostFree, now + roundTrip / 2) + work;
                answers.add(hostFree + roundTrip / 2);
            }
            now = Math.max(now, answers.remove());
            int onTheWay = written.size();
            window.answered(now - written.remove(), onTheWay);
            assertThat(window.size()).isBetween(1, StreamWindow.MAX);
        }
        return window.size();
    }

    /** Milliseconds. The last two: where the window is to be in the end. */
    @ParameterizedTest
    @CsvSource({
        "100, 2, 50, 64", // a far host: as wide as the link is long
        "100, 1, 60, 64", // as wide as it may be
        "10, 2, 5, 16",
        "1, 5, 4, 12", // a near host is busy with a few; more would only be at stake
        "0, 5, 4, 12",
        "400, 20, 16, 32",
        "100, 1000, 4, 10" // a slow host
    })
    void theWindowFollowsRoundTripAndRate(long roundTrip, long work, int least, int most) {
        assertThat(after(500, roundTrip, work, new StreamWindow(false))).isBetween(least, most);
    }

    @Test
    void itStartsSmallAndDoublesEachRoundTrip() {
        var window = new StreamWindow(false);
        assertThat(window.size()).isEqualTo(4);
        assertThat(after(4, 1000, 1, window)).isEqualTo(8);
        assertThat(after(4 + 8, 1000, 1, new StreamWindow(false))).isEqualTo(16);
        assertThat(after(4 + 8 + 16, 1000, 1, new StreamWindow(false))).isEqualTo(32);
    }

    @Test
    void afterACutItStartsAtOneAndGrowsByOneEachRoundTrip() {
        assertThat(new StreamWindow(true).size()).isEqualTo(1);
        assertThat(after(1, 1000, 1, new StreamWindow(true))).isEqualTo(2);
        assertThat(after(1 + 2 + 3, 1000, 1, new StreamWindow(true))).isEqualTo(4);
    }

    @Test
    void whatWasNotUsedUpDoesNotGrow() {
        var window = new StreamWindow(false);
        for (int i = 0; i < 100; i++) {
            window.answered(1_000_000, 3);
        }
        assertThat(window.size()).isEqualTo(4);
    }

    @Test
    void itShrinksWhenTheHostGetsSlower() {
        var window = new StreamWindow(false);
        int wide = after(500, 100, 1, window);
        int narrow = after(2000, 100, 50, window);
        assertThat(narrow).isLessThan(wide / 2);
    }

    @Test
    void itStaysWithinItsBoundsWhateverTheTimes() {
        var random = new Random(5);
        for (boolean careful : new boolean[] {false, true}) {
            var window = new StreamWindow(careful);
            for (int i = 0; i < 20_000; i++) {
                window.answered(
                        random.nextLong(-5, 1L << random.nextInt(1, 60)), random.nextInt(99));
                assertThat(window.size()).isBetween(1, StreamWindow.MAX);
            }
        }
    }
}
