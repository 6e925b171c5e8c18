package org.posthouse.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A running daemon that is asked and told by its own user. */
@Tag("interop")
class ControlTest {
    private static final int CONFIG = 78;
    private static final int USAGE = 64;
    private static final int UNAVAILABLE = 69;

    @TempDir Path folder;

    private SubProcess posthouse(String verb) {
        return DaemonProcess.run(folder, verb, "--config", "posthouse.toml");
    }

    private void write(String configuration) {
        DaemonProcess.write(folder.resolve("posthouse.toml"), configuration);
    }

    @Test
    void aReloadIsTakenAsAWholeOrNotAtAll() {
        try (DaemonProcess daemon = DaemonProcess.start(folder, Configurations.LOCAL)) {
            assertThat(posthouse("status").out()).contains("0 messages", "last reload  never");
            write(Configurations.LOCAL + Configurations.RELAY);
            SubProcess taken = posthouse("reload");
            assertThat(taken.exitCode()).as(taken.text()).isZero();
            assertThat(taken.out()).contains("reloaded: relay rules", "127.0.0.0/8 on port ");
            write(Configurations.LOCAL + Configurations.RELAY + "[[relay]]\nname = \"all\"\n");
            SubProcess refused = posthouse("reload");
            assertThat(refused.exitCode()).isEqualTo(CONFIG);
            assertThat(refused.err())
                    .contains("error[PH-C031]", "the running configuration stays in force");
            assertThat(posthouse("status").out())
                    .contains("127.0.0.0/8 on port ", "last reload  failed");
            write(Configurations.LOCAL);
            daemon.process().hangUp();
            Await.until(
                    "the signal's reload",
                    Await.LONG,
                    () -> daemon.log().stripTrailing().endsWith("to the outside: nobody"),
                    daemon::log);
        }
    }

    @Test
    void theConfigurationOfTheFolderIsMeantWhereNoneIsNamed() {
        SubProcess none = DaemonProcess.run(folder, "check");
        assertThat(none.exitCode()).as(none.text()).isEqualTo(USAGE);
        assertThat(none.err()).contains("--config=FILE is missing, and there is no posthouse.toml");
        write(Configurations.LOCAL);
        SubProcess check = DaemonProcess.run(folder, "check");
        assertThat(check.exitCode()).as(check.text()).isZero();
        assertThat(check.out()).contains("posthouse.toml: 1 listener");
        SubProcess run = SubProcess.start(folder, Map.of(), DaemonProcess.command("run"));
        try {
            Await.until("it is ready", Await.LONG, () -> run.out().contains("\n"), run::text);
            SubProcess stop = DaemonProcess.run(folder, "stop");
            assertThat(stop.exitCode()).as(stop.text()).isZero();
            assertThat(run.waitFor(Duration.ofSeconds(40))).isZero();
            assertThat(folder.resolve("data/control")).isDirectory();
        } finally {
            run.close();
        }
    }

    @Test
    void stopReturnsWhenItIsGone() {
        try (DaemonProcess daemon = DaemonProcess.start(folder, Configurations.LOCAL)) {
            SubProcess stop = posthouse("stop");
            assertThat(stop.exitCode()).as(stop.text()).isZero();
            assertThat(daemon.process().waitFor(Duration.ofSeconds(40))).isZero();
            assertThat(posthouse("status").exitCode()).isEqualTo(UNAVAILABLE);
        }
    }
}
