package org.posthouse.relay;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.Disposition;
import org.posthouse.core.MailEvent;
import org.posthouse.core.Outcome;
import org.posthouse.core.Reply;
import org.posthouse.core.ReplyParser;
import org.posthouse.policy.PolicySet;
import org.posthouse.spool.Spool;
import org.posthouse.spool.StoredMessage;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
    private static final Reply WAITING = Reply.of(450, "4.4.7", "not delivered yet");

    private final Spool spool;
    private final Dispatcher dispatcher;
    private final Completion completion;
    private final Completion.Surroundings around;

    Launcher(
            Spool spool,
            Dispatcher dispatcher,
            Completion completion,
            Completion.Surroundings around) {
        this.spool = spool;
        this.dispatcher = dispatcher;
        this.completion = completion;
        this.around = around;
    }

    /**
     * Launches deliveries that are active.
     *
     * @param credit of the calling thread
     */
    void launch(List<Delivery> deliveries, Semaphore credit) {
        List<Attempt.Group> groups = new ArrayList<>(deliveries.size());
        PolicySet rules = around.rules().get();
        for (Delivery delivery : deliveries) {
            Attempt attempt = begin(delivery);
            if (attempt == null) {
                continue;
            }
            if (isEarly(delivery)) {
                lookAt(attempt, credit);
            } else {
                route(attempt, rules, groups, credit);
            }
        }
        dispatcher.offer(groups).forEach(group -> completion.done(group, credit));
    }

    private @Nullable Attempt begin(Delivery delivery) {
        try {
            StoredMessage message = spool.message(delivery.id().message());
            delivery.acceptedAt(message.acceptedAt().toEpochMilli());
            return new Attempt(delivery, message);
        } catch (NoSuchElementException e) {
            dispatcher.forget(delivery);
        } catch (UncheckedIOException e) {
            trouble(delivery, e);
            dispatcher.putBack(delivery, UNREADABLE_PAUSE);
        }
        return null;
    }

    /** It was woken before it is due: for a delay report. */
    private boolean isEarly(Delivery delivery) {
        return delivery.dueMillis() > around.time().now().toEpochMilli();
    }

    private void lookAt(Attempt attempt, Semaphore credit) {
        attempt.notBefore(attempt.delivery().dueMillis());
        Reply reply = replyOf(attempt.delivery().progress().lastReply());
        for (int index = 0; index < attempt.count(); index++) {
            attempt.outcome(index, new Outcome.Deferred(reply, Outcome.Cause.NET), "");
        }
        completion.look(attempt, credit);
    }

    /** The reply that was kept as text. */
    private static Reply replyOf(String text) {
        byte[] line = text.getBytes(StandardCharsets.UTF_8);
        return new ReplyParser().line(line, 0, line.length)
                        instanceof ReplyParser.Result.Complete it
                ? it.reply()
                : WAITING;
    }

    private void route(
            Attempt attempt, PolicySet rules, List<Attempt.Group> groups, Semaphore credit) {
        Map<Hop, List<Integer>> byHop = new LinkedHashMap<>(2);
        String via = attempt.delivery().progress().via();
        for (int index = 0; index < attempt.count(); index++) {
            Disposition disposition = attempt.message().dispositions().get(attempt.position(index));
            Hop hop = Router.hop(rules, attempt.mailbox(index), disposition, via);
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
        return reply.isPositive() ? new Outcome.Delivered(reply) : new Outcome.Failed(reply);
    }

    private void trouble(Delivery delivery, RuntimeException failure) {
        around.events()
                .emit(
                        new MailEvent.Trouble(
                                around.time().now(),
                                "PH-S042",
                                delivery.id() + " can't be read: " + failure.getMessage()));
    }
}
