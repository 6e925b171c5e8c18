package org.posthouse.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/** Other people's clients of LMTP deliver to us. */
@Tag("interop")
class LmtpTest {
    private static final String CONFIGURATION =
            Configurations.LOCAL.replace(
                    "[domains]",
                    """
                    protocol = "lmtp"

                    [listener.socket]
                    bind = "unix:lmtp.sock"
                    protocol = "lmtp"

                    [domains]\
                    """);

    @TempDir static Path folder;
    private static DaemonProcess daemon;

    @BeforeAll
    static void start() {
        daemon = DaemonProcess.start(folder, CONFIGURATION);
    }

    @AfterAll
    static void stop() {
        if (daemon != null) {
            assertThat(daemon.stop()).isZero();
            daemon.close();
            assertThat(daemon.log()).doesNotContain("\tat ");
            assertThat(folder.resolve("lmtp.sock")).doesNotExist();
        }
    }

    @Test
    void swaksDeliversToTwo() {
        SubProcess swaked =
                Programs.swaks(
                        folder,
                        daemon.port(),
                        "--protocol",
                        "LMTP",
                        "--from",
                        "bob@client.example",
                        "--to",
                        "ada@shop.example,cyd@shop.example");
        assertThat(swaked.exitCode()).as(swaked.text()).isZero();
        assertThat(swaked.out().lines().filter(line -> line.contains("queued as"))).hasSize(2);
        String received = daemon.maildir("shop.example", "ada").await(1, daemon::log).getFirst();
        assertThat(received).contains(" with LMTP;");
        daemon.maildir("shop.example", "cyd").await(1, daemon::log);
    }

    @Test
    void smtpSourceDeliversManyOverManyConnections() {
        SubProcess sent =
                Programs.smtpSource(
                        folder,
                        daemon.port(),
                        "-L",
                        "-s",
                        "5",
                        "-m",
                        "50",
                        "-r",
                        "2",
                        "-f",
                        "bob@client.example",
                        "-t",
                        "source@shop.example");
        assertThat(sent.exitCode()).as(sent.text()).isZero();
        daemon.maildir("shop.example", "source").await(50, daemon::log);
        daemon.maildir("shop.example", "2source").await(50, daemon::log);
    }

    @Test
    void bothDeliverOverAUnixSocket() {
        SubProcess swaked =
                Programs.swaksTo(
                        folder,
                        List.of("--socket", folder.resolve("lmtp.sock").toString()),
                        "--protocol",
                        "LMTP",
                        "--from",
                        "bob@client.example",
                        "--to",
                        "eve@shop.example");
        assertThat(swaked.exitCode()).as(swaked.text()).isZero();
        String received = daemon.maildir("shop.example", "eve").await(1, daemon::log).getFirst();
        assertThat(received).contains("[127.0.0.1]").contains(" with LMTP");

        SubProcess sent =
                Programs.smtpSourceTo(
                        folder,
                        "unix:" + folder.resolve("lmtp.sock"),
                        "-L",
                        "-s",
                        "5",
                        "-m",
                        "50",
                        "-f",
                        "bob@client.example",
                        "-t",
                        "many@shop.example");
        assertThat(sent.exitCode()).as(sent.text()).isZero();
        daemon.maildir("shop.example", "many").await(50, daemon::log);
    }
}
