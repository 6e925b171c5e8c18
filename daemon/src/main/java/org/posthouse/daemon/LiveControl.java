package org.posthouse.daemon;

import org.posthouse.Posthouse;
import org.posthouse.platform.TimeSource;

import java.io.IOException;
import java.util.Optional;

/** The requests that are answered line by line. */
final class LiveControl implements Following {
    private final ShapeControl shape;
    private final TailControl tail;
    private final TopControl top;
    private final SessionControl sessions;

    LiveControl(Posthouse engine, TimeSource time, Live live) {
        shape = new ShapeControl(engine.queue(), time, live.recent());
        sessions = new SessionControl(engine);
        top = new TopControl(engine, time, live.recent());
        tail = new TailControl(live.events(), engine.queue(), time);
    }

    /**
     * Who is told events.
     *
     * @param recent remembers the last hour
     * @param events hands them on
     */
    record Live(Recent recent, LiveEvents events) {
        static Live create() {
            return new Live(new Recent(), new LiveEvents());
        }
    }

    @Override
    public Optional<ControlAnswer> answer(ControlRequest request, Lines lines) throws IOException {
        return switch (request.verb()) {
            case "shape" -> Optional.of(shape.answer(request, lines));
            case "tail" -> Optional.of(tail.answer(request, lines));
            case "sessions" -> Optional.of(sessions.answer(request));
            case "top" -> Optional.of(top.answer(request));
            default -> Optional.empty();
        };
    }
}
