package org.posthouse.server;

import org.posthouse.core.HeaderScanner;
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvents;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Recipient;
import org.posthouse.core.Reply;
import org.posthouse.core.ReversePath;
import org.posthouse.platform.TimeSource;
import org.posthouse.server.ListenerSettings.Protocol;
import org.posthouse.server.SessionPolicy.ContentVerdict;
import org.posthouse.server.SessionPolicy.HeaderVerdict;
import org.posthouse.server.SessionPolicy.Heading;
import org.posthouse.server.SessionPolicy.RecipientVerdict;
import org.posthouse.server.SessionPolicy.StageVerdict;
import org.posthouse.server.SessionPolicy.Submission;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The policy with a net below it: whatever a hook throws, and whatever it returns that makes no
 * sense (a refusal that says 250), becomes {@code 451 4.3.0} for that command alone.
 */
final class GuardedPolicy {
    private static final System.Logger LOG = System.getLogger(GuardedPolicy.class.getName());
    private static final Reply FAILED = Replies.LOCAL_ERROR.reply();

    /** The code of a stage without a reply of its own. */
    private static final int NO_REPLY = 0;

    private final SessionPolicy policy;
    private final MailEvents events;
    private final TimeSource time;

    GuardedPolicy(SessionPolicy policy, MailEvents events, TimeSource time) {
        this.policy = policy;
        this.events = events;
        this.time = time;
    }

    StageVerdict connect(SessionView session) {
        return stage("connect", 220, () -> policy.connect(session));
    }

    StageVerdict secured(SessionView session) {
        return stage("secured", NO_REPLY, () -> policy.secured(session));
    }

    StageVerdict hello(SessionView session, String name) {
        return stage("hello", NO_REPLY, () -> policy.hello(session, name));
    }

    StageVerdict login(SessionView session, String identity) {
        return stage("login", 235, () -> policy.login(session, identity));
    }

    StageVerdict mail(SessionView session, ReversePath path, MailOptions options) {
        return stage("mail", 250, () -> policy.mail(session, path, options));
    }

    StageVerdict reset(SessionView session) {
        return stage("reset", 250, () -> policy.reset(session));
    }

    StageVerdict data(SessionView session) {
        return stage("data", NO_REPLY, () -> policy.data(session));
    }

    boolean seesHeader() {
        return policy.seesHeader();
    }

    HeaderVerdict header(SessionView session, Heading heading) {
        return ask("header", () -> checked(policy.header(session, heading)))
                .orElseGet(() -> new HeaderVerdict.Refuse(FAILED, Codes.HOOK_FAILED));
    }

    RecipientVerdict recipient(SessionView session, ReversePath path, Recipient recipient) {
        return ask("recipient", () -> checked(policy.recipient(session, path, recipient)))
                .orElseGet(() -> new RecipientVerdict.Refuse(FAILED, Codes.HOOK_FAILED));
    }

    ContentVerdict content(SessionView session, Submission submission) {
        return ask(
                        "content",
                        () -> checked(policy.content(session, submission), session, submission))
                .orElseGet(() -> new ContentVerdict.Refuse(FAILED, Codes.HOOK_FAILED));
    }

    Reply verify(SessionView session, String name) {
        return reply("verify", () -> policy.verify(session, name));
    }

    Reply expand(SessionView session, String list) {
        return reply("expand", () -> policy.expand(session, list));
    }

    Reply unknown(SessionView session, String verb, String argument) {
        return reply("unknown", () -> policy.unknown(session, verb, argument));
    }

    /** The identity, an empty text for a wrong login; nothing when it could not be checked. */
    Optional<String> authenticate(SessionView session, String mechanism, Credentials credentials) {
        return ask(
                "authenticate",
                () ->
                        policy.authenticate(
                                session, mechanism, credentials.login(), credentials.password()));
    }

    /**
     * The identity, an empty text for a token that is no good; nothing when it can't be checked.
     */
    Optional<String> authenticateToken(
            SessionView session, String mechanism, String login, String token) {
        return ask(
                "authenticate", () -> policy.authenticateToken(session, mechanism, login, token));
    }

    List<Mechanism> mechanisms() {
        return ask("authenticate", policy::mechanisms).orElse(List.of());
    }

    Optional<ScramSecret> scramSecret(SessionView session, String login) {
        return ask("authenticate", () -> policy.scramSecret(session, login))
                .orElse(Optional.empty());
    }

    byte[] saltSeed() {
        return policy.saltSeed().clone();
    }

    Optional<String> password(SessionView session, String login) {
        return ask("authenticate", () -> policy.password(session, login)).orElse(Optional.empty());
    }

    /** Tells of something of ours that threw. */
    void failed(String stage, Throwable thrown) {
        LOG.log(System.Logger.Level.WARNING, "the stage " + stage + " threw", thrown);
        String text = "the stage " + stage + " threw " + thrown.getClass().getName();
        events.emit(new MailEvent.Trouble(time.now(), Codes.HOOK_FAILED, text));
    }

    private StageVerdict stage(String stage, int positive, Supplier<StageVerdict> hook) {
        return ask(stage, () -> checked(hook.get(), positive))
                .orElseGet(() -> new StageVerdict.Refuse(FAILED, Codes.HOOK_FAILED));
    }

    private Reply reply(String stage, Supplier<Reply> hook) {
        return ask(stage, () -> finished(hook.get())).orElse(FAILED);
    }

    private <T> Optional<T> ask(String stage, Supplier<T> hook) {
        try {
            return Optional.of(hook.get());
        } catch (OutOfMemoryError e) {
            throw e; // the session ends, which gives some back
        } catch (Throwable e) { // other languages throw what Java does not declare
            failed(stage, e);
            return Optional.empty();
        }
    }

    private static StageVerdict checked(StageVerdict verdict, int positive) {
        switch (verdict) {
            case StageVerdict.Proceed p -> {}
            case StageVerdict.Say s -> exactly(positive, s.reply());
            case StageVerdict.Refuse r -> negative(r.reply());
            case StageVerdict.Disconnect d -> negative(d.reply());
        }
        return verdict instanceof StageVerdict.Refuse r && isGoodbye(r.reply())
                ? new StageVerdict.Disconnect(r.reply(), r.code())
                : verdict;
    }

    /** After 421 the session is over (RFC 5321 section 3.8). */
    private static boolean isGoodbye(Reply reply) {
        return reply.code() == 421;
    }

    private static RecipientVerdict checked(RecipientVerdict verdict) {
        switch (verdict) {
            case RecipientVerdict.Accept a -> a.reply().ifPresent(reply -> exactly(250, reply));
            case RecipientVerdict.Expand e -> checkExpand(e);
            case RecipientVerdict.Refuse r -> negative(r.reply());
            case RecipientVerdict.Disconnect d -> negative(d.reply());
        }
        return verdict instanceof RecipientVerdict.Refuse r && isGoodbye(r.reply())
                ? new RecipientVerdict.Disconnect(r.reply(), r.code())
                : verdict;
    }

    private static void checkExpand(RecipientVerdict.Expand expand) {
        expand.reply().ifPresent(reply -> exactly(250, reply));
        if (expand.targets().isEmpty()) {
            throw new IllegalStateException("expanded to nobody");
        }
    }

    private static HeaderVerdict checked(HeaderVerdict verdict) {
        switch (verdict) {
            case HeaderVerdict.Keep k -> {}
            case HeaderVerdict.Replace r -> checkSection(r.headerSection());
            case HeaderVerdict.Refuse r -> negative(r.reply());
            case HeaderVerdict.Disconnect d -> negative(d.reply());
        }
        return verdict instanceof HeaderVerdict.Refuse r && isGoodbye(r.reply())
                ? new HeaderVerdict.Disconnect(r.reply(), r.code())
                : verdict;
    }

    /** Whole fields only: anything else would make content of it. */
    private static void checkSection(byte[] section) {
        var scanner = new HeaderScanner();
        scanner.scan(section, 0, section.length);
        if (scanner.ended() || scanner.octets() != section.length || hasBareLineEnd(section)) {
            throw new IllegalStateException("not a header section");
        }
    }

    private static boolean hasBareLineEnd(byte[] section) {
        for (int i = 0; i < section.length; i++) {
            boolean behindCr = i > 0 && section[i - 1] == '\r';
            boolean beforeLf = i + 1 < section.length && section[i + 1] == '\n';
            if ((section[i] == '\n' && !behindCr) || (section[i] == '\r' && !beforeLf)) {
                return true;
            }
        }
        return false;
    }

    private static ContentVerdict checked(
            ContentVerdict verdict, SessionView session, Submission submission) {
        switch (verdict) {
            case ContentVerdict.Split s -> checkSplit(s, session, submission);
            case ContentVerdict.Accept a -> checkAccept(a);
            case ContentVerdict.Refuse r -> negative(r.reply());
            case ContentVerdict.Disconnect d -> negative(d.reply());
            case ContentVerdict.Discard d -> positive(d.reply());
        }
        return verdict instanceof ContentVerdict.Refuse r && isGoodbye(r.reply())
                ? new ContentVerdict.Disconnect(r.reply(), r.code())
                : verdict;
    }

    private static void checkSplit(
            ContentVerdict.Split split, SessionView session, Submission submission) {
        if (session.protocol() != Protocol.LMTP) {
            throw new IllegalStateException("SMTP has one reply for all recipients");
        }
        int count = submission.dispositions().size();
        checkAccept(split.accept());
        if (!split.accept().targets().stream()
                .map(RecipientVerdict.Target::recipient)
                .toList()
                .equals(submission.envelope().recipients())) {
            throw new IllegalStateException(
                    "who is refused must be one of RCPT, and so the others");
        }
        split.refusals()
                .forEach(
                        (position, refusal) -> {
                            Objects.checkIndex(position, count);
                            negative(refusal.reply());
                        });
    }

    private static void checkAccept(ContentVerdict.Accept accept) {
        if (accept.targets().isEmpty()) {
            throw new IllegalStateException("a message for nobody can't be accepted");
        }
        accept.reply().ifPresent(reply -> exactly(250, reply));
        for (String field : accept.addedFields()) {
            if (field.indexOf('\r') >= 0 || field.indexOf('\n') >= 0 || field.indexOf(':') < 1) {
                throw new IllegalStateException("not a header field on one line");
            }
        }
    }

    private static void negative(Reply reply) {
        if (!reply.isTransient() && !reply.isPermanent()) {
            throw new IllegalStateException("a refusal can't say " + reply.code());
        }
    }

    private static void exactly(int code, Reply reply) {
        if (reply.code() != code) {
            throw new IllegalStateException("this stage can't be answered with " + reply.code());
        }
    }

    private static void positive(Reply reply) {
        if (!reply.isPositive()) {
            throw new IllegalStateException("a message can't be discarded with " + reply.code());
        }
    }

    private static Reply finished(Reply reply) {
        if (reply.isIntermediate()) {
            throw new IllegalStateException("nothing can follow " + reply.code());
        }
        return reply;
    }
}
