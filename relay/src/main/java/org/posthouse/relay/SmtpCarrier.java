package org.posthouse.relay;

import org.jspecify.annotations.Nullable;
import org.posthouse.client.Answer;
import org.posthouse.client.ClientSession;
import org.posthouse.client.HostTrait;
import org.posthouse.client.Stage;
import org.posthouse.core.Content;
import org.posthouse.core.Dialogue;
import org.posthouse.core.MailEvent.Step;
import org.posthouse.core.Outcome;
import org.posthouse.core.Reply;
import org.posthouse.platform.Deadline;
import org.posthouse.policy.Route;
import org.posthouse.spool.Spool;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * Carries to the hosts of one next hop over one connection at a time, which is kept from message to
 * message. Messages that wait for the same hop may be on their way at the same time; a trouble with
 * one of those is no attempt: it comes again as the first one, and then counts. When a host can't
 * be talked to, or can't take the message, the next one is tried; what a host says about a
 * recipient is final for this attempt.
 */
final class SmtpCarrier implements Carrier {
    /** BDAT to DATA, pipelined to one command at a time. */
    private static final int FALL_BACKS_MAX = 2;

    /** Further hosts that one which breaks off makes an attempt go to. */
    private static final int MOVES_MAX = 2;

    private static final int SERVICE_CLOSING = 421;

    static final Reply UNREADABLE =
            Reply.of(451, "4.3.0", "the content can't be read from the spool");

    private final Means means;
    private final Spool spool;
    private final RelaySettings settings;
    private final ReplyClassifier replies;
    private final MxResolver resolver;
    private final StsPolicies policies;
    private final Connector connector;
    private final StepEvents steps;
    private final Guard guard;
    private final Presence presence;
    private final Convoy convoy;
    private @Nullable ClientSession session;
    private @Nullable HostPlan plan;
    private @Nullable Hop planned;
    private @Nullable Reply unsupported;
    private @Nullable Reply lastSaid;
    private ReplyClass lastMeaning = ReplyClass.NET;
    private @Nullable Answer lost;
    private String nexthop = "";
    private int served;
    private boolean detour;
    private Deadline lastMove = Deadline.NEVER;
    private int known;

    SmtpCarrier(
            Means means,
            MxResolver resolver,
            Connector connector,
            StepEvents steps,
            Guard guard,
            Owner owner) {
        this.means = means;
        spool = means.spool();
        settings = means.settings();
        replies = means.replies();
        policies = means.policies();
        this.resolver = resolver;
        this.connector = connector;
        this.steps = steps;
        this.guard = guard;
        presence = owner;
        convoy = new Convoy(means, steps, owner, owner);
    }

    /** What all carriers share. */
    record Means(
            Spool spool,
            RelaySettings settings,
            ReplyClassifier replies,
            RelayHooks hooks,
            StsPolicies policies,
            Crew dials,
            SourceChoice sources,
            GreyHosts greyHosts) {
        /** The outcome of a recipient of a group to whom this was said. */
        Outcome outcome(Attempt.Group group, ReplyClass meaning, Reply reply) {
            boolean spills = meaning == ReplyClass.REP && sources.spills(group, reply);
            return spills
                    ? new Outcome.Deferred(reply, meaning.cause())
                    : replies.outcome(meaning, reply);
        }
    }

    /** Whose connection it is. */
    interface Owner extends Presence, Feed {}

    /** Is told whether a connection stands. */
    interface Presence {
        void connected();

        /** Connections were tried, whatever came of them. */
        void dialed(int times);

        void disconnected();

        /**
         * A domain's exchangers are known: they are those of this site.
         *
         * @return false when a worker of that site has to go on
         */
        boolean located(Hop hop, String at);

        /** The DNS said for good that a domain takes no mail. */
        void lookedUp(Hop hop);

        /** The host takes part: it answered a transaction. */
        void answered();
    }

    @Override
    public Result attempt(Attempt.Group group) {
        steps.begin(group);
        steps.at(nexthop);
        unsupported = null;
        lost = null;
        lastMove = connector.lastMove();
        Result result = carry(group);
        steps.reached(Step.DONE);
        leaveIfDue();
        return result;
    }

    private void leaveIfDue() {
        if (convoy.isEmpty() && (detour || served >= settings.messagesPerConnection())) {
            leaveHost();
            plan = null;
            detour = false;
        }
    }

    @Override
    public void follow() {
        ClientSession open = session;
        while (open != null && !convoy.isEmpty()) {
            takeAlong(open);
            convoy.landFirst(open, nexthop);
            note(open);
        }
        if (open != null && !open.isUsable()) {
            leaveHost();
            plan = null;
        }
        leaveIfDue();
    }

    private void takeAlong(ClientSession open) {
        Hop hop = planned;
        if (hop != null && !connector.isOfDomain()) {
            served += convoy.take(open, hop, settings.messagesPerConnection() - served);
        }
    }

    private Result carry(Attempt.Group group) {
        boolean retried = false;
        int fallBacks = 0;
        int moves = 0;
        while (!group.isDone()) {
            leaveIfFull(group);
            boolean reused = session != null && isPlanned(group.hop());
            ClientSession open = reused ? session : null;
            if (open == null) {
                Result failure = connect(group);
                open = session;
                if (failure != null || open == null) {
                    return failure == null ? Result.CUT : failure;
                }
            }
            int[] left = group.left(settings, open);
            List<Answer> answers = transact(open, group, left);
            if (!open.isUsable() || isAnyUnsupported(answers)) {
                convoy.land(open, nexthop);
            }
            noteCut(open, answers, reused);
            boolean otherwise = note(open) && fallBacks < FALL_BACKS_MAX;
            if (otherwise) {
                convoy.land(open, nexthop);
            }
            if (answers.isEmpty()) {
                return Result.DONE;
            }
            if (guard.isCut() && !open.isUsable()) {
                return cutResult(group, left, answers);
            }
            if (otherwise && !open.isUsable()) {
                fallBacks++;
                recordKnown(group, left, answers);
                leaveHost();
                plan = null;
            } else if (isOfHost(answers, group.authored(left), reused)) {
                // nothing was said about the message: another connection, or another host
                lastSaid = answers.get(0).reply();
                lastMeaning = replies.of(answers.get(0), group.authored(left));
                leaveHost();
                if (reused && !retried) {
                    plan = null;
                    retried = true;
                }
            } else if (isLeft(answers, group.authored(left)) && moves < MOVES_MAX) {
                // perhaps the next host does not fall silent, or close; the message is charged if
                // none is left
                moves++;
                lost = answers.getFirst();
                leaveHost();
            } else {
                presence.answered();
                record(group, left, answers);
                if (session != null && !open.isUsable()) {
                    leaveHost();
                    plan = null;
                }
                if (session != null && unsupported == null && !group.isDone()) {
                    return Result.PARTLY;
                }
            }
        }
        return Result.DONE;
    }

    private boolean isPlanned(Hop hop) {
        return planned != null
                && (connector.isOfDomain() ? hop.equals(planned) : hop.sharesWith(planned));
    }

    /** Null when a conversation is open. */
    private @Nullable Result connect(Attempt.Group group) {
        if (!isPlanned(group.hop())) {
            leaveHost();
            plan = null;
        }
        steps.begin(group);
        if (plan == null) {
            Result failure = plan(group);
            if (failure != null) {
                return failure;
            }
        }
        return open(group, settingsOf(group.hop()), group.hop() instanceof Hop.Exchange);
    }

    private @Nullable Result open(Attempt.Group group, Route.Hop hop, boolean isFound) {
        HostPlan current = plan;
        if (current == null) {
            return new Result.Unreachable(connector.last().reply(), Trouble.DEAD);
        }
        ClientSession opened = connector.open(current, hop, isFound, lastMove);
        presence.dialed(connector.takeDials());
        if (guard.isCut()) {
            if (opened != null) {
                opened.close();
            }
            return Result.CUT;
        }
        if (opened == null) {
            plan = null;
            return exhausted(group);
        }
        session = opened;
        served = 0;
        known = 0;
        nexthop = current.host().nameAt(opened.connection().remote());
        steps.at(nexthop);
        presence.connected();
        return null;
    }

    /** No host is left. */
    private Result exhausted(Attempt.Group group) {
        Reply refusal = unsupported;
        Reply said = lastSaid;
        Reply last = said != null ? said : connector.last().reply();
        lastSaid = null;
        Answer cut = lost;
        if (refusal != null && cut == null) {
            // another host may be able to, if it could only be asked
            Outcome deferred = replies.outcome(ReplyClass.TMP, last);
            if (said != null) {
                group.all(deferred, nexthop);
            } else if (connector.hasMissed()) {
                group.allInOurWords(deferred, nexthop);
            } else {
                group.allInOurWords(new Outcome.Failed(refusal), nexthop);
            }
            return Result.DONE;
        }
        if (cut != null) {
            presence.answered();
            Outcome deferred = replies.outcome(ReplyClass.TMP, cut.reply());
            if (cut.kind() == Answer.Kind.SAID) {
                group.all(deferred, nexthop);
            } else {
                group.allInOurWords(deferred, nexthop);
            }
            return Result.DONE;
        }
        if (said == null && connector.last().isLoop()) {
            group.all(new Outcome.Failed(last), "");
            return Result.DONE;
        }
        ReplyClass meaning = said == null ? connector.last().meaning() : lastMeaning;
        if (meaning == ReplyClass.LIMIT) {
            return new Result.Unreachable(last, Trouble.LIMITED);
        }
        if (said != null) {
            return new Result.Unreachable(last, Trouble.CLOSES);
        }
        if (meaning == ReplyClass.NET) {
            boolean refused = connector.last().refused();
            return new Result.Unreachable(last, refused ? Trouble.REFUSED : Trouble.DEAD);
        }
        // a rule of the program's own says that it is about the message all the same
        presence.answered();
        group.all(replies.outcome(meaning, last), connector.last().host());
        return Result.DONE;
    }

    private @Nullable Result plan(Attempt.Group group) {
        steps.beginTry("");
        if (group.hop() instanceof Hop.Exchange) {
            steps.reached(Step.RESOLVING_MX);
        }
        if (!guard.enter()) {
            return Result.CUT;
        }
        Exchangers found;
        try {
            found =
                    switch (group.hop()) {
                        case Hop.Exchange exchange ->
                                policies.marked(
                                        resolver.exchangers(exchange.domain(), exchange.via()),
                                        exchange.via());
                        case Hop.Fixed fixed -> resolver.fixed(fixed.via());
                        case Hop.Store store -> throw new IllegalArgumentException("not a host");
                        case Hop.Nowhere none -> throw new IllegalArgumentException("not a host");
                    };
        } finally {
            guard.leave();
        }
        return switch (found) {
            case Exchangers.Found hosts -> {
                if (group.hop() instanceof Hop.Exchange exchange
                        && !presence.located(exchange, exchange.siteOf(hosts.hosts()))) {
                    yield Result.MOVED;
                }
                List<Exchangers.Host> arranged =
                        connector.arranged(
                                hosts.hosts(),
                                settingsOf(group.hop()),
                                means.greyHosts().of(group.attempt().delivery().id()));
                steps.routed(group.hop().site(), arranged);
                plan = new HostPlan(arranged);
                connector.begin(hosts.unknown());
                planned = group.hop();
                lastSaid = null;
                yield null;
            }
            case Exchangers.Failed failed -> {
                presence.lookedUp(group.hop());
                steps.tried(failed.reply(), () -> Dialogue.NONE);
                group.all(new Outcome.Failed(failed.reply()), "");
                yield Result.DONE;
            }
            case Exchangers.Deferred deferred -> {
                if (guard.isCut()) {
                    yield Result.CUT;
                }
                steps.tried(deferred.reply(), () -> Dialogue.NONE);
                boolean isUnknown = group.hop() instanceof Hop.Exchange;
                Trouble trouble = isUnknown ? Trouble.UNKNOWN : Trouble.DEAD;
                yield new Result.Unreachable(deferred.reply(), trouble);
            }
        };
    }

    private static Route.Hop settingsOf(Hop hop) {
        return switch (hop) {
            case Hop.Exchange exchange -> exchange.via().settings();
            case Hop.Fixed fixed -> fixed.via().settings();
            case Hop.Store store -> Route.Hop.DEFAULT;
            case Hop.Nowhere none -> Route.Hop.DEFAULT;
        };
    }

    /** The host takes no more of us over this connection (RFC 9422). */
    private void leaveIfFull(Attempt.Group group) {
        ClientSession open = session;
        if (open != null && !open.takesDomain(group.attempt().delivery().domain())) {
            leaveHost();
            plan = null;
        }
    }

    /**
     * What the conversation taught is remembered once it is new.
     *
     * @return true when the host is to be talked to in another way
     */
    private boolean note(ClientSession open) {
        Set<HostTrait> learned = open.learned();
        HostPlan current = plan;
        if (learned.size() > known && current != null) {
            known = learned.size();
            connector.learn(current.host(), learned);
        }
        return learned.contains(HostTrait.NO_CHUNKING) || learned.contains(HostTrait.NO_PIPELINING);
    }

    /** Whether the host broke off; not on a connection that it may have closed while it idled. */
    private void noteCut(ClientSession open, List<Answer> answers, boolean reused) {
        HostPlan current = plan;
        if (answers.isEmpty() || current == null || guard.isCut()) {
            return;
        }
        Answer first = answers.getFirst();
        boolean stale = reused && first.stage() == Stage.MAIL;
        if (first.kind() == Answer.Kind.SAID) {
            connector.heldOn(current.host());
        } else if (first.kind() != Answer.Kind.UNSUPPORTED && !stale) {
            connector.cutBy(current.host(), open.extensions());
        }
    }

    private static boolean isAnyUnsupported(List<Answer> answers) {
        for (Answer answer : answers) {
            if (answer.kind() == Answer.Kind.UNSUPPORTED) {
                return true;
            }
        }
        return false;
    }

    /** Empty when the content can't be read; the recipients then have their outcome. */
    private List<Answer> transact(ClientSession open, Attempt.Group group, int[] left) {
        convoy.land(open, nexthop);
        steps.begin(group);
        try (Content content = spool.content(group.attempt().message().id())) {
            if (served++ > 0) {
                long unused = steps.beginTry();
            }
            open.begin(group.transaction(left, content));
            takeAlong(open);
            steps.begin(group);
            List<Answer> answers = open.finish();
            steps.tried(StepEvents.worst(answers), open::dialogue);
            return answers;
        } catch (NoSuchElementException | UncheckedIOException e) {
            group.allInOurWords(new Outcome.Deferred(UNREADABLE, Outcome.Cause.TEMPORARY), nexthop);
            return List.of();
        }
    }

    /** True when the answers say nothing about the message, only about the connection. */
    private boolean isOfHost(List<Answer> answers, Authored by, boolean reused) {
        for (Answer answer : answers) {
            ReplyClass meaning = replies.of(answer, by);
            boolean stale =
                    reused && answer.kind() == Answer.Kind.LOST && answer.stage() == Stage.MAIL;
            if (meaning != ReplyClass.NET && meaning != ReplyClass.LIMIT && !stale) {
                return false;
            }
        }
        return true;
    }

    /** The host left without a word, or with no more than that it closes. */
    private boolean isLeft(List<Answer> answers, Authored by) {
        for (Answer answer : answers) {
            boolean closes =
                    answer.kind() == Answer.Kind.SAID
                            && answer.reply().code() == SERVICE_CLOSING
                            && replies.of(answer, by) == ReplyClass.TMP;
            if (answer.kind() != Answer.Kind.LOST && !closes) {
                return false;
            }
        }
        return true;
    }

    private void record(Attempt.Group group, int[] left, List<Answer> answers) {
        Attempt attempt = group.attempt();
        Authored by = group.authored(left);
        boolean progress = false;
        for (int i = 0; i < left.length; i++) {
            ReplyClass meaning = replies.of(answers.get(i), by);
            boolean unfit = answers.get(i).kind() == Answer.Kind.UNSUPPORTED;
            if (unfit) {
                unsupported = answers.get(i).reply();
            } else if (meaning != ReplyClass.CROWDED) {
                progress = true;
                record(group, left[i], meaning, answers.get(i));
            }
        }
        if (!progress) {
            for (int i = 0; i < left.length; i++) {
                if (answers.get(i).kind() != Answer.Kind.UNSUPPORTED) {
                    Outcome deferred = replies.outcome(ReplyClass.TMP, answers.get(i).reply());
                    attempt.outcome(left[i], deferred, nexthop, answers.get(i));
                }
            }
        }
        if (unsupported != null) {
            tryNextHost();
        }
    }

    /** What was said of one recipient, while the conversation is known. */
    private void record(Attempt.Group group, int index, ReplyClass meaning, Answer answer) {
        Outcome outcome = means.outcome(group, meaning, answer.reply());
        group.attempt().outcome(index, outcome, nexthop, answer);
        if (meaning == ReplyClass.DELIVERED) {
            group.delivered(index, session != null && session.extensions().offers("DSN"));
        }
    }

    /** This host can't take the message: perhaps the next one can. */
    private void tryNextHost() {
        HostPlan current = plan;
        leaveHost();
        detour = true;
        if (current != null) {
            current.skipHost();
        }
    }

    /** What was perhaps delivered is noted all the same. */
    private Result cutResult(Attempt.Group group, int[] left, List<Answer> answers) {
        recordKnown(group, left, answers);
        return Result.CUT;
    }

    /** What is said for good. Whom the host can't take, another one perhaps can. */
    private void recordKnown(Attempt.Group group, int[] left, List<Answer> answers) {
        Authored by = group.authored(left);
        for (int i = 0; i < left.length; i++) {
            Answer answer = answers.get(i);
            if (answer.kind() != Answer.Kind.LOST && answer.kind() != Answer.Kind.UNSUPPORTED) {
                record(group, left[i], replies.of(answer, by), answer);
            }
        }
    }

    /** What is on its way behind the attempt is brought to its end before. */
    private void leaveHost() {
        ClientSession open = session;
        if (open != null) {
            convoy.land(open, nexthop);
            session = null;
            open.quit();
            presence.disconnected();
        }
    }

    @Override
    public Duration idleTimeout() {
        ClientSession open = session;
        Hop hop = planned;
        if (open == null || hop == null || !open.isUsable()) {
            return Duration.ZERO;
        }
        return settingsOf(hop).idleTimeout();
    }

    @Override
    public void quit() {
        convoy.close();
        leaveHost();
    }

    @Override
    public void cut() {
        guard.cut();
        connector.cut();
    }
}
