package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthouse.daemon.config.Golden;
import org.posthouse.daemon.config.Settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class ConfigCommandTest {
    private static final String FOLDER = "daemon/src/test/resources/org/posthouse/daemon/explain";
    private static final Path CONFIG =
            Path.of(System.getProperty("posthouse.root", ".."), FOLDER, "posthouse.toml");

    @TempDir Path folder;

    @Test
    void showsWhatAFileSetsAndWhere() throws IOException {
        CommandRun text =
                CommandRun.of("config", "show", "--config", CONFIG, "--changed", "--origin");
        Golden.check(FOLDER + "/config-show.txt", text.out());
        CommandRun json = CommandRun.of("config", "show", "--config", CONFIG, "--json");
        Golden.check(FOLDER + "/config-show.jsonl", json.out());
        assertThat(json.out().lines()).hasSizeGreaterThan(Settings.ofModel().all().size() - 1);
    }

    @Test
    void explainsASettingByItsPathOrItsNameAlone() {
        CommandRun clients =
                CommandRun.of("config", "explain", "relay.clients", "--config", CONFIG);
        assertThat(clients.exit()).isEqualTo(Exit.OK);
        assertThat(clients.out())
                .startsWith("relay.clients\n  The client's address")
                .contains("in       [[relay]]", "set to   [\"10.20.0.0/16\"]   posthouse.toml:");
        assertThat(CommandRun.of("config", "explain", "listener.public.bind").out())
                .startsWith("listener.bind\n");
        assertThat(CommandRun.of("config", "explain", "tls").out())
                .contains("listener.tls\n", "route.tls\n");
        CommandRun unknown = CommandRun.of("config", "explain", "relay.client");
        assertThat(unknown.exit()).isEqualTo(Exit.USAGE);
        assertThat(unknown.err()).contains("did you mean relay.clients?");
    }

    @Test
    void everySettingIsFound() {
        for (Settings.Setting setting : Settings.ofModel().all()) {
            assertThat(Settings.ofModel().find(setting.path())).containsExactly(setting);
            assertThat(setting.doc()).isNotEmpty();
        }
    }

    @Test
    void theSchemaIsJsonThatNamesEverySetting() throws IOException {
        String schema = CommandRun.of("config", "schema").out();
        Map<String, Object> read = JsonReader.object(schema);
        assertThat(read).containsKeys("$schema", "properties");
        for (Settings.Setting setting : Settings.ofModel().all()) {
            String path = setting.path();
            assertThat(schema).contains("\"" + path.substring(path.lastIndexOf('.') + 1) + "\":{");
        }
        Golden.check("docs/posthouse.schema.json", schema);
    }

    @Test
    void secretsAreNeverShown() throws IOException {
        Path file = folder.resolve("posthouse.toml");
        Files.writeString(
                file,
                """
                [[route]]
                via = "smarthost"
                host = "h"
                auth = { user = "u", password = "hush-hush" }
                """);
        for (String option : new String[] {"--changed", "--json", "--origin"}) {
            CommandRun run = CommandRun.of("config", "show", "--config", file, option);
            assertThat(run.out() + run.err()).contains("***").doesNotContain("hush");
        }
        CommandRun explained = CommandRun.of("config", "explain", "route.auth", "--config", file);
        assertThat(explained.out()).contains("***").doesNotContain("hush");
    }

    @Test
    void aMissingFileIsTold() {
        Path none = folder.resolve("none.toml");
        CommandRun show = CommandRun.of("config", "show", "--config", none);
        assertThat(show.exit()).isEqualTo(Exit.NO_INPUT);
        assertThat(show.err()).contains("error[PH-C010]");
    }
}
