package org.posthouse;

import org.posthouse.core.Content;
import org.posthouse.core.Disposition;
import org.posthouse.core.Envelope;
import org.posthouse.core.HeaderFields;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Recipient;
import org.posthouse.core.Reply;
import org.posthouse.policy.Decision;
import org.posthouse.policy.DecisionText;
import org.posthouse.policy.Route;
import org.posthouse.policy.Verdict;
import org.posthouse.server.ListenerSettings.Protocol;
import org.posthouse.server.SessionPolicy.ContentVerdict;
import org.posthouse.server.SessionPolicy.RecipientVerdict.Target;
import org.posthouse.server.SessionPolicy.Submission;
import org.posthouse.server.SessionView;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The received hook's message: gathers what the hook says and turns it into a verdict. */
final class PendingMessage implements ReceivedMessage {
    private static final String NOT_GRANTED = "PH-R120";
    private static final String BY_HOOK = "PH-H103";
    private static final int FIELD_OCTETS_MAX = 8192;

    /** Words of Precedence (RFC 2076 section 3.9). */
    private static final Set<String> BULK = Set.of("bulk", "list", "junk");

    /** The priority of such mail. */
    private static final int LATER = -1;

    private final SessionView session;
    private final Submission submission;
    private final BoundPolicy policy;
    private final List<String> addedFields = new ArrayList<>();
    private List<Target> targets;
    private Instant notBefore = Instant.EPOCH;
    private Optional<Integer> priority = Optional.empty();
    private Optional<ContentVerdict> last = Optional.empty();
    private Optional<Reply> reply = Optional.empty();
    private final Map<Integer, ContentVerdict.Refuse> refusals = new HashMap<>();
    private boolean decided;

    /** What a hook asked for is not for this session; {@link #verdict} is then the refusal. */
    static final class NotGranted extends IllegalStateException {
        private static final long serialVersionUID = 1;

        NotGranted(String why) {
            super(why);
        }
    }

    PendingMessage(SessionView session, Submission submission, BoundPolicy policy) {
        this.session = session;
        this.submission = submission;
        this.policy = policy;
        this.targets = submission.targets();
    }

    @Override
    public SessionView session() {
        return session;
    }

    @Override
    public Envelope envelope() {
        return submission.envelope();
    }

    @Override
    public Optional<String> header(String name) {
        return HeaderFields.first(submission.headerSection(), name, FIELD_OCTETS_MAX);
    }

    @Override
    public long octets() {
        return submission.octets();
    }

    @Override
    public Content content() {
        return submission.content().get();
    }

    @Override
    public void addHeader(String name, String value) {
        HeaderEdit.requireField(name, value);
        addedFields.add(name + ": " + value);
    }

    @Override
    public void relay() {
        relay("");
    }

    @Override
    public void relay(String via) {
        requireGranted();
        decided = true;
        targets = submission.targets().stream().map(t -> by(t, via)).toList();
    }

    @Override
    public void relayBy(String route) {
        if (policy.rules().routes().stream().noneMatch(each -> each.name().equals(route))) {
            throw new IllegalArgumentException("no route has the name " + route);
        }
        relay(Route.BY_NAME + route);
    }

    @Override
    public void redirect(String... addresses) {
        if (addresses.length == 0) {
            throw new IllegalArgumentException("nobody would get the message");
        }
        Map<Mailbox, Target> others = new LinkedHashMap<>();
        for (String address : addresses) {
            for (Target each : targets(Mailbox.parse(address))) {
                others.putIfAbsent(each.named(), each); // nobody gets a message twice
            }
        }
        decided = true;
        targets = List.copyOf(others.values());
    }

    private List<Target> targets(Mailbox mailbox) {
        Recipient recipient = Recipient.of(mailbox);
        Decision decision = policy.decideCounted(session, from(), mailbox);
        String why = DecisionText.write(decision);
        return switch (decision.verdict()) {
            case Verdict.Local local -> List.of(new Target(recipient, Disposition.LOCAL, why));
            case Verdict.Relay relay -> List.of(relayed(recipient, relay.rule(), why));
            case Verdict.HookMayRelay may -> List.of(relayed(recipient, may.rule(), why));
            case Verdict.Expand expand -> BoundPolicy.targets(recipient, expand.targets(), why);
            case Verdict.Refuse refuse -> {
                String code = refuse.reply().isTransient() ? decision.code() : NOT_GRANTED;
                last = Optional.of(refusal(refuse.reply(), code));
                throw new NotGranted("the rules refuse " + mailbox + "; the message is refused");
            }
        };
    }

    private static Target relayed(Recipient recipient, String rule, String why) {
        return new Target(recipient, new Disposition.Relayed(rule, ""), why);
    }

    private void requireGranted() {
        boolean granted =
                submission.dispositions().stream().anyMatch(Disposition.Relayed.class::isInstance)
                        || policy.mayRelay(session, from());
        if (!granted) {
            last = Optional.of(refusal(notGranted(), NOT_GRANTED));
            throw new NotGranted(
                    "no relay rule grants relaying to this session; the message is refused");
        }
    }

    @Override
    public void notBefore(Instant instant) {
        notBefore = instant;
    }

    @Override
    public void priority(int wanted) {
        priority = Optional.of(MailOptions.NONE.withPriority(wanted).priority());
    }

    /** Mail of lists, and what calls itself bulk, lets other mail go first. */
    private boolean isBulk() {
        return header("List-Id").isPresent()
                || header("Precedence")
                        .filter(word -> BULK.contains(word.strip().toLowerCase(Locale.ROOT)))
                        .isPresent();
    }

    @Override
    public void store() {
        decided = true;
        targets =
                submission.targets().stream()
                        .map(t -> new Target(t.recipient(), Disposition.LOCAL, t.why()))
                        .toList();
    }

    @Override
    public void refuse(int code, String status, String text) {
        last = Optional.of(refusal(Reply.of(code, status, text), BY_HOOK));
    }

    @Override
    public void refuse(Mailbox recipient, int code, String status, String text) {
        if (session.protocol() != Protocol.LMTP) {
            throw new IllegalStateException("SMTP has one reply for all recipients");
        }
        int position = recipients().indexOf(recipient);
        if (position < 0) {
            throw new IllegalArgumentException(recipient.address() + " is no recipient");
        }
        refusals.put(position, new ContentVerdict.Refuse(Reply.of(code, status, text), BY_HOOK));
    }

    @Override
    public void disconnect(int code, String status, String text) {
        Reply reply = Reply.of(code, status, text);
        last = Optional.of(new ContentVerdict.Disconnect(reply, BY_HOOK));
    }

    @Override
    public void reply(String status, String text) {
        reply = Optional.of(Reply.of(250, status, text));
    }

    @Override
    public void discard(Reply reply) {
        last = Optional.of(new ContentVerdict.Discard(reply));
    }

    /** A recipient that only the hook may relay, and that it did not, refuses the message. */
    ContentVerdict verdict() {
        if (last.isPresent()) {
            return last.get();
        }
        if (!decided) {
            // decided at RCPT: other rules since then grant nothing
            Optional<Reply> otherwise =
                    targets.stream().flatMap(each -> each.otherwise().stream()).findFirst();
            if (otherwise.isPresent()) {
                return refusal(otherwise.get(), NOT_GRANTED);
            }
        }
        int urgency = priority.orElseGet(() -> isBulk() ? LATER : 0);
        var accept = new ContentVerdict.Accept(targets, addedFields, reply, notBefore, urgency);
        return refusals.isEmpty() ? accept : new ContentVerdict.Split(accept, refusals);
    }

    private static Target by(Target decided, String via) {
        return decided.disposition() instanceof Disposition.Relayed relayed
                ? new Target(
                        decided.recipient(),
                        new Disposition.Relayed(relayed.rule(), via),
                        decided.why())
                : decided;
    }

    private static Reply notGranted() {
        return Reply.of(553, "5.7.1", "sorry, we do not relay");
    }

    private static ContentVerdict refusal(Reply reply, String code) {
        return new ContentVerdict.Refuse(reply, code);
    }
}
