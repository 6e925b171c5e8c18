package org.posthouse.daemon;

import org.posthouse.QueueView;
import org.posthouse.platform.TimeSource;
import org.posthouse.relay.Learned;

import java.util.List;
import java.util.Optional;

/** What a running daemon tells of what it learnt about destinations, and takes back. */
final class LearnedControl {
    /** Things in an answer. */
    static final int LINES_MAX = 1000;

    private final QueueView queue;
    private final TimeSource time;

    LearnedControl(QueueView queue, TimeSource time) {
        this.queue = queue;
        this.time = time;
    }

    /** The answer; empty when the request is for somebody else. */
    Optional<ControlAnswer> answer(ControlRequest request) {
        String destination = request.text("destination");
        return switch (request.verb()) {
            case "learned" -> Optional.of(list(queue.learned(destination)));
            case "clear" -> Optional.of(list(queue.clear(destination)));
            default -> Optional.empty();
        };
    }

    private ControlAnswer list(List<Learned> learned) {
        List<String> lines = learned.stream().limit(LINES_MAX).map(LearnedControl::line).toList();
        String now = time.now().toString();
        return new ControlAnswer(
                lines,
                ControlAnswer.ok(json -> json.text("now", now).number("count", learned.size()))
                        .last());
    }

    private static String line(Learned each) {
        return JsonLine.of(
                json ->
                        json.text("site", each.site())
                                .text("kind", each.kind().word())
                                .text("what", each.what())
                                .text("until", each.until().toString()));
    }
}
