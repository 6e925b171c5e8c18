package org.posthouse.journal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.platform.DiskFile;
import org.posthouse.sim.SimPlatform;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

class KeyedLogTest {
    private static final Path FOLDER = Path.of("/data/journal");
    private static final KeyedLog.Limits SMALL = new KeyedLog.Limits(2000, 12, Duration.ofDays(7));

    private final SimPlatform sim = new SimPlatform(3);

    private record Word(long key, String text) implements KeyedLog.Item {
        @Override
        public byte[] octets() {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public int weight() {
            return 100 + text.length();
        }
    }

    private void with(Consumer<KeyedLog> body) {
        sim.run(
                () -> {
                    KeyedLog log = KeyedLog.start(sim, FOLDER, "words", SMALL);
                    body.accept(log);
                    try {
                        log.close(sim.time().after(Duration.ofMinutes(1)));
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                });
        sim.assertQuiet();
    }

    private static List<String> found(KeyedLog log, long key) {
        return log.find(key, Instant.EPOCH).stream()
                .map(octets -> new String(octets, StandardCharsets.UTF_8))
                .toList();
    }

    /** In memory, in the file that is written, in those that were left, after a start. */
    @Test
    void everythingUnderANumberIsFoundInItsOrderWhereverItIs() {
        var random = new Random(1);
        Map<Long, List<String>> all = new HashMap<>();
        for (int round = 0; round < 4; round++) {
            with(
                    log -> {
                        for (int i = 0; i < 60; i++) {
                            long key = 1 + random.nextInt(9);
                            String text = "w" + i + "x".repeat(random.nextInt(90));
                            log.add(new Word(key, text));
                            all.computeIfAbsent(key, k -> new ArrayList<>()).add(text);
                            if (random.nextInt(4) == 0) {
                                sim.advance(Duration.ofMillis(random.nextInt(300)));
                            }
                            assertThat(found(log, key)).isEqualTo(all.get(key));
                        }
                    });
        }
        assertThat(files().size()).isBetween(8, SMALL.filesMax());
        with(log -> all.forEach((key, texts) -> assertThat(found(log, key)).isEqualTo(texts)));
    }

    /** A process that dies leaves a file without an index, and perhaps half an item. */
    @Test
    void aFileWithoutAnIndexIsReadAsAWhole() {
        with(
                log -> {
                    for (int i = 0; i < 10; i++) {
                        log.add(new Word(1 + i % 2, "word " + i));
                    }
                });
        Path file = FOLDER.resolve(files().getFirst());
        int frames = 10 * (16 + "word 0".length());
        for (int size : new int[] {frames, frames + 20, frames - 3}) {
            sim.run(() -> cut(file, size));
            with(
                    log -> {
                        int lost = size < frames ? 1 : 0;
                        assertThat(found(log, 2)).hasSize(5 - lost);
                        assertThat(found(log, 1)).hasSize(5);
                    });
        }
    }

    private void cut(Path file, int size) {
        try (DiskFile open = sim.disk().open(file)) {
            if (open.size() > size) {
                open.truncate(size);
            } else {
                open.write(ByteBuffer.allocate(size - (int) open.size()), open.size());
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatIsOlderThanAskedForIsNotLookedFor() {
        with(
                log -> {
                    log.add(new Word(1, "old"));
                    sim.advance(Duration.ofHours(30));
                    log.add(new Word(1, "new"));
                    sim.advance(Duration.ofHours(1));
                    Instant yesterday = sim.time().now().minus(Duration.ofHours(30));
                    assertThat(found(log, 1)).containsExactly("old", "new");
                    assertThat(log.find(1, yesterday)).hasSizeBetween(1, 2);
                    assertThat(log.find(1, sim.time().now())).hasSize(1);
                });
    }

    /** Somebody sets the clock back while there is no room. */
    @Test
    void roomIsLookedForByTheClockThatNeverSteps() {
        with(
                log -> {
                    sim.disk().capacity(1000);
                    log.add(new Word(1, "no room"));
                    sim.advance(Duration.ofSeconds(1));
                    assertThat(found(log, 1)).isEmpty();
                    sim.disk().capacity(1L << 40);
                    sim.time().jumpWallClock(Duration.ofDays(-2));
                    sim.advance(Duration.ofSeconds(11));
                    log.add(new Word(2, "room"));
                    sim.advance(Duration.ofSeconds(1));
                    assertThat(log.find(2, Instant.EPOCH)).hasSize(1);
                });
    }

    @Test
    void whoeverIsTooFastLosesWhatDoesNotFitAndNothingElse() {
        with(
                log -> {
                    for (int i = 0; i < KeyedLog.WAITING_MAX + 500; i++) {
                        log.add(new Word(1 + i, "w"));
                    }
                    assertThat(found(log, 1)).hasSize(1);
                    assertThat(found(log, KeyedLog.WAITING_MAX)).hasSize(1);
                    assertThat(found(log, KeyedLog.WAITING_MAX + 1)).isEmpty();
                    sim.advance(Duration.ofSeconds(10));
                    String large = "x".repeat(1 << 20);
                    for (int i = 0; i < 40; i++) {
                        log.add(new Word(1_000_000 + i, large));
                    }
                    assertThat(log.find(1_000_030, Instant.EPOCH)).isEmpty();
                    sim.advance(Duration.ofSeconds(10));
                    log.add(new Word(2_000_000, "again"));
                    assertThat(found(log, 2_000_000)).containsExactly("again");
                });
    }

    private List<String> files() {
        var names = new ArrayList<String>();
        sim.run(
                () -> {
                    try {
                        names.addAll(sim.disk().list(FOLDER));
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
        return names;
    }
}
