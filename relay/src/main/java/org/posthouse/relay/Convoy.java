package org.posthouse.relay;

import org.posthouse.client.Answer;
import org.posthouse.client.ClientSession;
import org.posthouse.core.Content;
import org.posthouse.core.MailEvent.Step;
import org.posthouse.core.Outcome;
import org.posthouse.core.Reply;
import org.posthouse.spool.Spool;

import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Groups that are on their way over one connection, behind the one that the carrier attempts. What
 * a host says to them counts. Where nothing was said to one, or something about the connection or
 * the host, that was no attempt: it goes back to the front of the queue, to be attempted on its
 * own, and nobody else is taken along before. The one in front always gets its outcomes, so that
 * each connection gets on.
 */
final class Convoy {
    private static final int SERVICE_CLOSING = 421;

    private final SmtpCarrier.Means means;
    private final Spool spool;
    private final RelaySettings settings;
    private final ReplyClassifier replies;
    private final StepEvents steps;
    private final SmtpCarrier.Presence presence;
    private final Carrier.Feed feed;
    private final Deque<Member> members = new ArrayDeque<>();
    private final List<Attempt.Group> again = new ArrayList<>();

    Convoy(
            SmtpCarrier.Means means,
            StepEvents steps,
            SmtpCarrier.Presence presence,
            Carrier.Feed feed) {
        this.means = means;
        spool = means.spool();
        settings = means.settings();
        replies = means.replies();
        this.steps = steps;
        this.presence = presence;
        this.feed = feed;
    }

    private record Member(Attempt.Group group, int[] left, Content content, long begunNanos) {}

    boolean isEmpty() {
        return members.isEmpty();
    }

    /**
     * Lets go what waits for a hop, as far as the conversation has room.
     *
     * @param most this many
     * @return how many were begun
     */
    int take(ClientSession open, Hop hop, int most) {
        int count = 0;
        while (count < most && again.isEmpty() && open.hasRoom()) {
            Attempt.Group group = feed.more(hop);
            if (group == null) {
                return count;
            }
            if (!open.takesDomain(group.attempt().delivery().domain())) {
                feed.again(List.of(group));
                return count;
            }
            count += begin(open, group) ? 1 : 0;
        }
        return count;
    }

    /** False when its content can't be read: it then has its outcome. */
    private boolean begin(ClientSession open, Attempt.Group group) {
        Content content;
        try {
            content = spool.content(group.attempt().message().id());
        } catch (NoSuchElementException | UncheckedIOException e) {
            group.all(new Outcome.Deferred(SmtpCarrier.UNREADABLE, Outcome.Cause.TEMPORARY), "");
            feed.done(group);
            return false;
        }
        steps.begin(group);
        int[] left = group.left(settings, open);
        members.add(new Member(group, left, content, steps.beginTry()));
        open.begin(group.transaction(left, content));
        return true;
    }

    /** Ends all that are on their way. */
    void land(ClientSession open, String nexthop) {
        while (!members.isEmpty()) {
            landFirst(open, nexthop);
        }
    }

    /** Ends the first of those that are on their way. */
    void landFirst(ClientSession open, String nexthop) {
        Member member = members.remove();
        Attempt.Group group = member.group();
        try {
            steps.begin(group);
            List<Answer> answers = open.finish();
            boolean isAnswered = false;
            var said =
                    new Landed(
                            nexthop,
                            open.extensions().offers("DSN"),
                            group.authored(member.left()));
            for (int i = 0; i < answers.size(); i++) {
                isAnswered |= record(group, member.left()[i], answers.get(i), said);
            }
            if (isAnswered) {
                Reply worst = StepEvents.worst(answers);
                steps.tried(worst, member.begunNanos(), open::dialogue);
            }
            steps.reached(Step.DONE);
        } finally {
            member.content().close();
        }
        if (group.isDone()) {
            feed.done(group);
        } else {
            again.add(group);
        }
        if (members.isEmpty() && !again.isEmpty()) {
            List<Attempt.Group> groups = List.copyOf(again);
            again.clear();
            feed.again(groups);
        }
    }

    /** What the answers to one transaction have in common. */
    private record Landed(String nexthop, boolean offersDsn, Authored by) {}

    /** False where it counts as no attempt. */
    private boolean record(Attempt.Group group, int index, Answer answer, Landed at) {
        ReplyClass meaning = replies.of(answer, at.by());
        if (!isAnswered(answer, meaning)) {
            return false;
        }
        if (answer.kind() == Answer.Kind.SAID) {
            presence.answered();
        }
        Outcome outcome = means.outcome(group, meaning, answer.reply());
        group.attempt().outcome(index, outcome, at.nexthop(), answer);
        if (meaning == ReplyClass.DELIVERED) {
            group.delivered(index, at.offersDsn());
        }
        return true;
    }

    private static boolean isAnswered(Answer answer, ReplyClass meaning) {
        Reply reply = answer.reply();
        return switch (answer.kind()) {
            case LOST, UNSUPPORTED -> false;
            case AMBIGUOUS -> true;
            case SAID ->
                    reply.code() != SERVICE_CLOSING
                            && meaning != ReplyClass.NET
                            && meaning != ReplyClass.LIMIT
                            && meaning != ReplyClass.CROWDED;
        };
    }

    /** Whatever broke: nothing stays open. */
    void close() {
        members.forEach(each -> each.content().close());
        members.clear();
        again.clear();
    }
}
