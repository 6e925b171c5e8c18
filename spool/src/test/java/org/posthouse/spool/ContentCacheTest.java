package org.posthouse.spool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;

/** What is kept of messages is bounded, whatever they are made of. */
class ContentCacheTest {
    private static final int OCTETS = 100_000;

    private final ContentCache cache = new ContentCache(OCTETS);

    /** Read back, with so many octets in front of the content. */
    private static ContentCache.Cached readBack(long id, int prefix) {
        var record =
                new AcceptRecord(
                        Instant.EPOCH,
                        Instant.EPOCH,
                        Instant.MAX,
                        "",
                        0,
                        0,
                        AcceptRecord.Body.whole(1, 1000, 1000, List.of()),
                        new AcceptRecord.Prefix(new byte[prefix]),
                        Samples.ORIGIN,
                        Samples.envelope("a@x.example"),
                        List.of(Samples.RELAYED));
        return new ContentCache.Cached(Arrival.stored(record, id), record, null);
    }

    private long kept(int prefix) {
        for (long id = 1; id <= 1000; id++) {
            cache.put(id, readBack(id, prefix));
        }
        assertThat(cache.get(1000)).isNotNull();
        return LongStream.rangeClosed(1, 1000).filter(id -> cache.get(id) != null).count();
    }

    @Test
    void manyAreKept() {
        assertThat(kept(0)).isBetween(50L, 100L);
    }

    @Test
    void addedFieldsCount() {
        assertThat(kept(10_000)).isBetween(5L, 10L);
    }

    @Test
    void theLastStaysHoweverLong() {
        assertThat(kept(2 * OCTETS)).isEqualTo(1);
    }

    @Test
    void whatWasWrittenElsewhereIsForgotten() {
        cache.put(1, readBack(1, 0));
        cache.put(2, readBack(2, 0));
        cache.forgetRead(1);
        assertThat(cache.get(1)).isNull();
        assertThat(cache.get(2)).isNotNull();
    }
}
