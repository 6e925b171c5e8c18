package org.posthouse.relay;

import org.jspecify.annotations.Nullable;
import org.posthouse.client.Answer;
import org.posthouse.client.ClientSession;
import org.posthouse.client.Transaction;
import org.posthouse.core.Content;
import org.posthouse.core.Envelope;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Outcome;
import org.posthouse.core.Recipient;
import org.posthouse.core.Reply;
import org.posthouse.policy.Passage;
import org.posthouse.policy.Route;
import org.posthouse.spool.Progress;
import org.posthouse.spool.StoredDelivery;
import org.posthouse.spool.StoredMessage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One attempt of one delivery. Its recipients go in groups by next hop, mostly a single one; each
 * group writes the outcomes of its own recipients, and whoever ends the last group completes the
 * attempt.
 */
final class Attempt {
    private final Delivery delivery;
    private final StoredMessage message;
    private final StoredDelivery state;
    private final List<Integer> open;
    private final @Nullable Outcome[] outcomes;
    private final String[] nexthops;
    private final boolean[] handedOn;
    private final boolean[] stored;
    private final boolean[] heard;
    private final boolean[] ours;
    private final AtomicInteger groupsLeft = new AtomicInteger();
    private int groups;
    private volatile long notBeforeMillis;

    Attempt(Delivery delivery, StoredMessage message, StoredDelivery stored) {
        this.delivery = delivery;
        this.message = message;
        state = stored;
        open = stored.openRecipients();
        outcomes = new Outcome[open.size()];
        nexthops = new String[open.size()];
        Arrays.fill(nexthops, "");
        handedOn = new boolean[open.size()];
        this.stored = new boolean[open.size()];
        heard = new boolean[open.size()];
        ours = new boolean[open.size()];
    }

    Delivery delivery() {
        return delivery;
    }

    StoredMessage message() {
        return message;
    }

    /** What was sent for until an instant is not sent after it. */
    boolean isOver(Instant now) {
        return !message.expiresAt().isAfter(now);
    }

    /** How far the delivery had come before. */
    Progress progress() {
        return state.progress();
    }

    /** From 1. */
    int number() {
        return state.progress().attempts() + 1;
    }

    /** Recipients of this attempt. */
    int count() {
        return open.size();
    }

    /** Position in the envelope. */
    int position(int index) {
        return open.get(index);
    }

    Recipient recipient(int index) {
        return message.envelope().recipients().get(open.get(index));
    }

    Mailbox mailbox(int index) {
        return recipient(index).mailbox();
    }

    /** What its route goes by. */
    Passage passage(int index) {
        return new Passage(
                message.envelope().reversePath(), message.origin().login(), mailbox(index));
    }

    void groups(int count) {
        groups = count;
        groupsLeft.set(count);
    }

    /** All recipients go the same way. */
    boolean isSingle() {
        return groups == 1;
    }

    /** True for the last one. */
    boolean groupDone() {
        return groupsLeft.decrementAndGet() == 0;
    }

    /** True while nothing is known of any recipient, and all go the same way. */
    boolean isUntouched() {
        return groups == 1 && isOpen();
    }

    /** True while nothing is known of any recipient. */
    boolean isOpen() {
        for (Outcome outcome : outcomes) {
            if (outcome != null) {
                return false;
            }
        }
        return true;
    }

    void outcome(int index, Outcome outcome, String nexthop) {
        outcomes[index] = outcome;
        nexthops[index] = nexthop;
        ours[index] = false;
    }

    /** The same, told in our words where the hop did not say anything. */
    void outcome(int index, Outcome outcome, String nexthop, Answer answer) {
        outcome(index, outcome, nexthop);
        ours[index] = answer.kind() != Answer.Kind.SAID;
    }

    boolean hasOutcome(int index) {
        return outcomes[index] != null;
    }

    Outcome outcome(int index) {
        Outcome outcome = outcomes[index];
        if (outcome == null) {
            throw new IllegalStateException("no outcome for a recipient of " + delivery.id());
        }
        return outcome;
    }

    String nexthop(int index) {
        return nexthops[index];
    }

    /** Whose words the outcome's reply is; empty: ours. */
    String saidBy(int index) {
        return ours[index] ? "" : nexthops[index];
    }

    /** The hop took over the duty to report success (RFC 3461 section 5.2.2). */
    void handedOnReports(int index) {
        handedOn[index] = true;
    }

    boolean reportsHandedOn(int index) {
        return handedOn[index];
    }

    /** It reached its end, a mail store. */
    void stored(int index) {
        stored[index] = true;
    }

    boolean isStored(int index) {
        return stored[index];
    }

    /** The site can't be reached before this instant. */
    void notBefore(long millis) {
        notBeforeMillis = Math.max(notBeforeMillis, millis);
    }

    long notBeforeMillis() {
        return notBeforeMillis;
    }

    /** The recipients of an attempt that share a hop. */
    record Group(Attempt attempt, Hop hop, int[] indexes) {
        /** Every recipient has its outcome. */
        boolean isDone() {
            for (int index : indexes) {
                if (!attempt.hasOutcome(index)) {
                    return false;
                }
            }
            return true;
        }

        /** How many are without outcome. */
        int leftCount() {
            int count = 0;
            for (int index : indexes) {
                count += attempt.hasOutcome(index) ? 0 : 1;
            }
            return count;
        }

        /** Those without outcome, as many as a conversation takes in one transaction. */
        int[] left(RelaySettings settings, ClientSession open) {
            int most =
                    Math.min(
                            settings.recipientsPerTransaction(), open.extensions().recipientsMax());
            return Arrays.stream(indexes)
                    .filter(index -> !attempt.hasOutcome(index))
                    .limit(most)
                    .toArray();
        }

        /** The message for some of the recipients. */
        Transaction transaction(int[] left, Content content) {
            List<Recipient> recipients = new ArrayList<>(left.length);
            for (int index : left) {
                recipients.add(attempt.recipient(index));
            }
            Envelope envelope = attempt.message().envelope();
            return new Transaction(envelope.reversePath(), envelope.options(), recipients, content);
        }

        /** The addresses that a reply to a transaction for these may quote. */
        Authored authored(int[] left) {
            List<Mailbox> quoted = new ArrayList<>(left.length + 1);
            if (attempt.message().envelope().reversePath() instanceof Mailbox from) {
                quoted.add(from);
            }
            for (int index : left) {
                quoted.add(attempt.mailbox(index));
            }
            return Authored.of(quoted);
        }

        /** What a host said that finds us too fast, once; null when none did. */
        @Nullable Reply takeComplaint() {
            Reply said = null;
            for (int index : indexes) {
                if (!attempt.heard[index]
                        && attempt.outcomes[index] instanceof Outcome.Deferred deferred
                        && deferred.cause() == Outcome.Cause.RATE) {
                    attempt.heard[index] = true;
                    said = deferred.reply();
                }
            }
            return said;
        }

        /** The hop took it for one. */
        void delivered(int index, boolean takesReports) {
            if (takesReports) {
                attempt.handedOnReports(index);
            }
            if (hop instanceof Hop.Fixed fixed && fixed.via() instanceof Route.Lmtp) {
                attempt.stored(index);
            }
        }

        /** At least one recipient has it. */
        boolean isDelivered() {
            for (int index : indexes) {
                if (attempt.outcomes[index] instanceof Outcome.Delivered) {
                    return true;
                }
            }
            return false;
        }

        /** The same, told in our words. */
        void allInOurWords(Outcome outcome, String nexthop) {
            for (int index : indexes) {
                if (!attempt.hasOutcome(index)) {
                    attempt.outcome(index, outcome, nexthop);
                    attempt.ours[index] = true;
                }
            }
        }

        void all(Outcome outcome, String nexthop) {
            for (int index : indexes) {
                if (!attempt.hasOutcome(index)) {
                    attempt.outcome(index, outcome, nexthop);
                }
            }
        }
    }
}
