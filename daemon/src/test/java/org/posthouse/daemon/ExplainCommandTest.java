package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthouse.Ask;
import org.posthouse.Explanation;
import org.posthouse.Explanation.Paint;
import org.posthouse.daemon.config.Configuration;
import org.posthouse.daemon.config.Golden;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.platform.Network;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class ExplainCommandTest {
    private static final String FOLDER = "daemon/src/test/resources/org/posthouse/daemon/explain";
    private static final Path CONFIG =
            Path.of(System.getProperty("posthouse.root", ".."), FOLDER, "posthouse.toml");

    private static final List<Ask> ASKS =
            List.of(
                    Ask.from("app@shop.example").to("ada@example.net").client("203.0.113.9"),
                    Ask.from("app@shop.example").to("ada@example.net").client("10.20.4.7"),
                    Ask.from("a@b.example").to("eve@shop.example").client("203.0.113.9"),
                    Ask.from("a@b.example")
                            .to("ada@shop.example")
                            .client("203.0.113.9")
                            .size(60_000_000),
                    Ask.from("<>").to("bob%x@corp.example").client("127.0.0.1"),
                    Ask.from("a@b.example").to("bob@corp.example").client("127.0.0.1"));

    @TempDir Path folder;

    @Test
    void isReadableInEveryWidth() throws IOException {
        for (int columns : new int[] {80, 120}) {
            var text = new StringBuilder();
            for (Ask ask : ASKS) {
                text.append("$ ").append(ask).append("\n\n");
                String said = explain(ask).text(columns, Paint.NONE);
                assertThat(said.lines()).allMatch(line -> line.length() <= columns);
                text.append(said).append('\n');
            }
            Golden.check(FOLDER + "/explain-" + columns + ".txt", text.toString());
        }
    }

    @Test
    void isThereForPrograms() throws IOException {
        var text = new StringBuilder();
        for (Ask ask : ASKS) {
            text.append(ExplanationJson.of(explain(ask))).append('\n');
        }
        Golden.check(FOLDER + "/explain.jsonl", text.toString());
    }

    @Test
    void coloursChangeNothingElse() {
        Explanation explanation = explain(ASKS.getFirst());
        String coloured = explanation.text(120, new Terminal(120, true).paint());
        assertThat(coloured).contains("\033[1;31mREFUSED at RCPT TO\033[0m");
        assertThat(coloured.replaceAll("\033\\[[0-9;]*m", ""))
                .isEqualTo(explanation.text(120, Paint.NONE));
    }

    private static Explanation explain(Ask ask) {
        return switch (Configuration.load(CONFIG, Map.of(), "here.example")) {
            case Configuration.Good good -> good.builder().explain(ask);
            case Configuration.Bad bad -> throw new AssertionError(bad.report());
        };
    }

    @Test
    void theExitCodeTellsTheAnswer() {
        assertThat(run("203.0.113.9", "ada@example.net").exit()).isEqualTo(Exit.REFUSED);
        assertThat(run("203.0.113.9", "ada@shop.example").exit()).isEqualTo(Exit.OK);
        assertThat(run("203.0.113", "ada@shop.example").exit()).isEqualTo(Exit.USAGE);
        CommandRun nowhere =
                CommandRun.of(
                        "explain",
                        "--config",
                        CONFIG,
                        "--client",
                        "127.0.0.1",
                        "--from",
                        "<>",
                        "--to",
                        "ada@shop.example",
                        "--listener",
                        "x");
        assertThat(nowhere.exit()).isEqualTo(Exit.USAGE);
        assertThat(nowhere.err()).contains("no listener is called x; there are public, inside");
    }

    private static CommandRun run(String client, String to) {
        return CommandRun.of(
                "explain",
                "--config",
                CONFIG,
                "--client",
                client,
                "--from",
                "a@b.example",
                "--to",
                to,
                "--json");
    }

    @Test
    void checkRunsTheTestsAndProvesWhoMayRelay() {
        CommandRun check = CommandRun.of("check", "--config", CONFIG, "--json");
        assertThat(check.err()).isEmpty();
        assertThat(check.exit()).isEqualTo(Exit.OK);
        assertThat(check.out())
                .contains("\"tests\":2,\"may_relay\":\"10.20.0.0/16 on port 0\"")
                .contains("\"unused_rules\":[\"people\"]");
        CommandRun text = CommandRun.of("check", "--config", CONFIG, "--plain");
        assertThat(text.out())
                .contains("tests       ok    2 tests hold", "0.0.0.0:0 free")
                .contains("1 warning. Ready to run.");
    }

    @Test
    void whatIsWrongWithTheMachineIsTold() throws IOException {
        Path file = folder.resolve("posthouse.toml");
        try (JdkPlatform platform = JdkPlatform.create(DnsSettings.servers(List.of()));
                Network.Listening taken =
                        platform.network()
                                .listen(
                                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                        1)) {
            int port = taken.address().getPort();
            Files.writeString(
                    file,
                    "[listener.in]\nbind = \"127.0.0.1:%d\"\n[[relay]]\nname = \"wide\"\n"
                                    .formatted(port)
                            + "clients = [\"64.0.0.0/7\"]\n");
            CommandRun check = CommandRun.of("check", "--config", file, "--plain");
            assertThat(check.exit()).isEqualTo(Exit.UNAVAILABLE);
            assertThat(check.out())
                    .contains("ports       fail", "(PH-S002)", "Not ready to run.")
                    .contains("rule \"wide\" can hold for nobody on any listener");
        }
        String anywhere = Files.readString(file).replaceFirst("127.0.0.1:[0-9]+", "0.0.0.0:0");
        Files.writeString(file, anywhere);
        CommandRun wide = CommandRun.of("check", "--config", file, "--plain");
        assertThat(wide.out()).contains("rule \"wide\" trusts 64.0.0.0/7, wider than any one");
    }

    @Test
    void aFailedTestIsShownWhereItStands() throws IOException {
        for (String name : List.of("users", "recipients")) {
            Files.copy(CONFIG.resolveSibling(name), folder.resolve(name));
        }
        Path file = folder.resolve("posthouse.toml");
        String text = Files.readString(CONFIG).replace("answer = \"refuse\"", "answer = \"relay\"");
        Files.writeString(file, text);
        CommandRun check = CommandRun.of("check", "--config", file);
        assertThat(check.exit()).isEqualTo(Exit.CONFIG);
        assertThat(check.out()).isEmpty();
        assertThat(check.err())
                .contains("error[PH-C041]: a test of this file fails")
                .contains("answer = \"relay\"\n")
                .contains("^^^^^^^ it is refused at RCPT TO: 553 5.7.1 sorry, we do not relay")
                .contains("posthouse.toml --client 203.0.113.9 --from \"x@evil.example\"")
                .endsWith("1 error.\n");
        assertThat(CommandRun.of("user", "list", "--config", file).exit())
                .as("others are not held up by it")
                .isEqualTo(Exit.OK);
    }
}
