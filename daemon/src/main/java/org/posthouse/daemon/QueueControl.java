package org.posthouse.daemon;

import org.posthouse.PosthouseException;
import org.posthouse.QueueView;
import org.posthouse.QueueView.Entry;
import org.posthouse.Redirection;
import org.posthouse.core.Content;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.EncodedWords;
import org.posthouse.core.HeaderFields;
import org.posthouse.core.Recipient;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.TimeSource;
import org.posthouse.spool.StoredMessage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What a running daemon tells of its queue, and does to deliveries. Requests are of bounded work:
 * who wants more asks again behind what the last answer names as next.
 */
final class QueueControl {
    static final String NOT_QUEUED = "PH-S057";

    /** Deliveries in an answer. */
    static final int PAGE_MAX = 500;

    /** Deliveries looked at for one answer. */
    static final int SCAN_MAX = 5000;

    /** The same, where each is read from the disk. */
    static final int READ_MAX = 500;

    /** Deliveries that are changed by one request. */
    static final int CHANGES_MAX = 250;

    /** Content in an answer. */
    static final int OCTETS_MAX = 512 * 1024;

    /** Of a content, in which a field is sought. */
    private static final int HEAD_OCTETS = 64 * 1024;

    private static final int SUBJECT_OCTETS = 400;
    private static final DeliveryId FIRST = new DeliveryId(new SpoolId(1), 0);

    private final QueueView queue;
    private final TimeSource time;
    private final Consumer<String> log;
    private final SuspensionControl suspensions;
    private final LearnedControl learned;

    /**
     * Answers for a queue.
     *
     * @param log told the changes that have no event of their own
     */
    QueueControl(QueueView queue, TimeSource time, Consumer<String> log) {
        this.log = log;
        this.queue = queue;
        this.time = time;
        suspensions = new SuspensionControl(queue, time);
        learned = new LearnedControl(queue, time);
    }

    /** The answer; empty when the request is for somebody else. */
    Optional<ControlAnswer> answer(ControlRequest request) {
        return suspensions
                .answer(request)
                .or(() -> learned.answer(request))
                .or(() -> ofDeliveries(request));
    }

    private Optional<ControlAnswer> ofDeliveries(ControlRequest request) {
        return switch (request.verb()) {
            case "list" -> Optional.of(list(request));
            case "message" -> Optional.of(message(request.text("id")));
            case "content" -> Optional.of(content(request));
            case "retry" -> Optional.of(change(request, logged("retry", queue::retryNow)));
            case "hold" -> Optional.of(change(request, queue::hold));
            case "release" -> Optional.of(change(request, queue::release));
            case "fail" -> Optional.of(change(request, logged("fail", queue::fail)));
            case "redirect" -> Optional.of(redirect(request));
            case "drop" -> Optional.of(change(request, queue::remove));
            default -> Optional.empty();
        };
    }

    private ControlAnswer list(ControlRequest request) {
        Instant now = time.now();
        var filter = QueueFilter.of(request, now);
        int max = Math.clamp(request.number("max", PAGE_MAX), 1, PAGE_MAX);
        var lines = new ArrayList<String>();
        String given = request.text("after");
        DeliveryId after = given.isEmpty() ? FIRST : DeliveryIds.parse(given);
        boolean isEnd = false;
        int seen = 0;
        int scanMax = filter.reads() ? READ_MAX : SCAN_MAX;
        while (!isEnd && lines.size() < max && seen < scanMax) {
            List<Entry> page = page(request, after);
            isEnd = page.isEmpty();
            for (Entry entry : page) {
                if (lines.size() < max && seen < scanMax) {
                    after = entry.id();
                    seen++;
                    if (filter.matches(entry, this::subject)) {
                        lines.add(DeliveryJson.of(entry, now));
                    }
                }
            }
        }
        String next = isEnd ? "" : after.toString();
        return new ControlAnswer(
                lines,
                ControlAnswer.ok(json -> json.text("next", next).text("now", now.toString()))
                        .last());
    }

    /** The Subject field as people read it; empty without one. */
    private String subject(Entry entry) {
        return queue.content(entry.id().message()).map(QueueControl::subject).orElse("");
    }

    static String subject(Content found) {
        try (Content content = found) {
            var head = new byte[(int) Math.min(content.octets(), HEAD_OCTETS)];
            int filled = 0;
            int read = 0;
            while (filled < head.length && read >= 0) {
                filled += read;
                read = content.read(filled, head, filled, head.length - filled);
            }
            return HeaderFields.first(head, "Subject", SUBJECT_OCTETS)
                    .map(EncodedWords::decode)
                    .orElse("");
        }
    }

    /** Only whole domains are found without reading every message. */
    private List<Entry> page(ControlRequest request, DeliveryId after) {
        String id = request.text("id");
        if (!id.isEmpty()) {
            return named(id).stream().filter(entry -> isBehind(entry.id(), after)).toList();
        }
        String domain = request.text("domain").toLowerCase(Locale.ROOT);
        return domain.isEmpty() || domain.indexOf('*') >= 0
                ? queue.listAfter(after, PAGE_MAX)
                : queue.listAfter(domain, after, PAGE_MAX);
    }

    private static boolean isBehind(DeliveryId id, DeliveryId other) {
        int order = id.message().compareTo(other.message());
        return order > 0 || (order == 0 && id.number() > other.number());
    }

    /** The deliveries of a message, or a single one. */
    private List<Entry> named(String id) {
        return id.indexOf('/') >= 0
                ? queue.find(DeliveryIds.parse(id)).stream().toList()
                : queue.of(SpoolId.parse(id));
    }

    private ControlAnswer message(String id) {
        SpoolId spoolId = SpoolId.parse(id);
        Optional<StoredMessage> found = queue.message(spoolId);
        if (found.isEmpty()) {
            return notQueued(id);
        }
        Instant now = time.now();
        StoredMessage message = found.get();
        List<String> lines =
                queue.of(spoolId).stream()
                        .limit(PAGE_MAX)
                        .map(entry -> DeliveryJson.of(entry, now))
                        .toList();
        return new ControlAnswer(
                lines,
                ControlAnswer.ok(
                                json -> {
                                    message(json, message, now);
                                    json.text(
                                            "subject",
                                            queue.content(spoolId)
                                                    .map(QueueControl::subject)
                                                    .orElse(""));
                                })
                        .last());
    }

    private static void message(JsonLine json, StoredMessage message, Instant now) {
        List<Recipient> recipients = message.envelope().recipients();
        json.text("id", message.id().toString())
                .text("now", now.toString())
                .text("from", DeliveryJson.reversePath(message.envelope().reversePath()))
                .number("octets", message.octets())
                .text("accepted_at", message.acceptedAt().toString())
                .text("listener", message.origin().listener())
                .text("client", message.origin().clientAddress())
                .text("helo", message.origin().heloName())
                .text("login", message.origin().login())
                .text("protocol", message.origin().protocol())
                .number("recipients", recipients.size());
        if (message.notBefore().isAfter(now)) {
            json.text("not_before", message.notBefore().toString());
        }
    }

    private static ControlAnswer notQueued(String id) {
        return ControlAnswer.no(NOT_QUEUED, "no message " + id + " is in the queue (any more)");
    }

    private ControlAnswer content(ControlRequest request) {
        String id = request.text("id");
        long position = Math.max(0, request.number("position", 0));
        Optional<Content> found = queue.content(SpoolId.parse(id));
        if (found.isEmpty()) {
            return notQueued(id);
        }
        try (Content content = found.get()) {
            long length = content.octets();
            var octets = new byte[Math.clamp(length - position, 0, OCTETS_MAX)];
            int filled = 0;
            while (filled < octets.length) {
                int read = content.read(position + filled, octets, filled, octets.length - filled);
                if (read < 0) {
                    throw new IllegalStateException("the content of " + id + " ends early");
                }
                filled += read;
            }
            return ControlAnswer.ok(
                    json ->
                            json.number("octets", length)
                                    .text("base64", Base64.getEncoder().encodeToString(octets)));
        }
    }

    private ControlAnswer redirect(ControlRequest request) {
        Redirection to = RedirectionJson.read(request);
        try {
            return change(request, id -> queue.redirect(id, to));
        } catch (PosthouseException e) {
            return ControlAnswer.no(e.code(), String.valueOf(e.getMessage()));
        }
    }

    /** Of other changes there is an event that says who made them. */
    private Predicate<DeliveryId> logged(String verb, Predicate<DeliveryId> change) {
        return id -> {
            boolean done = change.test(id);
            if (done) {
                log.accept("operator: " + verb + " " + id);
            }
            return done;
        };
    }

    /** Each is durable before it is answered for. */
    private ControlAnswer change(ControlRequest request, Predicate<DeliveryId> change) {
        List<DeliveryId> ids =
                request.texts("deliveries").stream().map(DeliveryIds::parse).toList();
        if (ids.size() > CHANGES_MAX) {
            throw new IllegalArgumentException("at most " + CHANGES_MAX + " at a time");
        }
        var lines = new ArrayList<String>();
        for (DeliveryId id : ids) {
            boolean done = change.test(id);
            lines.add(JsonLine.of(json -> json.text("delivery", id.toString()).flag("done", done)));
        }
        return new ControlAnswer(lines, ControlAnswer.ok(json -> {}).last());
    }
}
