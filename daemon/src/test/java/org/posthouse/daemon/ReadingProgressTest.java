package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.sim.SimPlatform;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;

class ReadingProgressTest {
    private final StringWriter err = new StringWriter();
    private final SimPlatform platform = new SimPlatform(1);

    /** Reads a tenth of a GB every so often; what was said. */
    private String read(Duration every, boolean terminal) throws Exception {
        platform.run(
                () -> {
                    var progress =
                            new ReadingProgress(
                                    new PrintWriter(err, true), platform.time(), terminal);
                    for (int i = 1; i <= 10; i++) {
                        platform.time().sleep(every);
                        progress.read(i * 100_000_000L, 1_000_000_000L);
                    }
                    progress.close();
                });
        return err.toString();
    }

    @Test
    void shortReadingIsSilent() throws Exception {
        assertThat(read(Duration.ofMillis(99), true)).isEmpty();
    }

    @Test
    void terminalHasOneLineThatGoesAway() throws Exception {
        assertThat(read(Duration.ofSeconds(1), true))
                .startsWith("\rreading the spool: 100.0 MB of 1.0 GB, 9 s left")
                .contains("\rreading the spool: 900.0 MB of 1.0 GB, 1 s left")
                .doesNotContain("\n")
                .endsWith(" \r");
    }

    @Test
    void elsewhereALineComesNowAndThen() throws Exception {
        assertThat(read(Duration.ofSeconds(4), false))
                .isEqualTo(
                        """
                        reading the spool: 300.0 MB of 1.0 GB, 28 s left
                        reading the spool: 600.0 MB of 1.0 GB, 16 s left
                        reading the spool: 900.0 MB of 1.0 GB, 4 s left
                        """);
    }
}
