package org.posthouse.server;

import org.posthouse.core.Envelope;
import org.posthouse.core.Origin;
import org.posthouse.core.Reply;
import org.posthouse.server.Intake.Arrival;
import org.posthouse.server.SessionPolicy.ContentVerdict;
import org.posthouse.server.SessionPolicy.Submission;
import org.posthouse.server.SessionState.Receiving;

/**
 * The last step of a message: loop check, the policy's last word, trace fields, and the hand-over
 * to the intake. {@code 250} is said only when the intake returned that it is durable.
 */
final class Acceptance {
    private final Reception reception;
    private final Dialogue dialogue;
    private final LiveSession live;
    private final Trace trace;

    Acceptance(Reception reception, Dialogue dialogue, LiveSession live) {
        this.reception = reception;
        this.dialogue = dialogue;
        this.live = live;
        this.trace = new Trace(reception.settings(), live);
    }

    /** Says the one reply to a content that was read as a whole. */
    void decide(String stage, Receiving from) {
        IncomingContent content = from.content();
        Transaction transaction = from.transaction();
        if (content.flaw() != IncomingContent.Flaw.NONE) {
            dialogue.refuse(stage, "", content.flaw().code(), content.flaw().reply());
            return;
        }
        byte[] header = content.headerSection();
        if (content.receivedFields() > reception.limits().receivedFieldsMax()) {
            dialogue.refuse(stage, "", Codes.LOOP, Replies.LOOP);
            return;
        }
        Envelope envelope = transaction.envelope();
        var submission =
                new Submission(envelope, transaction.dispositions(), header, content.octets());
        switch (reception.policy().content(live, submission)) {
            case ContentVerdict.Accept a -> accept(stage, arrival(from, envelope, a));
            case ContentVerdict.Refuse r -> dialogue.refuse(stage, "", r.code(), r.reply());
            case ContentVerdict.Discard d -> dialogue.discarded(d.reply());
        }
    }

    private Arrival arrival(Receiving from, Envelope envelope, ContentVerdict.Accept verdict) {
        Origin origin = trace.origin(from);
        byte[] prefix = trace.prefix(origin, envelope, dialogue.now(), verdict.addedFields());
        if (from.content().lacksHeader()) {
            prefix = Trace.closed(prefix);
        }
        return new Arrival(origin, envelope, verdict.dispositions(), prefix, from.content().sink());
    }

    private void accept(String stage, Arrival arrival) {
        Intake.Result result;
        try {
            result = reception.intake().accept(arrival);
        } catch (RuntimeException e) {
            reception.policy().failed("intake", e);
            dialogue.refuse(stage, "", Codes.HOOK_FAILED, Replies.LOCAL_ERROR);
            return;
        }
        switch (result) {
            case Intake.Result.Accepted a -> dialogue.accepted(a.id().toString());
            case Intake.Result.Refused r -> {
                Reply reply = r.reply().isPositive() ? Replies.LOCAL_ERROR.reply() : r.reply();
                dialogue.refuse(stage, "", Codes.NOT_STORED, reply);
            }
        }
    }
}
