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

    private final FairQueue<Item> queue = new FairQueue<>(FairQueueTest::tag, FairQueue.Gate.OPEN);

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
            Item item = queue.poll(0);
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
            Item item = queue.poll(0);
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
        Item large = queue.poll(0);
        queue.resume(large);
        assertThat(next(2)).containsExactly("a1", "a2");
    }

    @Test
    void whatComesAgainIsFirst() {
        add("a", 1, 2, 1);
        assertThat(queue.peek(0)).isEqualTo(new Item("a", 1, 0, 1));
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

    private static FairQueue.Tag tag(Item item, int quantum, int band, String bucket) {
        return new FairQueue.Tag(item.stream(), item.message(), 1, 1, quantum, band, bucket);
    }

    private static FairQueue<Item> banded() {
        return new FairQueue<>(
                item -> tag(item, 20, "unb".indexOf(item.stream().charAt(0)), ""),
                FairQueue.Gate.OPEN);
    }

    @Test
    void aLittleUrgentMailGoesBeforeAllOther() {
        FairQueue<Item> bands = banded();
        for (int i = 0; i < 2000; i++) {
            bands.add(new Item("n", i, 0, 1));
        }
        for (int i = 0; i < 100; i++) {
            bands.add(new Item("u", i, 0, 1));
            assertThat(bands.poll(0)).extracting(Item::stream).isEqualTo("u");
            for (int each = 0; each < 12; each++) {
                assertThat(bands.poll(0)).extracting(Item::stream).isEqualTo("n");
            }
        }
    }

    @Test
    void muchOfEachClassSharesByEightFourOne() {
        FairQueue<Item> bands = banded();
        Map<String, Integer> sent = new HashMap<>();
        for (int i = 0; i < 6000; i++) {
            bands.add(new Item("u", i, 0, 1));
            bands.add(new Item("n", i, 0, 1));
            bands.add(new Item("b", i, 0, 1));
        }
        for (int i = 0; i < 1300; i++) {
            sent.merge(bands.poll(0).stream(), 1, Integer::sum);
        }
        assertThat(sent.get("u")).isBetween(800, 850);
        assertThat(sent.get("n")).isBetween(360, 405);
        assertThat(sent.get("b")).isBetween(85, 102);
    }

    @Test
    void aClassThatWasEmptyHasNothingToMakeUpFor() {
        FairQueue<Item> bands = banded();
        for (int i = 0; i < 3000; i++) {
            bands.add(new Item("b", i, 0, 1));
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(bands.poll(0)).extracting(Item::stream).isEqualTo("b");
        }
        for (int i = 0; i < 1000; i++) {
            bands.add(new Item("n", i, 0, 1));
        }
        int bulk = 0;
        for (int i = 0; i < 100; i++) {
            bulk += bands.poll(0).stream().equals("b") ? 1 : 0;
        }
        assertThat(bulk).isBetween(18, 22);
    }

    @Test
    void aTenantOfMoreWeightGetsAsMuchMore() {
        var weighted =
                new FairQueue<Item>(
                        item -> tag(item, item.stream().equals("a") ? 60 : 20, 1, ""),
                        FairQueue.Gate.OPEN);
        int first = 0;
        for (int i = 0; i < 1000; i++) {
            weighted.add(new Item("a", i, 0, 1));
            weighted.add(new Item("b", i, 0, 1));
        }
        for (int i = 0; i < 400; i++) {
            first += weighted.poll(0).stream().equals("a") ? 1 : 0;
        }
        assertThat(first).isEqualTo(300);
    }

    @Test
    void aStreamThatHasToWaitForItsRateIsPassedOver() {
        var tenants = new Tenants(List.of(new RelaySettings.Tenant(true, "slow", 1, false, 60)));
        var gated =
                new FairQueue<Item>(
                        item -> tag(item, 20, 1, item.stream().equals("s") ? "login slow" : ""),
                        tenants);
        for (int i = 0; i < 10; i++) {
            gated.add(new Item("s", i, 0, 1));
        }
        gated.add(new Item("o", 1, 0, 1));
        assertThat(gated.poll(5000)).extracting(Item::stream).isEqualTo("s");
        assertThat(gated.nextMillis(5000)).isEqualTo(5000);
        assertThat(gated.poll(5000)).extracting(Item::stream).isEqualTo("o");
        assertThat(gated.poll(5000)).isNull();
        assertThat(gated.size()).isEqualTo(9);
        assertThat(gated.nextMillis(5000)).isEqualTo(6000);
        assertThat(gated.peek(5999)).isNull();
        assertThat(gated.poll(6000)).extracting(Item::stream).isEqualTo("s");
        assertThat(gated.poll(6000)).isNull();
        assertThat(gated.clear()).hasSize(8);
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
                        Item next = queue.peek(0);
                        assertThat(queue.poll(0)).isEqualTo(next);
                        if (next != null) {
                            out.add(next);
                        }
                    }
                }
                assertThat(queue.size()).isEqualTo(in.size() - out.size());
            }
            out.addAll(queue.clear());
            assertThat(out).containsExactlyInAnyOrderElementsOf(in);
            assertThat(queue.peek(0)).isNull();
        }
    }
}
