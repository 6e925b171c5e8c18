package org.posthouse.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

class SpareBuffersTest {
    private static final int RECORD = 16_709;

    private final SpareBuffers buffers = new SpareBuffers();

    @Test
    void whatWasGivenBackIsUsedAgainEmpty() {
        ByteBuffer first = buffers.take(RECORD);
        first.put(new byte[100]);
        buffers.giveBack(first);
        ByteBuffer again = buffers.take(RECORD);
        assertThat(again).isSameAs(first);
        assertThat(again.remaining()).isEqualTo(first.capacity());
    }

    @Test
    void nobodySharesOneAndNoMoreThanTheShelfHoldsAreKept() {
        Set<ByteBuffer> all = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < 40; i++) {
            all.add(buffers.take(RECORD));
        }
        assertThat(all).hasSize(40);
        all.forEach(buffers::giveBack);
        int known = 0;
        for (int i = 0; i < 40; i++) {
            known += all.contains(buffers.take(RECORD)) ? 1 : 0;
        }
        assertThat(known).isEqualTo(16);
    }

    @Test
    void largeOnesHaveTheRoomAndAreNotKept() {
        ByteBuffer large = buffers.take(5 * RECORD);
        assertThat(large.remaining()).isEqualTo(5 * RECORD);
        buffers.giveBack(large);
        assertThat(buffers.take(RECORD)).isNotSameAs(large);
    }
}
