package org.posthouse.server;

import org.posthouse.core.Envelope;
import org.posthouse.core.HeaderField;
import org.posthouse.core.MailDate;
import org.posthouse.core.Origin;
import org.posthouse.core.Reply;
import org.posthouse.server.IncomingContent.Flaw;
import org.posthouse.server.Intake.Arrival;
import org.posthouse.server.SessionPolicy.ContentVerdict;
import org.posthouse.server.SessionPolicy.Submission;
import org.posthouse.server.SessionState.Closing;
import org.posthouse.server.SessionState.Receiving;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The last step of a message: loop check, the policy's last word, trace fields, and the hand-over
 * to the intake. {@code 250} is said only when the intake returned that it is durable.
 */
final class Acceptance {
    private static final int MESSAGE_ID_OCTETS = 16;

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

    /** What the header section of a message is shown to. */
    HeaderStage headerStage(Transaction transaction) {
        return new HeaderStage(reception.policy(), live, transaction);
    }

    /** Says the one reply to a content that was read as a whole; the state that follows. */
    SessionState decide(String stage, Receiving from) {
        IncomingContent content = from.content();
        if (content.flaw().isPresent()) {
            return refuse(stage, from, content.flaw().get());
        }
        if (content.receivedFields() > reception.limits().receivedFieldsMax()) {
            dialogue.refuse(stage, "", Codes.LOOP, Replies.LOOP);
            return from.peer();
        }
        Transaction transaction = from.transaction();
        Envelope envelope = transaction.envelope();
        var submission =
                new Submission(
                        envelope,
                        transaction.dispositions(),
                        content.headerSection(),
                        content.octets());
        switch (reception.policy().content(live, submission)) {
            case ContentVerdict.Accept a -> accept(stage, arrival(from, envelope, a), a.reply());
            case ContentVerdict.Refuse r -> dialogue.refuse(stage, "", r.code(), r.reply());
            case ContentVerdict.Discard d -> dialogue.discarded(d.reply());
            case ContentVerdict.Disconnect d -> {
                return refuse(stage, from, new Flaw(d.code(), d.reply(), false, true));
            }
        }
        return from.peer();
    }

    private SessionState refuse(String stage, Receiving from, Flaw flaw) {
        if (flaw.isOurs()) {
            dialogue.refuseUncoded(stage, flaw.code(), flaw.reply());
        } else {
            dialogue.refuse(stage, "", flaw.code(), flaw.reply());
        }
        return flaw.closes() ? new Closing(from.heloName(), "refused") : from.peer();
    }

    private Arrival arrival(Receiving from, Envelope envelope, ContentVerdict.Accept verdict) {
        Origin origin = trace.origin(from);
        var fields = new ArrayList<>(verdict.addedFields());
        fields.addAll(completion(from.content()));
        byte[] prefix = trace.prefix(origin, envelope, dialogue.now(), fields);
        if (from.content().lacksHeader()) {
            prefix = Trace.closed(prefix);
        }
        return new Arrival(origin, envelope, verdict.dispositions(), prefix, from.content().sink());
    }

    /** What a submitted message lacks (RFC 6409 section 8); one that comes by a relay is left. */
    private List<String> completion(IncomingContent content) {
        boolean isSubmitted = !live.login().isEmpty() && !content.has(HeaderField.RECEIVED);
        if (!isSubmitted || !reception.settings().completesSubmissions()) {
            return List.of();
        }
        var fields = new ArrayList<String>();
        if (!content.has(HeaderField.DATE)) {
            fields.add("Date: " + MailDate.format(dialogue.now()));
        }
        if (!content.has(HeaderField.MESSAGE_ID)) {
            var random = new byte[MESSAGE_ID_OCTETS];
            reception.platform().entropy().fill(random);
            String left = HexFormat.of().formatHex(random);
            fields.add("Message-ID: <" + left + "@" + reception.settings().hostname() + ">");
        }
        return fields;
    }

    private void accept(String stage, Arrival arrival, Optional<Reply> ownReply) {
        Intake.Result result;
        try {
            result = reception.intake().accept(arrival);
        } catch (RuntimeException e) {
            reception.policy().failed("intake", e);
            dialogue.refuse(stage, "", Codes.HOOK_FAILED, Replies.LOCAL_ERROR);
            return;
        }
        switch (result) {
            case Intake.Result.Accepted a -> dialogue.accepted(a.id().toString(), ownReply);
            case Intake.Result.Refused r -> {
                Reply reply = r.reply().isPositive() ? Replies.LOCAL_ERROR.reply() : r.reply();
                dialogue.refuse(stage, "", Codes.NOT_STORED, reply);
            }
        }
    }
}
