package org.posthouse;

import org.posthouse.core.Disposition;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Recipient;
import org.posthouse.core.Reply;
import org.posthouse.core.ReversePath;
import org.posthouse.platform.TlsFacts;
import org.posthouse.policy.AliasRecipients;
import org.posthouse.policy.Decision;
import org.posthouse.policy.DecisionText;
import org.posthouse.policy.Facts;
import org.posthouse.policy.Policy;
import org.posthouse.policy.PolicySet;
import org.posthouse.policy.Verdict;
import org.posthouse.server.Mechanism;
import org.posthouse.server.ScramSecret;
import org.posthouse.server.SessionPolicy;
import org.posthouse.server.SessionView;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What sessions consult: the rules first, then the program's hooks. A recipient that the rules
 * refuse never reaches a hook.
 */
final class BoundPolicy implements SessionPolicy {
    private static final System.Logger LOG = System.getLogger(BoundPolicy.class.getName());

    private static final String HOOK = "PH-H100";

    /** A name that is never anybody's (RFC 6761 section 6.4). */
    private static final Mailbox FOREIGN = Mailbox.parse("postmaster@relay.invalid");

    private final Supplier<EngineSettings> settings;
    private final EngineHooks hooks;
    private final HookRunner runner;

    /** Many wrong logins at a time must not stop mail. */
    private final HookRunner loginRunner;

    private final byte[] saltSeed;
    private final RelayTallies tallies;

    /**
     * By the settings of now, asked for at every decision, and the hooks of the start.
     *
     * @param settings those in force
     * @param saltSeed see {@link SaltSeed}
     */
    BoundPolicy(
            Supplier<EngineSettings> settings,
            HookRunner runner,
            byte[] saltSeed,
            RelayTallies tallies) {
        this.saltSeed = saltSeed;
        this.tallies = tallies;
        this.settings = settings;
        this.hooks = settings.get().hooks();
        this.runner = runner;
        this.loginRunner = runner.another();
    }

    @Override
    public String postmasterDomain(String hostname) {
        return settings.get().postmasterDomain();
    }

    private Logins logins() {
        return settings.get().logins();
    }

    private Users users() {
        return logins().users();
    }

    @Override
    public StageVerdict connect(SessionView session) {
        return hooks.connect
                .map(hook -> stage("connect", () -> hook.connect(session)))
                .orElse(StageVerdict.PROCEED);
    }

    @Override
    public StageVerdict secured(SessionView session) {
        return hooks.secured
                .map(hook -> stage("secured", () -> hook.secured(session)))
                .orElse(StageVerdict.PROCEED);
    }

    @Override
    public StageVerdict hello(SessionView session, String name) {
        return hooks.hello
                .map(hook -> stage("hello", () -> hook.hello(session, name)))
                .orElse(StageVerdict.PROCEED);
    }

    @Override
    public StageVerdict login(SessionView session, String identity) {
        return hooks.login
                .map(hook -> stage("login", () -> hook.login(session, identity)))
                .orElse(StageVerdict.PROCEED);
    }

    @Override
    public StageVerdict mail(SessionView session, ReversePath path, MailOptions options) {
        return hooks.mail
                .map(hook -> stage("mail", () -> hook.mail(session, path, options)))
                .orElse(StageVerdict.PROCEED);
    }

    @Override
    public StageVerdict reset(SessionView session) {
        return hooks.reset
                .map(hook -> stage("reset", () -> hook.reset(session)))
                .orElse(StageVerdict.PROCEED);
    }

    private RecipientVerdict expand(
            SessionView session,
            Recipient recipient,
            List<Verdict.Target> behind,
            Decision decision) {
        List<RecipientVerdict.Target> targets =
                targets(recipient, behind, DecisionText.write(decision));
        return switch (ask(session, recipient, Disposition.LOCAL, decision)) {
            case RecipientVerdict.Accept a -> new RecipientVerdict.Expand(targets, a.reply());
            case RecipientVerdict.Expand e -> e;
            case RecipientVerdict.Refuse r -> r;
            case RecipientVerdict.Disconnect d -> d;
        };
    }

    /** Those behind an alias. */
    static List<RecipientVerdict.Target> targets(
            Recipient alias, List<Verdict.Target> behind, String why) {
        return AliasRecipients.placed(alias, behind).stream()
                .map(each -> new RecipientVerdict.Target(each.recipient(), each.disposition(), why))
                .toList();
    }

    @Override
    public boolean seesHeader() {
        return hooks.headers.isPresent();
    }

    @Override
    public HeaderVerdict header(SessionView session, Heading heading) {
        if (hooks.headers.isEmpty()) {
            return HeaderVerdict.KEEP;
        }
        Hooks.OnHeaders hook = hooks.headers.get();
        return runner.run(
                "headers",
                () -> {
                    var edit = new HeaderEdit(session, heading);
                    hook.headers(edit);
                    return edit.verdict();
                });
    }

    @Override
    public RecipientVerdict recipient(SessionView session, ReversePath path, Recipient recipient) {
        Decision decision = decideCounted(session, path, recipient.mailbox());
        return switch (decision.verdict()) {
            case Verdict.Refuse refused ->
                    new RecipientVerdict.Refuse(refused.reply(), decision.code());
            case Verdict.Expand expand -> expand(session, recipient, expand.targets(), decision);
            case Verdict.Local local -> ask(session, recipient, Disposition.LOCAL, decision);
            case Verdict.Relay relay ->
                    ask(session, recipient, new Disposition.Relayed(relay.rule(), ""), decision);
            case Verdict.HookMayRelay may ->
                    ask(session, recipient, new Disposition.Relayed(may.rule(), ""), decision);
        };
    }

    @Override
    public ContentVerdict content(SessionView session, Submission submission) {
        if (hooks.received.isEmpty()) {
            return new PendingMessage(session, submission, this).verdict();
        }
        Hooks.OnReceived hook = hooks.received.get();
        return runner.run(
                "received",
                () -> {
                    var message = new PendingMessage(session, submission, this);
                    try {
                        hook.received(message);
                    } catch (PendingMessage.NotGranted e) {
                        LOG.log(System.Logger.Level.WARNING, "the received hook went too far", e);
                    }
                    return message.verdict();
                });
    }

    @Override
    public Reply verify(SessionView session, String name) {
        return hooks.verify
                .map(hook -> runner.run("verify", () -> hook.query(session, name)))
                .orElseGet(() -> SessionPolicy.super.verify(session, name));
    }

    @Override
    public Reply expand(SessionView session, String list) {
        return hooks.expand
                .map(hook -> runner.run("expand", () -> hook.query(session, list)))
                .orElseGet(() -> SessionPolicy.super.expand(session, list));
    }

    @Override
    public Reply unknown(SessionView session, String verb, String argument) {
        return hooks.unknown
                .map(hook -> runner.run("unknown", () -> hook.unknown(session, verb, argument)))
                .orElseGet(() -> SessionPolicy.super.unknown(session, verb, argument));
    }

    @Override
    public List<Mechanism> mechanisms() {
        return logins().mechanisms();
    }

    @Override
    public String authenticateToken(
            SessionView session, String mechanism, String login, String token) {
        return loginRunner.run("authenticate", () -> logins().verify(login, token));
    }

    @Override
    public Optional<ScramSecret> scramSecret(SessionView session, String login) {
        return loginRunner.run("authenticate", () -> users().scramSecret(login));
    }

    @Override
    public byte[] saltSeed() {
        return saltSeed;
    }

    @Override
    public Optional<String> password(SessionView session, String login) {
        return loginRunner.run("authenticate", () -> users().password(login));
    }

    @Override
    public String authenticate(
            SessionView session, String mechanism, String login, String password) {
        return loginRunner.run("authenticate", () -> users().check(login, password)) ? login : "";
    }

    PolicySet rules() {
        return settings.get().rules();
    }

    /** True when some rule lets this session relay to a domain that is not ours. */
    boolean mayRelay(SessionView session, ReversePath path) {
        EngineSettings now = settings.get();
        Facts facts = facts(session, path, FOREIGN, now.logins().users());
        Verdict verdict = Policy.decide(now.rules(), facts).verdict();
        return verdict instanceof Verdict.Relay || verdict instanceof Verdict.HookMayRelay;
    }

    /**
     * What the rules say about a recipient that a client or a hook names. What a rule with a limit
     * grants counts; where it has come to its end meanwhile, it refuses.
     */
    Decision decideCounted(SessionView session, ReversePath path, Mailbox recipient) {
        EngineSettings now = settings.get();
        PolicySet rules = now.rules();
        Facts facts = facts(session, path, recipient, now.logins().users());
        Decision decision = Policy.decide(rules, facts.withSpent(tallies.spent(rules)));
        String granting = rule(decision.verdict());
        boolean isGranted =
                rules.relayRules().stream()
                        .filter(rule -> !rule.limit().isNone() && rule.name().equals(granting))
                        .findFirst()
                        .map(tallies::take)
                        .orElse(true);
        return isGranted ? decision : Policy.decide(rules, facts.withSpent(List.of(granting)));
    }

    private static String rule(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Relay relay -> relay.rule();
            case Verdict.HookMayRelay may -> may.rule();
            case Verdict.Local local -> "";
            case Verdict.Expand expand -> "";
            case Verdict.Refuse refuse -> "";
        };
    }

    private static Facts facts(
            SessionView session, ReversePath path, Mailbox recipient, Users users) {
        return new Facts(
                session.listener(),
                session.clientAddress(),
                session.login(),
                session.tls().isPresent(),
                session.tls().map(TlsFacts::peerFingerprint).orElse(""),
                path,
                !session.login().isEmpty() && users.owns(session.login(), path),
                recipient);
    }

    private RecipientVerdict ask(
            SessionView session, Recipient recipient, Disposition disposition, Decision decision) {
        Optional<Reply> otherwise =
                decision.verdict() instanceof Verdict.HookMayRelay may
                        ? Optional.of(may.otherwise())
                        : Optional.empty();
        var accepted =
                new RecipientVerdict.Accept(
                        disposition, Optional.empty(), DecisionText.write(decision), otherwise);
        if (hooks.recipient.isEmpty()) {
            return accepted;
        }
        Hooks.OnRecipient hook = hooks.recipient.get();
        Answer answer = runner.run("recipient", () -> hook.recipient(session, recipient));
        return switch (answer) {
            case Answer.Proceed go -> accepted;
            case Answer.Say say ->
                    new RecipientVerdict.Accept(
                            disposition, Optional.of(say.reply()), accepted.why(), otherwise);
            case Answer.Refuse refuse -> new RecipientVerdict.Refuse(refuse.reply(), HOOK);
            case Answer.Disconnect end -> new RecipientVerdict.Disconnect(end.reply(), HOOK);
        };
    }

    private StageVerdict stage(String name, Supplier<Answer> hook) {
        return switch (runner.run(name, hook)) {
            case Answer.Proceed go -> StageVerdict.PROCEED;
            case Answer.Say say -> new StageVerdict.Say(say.reply());
            case Answer.Refuse refuse -> new StageVerdict.Refuse(refuse.reply(), HOOK);
            case Answer.Disconnect end -> new StageVerdict.Disconnect(end.reply(), HOOK);
        };
    }
}
