package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthouse.core.EncodedWords;
import org.posthouse.core.SpoolId;
import org.posthouse.daemon.config.Golden;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code queue pause} and {@code resume}, {@code msg redirect}, and what lists show of it. */
class SuspendCommandTest {
    private static final String FOLDER = "daemon/src/test/resources/org/posthouse/daemon/queue";

    @TempDir Path data;

    /** Names and instants differ from run to run. */
    private static String steady(CommandRun run) {
        return run.out()
                .replaceAll("[0-9A-Z]{13}(?=[/\"])", "ID")
                .replaceAll("2[0-9]{3}-[-0-9T:. ]+Z", "INSTANT")
                .replaceAll("for [0-9]+s", "for 0s")
                .replaceAll("[0-9]+s ago", "0s ago")
                .replaceAll("oldest( +)[0-9]+s", "oldest$10s")
                .replaceAll("in [0-9]+m", "in 9m");
    }

    @Test
    void theListsAreForProgramsToo() throws IOException {
        try (var queue = new QueueRun(data)) {
            SpoolId id = queue.send("app@shop.example", "ada@example.net", "bob@corp.example");
            queue.send("web@shop.example", "eve@example.net");
            queue.run("msg", "hold", id + "/1");
            String[] pause = {"queue", "pause", "--domain", "example.net", "--for", "10m"};
            CommandRun made = queue.run(with(pause, "--reason", "they move", "--json"));
            CommandRun other = queue.run("queue", "pause", "--login", "app*");
            assertThat(other.out()).isEqualTo("suspended: login app*, until it is resumed\n");
            String all =
                    String.join(
                            "\n",
                            steady(made),
                            steady(queue.run("msg", "list", "--json")),
                            steady(queue.run("queue", "shape", "--json")),
                            steady(queue.run("queue", "suspensions", "--json")));
            Golden.check(FOLDER + "/lists.jsonl", all);
            String text =
                    String.join(
                            "\n",
                            steady(queue.run("queue", "summary", "--plain")),
                            steady(queue.run("queue", "suspensions")));
            Golden.check(FOLDER + "/suspended.txt", text);
        }
    }

    private static String[] with(String[] words, String... more) {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Test
    void whatIsSuspendedIsFoundAndResumed() throws IOException {
        try (var queue = new QueueRun(data)) {
            SpoolId id = queue.send("app@shop.example", "ada@example.net", "bob@corp.example");
            assertThat(queue.run("queue", "pause", "--site", "127.0.0.1").exit()).isZero();
            assertThat(list(queue, "--state", "suspended")).isEqualTo(2);
            assertThat(queue.run("queue", "resume", "--site", "127.0.0.2").exit())
                    .isEqualTo(Exit.NO_INPUT);
            assertThat(queue.run("queue", "resume", "--all").out())
                    .isEqualTo("resumed: site 127.0.0.1\n");
            assertThat(list(queue, "--state", "waiting")).isEqualTo(2);
            assertThat(queue.run("queue", "pause").exit()).isEqualTo(Exit.USAGE);
            assertThat(queue.run("queue", "pause", "--login", "a", "--from", "b").exit())
                    .isEqualTo(Exit.USAGE);
            assertThat(queue.run("queue", "resume").exit()).isEqualTo(Exit.USAGE);
            assertThat(queue.run("queue", "pause", "--login", "a", "--for", "x").exit())
                    .isEqualTo(Exit.USAGE);
            String past = "2001-01-01T00:00:00Z";
            assertThat(queue.run("queue", "pause", "--login", "a", "--until", past).exit())
                    .isEqualTo(Exit.USAGE);
            assertThat(list(queue, "--route", "out", "--site", "127.*", "--to", "ada@*"))
                    .isEqualTo(1);
            assertThat(list(queue, "--subject", "HELLO")).isEqualTo(2);
            assertThat(list(queue, "--subject", "x")).isZero();
            assertThat(list(queue, "--client", "10.*")).isZero();
            assertThat(id.toString()).hasSize(13);
        }
    }

    private static long list(QueueRun queue, String... filter) {
        CommandRun run = queue.run(with(new String[] {"msg", "list", "--json"}, filter));
        assertThat(run.exit()).isZero();
        return run.out().lines().count();
    }

    @Test
    void deliveriesAreRedirected() throws IOException {
        try (var queue = new QueueRun(data)) {
            SpoolId id = queue.send("app@shop.example", "ada@example.net", "bob@example.net");
            CommandRun via = queue.run("msg", "redirect", id.toString(), "--via", "127.0.0.1:2");
            assertThat(via.out()).isEqualTo("1 delivery redirected\n");
            assertThat(queue.run("msg", "list", "--json").out())
                    .contains("\"site\":\"via 127.0.0.1:2\"");
            CommandRun none = queue.run("msg", "redirect", "--all", "--by-route", "nowhere");
            assertThat(none.exit()).isEqualTo(Exit.USAGE);
            assertThat(none.err()).contains("PH-S061");
            assertThat(queue.run("msg", "redirect", "--all", "--by-route", "out").exit()).isZero();
            assertThat(queue.run("msg", "redirect", "--all", "--as-routed").exit()).isZero();
            CommandRun unsure =
                    queue.run("msg", "redirect", "--to", "bob@*", "--recipient", "eve@far.example");
            assertThat(unsure.exit()).isEqualTo(Exit.USAGE);
            assertThat(unsure.err()).contains("(+1)", "--yes");
            String[] sure = {"msg", "redirect", "--to", "bob@*", "--recipient", "eve@far.example"};
            assertThat(queue.run(with(sure, "--yes")).out()).startsWith("1 delivery redirected");
            assertThat(queue.run("msg", "list", "--json").out())
                    .contains("\"to\":[\"ada@example.net\"]", "\"to\":[\"eve@far.example\"]")
                    .doesNotContain("bob@example.net");
            assertThat(queue.run("msg", "redirect", "--all").exit()).isEqualTo(Exit.USAGE);
            String[] bad = {"msg", "redirect", "--all", "--yes", "--recipient", "nobody"};
            assertThat(queue.run(bad).exit()).isEqualTo(Exit.USAGE);
        }
    }

    @Test
    void subjectsAreReadAsPeopleWriteThem() {
        assertThat(EncodedWords.decode("=?utf-8?B?R3LDvMOfZQ==?= =?utf-8?q?_aus_K=C3=B6ln?="))
                .isEqualTo("Gr\u00fc\u00dfe aus K\u00f6ln");
        for (String left : List.of("plain", "=?x-no?q?a?=", "=?utf-8?q?=ZZ?=", "=?utf-8?b?!?=")) {
            assertThat(EncodedWords.decode(left)).isIn(left, "");
        }
    }

    @Test
    void whatWasLearntIsShownAndCleared() throws IOException, InterruptedException {
        try (var queue = new QueueRun(data)) {
            assertThat(queue.run("queue", "clear", "*").err())
                    .isEqualTo("0 things learnt and cleared\n");
            queue.sendNow("app@shop.example", "ada@example.net");
            queue.await(() -> !queue.engine.queue().learned("*").isEmpty());
            CommandRun shown = queue.run("queue", "clear", "127.0.0.1", "--dry-run");
            assertThat(shown.exit()).isZero();
            assertThat(shown.out())
                    .matches("circuit      route out   down since 2\\S+Z   for \\d+s\n");
            assertThat(shown.err()).isEqualTo("1 thing learnt\n");
            assertThat(queue.run("queue", "clear", "example.net", "--dry-run", "--json").out())
                    .startsWith("{\"site\":\"route out\",\"kind\":\"circuit\",\"what\":\"down");
            CommandRun cleared = queue.run("queue", "clear", "out");
            assertThat(cleared.exit()).isZero();
            assertThat(cleared.err()).isEqualTo("1 thing learnt and cleared\n");
            CommandRun none = queue.run("queue", "clear", "");
            assertThat(none.exit()).isEqualTo(Exit.USAGE);
            assertThat(none.err()).contains("a destination is");
            assertThat(queue.run("queue", "clear").exit()).isEqualTo(Exit.USAGE);
        }
    }
}
