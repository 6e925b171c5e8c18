package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthouse.core.Glob;
import org.posthouse.core.SpoolId;
import org.posthouse.daemon.config.Golden;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** {@code posthouse msg}, against a queue that waits. */
class MsgCommandTest {
    private static final String FOLDER = "daemon/src/test/resources/org/posthouse/daemon/msg";
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir Path data;

    private static Map<String, Object> delivery(String state, String from, String reply) {
        return JsonReader.object(
                JsonLine.of(
                        json ->
                                json.text("delivery", "1KDVFA62Y0043/0")
                                        .text("state", state)
                                        .text("from", from)
                                        .texts("to", List.of("ada@example.net", "bob@example.net"))
                                        .number("recipients", 2)
                                        .text("domain", "example.net")
                                        .text("accepted_at", NOW.minusSeconds(8040).toString())
                                        .number("octets", 38_200)
                                        .number("attempts", 2)
                                        .text("next_at", NOW.plusSeconds(1260).toString())
                                        .text("last_attempt_at", NOW.minusSeconds(60).toString())
                                        .text("cause", "greylisted")
                                        .flag("possible_duplicate", true)
                                        .text("last_reply", reply)));
    }

    @Test
    void listsAreReadableInEveryWidth() throws IOException {
        List<Map<String, Object>> some =
                List.of(
                        delivery(
                                "waiting",
                                "app@shop.example",
                                "451 4.7.1 greylisted " + "x ".repeat(60)),
                        delivery("held", "somebody.with.a.name@shop.example", ""),
                        delivery("due", "<>", ""));
        for (int columns : new int[] {80, 120}) {
            var lines = new DeliveryLines(new Terminal(columns, false));
            var text = new StringBuilder(lines.head() + "\n");
            some.forEach(each -> text.append(lines.row(each, NOW)).append('\n'));
            assertThat(text.toString().lines()).allMatch(line -> line.length() <= columns);
            Golden.check(FOLDER + "/msg-" + columns + ".txt", text.toString());
            var coloured = new DeliveryLines(new Terminal(columns, true));
            assertThat(coloured.row(some.get(0), NOW).replaceAll("\033\\[[0-9;]*m", ""))
                    .isEqualTo(lines.row(some.get(0), NOW));
        }
    }

    @Test
    void filtersChooseAndChangesAreCounted() throws IOException {
        try (var queue = new QueueRun(data)) {
            SpoolId first = queue.send("app@shop.example", "ada@example.net", "bob@corp.example");
            queue.send("web@shop.example", "eve@example.net");
            CommandRun all = queue.run("msg", "list");
            assertThat(all.err()).isEqualTo("3 deliveries\n");
            assertThat(all.out()).startsWith("DELIVERY").contains(first + "/0", "waits 1d 3h");
            assertThat(count(queue, "--domain", "EXAMPLE.net")).isEqualTo(2);
            assertThat(count(queue, "--to", "*@corp.*", "--from", "app@*")).isEqualTo(1);
            assertThat(count(queue, "--state", "held")).isZero();
            assertThat(count(queue, "--age", "1h")).isZero();
            assertThat(count(queue, "--age=-1h")).isEqualTo(3);
            assertThat(count(queue, "--login", "x")).isZero();
            assertThat(count(queue, "--limit", "1")).isEqualTo(1);
            assertThat(queue.run("msg", "list", "--state", "x").exit()).isEqualTo(Exit.USAGE);
            assertThat(queue.run("msg", "list", "--age", "x").exit()).isEqualTo(Exit.USAGE);

            assertThat(queue.run("msg", "hold", first.toString()).out())
                    .isEqualTo("2 deliveries held\n");
            CommandRun again = queue.run("msg", "hold", "--all", "--json");
            assertThat(again.exit()).isEqualTo(Exit.TEMPORARY);
            assertThat(again.out()).endsWith("{\"selected\":3,\"changed\":1}\n");
            assertThat(queue.run("msg", "release", first + "/1").out())
                    .isEqualTo("1 delivery released\n");
            assertThat(count(queue, "--state", "held")).isEqualTo(2);
            assertThat(queue.log).isEmpty(); // events tell it
            SpoolId later = queue.send("app@shop.example", "zoe@example.net");
            assertThat(queue.run("msg", "retry", later.toString()).exit()).isZero();
            assertThat(queue.log).containsExactly("operator: retry " + later + "/0");
        }
    }

    private static int count(QueueRun queue, String... filter) {
        var words = new ArrayList<>(List.of("msg", "list", "--json"));
        words.addAll(List.of(filter));
        CommandRun run = queue.run(words.toArray(String[]::new));
        assertThat(run.exit()).isZero();
        return (int) run.out().lines().count();
    }

    @Test
    void whatCantBeUndoneNeedsAYes() throws IOException {
        try (var queue = new QueueRun(data)) {
            SpoolId first = queue.send("app@shop.example", "ada@example.net", "bob@corp.example");
            SpoolId other = queue.send("app@shop.example", "eve@example.net");
            assertThat(queue.run("msg", "hold", "--all").exit()).isZero();
            assertThat(queue.run("msg", "drop", other.toString(), "--dry-run").out())
                    .isEqualTo("1 delivery would be dropped without a report\n");
            assertThat(queue.run("msg", "drop").exit()).isEqualTo(Exit.USAGE);
            assertThat(queue.run("msg", "drop", "--all", "--to", "*").exit()).isEqualTo(Exit.USAGE);
            assertThat(queue.engine.queue().deliveries()).isEqualTo(3);
            assertThat(queue.run("msg", "drop", other.toString(), "--yes").exit()).isZero();
            assertThat(queue.engine.queue().of(other)).isEmpty();
            assertThat(queue.run("msg", "fail", "--to", "ada@*", "--yes").out())
                    .isEqualTo("1 delivery failed with a report\n");
            assertThat(queue.engine.queue().of(first)).hasSize(1);
            assertThat(queue.run("msg", "fail", other.toString(), "--yes").exit())
                    .isEqualTo(Exit.NO_INPUT);
            assertThat(queue.run("msg", "show", "nothing").exit()).isEqualTo(Exit.USAGE);
        }
    }

    @Test
    void whatWasDoneByHandIsShown() throws IOException {
        try (var queue = new QueueRun(data)) {
            String id = queue.send("app@shop.example", "ada@example.net").toString();
            assertThat(queue.run("msg", "hold", id).exit()).isZero();
            assertThat(queue.run("msg", "redirect", id, "--via", "192.0.2.9:25", "--yes").exit())
                    .isZero();
            assertThat(queue.run("msg", "drop", id, "--yes").exit()).isZero();
            CommandRun show = queue.run("msg", "show", id, "--plain");
            assertThat(show.out())
                    .contains("ada@example.net\n  DROPPED after ", ", 0 attempts")
                    .containsSubsequence(
                            "held       by hand",
                            "redirected by hand   via 192.0.2.9:25",
                            "dropped    by hand");
            assertThat(queue.run("msg", "show", id, "--json").out())
                    .contains("\"state\":\"dropped\"")
                    .contains("\"event\":\"dropped\"", "\"recipients\":[\"ada@example.net\"]");
        }
    }

    @Test
    void aMessageIsShownAndItsContentIsThere() throws IOException {
        try (var queue = new QueueRun(data);
                ControlClient client = ControlClient.connect(data)) {
            SpoolId id = queue.send("app@shop.example", "ada@example.net", "bob@corp.example");
            CommandRun show = queue.run("msg", "show", id.toString(), "--plain");
            assertThat(show.out())
                    .startsWith(id + "   ")
                    .contains("2 recipients\n\"hello\"\nfrom app@shop.example\n", "made here")
                    .contains("bob@corp.example\n  WAITING, next ");
            assertThat(queue.run("msg", "show", id.toString(), "--json").out().lines()).hasSize(3);
            Map<String, Object> part =
                    client.ask(
                            "content",
                            json -> json.text("id", id.toString()).number("position", 6),
                            Duration.ofSeconds(30),
                            line -> {});
            var text =
                    new String(
                            Base64.getDecoder().decode(String.valueOf(part.get("base64"))),
                            java.nio.charset.StandardCharsets.UTF_8);
            assertThat(text).contains("Subject: hello", "the text");
            assertThat(part.get("octets")).isEqualTo(text.length() + 6L);
        }
    }

    @Test
    void longListsComeInPages() throws IOException {
        try (var queue = new QueueRun(data)) {
            String[] to = new String[600];
            for (int i = 0; i < to.length; i++) {
                to[i] = "ada@d" + i + ".example";
            }
            SpoolId id = queue.send("app@shop.example", to);
            queue.send("app@shop.example", "eve@example.net");
            assertThat(count(queue)).isEqualTo(601);
            assertThat(count(queue, "--to", "eve@*")).isEqualTo(1);
            assertThat(count(queue, "--domain", "d599.example")).isEqualTo(1);
            assertThat(queue.run("msg", "drop", id.toString(), "--yes").out())
                    .isEqualTo("600 deliveries dropped without a report\n");
            assertThat(queue.engine.queue().deliveries()).isEqualTo(1);
        }
    }

    @Test
    void patterns() {
        assertThat(new Glob("*@b.example").matches("A@B.example")).isTrue();
        assertThat(new Glob("a*b*c").matches("aXbXbc")).isTrue();
        assertThat(new Glob("a*b").matches("abc")).isFalse();
        assertThat(new Glob("*".repeat(50) + "x").matches("a".repeat(5000))).isFalse();
        assertThat(new Glob("").matches("a")).isTrue();
    }
}
