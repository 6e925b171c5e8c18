package org.posthouse.relay;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.Disposition;
import org.posthouse.core.MailEvent;
import org.posthouse.core.Outcome;
import org.posthouse.core.Reply;
import org.posthouse.core.ReplyParser;
import org.posthouse.core.SpoolId;
import org.posthouse.policy.PolicySet;
import org.posthouse.spool.Progress;
import org.posthouse.spool.QueuedDelivery;
import org.posthouse.spool.Spool;
import org.posthouse.spool.StoredDelivery;
import org.posthouse.spool.StoredMessage;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.Semaphore;

/**
 * Begins attempts: reads the message, routes each recipient by the rules of now, and hands the
 * groups to their sites. What has an answer without an attempt is completed at once.
 */
final class Launcher {
    private static final Duration UNREADABLE_PAUSE = Duration.ofMinutes(1);
    static final Reply WAITING = Reply.of(450, "4.4.7", "not delivered yet");

    /** Messages with an instant of their own that are not read for it each time. */
    private static final int EXPIRIES_MAX = 100_000;

    private final Spool spool;
    private final Timetable timetable;
    private final RetrySchedule schedule;
    private final Dispatcher dispatcher;
    private final Completion completion;
    private final Completion.Surroundings around;
    private final SourceChoice sources;

    /** Of the one thread that takes; the oldest goes first. */
    private final Map<SpoolId, Long> expiries = new LinkedHashMap<>();

    Launcher(
            Spool spool,
            Timetable timetable,
            RetrySchedule schedule,
            Dispatcher dispatcher,
            Completion completion,
            Completion.Surroundings around,
            SourceChoice sources) {
        this.sources = sources;
        this.spool = spool;
        this.timetable = timetable;
        this.schedule = schedule;
        this.dispatcher = dispatcher;
        this.completion = completion;
        this.around = around;
    }

    /**
     * Launches what was taken and can go on now; the rest goes back.
     *
     * @param credit of the calling thread
     */
    void launch(List<QueuedDelivery> taken, Semaphore credit) {
        PolicySet rules;
        List<Arrival> arrivals = new ArrayList<>(taken.size());
        try {
            rules = around.rules().get();
            for (QueuedDelivery each : taken) {
                arrivals.add(arrival(each, rules));
            }
        } catch (RuntimeException e) {
            refuse(taken, e);
            return;
        }
        launch(dispatcher.arrived(arrivals), rules, credit);
    }

    /** Nothing is known of where they go: later. */
    private void refuse(List<QueuedDelivery> taken, RuntimeException failure) {
        trouble("PH-D090", taken.size() + " deliveries could not be placed: " + failure);
        Instant later = around.time().now().plus(UNREADABLE_PAUSE);
        taken.forEach(each -> spool.giveBack(each.id(), later));
    }

    private void launch(List<Delivery> deliveries, PolicySet rules, Semaphore credit) {
        List<Attempt.Group> groups = new ArrayList<>(deliveries.size());
        for (Delivery delivery : deliveries) {
            Attempt attempt = begin(delivery);
            if (attempt != null && (delivery.isEarly() || attempt.isOver(around.time().now()))) {
                lookAt(attempt, credit);
            } else if (attempt != null) {
                routed(attempt, rules, groups, credit);
            }
        }
        dispatcher.offer(groups).forEach(group -> completion.done(group, credit));
    }

    private Arrival arrival(QueuedDelivery delivery, PolicySet rules) {
        String site = "";
        if (delivery.local()) {
            site = new Router(sources.of(delivery.id())).storeOf(rules, delivery.domain());
        } else if (!delivery.fixedHop()) {
            site = new Router(sources.of(delivery.id())).siteOf(rules, delivery.domain());
        }
        if (timetable.isIdle(delivery, Timetable.millis(around.time().now()))) {
            around.events()
                    .emit(
                            new MailEvent.AttemptStep(
                                    around.time().now(),
                                    delivery.id(),
                                    1,
                                    MailEvent.Step.IDLE_WAIT,
                                    ""));
        }
        return new Arrival(delivery, timetable.dueMillis(delivery), lookMillis(delivery), site);
    }

    /** Only a message with an instant of its own is read for it, and mostly once. */
    private long lookMillis(QueuedDelivery delivery) {
        long look = timetable.lookMillis(delivery);
        if (!delivery.expires()) {
            return look;
        }
        try {
            return Math.min(look, expiresMillis(delivery.id().message()));
        } catch (RuntimeException e) {
            return look; // whoever begins the attempt finds out
        }
    }

    private long expiresMillis(SpoolId id) {
        Long known = expiries.get(id);
        if (known != null) {
            return known;
        }
        long read = Timetable.millis(spool.message(id).expiresAt());
        expiries.put(id, read);
        if (expiries.size() > EXPIRIES_MAX) {
            expiries.remove(expiries.keySet().iterator().next());
        }
        return read;
    }

    /** Null when it can't be read, or is gone: it went back. */
    private @Nullable Attempt begin(Delivery delivery) {
        try {
            StoredMessage message = spool.message(delivery.id().message());
            StoredDelivery stored = spool.delivery(delivery.id());
            delivery.look(schedule.lookMillis(message, stored.progress().warned()));
            return new Attempt(delivery, message, stored);
        } catch (NoSuchElementException e) {
            dispatcher.putBack(delivery, UNREADABLE_PAUSE);
        } catch (RuntimeException e) {
            trouble("PH-S042", delivery.id() + " can't be read: " + e.getMessage());
            dispatcher.putBack(delivery, UNREADABLE_PAUSE);
        }
        return null;
    }

    /** It was taken before it is due, for a delay report; now it is known when exactly. */
    private void lookAt(Attempt attempt, Semaphore credit) {
        Delivery delivery = attempt.delivery();
        if (delivery.lookMillis() > around.time().now().toEpochMilli()) {
            dispatcher.putBack(delivery, Duration.ZERO);
            return;
        }
        attempt.notBefore(delivery.dueMillis());
        Reply reply = lastOf(attempt, WAITING);
        for (int index = 0; index < attempt.count(); index++) {
            attempt.outcome(index, new Outcome.Deferred(reply, Outcome.Cause.NET), "");
        }
        completion.look(attempt, credit);
    }

    /** What was said last of all recipients; of one of several it was perhaps another one's. */
    static Reply lastOf(Attempt attempt, Reply otherwise) {
        Progress progress = attempt.progress();
        boolean isOfAll =
                attempt.count() == 1
                        || progress.tried()
                                .filter(last -> last.cause() == Outcome.Cause.NET)
                                .isPresent();
        return isOfAll ? replyOf(progress.lastReply(), otherwise) : otherwise;
    }

    /** The reply that was kept as text; without one, the other. */
    private static Reply replyOf(String text, Reply other) {
        byte[] line = text.getBytes(StandardCharsets.UTF_8);
        return new ReplyParser().line(line, 0, line.length)
                        instanceof ReplyParser.Result.Complete it
                ? it.reply()
                : other;
    }

    /** A bug in one of them stops neither the others nor the thread. */
    private void routed(
            Attempt attempt, PolicySet rules, List<Attempt.Group> groups, Semaphore credit) {
        try {
            route(attempt, rules, groups, credit);
        } catch (RuntimeException e) {
            trouble("PH-D090", attempt.delivery().id() + " could not be routed: " + e);
            dispatcher.putBack(attempt.delivery(), UNREADABLE_PAUSE);
        }
    }

    private void route(
            Attempt attempt, PolicySet rules, List<Attempt.Group> groups, Semaphore credit) {
        Map<Hop, List<Integer>> byHop = new LinkedHashMap<>(2);
        String via = attempt.progress().via();
        var router =
                new Router(
                        sources.of(attempt.delivery().id(), attempt.progress()),
                        attempt.message().envelope().options());
        for (int index = 0; index < attempt.count(); index++) {
            Disposition disposition = attempt.message().dispositions().get(attempt.position(index));
            Hop hop = router.hop(rules, attempt.passage(index), disposition, via);
            if (hop instanceof Hop.Nowhere nowhere) {
                attempt.outcome(index, answer(nowhere.reply()), "");
            } else {
                byHop.computeIfAbsent(hop, each -> new ArrayList<>(1)).add(index);
            }
        }
        if (byHop.isEmpty()) {
            completion.complete(attempt, credit);
            return;
        }
        attempt.groups(byHop.size());
        byHop.forEach(
                (hop, indexes) ->
                        groups.add(
                                new Attempt.Group(
                                        attempt,
                                        hop,
                                        indexes.stream().mapToInt(i -> i).toArray())));
    }

    private static Outcome answer(Reply reply) {
        if (reply.isTransient()) {
            return new Outcome.Deferred(reply, Outcome.Cause.TEMPORARY);
        }
        return reply.isPositive() ? new Outcome.Delivered(reply) : new Outcome.Failed(reply);
    }

    private void trouble(String code, String text) {
        around.events().emit(new MailEvent.Trouble(around.time().now(), code, text));
    }
}
