package org.posthouse.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** Other people's clients of LMTP deliver to us. */
@Tag("interop")
class LmtpTest {
    private static final String CONFIGURATION =
            Configurations.LOCAL.replace("[domains]", "protocol = \"lmtp\"\n\n[domains]");

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
        }
    }

    @Test
    void swaksDeliversToTwo() {
        String swaks = SubProcess.find("/usr/bin/swaks");
        assumeFalse(swaks.isEmpty(), "swaks is not installed");
        SubProcess swaked =
                SubProcess.run(
                        folder,
                        swaks,
                        "--protocol",
                        "LMTP",
                        "--server",
                        "127.0.0.1:" + daemon.port(),
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
        String source = SubProcess.find("/usr/sbin/smtp-source");
        assumeFalse(source.isEmpty(), "Postfix's smtp-source is not installed");
        SubProcess sent =
                SubProcess.run(
                        folder,
                        source,
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
                        "source@shop.example",
                        "127.0.0.1:" + daemon.port());
        assertThat(sent.exitCode()).as(sent.text()).isZero();
        daemon.maildir("shop.example", "source").await(50, daemon::log);
        daemon.maildir("shop.example", "2source").await(50, daemon::log);
    }
}
