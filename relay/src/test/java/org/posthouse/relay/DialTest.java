package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.ForwardingPlatform;
import org.posthouse.platform.Network;
import org.posthouse.platform.Platform;
import org.posthouse.sim.SimNetwork;
import org.posthouse.sim.SimPlatform;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** Dials that end in no way that a network has. */
class DialTest {
    private final SimPlatform sim = new SimPlatform(1);

    /** Or the attempt would hold its connection's place until the daemon ends. */
    @Test
    void oneThatBreaksDownIsCounted() {
        sim.run(
                () -> {
                    var dial =
                            new Dial(
                                    new Broken(sim),
                                    new Crew(sim.threads()),
                                    List.of(
                                            SimNetwork.socket("2001:db8::1", 25),
                                            SimNetwork.socket("192.0.2.1", 25)),
                                    Deadline.NEVER);
                    assertThat(connect(dial))
                            .isInstanceOfSatisfying(
                                    Dial.Result.Lost.class,
                                    lost ->
                                            assertThat(lost.failure())
                                                    .hasMessageContaining("no such luck"));
                });
    }

    private static Dial.Result connect(Dial dial) {
        try {
            return dial.connect();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Its network breaks down at each connection. */
    private static final class Broken extends ForwardingPlatform implements Network {
        Broken(Platform in) {
            super(in);
        }

        @Override
        public Listening listen(InetSocketAddress address, int backlog) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Connection connect(InetSocketAddress remote, InetAddress source, Deadline deadline) {
            throw new IllegalStateException("no such luck");
        }

        @Override
        public Network network() {
            return this;
        }
    }
}
