package org.posthouse.daemon;

import org.posthouse.Health;
import org.posthouse.PastDecision;
import org.posthouse.Posthouse;
import org.posthouse.core.SpoolId;
import org.posthouse.daemon.config.Settings;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What a running daemon does for its own user. */
final class Control implements Function<ControlRequest, ControlAnswer> {
    static final String NO_RELOAD = "PH-S053";
    static final String NO_MESSAGE = "PH-S055";

    private final Posthouse engine;
    private final Reloader reloader;
    private final Stop stop;
    private final QueueControl queue;
    private final HistoryControl history;

    Control(
            Posthouse engine,
            Reloader reloader,
            Stop stop,
            QueueControl queue,
            HistoryControl history) {
        this.engine = engine;
        this.history = history;
        this.queue = queue;
        this.reloader = reloader;
        this.stop = stop;
    }

    @Override
    public ControlAnswer apply(ControlRequest request) {
        return switch (request.verb()) {
            case "status" -> status(engine, engine.relayProof().sentence(), reloader.last());
            case "readyz" -> readyz();
            case "reload" -> reload();
            case "settings" -> settings(reloader);
            case "explain" -> explain(request.text("id"));
            case "stop" -> {
                if (!stop.isAsked()) {
                    stop.ask();
                }
                yield ControlAnswer.ok(json -> {});
            }
            default ->
                    queue.answer(request)
                            .or(() -> history.answer(request))
                            .orElseGet(
                                    () ->
                                            ControlAnswer.no(
                                                    ControlServer.BAD_REQUEST,
                                                    "this daemon can't " + request.verb()));
        };
    }

    /** How an engine is. */
    static ControlAnswer status(Posthouse engine, String mayRelay, String lastReload) {
        return ControlAnswer.ok(
                json ->
                        json.text("version", Version.text())
                                .number("pid", ProcessHandle.current().pid())
                                .texts("listeners", listeners(engine))
                                .number("sessions", engine.sessions().size())
                                .number("messages", engine.queue().messages())
                                .number("deliveries", engine.queue().deliveries())
                                .text("may_relay", mayRelay)
                                .text("last_reload", lastReload)
                                .text("now", engine.now().toString())
                                .objects(
                                        "suspensions",
                                        engine.queue().suspensions(),
                                        SuspensionJson::write));
    }

    private ControlAnswer readyz() {
        Health health = engine.health();
        return ControlAnswer.ok(
                json ->
                        json.flag("live", health.live())
                                .flag("ready", health.ready() && !stop.isAsked())
                                .texts("hindrances", health.hindrances()));
    }

    static List<String> listeners(Posthouse engine) {
        var places = new ArrayList<String>();
        for (Map.Entry<String, InetSocketAddress> each : engine.addresses().entrySet()) {
            places.add(each.getKey() + " " + Daemon.place(each.getValue()));
        }
        for (Map.Entry<String, Path> each : engine.sockets().entrySet()) {
            places.add(each.getKey() + " unix:" + each.getValue());
        }
        return places;
    }

    private ControlAnswer explain(String id) {
        Optional<PastDecision> found;
        try {
            found = engine.explain(SpoolId.parse(id));
        } catch (IllegalArgumentException e) {
            return ControlAnswer.no(ControlServer.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
        if (found.isEmpty()) {
            return ControlAnswer.no(
                    NO_MESSAGE, "no message " + id + " is queued, or was in the last days");
        }
        PastDecision past = found.get();
        List<String> lines = past.recipients().stream().map(Control::recipient).toList();
        return new ControlAnswer(lines, ControlAnswer.ok(json -> message(json, past)).last());
    }

    private static String recipient(PastDecision.ForRecipient recipient) {
        return JsonLine.of(
                json ->
                        json.text("recipient", recipient.mailbox().address())
                                .text("today", recipient.today())
                                .object(
                                        "explanation",
                                        to -> ExplanationJson.write(to, recipient.explanation())));
    }

    private static void message(JsonLine json, PastDecision past) {
        json.text("id", past.id().toString())
                .text("accepted_at", past.acceptedAt().toString())
                .text("listener", past.origin().listener())
                .text("client", past.origin().clientAddress())
                .text("helo", past.origin().heloName())
                .text("login", past.origin().login())
                .text("protocol", past.origin().protocol())
                .text("reverse_path", past.reversePath().address())
                .number("octets", past.octets())
                .number("recipients", past.recipientCount());
    }

    /** What is in force, as it was written. */
    static ControlAnswer settings(Reloader reloader) {
        Reloader.InForce now = reloader.inForce();
        var lines = new ArrayList<String>();
        for (Settings.Setting setting : now.settings().all()) {
            for (Settings.Value value : setting.values()) {
                lines.add(
                        JsonLine.of(
                                json ->
                                        json.text("path", setting.path())
                                                .text("table", value.table())
                                                .text("value", value.text())
                                                .text("place", value.place())
                                                .text("digest", value.digest())));
            }
        }
        String file = reloader.file().map(Path::toString).orElse("");
        return new ControlAnswer(
                lines,
                ControlAnswer.ok(json -> json.text("file", file).texts("waiting", now.waiting()))
                        .last());
    }

    private ControlAnswer reload() {
        return switch (reloader.reload()) {
            case Reloader.Result.Done done ->
                    ControlAnswer.ok(
                            json ->
                                    json.texts("changed", done.reloaded().changed())
                                            .texts("waiting", done.reloaded().waiting())
                                            .text("may_relay", engine.relayProof().sentence()));
            case Reloader.Result.Refused refused ->
                    ControlAnswer.no(
                            NO_RELOAD,
                            "the configuration was not taken",
                            json -> json.text("report", refused.report()));
        };
    }
}
