package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthouse.RecordedTest;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.Dialogue;
import org.posthouse.core.Dialogue.Speaker;
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvent.Protection;
import org.posthouse.core.MailEvent.Step;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Outcome;
import org.posthouse.core.Reply;
import org.posthouse.core.SpoolId;
import org.posthouse.daemon.config.Golden;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code posthouse msg show} and {@code msg transcript}. */
class TimelineTextTest {
    private static final String FOLDER = "daemon/src/test/resources/org/posthouse/daemon/msg";
    private static final Instant AT = Instant.parse("2026-03-01T23:46:11.204Z");
    private static final Instant NOW = AT.plusSeconds(2500);
    private static final SpoolId ID = SpoolId.parse("1KDVFA62Y0043");
    private static final DeliveryId FIRST = new DeliveryId(ID, 0);
    private static final DeliveryId SECOND = new DeliveryId(ID, 1);
    private static final DeliveryId THIRD = new DeliveryId(ID, 2);
    private static final Protection DANE = new Protection("TLSv1.3", "dane");
    private static final Reply GREY = Reply.of(451, "4.7.1", "greylisted, try later");
    private static final Reply OK = Reply.of(250, "2.0.0", "ok 8Jx1");
    private static final Reply LOST =
            Reply.of(421, "4.4.1", "connect to mx.corp.example[192.0.2.25]:25: timed out");
    private static final Reply UNKNOWN =
            Reply.of(550, "5.1.1", "no such user here, " + "and more words ".repeat(9));

    @TempDir Path data;

    private static MailEvent.Tried tried(
            long millis, DeliveryId delivery, int attempt, Reply reply, Dialogue dialogue) {
        boolean isThere = reply.code() != 421;
        return new MailEvent.Tried(
                AT.plusMillis(millis),
                delivery,
                attempt,
                isThere ? "mx1.example.net[198.51.100.4]:25" : "mx.corp.example[192.0.2.25]:25",
                isThere ? DANE : Protection.NONE,
                reply,
                isThere ? Step.RCPT : Step.CONNECTING,
                Duration.ofMillis(isThere ? 420 : 30_000),
                false,
                dialogue);
    }

    private static List<MailEvent> events() {
        var events = new ArrayList<MailEvent>();
        List<String> hosts = List.of("mx1.example.net (10)", "mx2.example.net (20)");
        events.add(
                new MailEvent.Routed(AT.plusMillis(16), FIRST, 1, "mx default example.net", hosts));
        events.add(tried(800, FIRST, 1, GREY, Dialogue.NONE));
        Mailbox ada = Mailbox.parse("ada@example.net");
        events.add(
                new MailEvent.Deferred(
                        AT.plusMillis(810),
                        FIRST,
                        ada,
                        "mx1",
                        GREY,
                        1,
                        AT.plusSeconds(300),
                        Outcome.Cause.GREYLISTED,
                        false));
        events.add(tried(1_200_000, FIRST, 2, OK, Dialogue.NONE));
        events.add(
                new MailEvent.Delivered(
                        AT.plusMillis(1_200_004),
                        FIRST,
                        ada,
                        "mx1",
                        OK,
                        2,
                        Duration.ofSeconds(1200),
                        false));
        events.add(tried(15_000, SECOND, 1, LOST, Dialogue.NONE)); // then another address of it
        events.add(tried(30_000, SECOND, 1, LOST, Dialogue.NONE));
        events.add(
                new MailEvent.Deferred(
                        AT.plusMillis(30_001),
                        SECOND,
                        Mailbox.parse("bob@corp.example"),
                        "",
                        LOST,
                        1,
                        AT.plusSeconds(3000),
                        Outcome.Cause.NET,
                        false));
        events.add(tried(900, THIRD, 1, UNKNOWN, Dialogue.NONE));
        for (String name : List.of("a", "b", "c", "d", "e")) {
            events.add(
                    new MailEvent.Failed(
                            AT.plusMillis(910),
                            THIRD,
                            Mailbox.parse(name + "@third.example"),
                            "mx1",
                            UNKNOWN,
                            1,
                            true,
                            false));
        }
        return events;
    }

    private static Map<String, Object> message() {
        return JsonReader.object(
                JsonLine.of(
                        json ->
                                json.text("id", ID.toString())
                                        .text("now", NOW.toString())
                                        .text("subject", "Your invoice 2026-118")
                                        .text("from", "app@shop.example")
                                        .number("octets", 38_200)
                                        .text("accepted_at", AT.toString())
                                        .text("listener", "inside")
                                        .text("client", "10.20.4.7")
                                        .text("helo", "app-3")
                                        .text("login", "app")
                                        .text("protocol", "ESMTPSA")
                                        .number("recipients", 8)
                                        .objects("to", List.of(0, 1, 2, 3, 4, 5, 6, 7), RCPT)));
    }

    private static final java.util.function.BiConsumer<JsonLine, Integer> RCPT =
            (json, i) -> {
                List<String> names = List.of("ada@example.net", "bob@corp.example");
                String name = "abcdef".charAt(Math.max(0, i - 2)) + "@third.example";
                json.text("recipient", i < 2 ? names.get(i) : i == 7 ? "lost@x.example" : name)
                        .text("state", List.of("delivered", "queued", "failed").get(Math.min(i, 2)))
                        .number("number", i == 7 ? -1 : Math.min(i, 2))
                        .text("rule", "app-servers");
            };

    private static List<Map<String, Object>> lines() {
        var lines = new ArrayList<Map<String, Object>>();
        lines.add(
                JsonReader.object(
                        JsonLine.of(
                                json ->
                                        json.text("delivery", SECOND.toString())
                                                .text("state", "waiting")
                                                .text("next_at", AT.plusSeconds(3000) + "")
                                                .text("expires_at", AT.plusSeconds(432_000) + "")
                                                .flag("possible_duplicate", true))));
        events().forEach(each -> lines.add(JsonReader.object(EventJson.of(each))));
        return lines;
    }

    @Test
    void aMessageIsReadableInEveryWidth() throws IOException {
        for (int columns : new int[] {80, 120}) {
            String text =
                    new TimelineText(new Terminal(columns, false), message(), lines()).write();
            assertThat(text.lines()).allMatch(line -> line.length() <= columns);
            Golden.check(FOLDER + "/show-" + columns + ".txt", text);
            String coloured =
                    new TimelineText(new Terminal(columns, true), message(), lines()).write();
            assertThat(coloured.replaceAll("\033\\[[0-9;]*m", "")).isEqualTo(text);
        }
    }

    @Test
    void theMembersOfEventsAreThoseOfTheirPage() throws IOException {
        var text = new StringBuilder();
        events().stream().limit(8).forEach(each -> text.append(EventJson.of(each)).append('\n'));
        Golden.check(FOLDER + "/events.jsonl", text.toString());
    }

    @Test
    void aDialogueIsReadable() throws IOException {
        var dialogue =
                new Dialogue(
                        List.of(
                                line(12, Speaker.SERVER, "220 mx1.example.net ESMTP"),
                                line(13, Speaker.CLIENT, "EHLO mail.shop.example"),
                                line(500, Speaker.NOTE, "38200 octets of content"),
                                line(12_500, Speaker.SERVER, "451 4.7.1 greylisted")));
        Map<String, Object> failed =
                JsonReader.object(EventJson.withDialogue(tried(900, FIRST, 1, GREY, dialogue)));
        Map<String, Object> taken =
                JsonReader.object(EventJson.withDialogue(tried(900, FIRST, 2, OK, Dialogue.NONE)));
        Golden.check(
                FOLDER + "/transcript.txt",
                TranscriptCommand.text(failed) + TranscriptCommand.text(taken));
    }

    @Test
    void aTestIsMadeOfWhatIsShown() {
        var dialogue =
                new Dialogue(
                        List.of(
                                line(60, Speaker.SERVER, "220 mx1.example.net ESMTP"),
                                line(61, Speaker.CLIENT, "EHLO mail.shop.example"),
                                line(12_500, Speaker.NOTE, "timed out")));
        MailEvent.Tried tried = tried(900, FIRST, 1, GREY, dialogue);

        RecordedTest.Recorded recorded =
                TranscriptCommand.recorded(JsonReader.object(EventJson.withDialogue(tried)));

        assertThat(recorded)
                .isEqualTo(
                        new RecordedTest.Recorded(
                                tried.at(),
                                tried.nexthop(),
                                dialogue,
                                tried.reply().toString(),
                                List.of()));
    }

    private static Dialogue.Line line(long millis, Speaker speaker, String text) {
        return new Dialogue.Line(Duration.ofMillis(millis), speaker, text);
    }

    @Test
    void wordsAreWrapped() {
        assertThat(TimelineText.wrapped("one two three", 8)).containsExactly("one two", "three");
        assertThat(TimelineText.wrapped("x".repeat(20), 8)).hasSize(3);
        assertThat(TimelineText.wrapped("", 8)).containsExactly("");
    }

    /** Over the control socket, against an engine whose smarthost refuses connections. */
    @Test
    void whatHappenedIsAskedForOverTheSocket() throws Exception {
        try (var queue = new QueueRun(data)) {
            SpoolId id = queue.sendNow("app@shop.example", "ada@example.net");
            assertThat(queue.run("msg", "retry", id.toString()).exit())
                    .isIn(Exit.OK, Exit.TEMPORARY);
            queue.awaitTry(id);
            String show = queue.run("msg", "show", id.toString(), "--plain").out();
            assertThat(show).contains("attempt 1", "127.0.0.1", "PH-D010", "gives up ");
            CommandRun transcript = queue.run("msg", "transcript", id.toString());
            assertThat(transcript.exit()).isZero();
            assertThat(transcript.out()).contains("attempt 1, ended", "PH-D010");
            assertThat(queue.run("msg", "transcript", id + "/0", "7").out()).isEmpty();
            CommandRun test = queue.run("msg", "transcript", id.toString(), "--as-junit");
            assertThat(test.exit()).isZero();
            assertThat(test.out())
                    .contains(
                            "class RecordedTest {",
                            ".host(\"next-hop.example\").down();",
                            "421 4.4.1");
            assertThat(queue.run("msg", "transcript", id + "/0", "7", "--as-junit").exit())
                    .isEqualTo(Exit.NO_INPUT);
            assertThat(queue.run("msg", "transcript", "1KDVFA62Y0043").exit())
                    .isEqualTo(Exit.NO_INPUT);
            assertThat(queue.run("msg", "show", "1KDVFA62Y0043").exit()).isEqualTo(Exit.NO_INPUT);
            assertThat(queue.run("msg", "transcript", "nothing").exit()).isEqualTo(Exit.USAGE);
        }
    }
}
