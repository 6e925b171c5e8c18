package org.posthouse.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.platform.Network;
import org.posthouse.platform.Platform;

import java.io.IOException;

/** The contract on sockets. */
class JdkNetworkTest extends NetworkContract {
    private final JdkPlatform platform = JdkPlatform.create(DnsSettings.system());

    @Override
    Platform platform() {
        return platform;
    }

    @Override
    void run(SimBody<Exception> body) throws Exception {
        beside("body", body).end();
    }

    @AfterEach
    void close() {
        platform.close();
    }

    @Test
    void closingThePlatformClosesItsPortsAndConnections() throws Exception {
        run(
                () -> {
                    Network.Listening listening = listen();
                    Connection client = connect(listening);
                    Connection server = listening.accept();
                    Beside acceptor = beside("acceptor", listening::accept);
                    Beside reader =
                            beside("reader", () -> server.read(new byte[1], 0, 1, Deadline.NEVER));
                    platform.close();
                    assertThatThrownBy(acceptor::end).isInstanceOf(IOException.class);
                    assertThat(listening.isClosed()).isTrue();
                    reader.endOrBreak();
                    assertThatThrownBy(() -> send(client, "x")).isInstanceOf(IOException.class);
                    assertThatThrownBy(this::listen).isInstanceOf(IOException.class);
                });
    }
}
