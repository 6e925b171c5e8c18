package org.posthouse.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;

/**
 * What can go wrong outside says what it is, by code and without a stack trace, and loses nothing.
 */
@Tag("interop")
class TroubleTest {
    private static final int CONFIG = 78;
    private static final int UNAVAILABLE = 69;

    @TempDir Path folder;

    @Test
    void aBadConfigurationIsTold() {
        DaemonProcess.write(folder.resolve("posthouse.toml"), "hostnam = \"x\"\n[[relay]]\n");
        for (String command : new String[] {"run", "check"}) {
            SubProcess run = DaemonProcess.run(folder, command, "--config", "posthouse.toml");
            assertThat(run.exitCode()).isEqualTo(CONFIG);
            assertThat(run.out()).isEmpty();
            assertThat(run.err())
                    .contains(
                            "error[PH-C014]: `hostnam` is not a setting or a section",
                            "posthouse.toml:1:1",
                            "did you mean `hostname`?",
                            "error[PH-C031]: this rule makes you an open relay",
                            "3 errors.")
                    .doesNotContain("\tat ", "Exception");
        }
    }

    @Test
    void aGoodConfigurationIsFine() {
        DaemonProcess.write(
                folder.resolve("posthouse.toml"), Configurations.LOCAL + Configurations.RELAY);
        SubProcess run = DaemonProcess.run(folder, "check", "--config", "posthouse.toml");
        assertThat(run.exitCode()).as(run.text()).isZero();
        assertThat(run.out())
                .contains("posthouse.toml: 1 listener, 1 relay rule, 0 routes", "Ready to run.");
    }

    @Test
    void theCommandLineHelps() {
        assertThat(DaemonProcess.run(folder, "--version").out()).startsWith("posthouse ");
        assertThat(DaemonProcess.run(folder, "help").out()).contains("run", "check");
        assertThat(DaemonProcess.run(folder, "help", "PH-C031").out()).contains("An open relay");
        SubProcess wrong = DaemonProcess.run(folder, "rum");
        assertThat(wrong.exitCode()).isEqualTo(64);
        assertThat(wrong.err()).doesNotContain("\tat ");
    }

    @Test
    void aPortThatIsTakenIsTold() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            DaemonProcess.write(
                    folder.resolve("posthouse.toml"),
                    Configurations.LOCAL.replace(
                            "127.0.0.1:0", "127.0.0.1:" + taken.getLocalPort()));
            assertStartFails("PH-S002", Integer.toString(taken.getLocalPort()));
        }
    }

    @Test
    void aSecondDaemonOnTheSameDataIsTold() {
        try (DaemonProcess first = DaemonProcess.start(folder, Configurations.LOCAL)) {
            assertStartFails("PH-S", "data");
            assertThat(first.process().isAlive()).isTrue();
        }
    }

    @Test
    void aDataFolderThatCanNotBeWrittenIsTold() throws IOException {
        Path mount = Mounts.memory(folder, "ro,size=1m");
        try {
            DaemonProcess.write(
                    folder.resolve("posthouse.toml"),
                    Configurations.LOCAL.replace("\"data\"", "\"" + mount + "\""));
            assertStartFails("PH-S", mount.toString());
        } finally {
            Mounts.unmount(mount);
        }
    }

    private void assertStartFails(String code, String text) {
        SubProcess run = DaemonProcess.run(folder, "run", "--config", "posthouse.toml");
        assertThat(run.exitCode()).as(run.text()).isEqualTo(UNAVAILABLE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("error[" + code)
                .contains(text)
                .doesNotContain("\tat ", "Exception");
    }
}
