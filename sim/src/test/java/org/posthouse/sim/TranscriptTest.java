package org.posthouse.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Network;

import java.io.IOException;
import java.net.InetSocketAddress;

/** The two sides of a transcript played against each other, and against a side that errs. */
class TranscriptTest {
    private static final InetSocketAddress SERVER = SimNetwork.socket("192.0.2.9", 25);

    private static final String BOTH =
            """
            # all kinds of lines
            S: 220 mx.example ESMTP *
            C: EHLO client.example
            S: 250-mx.example
            S: 250 STARTTLS
            C: STARTTLS
            S: 220 go
            TLS
            C> DATA\\r\\n.\\n\\x00\\\\ä\\r\\n
            wait 5m
            S> 500 no\\r\\n
            C: <silence 10s>
            S: <close>
            """;

    private final SimPlatform sim = new SimPlatform(5);

    private void playBoth(String asServer, String asClient) throws IOException {
        Network.Listening listening = sim.network().listen(SERVER, 5);
        sim.run(
                () -> {
                    sim.threads().start("server", () -> serve(listening, asServer));
                    Connection connection =
                            sim.network().connect(SERVER, Network.ANY_SOURCE, Deadline.NEVER);
                    Transcript.parse("client", asClient).playClient(sim.time(), connection);
                });
    }

    private void serve(Network.Listening listening, String asServer) {
        try {
            Transcript.parse("server", asServer).playServer(sim.time(), listening.accept());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void bothSidesOfAnyTranscriptFit() throws IOException {
        long before = sim.time().nanos();
        playBoth(BOTH, BOTH);
        assertThat(sim.time().nanos() - before).isGreaterThanOrEqualTo(310_000_000_000L);
        assertThat(sim.network().openConnections()).isZero();
    }

    @Test
    void aWrongLineIsToldWithItsNumber() {
        assertThatThrownBy(() -> playBoth("S: 250 ok\nS: 251 ok", "# first\nS: 250 ok\nS: 250 ok"))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("client:3: due: 250 ok\n  came: 251 ok");
    }

    @Test
    void wildcardsStandForTheRestOnly() {
        assertThatThrownBy(() -> playBoth("S: 25 ok", "S: 250 *"))
                .hasMessageStartingWith("client:1: due: 250 *");
    }

    @Test
    void aBareLfIsNoEndOfALine() {
        assertThatThrownBy(() -> playBoth("S> 250 ok\\n", "S: 250 ok"))
                .hasMessageContaining("bare LF");
    }

    @Test
    void anUnexpectedEndIsTold() {
        assertThatThrownBy(() -> playBoth("S: <close>", "S: 220 *"))
                .hasMessageContaining("client:1: due: 220 *")
                .hasMessageContaining("closed");
    }

    @Test
    void octetsInsteadOfTheEndOrOfSilenceAreTold() {
        assertThatThrownBy(() -> playBoth("S: 220 hi\nwait 1m", "S: <close>"))
                .hasMessageContaining("client:1: due: the end\n  came: 220 hi");
    }

    @Test
    void silenceIsBroken() {
        assertThatThrownBy(() -> playBoth("wait 5s\nS: 220 hi\nwait 1m", "S: <silence 6s>"))
                .hasMessageContaining("client:1: due: silence\n  came: 220 hi");
    }

    @Test
    void nothingInTimeIsTold() {
        assertThatThrownBy(() -> playBoth("wait 11m", "S: 220 *"))
                .hasMessageContaining("client:1: nothing came in time");
    }

    @Test
    void clearTextBeforeTlsIsTold() {
        assertThatThrownBy(() -> playBoth("S> 220 go\\r\\n250 evil\\r\\nwait 1m", "S: 220 go\nTLS"))
                .hasMessageContaining("client:2: octets in clear text");
    }

    @Test
    void badTranscriptsAreRefused() {
        for (String bad : new String[] {"X: a", "C a", "wait 5", "C> \\q", "C> \\x4", "S"}) {
            assertThatThrownBy(() -> Transcript.parse("bad", "# one\n" + bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("bad:2: ");
        }
    }
}
