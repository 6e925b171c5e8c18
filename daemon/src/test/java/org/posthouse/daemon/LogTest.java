package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

class LogTest {
    @Test
    void linesComeInOrderAndAllAreWrittenAtTheEnd() {
        var out = new ByteArrayOutputStream();
        var expected = new StringBuilder();
        try (Log log = Log.to(out)) {
            for (int i = 0; i < 10_000; i++) {
                log.say("line " + i);
                expected.append("line ").append(i).append('\n');
            }
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(expected.toString());
    }

    @Test
    void whoeverSpeaksDoesNotWaitForTheReader() throws InterruptedException {
        var open = new CountDownLatch(1);
        var out = new ByteArrayOutputStream();
        var stuck =
                new OutputStream() {
                    @Override
                    public void write(int octet) {
                        write(new byte[] {(byte) octet}, 0, 1);
                    }

                    @Override
                    public void write(byte[] octets, int offset, int length) {
                        try {
                            open.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        out.write(octets, offset, length);
                    }
                };
        try (Log log = Log.to(stuck)) {
            String line = "x".repeat(1000);
            for (int i = 0; i < 20_000; i++) {
                log.say(line);
            }
            open.countDown();
        }
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains(" lines were dropped")
                .hasSizeBetween(4_000_000, 9_000_000);
    }
}
