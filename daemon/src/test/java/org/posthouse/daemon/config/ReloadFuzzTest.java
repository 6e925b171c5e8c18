package org.posthouse.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthouse.Ask;
import org.posthouse.Explanation;
import org.posthouse.Posthouse;
import org.posthouse.PosthouseException;
import org.posthouse.sim.SimPlatform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Files that were changed at random, given to a running engine: one that is wrong changes no
 * decision, one that is right decides as it would after a start.
 */
class ReloadFuzzTest {
    private static final int ROUNDS = 600;

    private static final String CONFIG =
            """
            hostname = "mail.shop.example"
            data = "data"
            [listener.public]
            bind = "127.0.0.1:25"
            [listener.more]
            bind = "127.0.0.1:26"
            [domains]
            local = ["shop.example"]
            relayed = ["corp.example"]
            [[relay]]
            name = "apps"
            clients = ["10.0.0.0/8"]
            [[relay]]
            name = "some"
            clients = ["192.0.2.0/24"]
            senders = ["*@shop.example"]
            [[route]]
            to = ["*@corp.example"]
            via = "smarthost"
            host = "192.0.2.7"
            [[route]]
            [limits]
            message_size = 5000
            [[expect]]
            ask = { client = "203.0.113.9", to = "ada@far.example" }
            answer = "refuse"
            """;

    private static final List<Ask> ASKS =
            List.of(
                    Ask.from("a@b.example").to("ada@far.example").client("203.0.113.9"),
                    Ask.from("a@b.example").to("ada@far.example").client("10.0.0.1"),
                    Ask.from("a@b.example").to("ada@far.example").client("192.0.2.1"),
                    Ask.from("app@shop.example").to("ada@far.example").client("192.0.2.1"),
                    Ask.from("a@b.example").to("ada@shop.example").client("10.0.0.1").size(5001),
                    Ask.from("a@b.example").to("ada@shop.example").client("10.0.0.1"),
                    Ask.from("a@b.example").to("ada@corp.example").client("10.0.0.1"));

    @TempDir Path folder;

    private final Random random = new Random(17);

    /** A server may have given another refresh token in the place of that in the file. */
    @Test
    void aReloadGoesOnWithTheTokensThatItHas() {
        String text =
                """
                hostname = "mail.shop.example"
                data = "data"
                [listener.public]
                bind = "127.0.0.1:25"
                [[route]]
                via = "smarthost"
                host = "192.0.2.7"
                auth = { user = "x", tokens = "t" }
                [tokens.t]
                endpoint = "https://login.example"
                client_id = "x"
                refresh_token = "env:RELAY_PASSWORD"
                """;
        var sim = new SimPlatform(3);
        sim.run(
                () -> {
                    try (Posthouse engine = good(text).builder().platform(sim).start()) {
                        assertThat(engine.reload(good(text).builder()).changed()).isEmpty();
                        String other = text.replace("login.example", "login2.example");
                        assertThat(engine.reload(good(other).builder()).changed())
                                .containsExactly("routes");
                    }
                });
    }

    @Test
    void aReloadIsTakenAsAWholeOrNotAtAll() {
        var sim = new SimPlatform(3);
        sim.run(
                () -> {
                    int taken = 0;
                    try (Posthouse engine = good(CONFIG).builder().platform(sim).start()) {
                        List<String> before = answers(engine);
                        for (int round = 0; round < ROUNDS; round++) {
                            String text = changed(CONFIG);
                            boolean isTaken = reload(engine, text);
                            List<String> after = answers(engine);
                            if (!isTaken) {
                                assertThat(after).as(text).isEqualTo(before);
                            }
                            before = after;
                            taken += isTaken ? 1 : 0;
                        }
                    }
                    assertThat(taken).isBetween(ROUNDS / 10, ROUNDS * 9 / 10);
                });
        sim.assertQuiet();
    }

    /** True when it was taken; then it decides as its own builder does. */
    private boolean reload(Posthouse engine, String text) {
        if (!(read(text) instanceof Configuration.Good good)) {
            return false;
        }
        try {
            engine.reload(good.builder());
        } catch (PosthouseException e) {
            return false;
        }
        for (Ask ask : ASKS) {
            assertThat(engine.explain(ask).toString())
                    .as(text)
                    .isEqualTo(good.builder().explain(ask).toString());
        }
        return true;
    }

    private static List<String> answers(Posthouse engine) {
        return ASKS.stream().map(engine::explain).map(Explanation::toString).toList();
    }

    private Configuration.Good good(String text) {
        return switch (read(text)) {
            case Configuration.Good good -> good;
            case Configuration.Bad bad -> throw new AssertionError(bad.report());
        };
    }

    private Configuration read(String text) {
        try {
            Path file = folder.resolve("posthouse.toml");
            Files.writeString(file, text);
            return Configuration.loadToRun(
                    file,
                    new Surroundings(Map.of("RELAY_PASSWORD", "hush"), "here.example", List.of()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** One to three changes of lines or characters. */
    private String changed(String text) {
        var lines = new ArrayList<>(text.lines().toList());
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            int at = random.nextInt(lines.size());
            String line = lines.get(at);
            switch (random.nextInt(5)) {
                case 0 -> lines.remove(at);
                case 1 -> lines.add(at, lines.get(random.nextInt(lines.size())));
                case 2 -> lines.set(at, line.replaceFirst("[0-9]", "" + random.nextInt(10)));
                case 3 -> lines.set(at, line.replace("shop.example", "far.example"));
                default -> {
                    int cut = line.isEmpty() ? 0 : random.nextInt(line.length());
                    lines.set(
                            at,
                            line.substring(0, cut)
                                    + line.substring(Math.min(line.length(), cut + 1)));
                }
            }
        }
        return String.join("\n", lines) + "\n";
    }
}
