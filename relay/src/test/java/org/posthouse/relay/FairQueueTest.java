package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

class FairQueueTest {
    private record Item(String stream, long message, int number, int recipients) {}

    private final FairQueue<Item> queue = new FairQueue<>(FairQueueTest::tag);

    private static FairQueue.Tag tag(Item item) {
        return new FairQueue.Tag(item.stream(), item.message(), item.recipients(), 1, 20);
    }

    private void add(String stream, long message, int count, int recipients) {
        for (int i = 0; i < count; i++) {
            queue.add(new Item(stream, message, i, recipients));
        }
    }

    private List<String> next(int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Item item = queue.poll();
            names.add(item == null ? "none" : item.stream() + item.message());
        }
        return names;
    }

    @Test
    void oneStreamIsInOrder() {
        for (int i = 0; i < 100; i++) {
            add("a", i, 1, 1 + i % 100);
        }
        for (int i = 0; i < 100; i++) {
            assertThat(next(1)).containsExactly("a" + i);
        }
        assertThat(next(1)).containsExactly("none");
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void anotherStreamsSingleMessageWaitsForOneQuantumAtMost() {
        for (int i = 0; i < 100_000; i++) {
            add("a", i, 1, 1);
        }
        for (int sent = 0; sent < 50; sent++) {
            add("b", sent, 1, 1);
            assertThat(next(21)).contains("b" + sent);
            assertThat(next(sent)).doesNotContain("none");
        }
    }

    @Test
    void streamsShareByRecipients() {
        for (int i = 0; i < 10_000; i++) {
            add("a", i, 1, 1);
            add("b", i, 1, 10);
            add("c", i, 1, 100);
        }
        Map<String, Integer> recipients = new HashMap<>();
        for (int i = 0; i < 3000; i++) {
            Item item = queue.poll();
            recipients.merge(item.stream(), item.recipients(), Integer::sum);
        }
        int a = recipients.get("a");
        assertThat(recipients.get("b")).isBetween(a - 40, a + 40);
        assertThat(recipients.get("c")).isBetween(a - 140, a + 140);
    }

    @Test
    void aSmallMessageSlipsAheadOfALargeOneOfTheSameStream() {
        add("a", 1, 1000, 1);
        assertThat(next(2)).containsOnly("a1");
        add("a", 2, 1, 1);
        assertThat(next(1)).containsExactly("a2");
        add("a", 3, 3, 1);
        assertThat(next(3)).as("what is missing of the loan is earned").containsOnly("a1");
        assertThat(next(3)).containsOnly("a3");
        add("a", 4, 2, 1);
        assertThat(next(10)).containsOnly("a1");
        assertThat(next(2)).containsOnly("a4");
    }

    @Test
    void aLargeMessageTakesAQuarterLongerAtMost() {
        add("a", 1, 1000, 1);
        int sent = 0;
        int large = 0;
        while (large < 1000) {
            add("a", 2 + sent, 1, 1);
            large += next(1).getFirst().equals("a1") ? 1 : 0;
            sent++;
        }
        assertThat(sent).isBetween(1150, 1253);
    }

    @Test
    void whatGoesOnComesBeforeLaterOnesButForWhatSlipsAhead() {
        add("a", 1, 1, 20);
        add("a", 2, 1, 20);
        Item large = queue.poll();
        queue.resume(large);
        assertThat(next(2)).containsExactly("a1", "a2");
    }

    @Test
    void whatComesAgainIsFirst() {
        add("a", 1, 2, 1);
        assertThat(queue.peek()).isEqualTo(new Item("a", 1, 0, 1));
        queue.addFirst(new Item("b", 7, 0, 100));
        assertThat(next(3)).containsExactly("b7", "a1", "a1");
    }

    @Test
    void aGreedyStreamHoldsMoreThanItsPart() {
        add("a", 1, 10, 1);
        add("b", 1, 1, 1);
        assertThat(queue.isGreedy(new Item("a", 5, 0, 1))).isTrue();
        assertThat(queue.isGreedy(new Item("b", 5, 0, 1))).isFalse();
        assertThat(queue.isGreedy(new Item("c", 5, 0, 1))).isFalse();
        assertThat(queue.holdsMessageOf(new Item("a", 1, 0, 1))).isTrue();
        assertThat(queue.holdsMessageOf(new Item("a", 2, 0, 1))).isFalse();
    }

    @Test
    void nothingIsLostOrComesTwiceWhateverHappens() {
        for (int seed = 0; seed < 200; seed++) {
            var random = new Random(seed);
            List<Item> in = new ArrayList<>();
            List<Item> out = new ArrayList<>();
            for (int step = 0; step < 500; step++) {
                var item =
                        new Item(
                                "s" + random.nextInt(4),
                                random.nextInt(9),
                                step,
                                1 + random.nextInt(100));
                switch (random.nextInt(8)) {
                    case 0, 1, 2 -> {
                        in.add(item);
                        queue.add(item);
                    }
                    case 3 -> {
                        in.add(item);
                        queue.resume(item);
                    }
                    case 4 -> {
                        in.add(item);
                        queue.addFirst(item);
                    }
                    case 5 -> {
                        int odd = random.nextInt(9);
                        queue.removeIf(each -> each.message() == odd && out.add(each));
                    }
                    default -> {
                        Item next = queue.peek();
                        assertThat(queue.poll()).isEqualTo(next);
                        if (next != null) {
                            out.add(next);
                        }
                    }
                }
                assertThat(queue.size()).isEqualTo(in.size() - out.size());
            }
            out.addAll(queue.clear());
            assertThat(out).containsExactlyInAnyOrderElementsOf(in);
            assertThat(queue.peek()).isNull();
        }
    }
}
