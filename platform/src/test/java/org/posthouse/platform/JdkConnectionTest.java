package org.posthouse.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/** How long a read waits. */
class JdkConnectionTest {
    private static final Deadline PATIENT = new Deadline(System.nanoTime() + 600_000_000_000L);

    private final JdkNetwork network = new JdkNetwork();
    private Connection ours;
    private Connection theirs;

    @BeforeEach
    void connect() throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        try (Network.Listening listening = network.listen(new InetSocketAddress(here, 0), 1)) {
            ours = network.connect(listening.address(), Network.ANY_SOURCE, PATIENT);
            theirs = listening.accept();
        }
    }

    @AfterEach
    void close() {
        network.close();
    }

    @Test
    void aLongReadEndsWhenItIsHastened() throws Exception {
        var reading = readInBackground();
        while (!reading.isDone()) {
            ours.hasten(past());
            Thread.onSpinWait();
        }
        assertThatThrownBy(reading::get).hasCauseInstanceOf(DeadlineExceeded.class);
        assertThat(ours.read(new byte[1], 0, 1, PATIENT)).isEqualTo(-1);
        ours.write(new byte[] {'x'}, 0, 1, PATIENT);
        byte[] last = new byte[1];
        assertThat(theirs.read(last, 0, 1, PATIENT)).isEqualTo(1);
        assertThat(last).containsExactly('x');
    }

    @Test
    void aShortReadCanBeResumed() throws IOException {
        Deadline soon = new Deadline(System.nanoTime() + 1_000_000);
        assertThatThrownBy(() -> ours.read(new byte[1], 0, 1, soon))
                .isInstanceOf(DeadlineExceeded.class);
        theirs.write(new byte[] {'x'}, 0, 1, PATIENT);
        assertThat(ours.read(new byte[1], 0, 1, PATIENT)).isEqualTo(1);
    }

    @Test
    void whoDoesNotWaitIsNotHastened() throws IOException {
        ours.hasten(past());
        theirs.write(new byte[] {'x'}, 0, 1, PATIENT);
        assertThat(ours.read(new byte[1], 0, 1, PATIENT)).isEqualTo(1);
    }

    private static Deadline past() {
        return new Deadline(System.nanoTime() - 1);
    }

    private CompletableFuture<Integer> readInBackground() {
        var result = new CompletableFuture<Integer>();
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                result.complete(ours.read(new byte[1], 0, 1, PATIENT));
                            } catch (IOException e) {
                                result.completeExceptionally(e);
                            }
                        });
        return result;
    }
}
