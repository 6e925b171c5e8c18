package org.posthouse.daemon;

import org.posthouse.QueueView;
import org.posthouse.core.MailEvent;
import org.posthouse.platform.TimeSource;

import java.io.IOException;
import java.time.Duration;

/** Tells events as they happen, until the client is gone or nothing more happens. */
final class TailControl {
    /** Where nothing happened for so long, that is said: either end sees that the other lives. */
    static final Duration IDLE = Duration.ofSeconds(10);

    /** A client that reads nothing for so long is gone; it has lost events long before. */
    private static final Duration READ_WITHIN = Duration.ofMinutes(10);

    private final LiveEvents events;
    private final QueueView queue;
    private final TimeSource time;

    TailControl(LiveEvents events, QueueView queue, TimeSource time) {
        this.events = events;
        this.queue = queue;
        this.time = time;
    }

    ControlAnswer answer(ControlRequest request, Following.Lines lines) throws IOException {
        var filter = new TailFilter(request, queue::message);
        boolean asText = Boolean.TRUE.equals(request.members().get("text"));
        var signal = time.signal();
        try (LiveEvents.Reader reader = events.read(signal)) {
            lines.send(JsonLine.of(json -> json.flag("idle", true)), READ_WITHIN);
            boolean ended = false;
            while (!ended) {
                ended = events.isStopped();
                tell(reader.take(), filter, asText, lines);
                if (!ended && !signal.await(time.after(IDLE))) {
                    lines.send(JsonLine.of(json -> json.flag("idle", true)), READ_WITHIN);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ControlAnswer.ok(json -> json.text("ended", "the daemon has stopped"));
    }

    private static void tell(
            LiveEvents.Batch batch, TailFilter filter, boolean asText, Following.Lines lines)
            throws IOException {
        if (batch.lost() > 0) {
            lines.send(JsonLine.of(json -> json.number("lost", batch.lost())), READ_WITHIN);
        }
        for (MailEvent event : batch.events()) {
            String line = LogLine.of(event);
            if (!line.isEmpty() && filter.matches(event, word(line))) {
                String sent =
                        asText
                                ? JsonLine.of(json -> json.text("line", line))
                                : LogLine.of(event, true);
                lines.send(sent, READ_WITHIN);
            }
        }
    }

    /** What happened: behind the instant. */
    static String word(String line) {
        String[] words = line.split(" ", 3);
        return words.length > 1 ? words[1] : "";
    }
}
