package org.posthouse.server;

import org.posthouse.core.Envelope;
import org.posthouse.core.HeaderField;
import org.posthouse.core.MailDate;
import org.posthouse.core.Origin;
import org.posthouse.core.Reply;
import org.posthouse.server.IncomingContent.Flaw;
import org.posthouse.server.Intake.Arrival;
import org.posthouse.server.SessionPolicy.ContentVerdict;
import org.posthouse.server.SessionPolicy.RecipientVerdict.Target;
import org.posthouse.server.SessionPolicy.Submission;
import org.posthouse.server.SessionState.Closing;
import org.posthouse.server.SessionState.Receiving;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

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

    /** Whose messages it decides about. */
    SessionView session() {
        return live;
    }

    /** What the header section of a message is shown to. */
    HeaderStage headerStage(Transaction transaction) {
        return new HeaderStage(reception.policy(), live, transaction);
    }

    /**
     * Says the reply to a content that was read as a whole; the state that follows.
     *
     * @param replies how often: in LMTP once for each recipient
     */
    SessionState decide(String stage, Receiving from, int replies) {
        dialogue.sayTimes(replies);
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
                        transaction.targets(),
                        content.headerSection(),
                        content.octets(),
                        content.sink()::written);
        switch (reception.policy().content(live, submission)) {
            case ContentVerdict.Accept a ->
                    say(stage, store(arrival(from, a.targets(), a)), a.reply());
            case ContentVerdict.Split s -> split(stage, from, s);
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

    private Arrival arrival(Receiving from, List<Target> targets, ContentVerdict.Accept verdict) {
        Origin origin = trace.origin(from);
        Transaction transaction = from.transaction();
        var envelope =
                new Envelope(
                        transaction.reversePath(),
                        transaction
                                .options()
                                .withPriority(verdict.priority())
                                .waivingTls(from.content().waivesTls()),
                        targets.stream().map(Target::recipient).toList());
        var fields = new ArrayList<>(verdict.addedFields());
        fields.addAll(completion(from.content()));
        byte[] prefix = trace.prefix(origin, envelope, dialogue.now(), fields);
        if (from.content().lacksHeader()) {
            prefix = Trace.closed(prefix);
        }
        return new Arrival(
                origin,
                envelope,
                targets.stream().map(Target::disposition).toList(),
                verdict.notBefore(),
                targets.stream().map(Target::why).toList(),
                prefix,
                from.content().sink());
    }

    /** Accepts a message for some recipients; each RCPT gets the reply that is for its own. */
    private void split(String stage, Receiving from, ContentVerdict.Split split) {
        Map<Integer, ContentVerdict.Refuse> refusals = split.refusals();
        List<List<Integer>> commands = from.transaction().commands();
        var kept = new TreeSet<Integer>();
        for (List<Integer> positions : commands) {
            if (refusal(positions, refusals).isEmpty()) {
                kept.addAll(positions);
            }
        }
        Optional<Stored> stored =
                kept.isEmpty()
                        ? Optional.empty()
                        : Optional.of(store(arrival(from, kept(split, kept), split.accept())));
        dialogue.sayTimes(1);
        for (List<Integer> positions : commands) {
            Optional<ContentVerdict.Refuse> refusal = refusal(positions, refusals);
            if (refusal.isPresent()) {
                dialogue.refuseOne(stage, refusal.get().code(), refusal.get().reply());
            } else {
                stored.ifPresent(result -> say(stage, result, split.accept().reply()));
            }
        }
    }

    private static Optional<ContentVerdict.Refuse> refusal(
            List<Integer> positions, Map<Integer, ContentVerdict.Refuse> refusals) {
        return positions.stream().filter(refusals::containsKey).findFirst().map(refusals::get);
    }

    private static List<Target> kept(ContentVerdict.Split split, SortedSet<Integer> kept) {
        return kept.stream().map(split.accept().targets()::get).toList();
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

    /** What became of a message. */
    private sealed interface Stored {
        /** It is durable. */
        record Safe(String id) implements Stored {}

        /** It is not here; 4yz. */
        record Nowhere(String code, Reply reply) implements Stored {}
    }

    private void say(String stage, Stored stored, Optional<Reply> ownReply) {
        switch (stored) {
            case Stored.Safe safe -> dialogue.accepted(safe.id(), ownReply);
            case Stored.Nowhere nowhere ->
                    dialogue.refuse(stage, "", nowhere.code(), nowhere.reply());
        }
    }

    private Stored store(Arrival arrival) {
        Intake.Result result;
        try {
            result = reception.intake().accept(arrival);
        } catch (RuntimeException e) {
            reception.policy().failed("intake", e);
            return new Stored.Nowhere(Codes.HOOK_FAILED, Replies.LOCAL_ERROR.reply());
        }
        return switch (result) {
            case Intake.Result.Accepted a -> new Stored.Safe(a.id().toString());
            case Intake.Result.Refused r -> {
                Reply reply = r.reply().isPositive() ? Replies.LOCAL_ERROR.reply() : r.reply();
                yield new Stored.Nowhere(Codes.NOT_STORED, reply);
            }
        };
    }
}
