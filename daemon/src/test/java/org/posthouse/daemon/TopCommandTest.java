package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthouse.daemon.config.Golden;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** {@code posthouse top}: what it draws, and against a queue that waits. */
class TopCommandTest {
    private static final String FOLDER = "daemon/src/test/resources/org/posthouse/daemon/top";
    private static final List<Long> AGES = List.of(310L, 0L, 96L, 14_000L, 401L, 96L, 31L, 8L, 2L);
    private static final TopScreen.Look BARE = new TopScreen.Look(false, true);

    @TempDir Path data;

    private static List<Long> rising() {
        List<Long> counts = new ArrayList<>();
        for (long i = 0; i < 60; i++) {
            counts.add(i);
        }
        return counts;
    }

    private static Map<String, Object> whole(long commits, long micros) {
        return JsonReader.object(
                JsonLine.of(
                        json ->
                                json.text("now", "2026-03-01T12:00:00Z")
                                        .text("version", "0.1.0")
                                        .text("started_at", "2026-02-17T08:49:00Z")
                                        .number("sessions", 18)
                                        .number("connections", 31)
                                        .number("in_flight", 31)
                                        .number("deliveries", 1204)
                                        .numbers("ages", AGES)
                                        .number("held", 12)
                                        .number("due", 12)
                                        .text("oldest_at", "2026-03-01T09:46:00Z")
                                        .number("commits", commits)
                                        .number("commit_us", micros)
                                        .number("free_octets", 61_000_000_000L)
                                        .numbers("received", rising())
                                        .numbers("delivered", Collections.nCopies(60, 3L))
                                        .numbers("refused", Collections.nCopies(60, 0L))
                                        .numbers("deferred", Collections.nCopies(60, 1L))
                                        .numbers("failed", List.of())));
    }

    private static Map<String, Object> row(String domain, long queued, String reply) {
        return JsonReader.object(
                JsonLine.of(
                        json ->
                                standing(json.text("domain", domain), reply)
                                        .number("deliveries", queued)
                                        .numbers("ages", ages(queued))
                                        .number("held", 2)
                                        .number("due", 7)
                                        .text("oldest_at", "2026-03-01T10:08:00Z")
                                        .text("last_reply", reply)
                                        .flag("suspended", reply.isEmpty())
                                        .number("outcomes_5m", queued)
                                        .number("delivered_5m", queued / 2)
                                        .number("outcomes_1h", 0)
                                        .number("delivered_1h", 0)));
    }

    /** Most of them young. */
    private static List<Long> ages(long queued) {
        List<Long> ages = new ArrayList<>();
        long left = queued;
        for (int i = 0; i < AGES.size() - 1; i++) {
            ages.add(left - left / 3);
            left /= 3;
        }
        ages.add(left);
        return ages;
    }

    private static JsonLine standing(JsonLine json, String reply) {
        if (reply.startsWith("451")) {
            return json.number("connections", 8)
                    .number("connections_max", 10)
                    .text("pace", "slowed");
        }
        return reply.isEmpty()
                ? json
                : json.number("connections", 0)
                        .number("connections_max", 0)
                        .text("pace", "pausing")
                        .text("next_try_at", "2026-03-01T14:31:20Z");
    }

    private static TopState state() {
        List<Map<String, Object>> rows =
                List.of(
                        row("example.net", 640, "451 4.7.1 rate limited, try again in an hour"),
                        row("a.very.long.name.of.corp.example", 31, "421 4.4.1 timed out"),
                        row("quiet.example", 0, ""));
        return TopState.of(whole(100, 500_000), rows).with(whole(200, 910_000), rows);
    }

    private static Map<String, Object> session(String client, String login, String from) {
        return JsonReader.object(
                JsonLine.of(
                        json ->
                                json.number("session", 7)
                                        .text("listener", "submission")
                                        .text("client", client)
                                        .text("helo", "app-3\033[2J.example")
                                        .text("login", login)
                                        .text("tls", login.isEmpty() ? "" : "TLSv1.3")
                                        .text("state", "receiving")
                                        .text("connected_at", "2026-03-01T11:58:30Z")
                                        .text("from", from)
                                        .number("recipients", from.isEmpty() ? 0 : 2)));
    }

    private static TopState sessions() {
        List<Map<String, Object>> rows =
                List.of(
                        session("10.20.4.7", "app", "app@shop.example"),
                        session("2001:db8:1234:5678:9abc:def0:1234:5678", "", ""));
        return TopState.of(whole(100, 500_000), rows).viewing(TopState.View.SESSIONS);
    }

    @Test
    void keysThatAreAboutADestinationDoNothingAmongSessions() {
        assertThat(sessions().row()).isEmpty();
        assertThat(state().row()).isPresent();
    }

    @Test
    void theSessionsOfADaemonAreShown() throws Exception {
        try (var queue = new QueueRun(data);
                var client = new Socket()) {
            client.connect(queue.engine.address("in"));
            String greeting =
                    new BufferedReader(
                                    new InputStreamReader(
                                            client.getInputStream(), StandardCharsets.US_ASCII))
                            .readLine();
            assertThat(greeting).startsWith("220");
            List<String> all = queue.run("top", "--sessions", "--json").out().lines().toList();
            assertThat(all).hasSize(2);
            assertThat(all.get(0))
                    .contains("\"client\":\"127.0.0.1\"", "\"state\":\"connected\"", "\"in\"");
            assertThat(all.get(1)).contains("\"count\":1");
            assertThat(queue.run("top", "--sessions", "--json", "--client", "10.*").out())
                    .contains("\"count\":0");
            assertThat(queue.run("top", "--sessions", "--plain").out())
                    .contains(" CLIENT", "\n 127.0.0.1 ");
        }
    }

    @Test
    void theScreenIsReadableInEveryWidth() throws IOException {
        for (int columns : new int[] {80, 120}) {
            var said = new StringBuilder();
            for (TopState.View view : TopState.View.values()) {
                boolean isOfSessions = view == TopState.View.SESSIONS;
                TopState shown = isOfSessions ? sessions() : state().viewing(view);
                List<String> lines = new TopScreen(columns, 24, BARE).draw(shown);
                assertThat(lines).allMatch(line -> line.length() <= columns);
                said.append(String.join("\n", lines)).append("\n\n");
            }
            Golden.check(FOLDER + "/top-" + columns + ".txt", said.toString());
        }
    }

    @Test
    void coloursAndPlainSignsSayTheSame() throws IOException {
        var said = new StringBuilder();
        for (TopState.View view : List.of(TopState.View.OVERVIEW, TopState.View.HEAT_MAP)) {
            TopState state = state().viewing(view).filtering("corp").selecting(1);
            String coloured =
                    String.join(
                            "\n",
                            new TopScreen(80, 24, new TopScreen.Look(true, false)).draw(state));
            said.append(coloured.replace('\033', '^')).append("\n");
            List<String> bare = new TopScreen(80, 24, new TopScreen.Look(false, false)).draw(state);
            assertThat(seen(coloured).lines().map(String::stripTrailing))
                    .containsExactlyElementsOf(bare.stream().map(String::stripTrailing).toList());
            assertThat(bare).allMatch(line -> line.chars().allMatch(c -> c < 128));
        }
        Golden.check(FOLDER + "/top-colours.txt", said.toString());
    }

    private static String seen(String coloured) {
        return coloured.replaceAll("\033\\[[0-9;]*m", "");
    }

    @Test
    void aHeatMapFitsEveryScreen() {
        TopState state = state().viewing(TopState.View.HEAT_MAP).selecting(2);
        for (int columns = 20; columns < 200; columns++) {
            for (boolean colours : new boolean[] {true, false}) {
                var look = new TopScreen.Look(colours, true);
                int most = columns;
                assertThat(new TopScreen(columns, 24, look).draw(state))
                        .allMatch(line -> seen(line).length() <= most);
            }
        }
    }

    @Test
    void theHeatMapOfADaemonIsShownOnce() throws IOException {
        try (var queue = new QueueRun(data)) {
            queue.send("app@shop.example", "ada@example.net", "bob@corp.example");
            String said = queue.run("top", "--heat-map", "--plain").out();
            assertThat(said).contains("<640m", "\n TOTAL ", "\n example.net ");
            assertThat(said.lines().filter(line -> line.startsWith(" TOTAL")).findFirst())
                    .hasValueSatisfying(
                            line ->
                                    assertThat(line.strip().split(" +"))
                                            .startsWith("TOTAL", "2", "2", "0"));
            assertThat(queue.run("top", "--heat-map", "--sessions").exit()).isEqualTo(Exit.USAGE);
        }
    }

    @Test
    void aSmallScreenKeepsTheSelectedRowInSight() {
        for (int rows = 8; rows < 12; rows++) {
            List<String> lines = new TopScreen(60, rows, BARE).draw(state().selecting(2));
            assertThat(lines).hasSizeLessThanOrEqualTo(rows);
            assertThat(lines).anyMatch(line -> line.startsWith(" quiet.example"));
        }
    }

    @Test
    void onlyWhatChangedIsPainted() {
        List<String> shown = List.of("a", "b", "c");
        assertThat(TopScreen.difference(shown, List.of("a", "B")))
                .isEqualTo("\033[2;1HB\033[K\033[3;1H\033[K");
        assertThat(TopScreen.difference(shown, shown)).isEmpty();
    }

    @Test
    void whatSttySaysIsRead() {
        assertThat(TopTerminal.Size.parse("50 120")).isEqualTo(new TopTerminal.Size(50, 120));
        assertThat(TopTerminal.Size.parse("0 0")).isEqualTo(new TopTerminal.Size(24, 80));
    }

    @Test
    void theConnectionsOfADestinationAreShown() throws Exception {
        try (var queue = new QueueRun(data)) {
            queue.send("app@shop.example", "ada@later.example");
            queue.awaitTry(queue.sendNow("app@shop.example", "ada@example.net"));
            String row =
                    queue.run("top", "--json", "--domain", "example.net")
                            .out()
                            .lines()
                            .toList()
                            .getFirst();
            assertThat(row).contains("\"connections\":0,\"connections_max\":", "\"pace\":\"");
            assertThat(queue.run("top", "--once", "--plain").out()).contains("    CONN ");
        }
    }

    @Test
    void aDaemonIsShownOnce() throws IOException {
        try (var queue = new QueueRun(data)) {
            queue.send("app@shop.example", "ada@example.net", "bob@corp.example");
            CommandRun run = queue.run("top", "--once", "--plain");
            assertThat(run.exit()).isZero();
            assertThat(run.out()).contains(" queue 2  due 0", "\n example.net");
            assertThat(queue.run("queue", "pause", "--domain", "corp.example").exit()).isZero();
            assertThat(queue.run("top", "--json", "--domain", "corp.*").out().lines().toList())
                    .satisfiesExactly(
                            row -> assertThat(row).contains("corp.example", "\"suspended\":true"),
                            last ->
                                    assertThat(last)
                                            .contains("\"deliveries\":2", "\"delivered\":["));
        }
    }
}
