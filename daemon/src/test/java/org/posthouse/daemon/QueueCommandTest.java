package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthouse.daemon.config.Golden;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** {@code posthouse queue}, against a queue that waits, and its tables. */
class QueueCommandTest {
    private static final String FOLDER = "daemon/src/test/resources/org/posthouse/daemon/queue";

    @TempDir Path data;

    private static void row(JsonLine json, String domain, long first, String reply) {
        json.text("domain", domain)
                .number("deliveries", first + 41)
                .number("held", 12)
                .number("due", 3)
                .numbers("ages", List.of(first, 1, 2, 3, 5, 8, 13, 9, 0))
                .text("oldest_at", "2026-03-01T09:46:00Z")
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
        for (int columns : new int[] {80, 120}) {
            var text = new QueueText(new Terminal(columns, false));
            String said = text.shape(whole, domains) + "\n" + text.summary(whole, domains);
            assertThat(said.lines()).allMatch(line -> line.length() <= columns);
            Golden.check(FOLDER + "/shape-" + columns + ".txt", said);
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
