package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.MailEvent;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Origin;
import org.posthouse.core.Recipient;
import org.posthouse.core.Reply;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@code posthouse tail}, against a daemon where something happens. */
class TailCommandTest {
    private static final Instant AT = Instant.parse("2026-03-01T12:00:00Z");
    private static final SpoolId FIRST = new SpoolId(7);
    private static final SpoolId SECOND = new SpoolId(8);

    @TempDir Path data;

    private static MailEvent received(SpoolId id, String from, String to) {
        return new MailEvent.Received(
                AT,
                id,
                Origin.INTERNAL,
                Mailbox.parse(from),
                List.of(Recipient.of(Mailbox.parse(to))),
                512);
    }

    private static MailEvent delivered(SpoolId id, String to) {
        return new MailEvent.Delivered(
                AT.plusSeconds(1),
                new DeliveryId(id, 0),
                Mailbox.parse(to),
                "mx1",
                Reply.of(250, "2.0.0", "ok"),
                1,
                Duration.ofSeconds(1),
                false);
    }

    private static final List<MailEvent> EVENTS =
            List.of(
                    received(FIRST, "app@shop.example", "ada@far.example"),
                    received(SECOND, "web@shop.example", "eve@near.example"),
                    new MailEvent.SessionClosed(AT, 1, "QUIT"),
                    delivered(FIRST, "ada@far.example"),
                    delivered(SECOND, "eve@near.example"),
                    new MailEvent.Trouble(AT, "PH-S021", "odd"));

    /** Looks on from before the first event until the daemon stops. */
    private CommandRun tail(QueueRun queue, String... words) throws InterruptedException {
        String[] all = new String[words.length + 1];
        all[0] = "tail";
        System.arraycopy(words, 0, all, 1, words.length);
        CompletableFuture<CommandRun> run = CompletableFuture.supplyAsync(() -> queue.run(all));
        Deadline deadline = queue.time().after(Duration.ofSeconds(60));
        while (queue.live.events().readers() == 0 && !queue.time().isPast(deadline)) {
            Thread.onSpinWait();
        }
        EVENTS.forEach(queue.live.events()::emit);
        queue.live.events().stop(queue.time());
        return run.join();
    }

    @Test
    void whatHappensIsShownUntilTheDaemonStops() throws Exception {
        try (var queue = new QueueRun(data)) {
            CommandRun run = tail(queue, "--plain");
            assertThat(run.exit()).isZero();
            assertThat(run.err()).isEqualTo("posthouse: the daemon has stopped\n");
            assertThat(run.out().lines().map(TailControl::word))
                    .containsExactly("received", "received", "delivered", "delivered", "trouble");
        }
    }

    @Test
    void whatTheAcceptanceSaysHoldsForWhatComesLater() throws Exception {
        try (var queue = new QueueRun(data)) {
            CommandRun run = tail(queue, "--from", "app@*", "--json");
            assertThat(run.out().lines().toList())
                    .satisfiesExactly(
                            line -> assertThat(line).contains("\"received\"", FIRST.toString()),
                            line -> assertThat(line).contains("\"delivered\"", FIRST.toString()));
        }
    }

    @Test
    void aConnectionThatEndsIsNoMystery() throws Exception {
        var queue = new QueueRun(data);
        try {
            CompletableFuture<CommandRun> run =
                    CompletableFuture.supplyAsync(() -> queue.run("tail"));
            Deadline deadline = queue.time().after(Duration.ofSeconds(60));
            while (queue.live.events().readers() == 0 && !queue.time().isPast(deadline)) {
                Thread.onSpinWait();
            }
            queue.close();
            assertThat(run.join().exit()).isZero();
            assertThat(run.join().err()).startsWith("posthouse: the daemon has ended this");
        } finally {
            queue.close();
        }
    }

    @Test
    void filtersNarrow() throws Exception {
        try (var queue = new QueueRun(data)) {
            CommandRun run = tail(queue, "--domain", "near.example", "--event", "delivered");
            assertThat(run.out().lines()).singleElement().asString().contains("eve@near.example");
        }
    }

    /** Ids tell when their messages were accepted: these, in 1970. */
    @Test
    void agesAreThoseOfTheMessagesThen() throws Exception {
        try (var queue = new QueueRun(data)) {
            CommandRun old = tail(queue, "--age", "1h", "--plain");
            assertThat(old.out().lines().map(TailControl::word))
                    .containsExactly("received", "received", "delivered", "delivered");
        }
        try (var queue = new QueueRun(data.resolve("other"))) {
            assertThat(tail(queue, "--age=-1h").out()).isEmpty();
        }
    }

    @Test
    void whatOnlyAQueueCanBeAskedForIsRefusedInWords() throws Exception {
        try (var queue = new QueueRun(data)) {
            for (String option : List.of("--state=held", "--route=out", "--subject=x", "--age=x")) {
                CommandRun run = queue.run("tail", option);
                assertThat(run.exit()).as(option).isEqualTo(Exit.USAGE);
                String word = option.equals("--age=x") ? "is no age" : "msg list";
                assertThat(run.err()).as(option).startsWith("posthouse: ").contains(word);
            }
        }
    }

    @Test
    void aSlowReaderLosesTheOldestAndIsToldHowMany() {
        try (JdkPlatform platform = JdkPlatform.create(DnsSettings.servers(List.of()))) {
            var events = new LiveEvents();
            try (LiveEvents.Reader reader = events.read(platform.time().signal())) {
                for (int i = 0; i < LiveEvents.BUFFER_MAX + 904; i++) {
                    events.emit(new MailEvent.SessionClosed(AT, i, "QUIT"));
                }
                LiveEvents.Batch batch = reader.take();
                assertThat(batch.lost()).isEqualTo(904);
                assertThat(batch.events()).hasSize(LiveEvents.BUFFER_MAX);
                assertThat(batch.events().getFirst())
                        .isEqualTo(new MailEvent.SessionClosed(AT, 904, "QUIT"));
                assertThat(reader.take()).isEqualTo(new LiveEvents.Batch(List.of(), 0));
            }
            assertThat(events.readers()).isZero();
        }
        assertThat(TailCommand.lost(904))
                .isEqualTo("... 904 events were lost: they came faster than they were read");
    }

    @Test
    void whatHappenedIsColoured() {
        String line = "2026-03-01T12:00:00Z failed 1/0 to=<a@b.example>";
        assertThat(TailCommand.painted(new Terminal(80, true), line))
                .isEqualTo(line.replace("failed", "\033[1;31mfailed\033[0m"));
        assertThat(TailCommand.painted(new Terminal(80, false), line)).isEqualTo(line);
    }
}
