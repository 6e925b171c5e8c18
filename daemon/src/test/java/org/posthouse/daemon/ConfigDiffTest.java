package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthouse.Posthouse;
import org.posthouse.Reloaded;
import org.posthouse.daemon.config.Configuration;
import org.posthouse.daemon.config.Golden;
import org.posthouse.daemon.config.Surroundings;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code posthouse config diff}, against an engine that is reloaded. */
class ConfigDiffTest {
    private static final String FOLDER = "daemon/src/test/resources/org/posthouse/daemon/diff";
    private static final String FIRST =
            """
            hostname = "mail.shop.example"
            [listener.here]
            bind = "127.0.0.1:0"
            [domains]
            local = ["shop.example"]
            [[relay]]
            name = "ours"
            clients = [
              "10.20.0.0/16",
              "10.21.0.0/16",
            ]
            """;
    private static final String SECOND =
            FIRST.replace("10.21", "10.22")
                            .replace("[\"shop.example\"]", "[ 'shop.example' ] # the same")
                            .replace("name = \"ours\"\n", "")
                    + """
                    [[route]]
                    via = "discard"
                    [metrics]
                    bind = "127.0.0.1:0"
                    [log]
                    format = "json"
                    """;

    @TempDir Path folder;

    private Path file() {
        return folder.resolve("posthouse.toml");
    }

    private CommandRun diff(String... more) {
        Object[] words = {"config", "diff", "--config", file()};
        Object[] all = new Object[words.length + more.length];
        System.arraycopy(words, 0, all, 0, words.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        return CommandRun.of(all);
    }

    private static Reloaded done(Reloader reloader) {
        return ((Reloader.Result.Done) reloader.reload()).reloaded();
    }

    @Test
    void tellsWhatTheFileWouldChangeAndWhatWaits() throws IOException {
        Files.writeString(file(), FIRST);
        var around = new Surroundings(Map.of(), "localhost", List.of());
        var good = (Configuration.Good) Configuration.loadToRun(file(), around);
        var reread = new Daemon.Reread(Optional.of(file()), around);
        try (JdkPlatform platform = JdkPlatform.create(DnsSettings.servers(List.of()));
                Log log = Log.to(OutputStream.nullOutputStream(), false);
                Posthouse engine = good.builder().start()) {
            var reloader = new Reloader(engine, reread, good, log);
            try (ControlServer server =
                    ControlServer.start(
                            platform,
                            good.data(),
                            new ControlVerbs(
                                    request -> Control.settings(reloader),
                                    (request, content) -> Control.settings(reloader),
                                    Following.NONE))) {
                assertThat(server).isNotNull();
                changes(reloader);
            }
        }
    }

    private void changes(Reloader reloader) throws IOException {
        assertThat(diff().out())
                .isEqualTo("the file sets nothing otherwise than the running" + " daemon\n");
        assertThat(diff().exit()).isZero();
        Files.writeString(file(), SECOND);
        assertThat(diff().exit()).isEqualTo(Exit.DIFFERENT);
        Golden.check(FOLDER + "/diff.txt", diff().out());
        Golden.check(FOLDER + "/diff.jsonl", diff("--json").out());
        assertThat(done(reloader).changed()).containsExactly("relay rules", "routes");
        assertThat(diff().exit()).isEqualTo(Exit.DIFFERENT);
        assertThat(diff().out())
                .isEqualTo(
                        "the file sets nothing otherwise than the running daemon\n"
                                + "waits for a restart: metrics, log\n");
        assertThat(done(reloader).waiting()).containsExactly("metrics", "log");
        Files.writeString(file(), FIRST + "nonsense = true\n");
        assertThat(reloader.reload()).isInstanceOf(Reloader.Result.Refused.class);
        assertThat(reloader.inForce().waiting()).containsExactly("metrics", "log");
        Files.writeString(file(), FIRST);
        assertThat(done(reloader).waiting()).isEmpty();
        assertThat(diff().exit()).isZero();
    }

    @Test
    void whatCantBeComparedIsTold() throws IOException {
        assertThat(diff().exit()).isEqualTo(Exit.NO_INPUT);
        Files.writeString(file(), "hostname = \n");
        assertThat(diff().exit()).isEqualTo(Exit.CONFIG);
        Files.writeString(file(), FIRST);
        CommandRun nobody = diff("--data", folder.resolve("none").toString());
        assertThat(nobody.exit()).isEqualTo(Exit.UNAVAILABLE);
        assertThat(nobody.err()).contains("PH-S050");
    }
}
