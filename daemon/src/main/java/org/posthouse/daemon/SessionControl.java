package org.posthouse.daemon;

import org.posthouse.Posthouse;
import org.posthouse.core.Glob;
import org.posthouse.platform.TlsFacts;
import org.posthouse.server.SessionView;

import java.util.Comparator;
import java.util.List;

/** Tells of the sessions that there are, those that began first at first. */
final class SessionControl {
    /** Sessions in an answer. */
    static final int ROWS_MAX = 200;

    private final Posthouse engine;

    SessionControl(Posthouse engine) {
        this.engine = engine;
    }

    /** A request may say {@code client} and {@code login}. */
    ControlAnswer answer(ControlRequest request) {
        var client = new Glob(request.text("client"));
        var login = new Glob(request.text("login"));
        List<SessionView> found =
                engine.sessions().stream()
                        .filter(each -> client.matches(each.clientAddress().toString()))
                        .filter(each -> login.matches(each.login()))
                        .toList();
        List<String> rows =
                found.stream()
                        .sorted(Comparator.comparingLong(SessionView::number))
                        .limit(ROWS_MAX)
                        .map(each -> JsonLine.of(json -> row(json, each)))
                        .toList();
        return new ControlAnswer(
                rows,
                ControlAnswer.ok(
                                json ->
                                        json.text("now", engine.now().toString())
                                                .number("count", found.size()))
                        .last());
    }

    private static void row(JsonLine json, SessionView session) {
        json.number("session", session.number())
                .text("listener", session.listener())
                .text("client", session.clientAddress().toString())
                .text("helo", session.heloName())
                .text("login", session.login())
                .text("tls", session.tls().map(TlsFacts::version).orElse(""))
                .text("state", session.state())
                .text("connected_at", session.connectedAt().toString());
        session.reversePath().ifPresent(from -> json.text("from", DeliveryJson.reversePath(from)));
        json.number("recipients", session.recipients().size());
    }
}
