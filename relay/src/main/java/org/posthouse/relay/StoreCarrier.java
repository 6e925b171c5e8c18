package org.posthouse.relay;

import org.posthouse.core.Content;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.Dialogue;
import org.posthouse.core.MailEvent.Step;
import org.posthouse.core.Outcome;
import org.posthouse.core.Reply;
import org.posthouse.core.ReversePath;
import org.posthouse.spool.Spool;
import org.posthouse.spool.StoredMessage;
import org.posthouse.store.MessageStore;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.NoSuchElementException;

/** Carries into the local store. */
final class StoreCarrier implements Carrier {
    private static final System.Logger LOG = System.getLogger(StoreCarrier.class.getName());
    static final String NEXTHOP = "local";

    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final Reply UNREADABLE =
            Reply.of(451, "4.3.0", "the content can't be read from the spool");

    private final Spool spool;
    private final MessageStore store;
    private final StepEvents steps;

    StoreCarrier(Spool spool, MessageStore store, StepEvents steps) {
        this.spool = spool;
        this.store = store;
        this.steps = steps;
    }

    @Override
    public Result attempt(Attempt.Group group) {
        Attempt attempt = group.attempt();
        steps.begin(attempt.delivery().id(), attempt.number());
        steps.beginTry(NEXTHOP);
        steps.reached(Step.STORING);
        try (Content content = spool.content(attempt.message().id())) {
            for (int index : group.indexes()) {
                attempt.outcome(index, store(attempt, index, content), NEXTHOP);
                attempt.stored(index);
            }
        } catch (UncheckedIOException | NoSuchElementException e) {
            group.all(new Outcome.Deferred(UNREADABLE, Outcome.Cause.TEMPORARY), NEXTHOP);
        }
        steps.tried(worst(group), () -> Dialogue.NONE);
        steps.reached(Step.DONE);
        return Result.DONE;
    }

    private static Reply worst(Attempt.Group group) {
        Reply reply = group.attempt().outcome(group.indexes()[0]).reply();
        for (int index : group.indexes()) {
            Outcome outcome = group.attempt().outcome(index);
            if (!(outcome instanceof Outcome.Delivered)) {
                return outcome.reply();
            }
        }
        return reply;
    }

    private Outcome store(Attempt attempt, int index, Content content) {
        DeliveryId id = attempt.delivery().id();
        StoredMessage message = attempt.message();
        ReversePath path = message.envelope().reversePath();
        var mail =
                new MessageStore.LocalMail(
                        id, attempt.mailbox(index), path, message.acceptedAt(), content);
        try {
            return store.store(mail);
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            // a store of somebody else's that throws: the mail is kept
            LOG.log(System.Logger.Level.WARNING, "the store of local mail failed", e);
            Reply reply = Reply.of(451, "4.3.0", "the mail store failed");
            return new Outcome.Deferred(reply, Outcome.Cause.TEMPORARY);
        }
    }

    @Override
    public Duration idleTimeout() {
        return IDLE;
    }

    @Override
    public void quit() {}

    @Override
    public void cut() {}
}
