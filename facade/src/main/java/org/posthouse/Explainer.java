package org.posthouse;

import org.posthouse.Explanation.Change;
import org.posthouse.Explanation.Outcome;
import org.posthouse.core.Reply;
import org.posthouse.core.ReversePath;
import org.posthouse.policy.Decision;
import org.posthouse.policy.Facts;
import org.posthouse.policy.Policy;
import org.posthouse.policy.PolicySet;
import org.posthouse.policy.Verdict;
import org.posthouse.server.ListenerSettings;
import org.posthouse.server.ListenerSettings.Auth;
import org.posthouse.server.ListenerSettings.Protocol;
import org.posthouse.server.ListenerSettings.Tls;
import org.posthouse.server.Rehearsal;
import org.posthouse.server.Rehearsal.Result;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Answers questions from the settings alone, by what sessions are decided by: the listener's own
 * tables up to RCPT, then {@link Policy#decide}. Hooks are not asked.
 */
final class Explainer {
    private static final Reply WRONG_LOGIN = Reply.of(535, "5.7.8", "wrong login");
    private static final String WRONG_LOGIN_CODE = "PH-A102";

    private final EngineSettings settings;
    private final List<ListenerSettings> listeners;
    private final List<String> spent;

    Explainer(EngineSettings settings) {
        this(settings, List.of());
    }

    /**
     * Begins.
     *
     * @param spent relay rules at their limits
     */
    Explainer(EngineSettings settings, List<String> spent) {
        this.settings = settings;
        this.spent = spent;
        listeners = ListenerPlans.unused(settings);
    }

    /**
     * Who has logged in.
     *
     * @param isKnown false when there is certainly no such login
     * @param owns which reverse-paths are its own
     */
    record Login(String name, boolean isKnown, Predicate<ReversePath> owns) {
        static final Login NONE = new Login("", true, path -> false);
    }

    /**
     * What was found.
     *
     * @param refusedAt the verb that is refused; empty: none is
     * @param steps of the policy; none when it was not asked
     */
    record Answer(
            Ask ask,
            ListenerSettings listener,
            Login login,
            String refusedAt,
            Optional<Reply> reply,
            String code,
            Optional<Verdict> verdict,
            List<Decision.Step> steps) {
        Outcome outcome() {
            return verdict.map(Answer::outcome).orElse(Outcome.REFUSED);
        }

        private static Outcome outcome(Verdict verdict) {
            return switch (verdict) {
                case Verdict.Local local -> Outcome.STORED;
                case Verdict.Expand expand -> Outcome.EXPANDED;
                case Verdict.Relay relay -> Outcome.RELAYED;
                case Verdict.HookMayRelay may -> Outcome.HOOK;
                case Verdict.Refuse refuse -> Outcome.REFUSED;
            };
        }

        boolean isTaken() {
            return outcome() != Outcome.REFUSED;
        }

        String rule() {
            return verdict.map(
                            given ->
                                    switch (given) {
                                        case Verdict.Relay relay -> relay.rule();
                                        case Verdict.HookMayRelay may -> may.rule();
                                        default -> "";
                                    })
                    .orElse("");
        }

        String route() {
            return verdict.map(
                            given ->
                                    switch (given) {
                                        case Verdict.Relay relay -> relay.route();
                                        case Verdict.HookMayRelay may -> may.route();
                                        default -> "";
                                    })
                    .orElse("");
        }
    }

    EngineSettings settings() {
        return settings;
    }

    List<ListenerSettings> listeners() {
        return listeners;
    }

    /**
     * The answer with its way and what would change it.
     *
     * @throws IllegalArgumentException when there is no listener, or none of that name
     */
    Explanation explain(Ask ask) {
        Answer answer = answer(ask, settings.rules());
        List<Change> changes = new Alternatives(this, answer).find();
        return new Explanation(
                answer.outcome(),
                stage(answer),
                answer.reply(),
                answer.code(),
                answer.listener().name(),
                answer.rule(),
                answer.route(),
                new Ladder(settings, answer).lines(),
                changes);
    }

    private static String stage(Answer answer) {
        return switch (answer.refusedAt()) {
            case "MAIL" -> "MAIL FROM";
            case "RCPT" -> "RCPT TO";
            default -> answer.refusedAt();
        };
    }

    /** The answer that some rules give. */
    Answer answer(Ask ask, PolicySet rules) {
        String name = ask.login();
        Users users = settings.logins().users();
        Login login =
                name.isEmpty()
                        ? Login.NONE
                        : new Login(
                                name,
                                settings.logins().mayExist(name),
                                path -> users.owns(name, path));
        return answer(ask, login, rules);
    }

    /** The answer for a login that need not be one of ours. */
    Answer answer(Ask ask, Login login, PolicySet rules) {
        var begun = new Begun(ask, listener(ask), login);
        boolean logsIn = !login.name().isEmpty();
        var part =
                new Rehearsal.Part(
                        ask.client(),
                        ask.tls() || logsIn,
                        logsIn,
                        ask.helo(),
                        ask.from(),
                        ask.octets(),
                        ask.to());
        Result result = Rehearsal.play(begun.listener(), settings.postmasterDomain(), part);
        if (result.taken().contains("AUTH") && !login.isKnown()) {
            return begun.refused("AUTH", WRONG_LOGIN, WRONG_LOGIN_CODE);
        }
        return switch (result) {
            case Result.Refused r -> begun.refused(r.verb(), r.reply(), r.code());
            case Result.Asked asked ->
                    begun.decided(Policy.decide(rules, begun.facts(asked).withSpent(spent)));
        };
    }

    /** A question at the listener where it is asked. */
    private record Begun(Ask ask, ListenerSettings listener, Login login) {
        Answer refused(String verb, Reply reply, String code) {
            return new Answer(
                    ask,
                    listener,
                    login,
                    verb,
                    Optional.of(reply),
                    code,
                    Optional.empty(),
                    List.of());
        }

        Answer decided(Decision decision) {
            Optional<Reply> reply =
                    decision.verdict() instanceof Verdict.Refuse refuse
                            ? Optional.of(refuse.reply())
                            : Optional.empty();
            return new Answer(
                    ask,
                    listener,
                    login,
                    reply.isPresent() ? "RCPT" : "",
                    reply,
                    decision.code(),
                    Optional.of(decision.verdict()),
                    decision.steps());
        }

        private boolean isSecured(Result.Asked asked) {
            return listener.tls() == Tls.IMPLICIT || asked.taken().contains("STARTTLS");
        }

        private boolean isShown(Result.Asked asked) {
            return isSecured(asked) && listener.asksForClientCertificate();
        }

        Facts facts(Result.Asked asked) {
            return new Facts(
                    listener.name(),
                    ask.client(),
                    login.name(),
                    isSecured(asked),
                    isShown(asked) ? ask.certificate() : "",
                    asked.reversePath(),
                    login.owns().test(asked.reversePath()),
                    asked.recipient().mailbox());
        }
    }

    private ListenerSettings listener(Ask ask) {
        if (!ask.listener().isEmpty()) {
            return first(listener -> listener.name().equals(ask.listener()))
                    .orElseThrow(() -> new IllegalArgumentException(noListener(ask.listener())));
        }
        boolean logsIn = !ask.login().isEmpty();
        Predicate<ListenerSettings> fits =
                l -> logsIn ? l.auth() != Auth.OFF : l.auth() != Auth.REQUIRED;
        Predicate<ListenerSettings> speaks = l -> l.protocol() == Protocol.SMTP;
        return first(fits.and(speaks).and(l -> Doors.isReachable(l, ask.client())))
                .or(() -> first(fits.and(speaks)))
                .or(() -> first(l -> true))
                .orElseThrow(() -> new IllegalArgumentException("there is no listener"));
    }

    private Optional<ListenerSettings> first(Predicate<ListenerSettings> fits) {
        return listeners.stream().filter(fits).findFirst();
    }

    private String noListener(String name) {
        List<String> names = listeners.stream().map(ListenerSettings::name).toList();
        return "no listener is called " + name + "; there are " + String.join(", ", names);
    }
}
