package org.posthouse.daemon;

import org.posthouse.PosthouseException;
import org.posthouse.QueueView;
import org.posthouse.platform.TimeSource;
import org.posthouse.relay.Suspension;

import java.util.List;
import java.util.Optional;

/** What a running daemon does to parts of its queue. */
final class SuspensionControl {
    static final String NOT_SUSPENDED = "PH-S062";

    private final QueueView queue;
    private final TimeSource time;

    SuspensionControl(QueueView queue, TimeSource time) {
        this.queue = queue;
        this.time = time;
    }

    /** The answer; empty when the request is for somebody else. */
    Optional<ControlAnswer> answer(ControlRequest request) {
        try {
            return switch (request.verb()) {
                case "suspend" -> Optional.of(suspend(request));
                case "resume" -> Optional.of(resume(request));
                case "suspensions" -> Optional.of(list());
                default -> Optional.empty();
            };
        } catch (PosthouseException e) {
            return Optional.of(ControlAnswer.no(e.code(), String.valueOf(e.getMessage())));
        }
    }

    private ControlAnswer suspend(ControlRequest request) {
        Suspension wanted = SuspensionJson.read(request, time.now());
        queue.suspend(wanted);
        return ControlAnswer.ok(json -> SuspensionJson.write(json, wanted));
    }

    private ControlAnswer resume(ControlRequest request) {
        String pattern = request.text("pattern");
        if (queue.resume(SuspensionJson.scope(request), pattern)) {
            return ControlAnswer.ok(json -> {});
        }
        return ControlAnswer.no(
                NOT_SUSPENDED, "nothing is suspended by " + request.text("scope") + " " + pattern);
    }

    private ControlAnswer list() {
        List<String> lines =
                queue.suspensions().stream()
                        .map(each -> JsonLine.of(json -> SuspensionJson.write(json, each)))
                        .toList();
        String now = time.now().toString();
        return new ControlAnswer(lines, ControlAnswer.ok(json -> json.text("now", now)).last());
    }
}
