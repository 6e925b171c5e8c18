package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthouse.daemon.config.Golden;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** {@code posthouse queue}, against a queue that waits, and its tables. */
class QueueCommandTest {
    private static final String FOLDER = "daemon/src/test/resources/org/posthouse/daemon/queue";

    @TempDir Path data;

    private static void row(JsonLine json, String domain, long first, String reply) {
        json.text("name", domain)
                .number("deliveries", first + 41)
                .number("held", 12)
                .number("due", 3)
                .numbers("ages", List.of(first, 1, 2, 3, 5, 8, 13, 9, 0))
                .text("oldest_at", "2026-03-01T09:46:00Z")
                .number("outcomes_1h", 50)
                .number("delivered_1h", 44)
                .text("last_reply", reply);
    }

    @Test
    void theTablesAreReadableInEveryWidth() throws IOException {
        Map<String, Object> whole =
                JsonReader.object(
                        JsonLine.of(
                                json ->
                                        json.text("now", "2026-03-01T12:00:00Z")
                                                .number("messages", 1204)
                                                .object("total", to -> row(to, "", 12_345, ""))
                                                .number("other_domains", 14)
                                                .object("others", to -> row(to, "", 7, ""))));
        List<Map<String, Object>> domains =
                List.of(
                        domain("example.net", "451 4.7.1 rate limited, try again a little later"),
                        domain("department.of.corp.example", ""));
        for (int columns : new int[] {80, 100, 120}) {
            var text = new QueueText(new Terminal(columns, false));
            String said = text.shape(whole, domains) + "\n" + text.summary(whole, domains);
            assertThat(said.lines()).allMatch(line -> line.length() <= columns);
            Golden.check(FOLDER + "/shape-" + columns + ".txt", said);
        }
    }

    @Test
    void onATerminalCellsAreShadedByCount() throws IOException {
        Map<String, Object> whole =
                JsonReader.object(
                        JsonLine.of(json -> json.object("total", to -> row(to, "", 12_345, ""))));
        String said = new QueueText(new Terminal(120, true)).shape(whole, List.of());
        Golden.check(FOLDER + "/shape-colours.txt", said.replace('\033', '^'));
        String bare = said.replaceAll("\033\\[[0-9;]*m", "");
        assertThat(bare).isEqualTo(new QueueText(new Terminal(120, false)).shape(whole, List.of()));
    }

    @Test
    void theShapeIsByWhatIsAskedFor() throws IOException {
        try (var queue = new QueueRun(data)) {
            queue.send("app@shop.example", "ada@example.net", "bob@corp.example");
            queue.send("web@shop.example", "eve@example.net");
            assertThat(queue.run("queue", "shape", "-s", "--json").out().lines().toList())
                    .satisfiesExactly(
                            app ->
                                    assertThat(app)
                                            .contains("\"app@shop.example\",\"deliveries\":2"),
                            web ->
                                    assertThat(web)
                                            .contains("\"web@shop.example\",\"deliveries\":1"),
                            all -> assertThat(all).contains("\"by\":\"sender\""));
            for (String by : List.of("login", "client", "route", "mx-host")) {
                CommandRun run = queue.run("queue", "shape", "--by", by, "--json");
                assertThat(run.out().lines()).hasSize(2);
                assertThat(run.out()).contains("\"deliveries\":3", "\"by\":\"" + by + "\"");
            }
            assertThat(queue.run("queue", "shape", "--by", "route", "--plain").out())
                    .contains("\nout ");
            assertThat(queue.run("queue", "shape", "--by", "login", "--plain").out())
                    .contains("\n(none) ");
            CommandRun misuse = queue.run("queue", "shape", "--by", "colour");
            assertThat(misuse.exit()).isEqualTo(Exit.USAGE);
            assertThat(misuse.err()).contains("nothing is grouped by colour");
        }
    }

    @Test
    void whatWasCountedSoFarIsToldBeforeTheEnd() throws IOException {
        try (var queue = new QueueRun(data)) {
            String[] many = new String[600];
            Arrays.setAll(many, i -> "ada@d" + i + ".example");
            queue.send("app@shop.example", many);
            var control =
                    new ShapeControl(
                            queue.engine.queue(), queue.time(), new Recent(), Duration.ZERO);
            var request = new ControlRequest("shape", Map.of("by", "sender", "refine", true));
            List<String> lines = new ArrayList<>();
            ControlAnswer answer = control.answer(request, (line, within) -> lines.add(line));
            assertThat(lines).hasSize(2);
            assertThat(lines.getFirst()).contains("\"deliveries\":500,");
            assertThat(lines.getLast()).contains("\"partial\":true,\"seen\":500,");
            assertThat(answer.lines()).singleElement().asString().contains("\"deliveries\":600,");
            lines.clear();
            var whole = new ControlRequest("shape", Map.of());
            assertThat(control.answer(whole, (line, within) -> lines.add(line)).lines())
                    .hasSize(ShapeControl.ROWS_MAX);
            assertThat(lines).isEmpty();
        }
    }

    private static Map<String, Object> domain(String name, String reply) {
        return JsonReader.object(JsonLine.of(json -> row(json, name, 99, reply)));
    }

    @Test
    void theQueueIsCounted() throws IOException {
        try (var queue = new QueueRun(data)) {
            assertThat(queue.run("queue", "shape").exit()).isZero();
            queue.send("app@shop.example", "ada@example.net", "bob@corp.example");
            queue.send("web@shop.example", "eve@example.net");
            assertThat(queue.run("msg", "hold", "--to", "bob@*").exit()).isZero();
            assertThat(queue.run("queue", "summary", "--plain").out())
                    .startsWith("queue       2 messages, 3 deliveries\ndue         0\n")
                    .contains("waiting     2\nheld        1\n", "for         example.net   2\n");
            assertThat(queue.run("queue", "shape", "--plain").out())
                    .contains("TOTAL                   3     3     0");
            assertThat(queue.run("queue", "shape", "--json").out().lines()).hasSize(3);
            assertThat(queue.run("mailq", "--json").out())
                    .isNotEmpty()
                    .hasSameSizeAs(queue.run("queue", "list", "--json").out());
        }
    }
}
