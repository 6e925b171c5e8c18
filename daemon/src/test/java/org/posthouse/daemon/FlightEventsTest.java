package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.Dialogue;
import org.posthouse.core.MailEvent;
import org.posthouse.core.Reply;
import org.posthouse.core.SpoolId;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What the flight recorder of the JDK gets to know. */
class FlightEventsTest {
    private static final Instant AT = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir Path folder;

    private static final MailEvent TRIED =
            new MailEvent.Tried(
                    AT,
                    new DeliveryId(new SpoolId(7), 0),
                    2,
                    "mx1",
                    MailEvent.Protection.NONE,
                    Reply.of(250, "2.0.0", "ok"),
                    MailEvent.Step.DONE,
                    Duration.ofMillis(420),
                    false,
                    Dialogue.NONE);

    private static RecordedEvent named(List<RecordedEvent> events, String name) {
        return events.stream()
                .filter(each -> each.getEventType().getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void sessionsTriesAndCommitsAreRecordedWithTheirDurations() throws Exception {
        Path file = folder.resolve("flight.jfr");
        try (var recording = new Recording();
                var queue = new QueueRun(folder.resolve("data"))) {
            for (String each : List.of("Session", "Try", "AcceptCommit")) {
                recording.enable("posthouse." + each).withoutThreshold();
            }
            recording.start();
            var events = new FlightEvents();
            events.emit(new MailEvent.SessionOpened(AT, 5, "in", "203.0.113.9"));
            events.emit(TRIED);
            events.emit(new MailEvent.SessionClosed(AT.plusMillis(1500), 5, "QUIT"));
            queue.send("app@shop.example", "ada@example.net");
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> recorded = RecordingFile.readAllEvents(file);
        assertThat(recorded).hasSize(3);
        RecordedEvent session = named(recorded, "posthouse.Session");
        assertThat(session.getDuration("elapsed")).isEqualTo(Duration.ofMillis(1500));
        assertThat(session.getString("listener")).isEqualTo("in");
        assertThat(session.getString("why")).isEqualTo("QUIT");
        RecordedEvent tried = named(recorded, "posthouse.Try");
        assertThat(tried.getDuration("elapsed")).isEqualTo(Duration.ofMillis(420));
        assertThat(tried.getInt("attempt")).isEqualTo(2);
        assertThat(tried.getBoolean("succeeded")).isTrue();
        RecordedEvent commit = named(recorded, "posthouse.AcceptCommit");
        assertThat(commit.getBoolean("durable")).isTrue();
        assertThat(commit.getDuration()).isPositive();
    }
}
