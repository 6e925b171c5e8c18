package org.posthouse.spool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.platform.DiskFile;
import org.posthouse.sim.SimPlatform;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class BlockFileTest {
    private static final int ENDS = 7;
    private static final int MORE = 3;

    /** Blocks grow with the file, up to their bound, and are read as they were written. */
    @Test
    void whatIsWrittenInGrowingBlocksIsReadAgain() throws Exception {
        var world = new SimPlatform(1);
        world.run(
                () -> {
                    List<Integer> lengths = new ArrayList<>();
                    try (DiskFile file = world.disk().create(Path.of("/blocks"))) {
                        var out = new BlockFile(file);
                        out.writeHead(5);
                        for (int i = 0; i < 12; i++) {
                            ByteBuffer payload = out.payload();
                            int length = payload.remaining() - i;
                            payload.put(octets(i, length));
                            out.write(i == 11 ? ENDS : MORE);
                            lengths.add(length);
                        }
                        readAgain(file, lengths);
                    }
                    assertThat(lengths).first().isEqualTo(1 << 17);
                    assertThat(lengths.getLast()).isEqualTo(BlockFile.PAYLOAD_OCTETS_MAX - 11);
                });
    }

    private static void readAgain(DiskFile file, List<Integer> lengths) throws Exception {
        var in = new BlockFile(file);
        assertThat(in.readHead()).isTrue();
        for (int i = 0; i < lengths.size(); i++) {
            ByteBuffer block = in.read();
            assertThat(block.getInt()).isEqualTo(i == 11 ? ENDS : MORE);
            assertThat(block).isEqualTo(ByteBuffer.wrap(octets(i, lengths.get(i))));
        }
        assertThat(in.read()).isNull();
    }

    private static byte[] octets(int seed, int length) {
        return Samples.octets(seed, length);
    }
}
