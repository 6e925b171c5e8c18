package org.posthouse;

import org.posthouse.core.Disposition;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Recipient;
import org.posthouse.core.Reply;
import org.posthouse.core.ReversePath;
import org.posthouse.policy.Decision;
import org.posthouse.policy.Facts;
import org.posthouse.policy.Policy;
import org.posthouse.policy.PolicySet;
import org.posthouse.policy.Verdict;
import org.posthouse.server.SessionPolicy;
import org.posthouse.server.SessionView;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * What sessions consult: the rules first, then the program's hooks. A recipient that the rules
 * refuse never reaches a hook.
 */
final class BoundPolicy implements SessionPolicy {
    private static final String HOOK = "PH-H100";

    /** A name that is never anybody's (RFC 6761 section 6.4). */
    private static final Mailbox FOREIGN = Mailbox.parse("postmaster@relay.invalid");

    private final Supplier<PolicySet> rules;
    private final EngineHooks hooks;
    private final Users users;
    private final String postmasterDomain;

    BoundPolicy(
            Supplier<PolicySet> rules, EngineHooks hooks, Users users, String postmasterDomain) {
        this.postmasterDomain = postmasterDomain;
        this.rules = rules;
        this.hooks = hooks;
        this.users = users;
    }

    @Override
    public String postmasterDomain(String hostname) {
        return postmasterDomain;
    }

    @Override
    public StageVerdict connect(SessionView session) {
        return stage(hooks.connect.connect(session));
    }

    @Override
    public StageVerdict hello(SessionView session, String name) {
        return stage(hooks.hello.hello(session, name));
    }

    @Override
    public StageVerdict mail(SessionView session, ReversePath path, MailOptions options) {
        return stage(hooks.mail.mail(session, path));
    }

    @Override
    public RecipientVerdict recipient(SessionView session, ReversePath path, Recipient recipient) {
        Decision decision = decide(session, path, recipient.mailbox());
        return switch (decision.verdict()) {
            case Verdict.Refuse refused ->
                    new RecipientVerdict.Refuse(refused.reply(), decision.code());
            case Verdict.Local local -> ask(session, recipient, Disposition.LOCAL);
            case Verdict.Relay relay ->
                    ask(session, recipient, new Disposition.Relayed(relay.rule(), ""));
            case Verdict.HookMayRelay may ->
                    ask(session, recipient, new Disposition.Relayed(may.rule(), ""));
        };
    }

    @Override
    public ContentVerdict content(SessionView session, Submission submission) {
        var message = new PendingMessage(session, submission, this);
        hooks.received.received(message);
        return message.verdict();
    }

    @Override
    public Reply verify(SessionView session, String name) {
        return hooks.verify.query(session, name);
    }

    @Override
    public Reply expand(SessionView session, String list) {
        return hooks.expand.query(session, list);
    }

    @Override
    public Reply unknown(SessionView session, String verb, String argument) {
        return hooks.unknown.unknown(session, verb, argument);
    }

    @Override
    public String authenticate(
            SessionView session, String mechanism, String login, String password) {
        return users.check(login, password) ? login : "";
    }

    /**
     * The recipients, by position, that only a hook may relay, with the reply they get without its
     * word.
     */
    List<Verdict.HookMayRelay> needingHook(SessionView session, Submission submission) {
        PolicySet now = rules.get();
        if (now.relayRules().stream().noneMatch(rule -> rule.byHook())) {
            return List.of();
        }
        var needing = new ArrayList<Verdict.HookMayRelay>();
        for (Recipient recipient : submission.envelope().recipients()) {
            ReversePath path = submission.envelope().reversePath();
            if (decide(session, path, recipient.mailbox()).verdict()
                    instanceof Verdict.HookMayRelay may) {
                needing.add(may);
            }
        }
        return needing;
    }

    /** True when some rule lets this session relay to a domain that is not ours. */
    boolean mayRelay(SessionView session, ReversePath path) {
        Verdict verdict = decide(session, path, FOREIGN).verdict();
        return verdict instanceof Verdict.Relay || verdict instanceof Verdict.HookMayRelay;
    }

    private Decision decide(SessionView session, ReversePath path, Mailbox recipient) {
        return Policy.decide(rules.get(), facts(session, path, recipient));
    }

    private static Facts facts(SessionView session, ReversePath path, Mailbox recipient) {
        return new Facts(
                session.listener(),
                session.clientAddress(),
                session.login(),
                session.tls().isPresent(),
                path,
                recipient);
    }

    private RecipientVerdict ask(
            SessionView session, Recipient recipient, Disposition disposition) {
        return switch (hooks.recipient.recipient(session, recipient.mailbox())) {
            case Answer.Proceed go -> new RecipientVerdict.Accept(disposition);
            case Answer.Refuse refuse -> new RecipientVerdict.Refuse(refuse.reply(), HOOK);
            case Answer.Disconnect end -> new RecipientVerdict.Disconnect(end.reply(), HOOK);
        };
    }

    private static StageVerdict stage(Answer answer) {
        return switch (answer) {
            case Answer.Proceed go -> StageVerdict.PROCEED;
            case Answer.Refuse refuse -> new StageVerdict.Refuse(refuse.reply(), HOOK);
            case Answer.Disconnect end -> new StageVerdict.Disconnect(end.reply(), HOOK);
        };
    }
}
