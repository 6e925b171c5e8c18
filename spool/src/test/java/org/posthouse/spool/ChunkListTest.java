package org.posthouse.spool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.sim.SimPlatform;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

class ChunkListTest {
    private record Chunk(Segment segment, long position, int length) {}

    private static List<Segment> segments() throws IOException {
        var disk = new SimPlatform(1).disk();
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Path path = Path.of("/" + i);
            var header = new SegmentHeader(true, 1, i, 1, 0, 0, 1 << 20, 0);
            segments.add(new Segment(i, path, disk.create(path), header));
        }
        return segments;
    }

    @Test
    void knowsEveryChunkWhateverRunsTheyForm() throws IOException {
        List<Segment> segments = segments();
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            ChunkList list = new ChunkList();
            List<Chunk> expected = new ArrayList<>();
            long at = 8192;
            for (int i = 0; i < 40; i++) {
                at += random.nextInt(4) == 0 ? 64 : 0;
                Chunk chunk =
                        new Chunk(
                                segments.get(random.nextInt(8) / 3),
                                at,
                                random.nextInt(5) == 0 ? 77 : 1000);
                expected.add(chunk);
                list.add(chunk.segment, chunk.position, chunk.length);
                at += Frame.octetsFor(chunk.length);
            }
            verify(list, expected);
        }
    }

    private static void verify(ChunkList list, List<Chunk> expected) {
        List<Chunk> found = new ArrayList<>();
        for (int i = 0; i < list.count(); i++) {
            found.add(new Chunk(list.segment(i), list.position(i), list.length(i)));
        }
        assertThat(found).isEqualTo(expected);
        assertThat(list.octets()).isEqualTo(expected.stream().mapToLong(Chunk::length).sum());
        list.live(true);
        for (Chunk chunk : expected) {
            chunk.segment.liveOctets -= Frame.octetsFor(chunk.length);
        }
        assertThat(expected).allSatisfy(chunk -> assertThat(chunk.segment.liveOctets).isZero());
    }

    @Test
    void contentInOnePieceIsOneRun() throws IOException {
        Segment segment = segments().getFirst();
        ChunkList list = new ChunkList();
        for (int i = 0; i < 10_000; i++) {
            list.add(segment, 8192 + i * (long) Frame.octetsFor(1000), 1000);
        }
        assertThat(list.count()).isEqualTo(10_000);
        assertThat(list.runs()).isEqualTo(1);
    }
}
