package org.posthouse.relay;

import org.jspecify.annotations.Nullable;
import org.posthouse.client.ClientSession;
import org.posthouse.client.ClientSettings;
import org.posthouse.client.ClientSettings.UseTls;
import org.posthouse.client.ClientTimeouts;
import org.posthouse.client.Extensions;
import org.posthouse.client.HostTrait;
import org.posthouse.client.Login;
import org.posthouse.client.Opening;
import org.posthouse.client.Stage;
import org.posthouse.client.Steps;
import org.posthouse.core.AccessTokens;
import org.posthouse.core.Dialogue;
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvent.Step;
import org.posthouse.core.Reply;
import org.posthouse.core.TlsFault;
import org.posthouse.platform.AddressLiteral;
import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.DeadlineExceeded;
import org.posthouse.platform.Network;
import org.posthouse.platform.Platform;
import org.posthouse.platform.TlsFacts;
import org.posthouse.platform.TlsSettings;
import org.posthouse.policy.Route;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Opens conversations, address by address of a plan. One thread uses it; any may cut it. */
final class Connector {
    /**
     * Beyond it, no further address is tried: a worker must not be held by hosts that waste time.
     */
    private static final Duration MOVES_MAX = Duration.ofMinutes(10);

    private static final System.Logger LOG = System.getLogger(Connector.class.getName());

    /** A host that breaks off so often in a row may not do what it offers. */
    private static final int CUTS_MIN = 2;

    private static final int NONCE_OCTETS = 18;

    private final Platform platform;
    private final RelaySettings settings;
    private final ReplyClassifier replies;
    private final RelayHooks hooks;
    private final NextHopTls tls;
    private final OwnAddresses own;
    private final HostMemory memory;
    private final StepEvents steps;
    private final Guard guard;
    private final Dialer dialer;
    private volatile @Nullable Connection current;

    /** The program did not like the certificate: clear text would be worse. */
    private boolean isRefusedByUs;

    /** The certificate is not the one that was published. */
    private boolean isUnproven;

    /** Connections tried since it was asked. */
    private int dialled;

    /** Hosts of the plan of which no address could be talked to. */
    private final Set<String> missed = new HashSet<>();

    private Refusal last = Refusal.ours(Reply.of(450, "4.4.1", "not tried"));

    /**
     * Why no conversation came about.
     *
     * @param meaning NET where it is not the host that says it
     * @param host that said it; empty: we do
     * @param refused the connection was refused, or closed without a word: the machine is there
     */
    record Refusal(Reply reply, ReplyClass meaning, String host, boolean refused) {
        static Refusal ours(Reply reply) {
            return new Refusal(reply, ReplyClass.NET, "", false);
        }

        /** We are the best host ourselves: a better one that can't be reached is waited for. */
        static Refusal ofLoop(String host) {
            return ours(Reply.of(554, "5.4.6", "mail loops back to myself at " + host));
        }

        /** It will not be otherwise later; what else we say ourselves is 4yz. */
        boolean isLoop() {
            return host.isEmpty() && reply.isPermanent();
        }
    }

    Connector(
            Platform platform,
            SmtpCarrier.Means means,
            RelayTls tls,
            OwnAddresses own,
            HostMemory memory,
            StepEvents steps,
            Guard guard) {
        this.platform = platform;
        settings = means.settings();
        replies = means.replies();
        hooks = means.hooks();
        dialer = new Dialer(platform, means, memory);
        this.tls = new NextHopTls(platform, tls, memory, steps);
        this.own = own;
        this.memory = memory;
        this.steps = steps;
        this.guard = guard;
    }

    /**
     * Opens a conversation with the next address of the plan that lets us.
     *
     * @param isFound the host's name is from the DNS, so that it may be ourselves, or forged
     * @param lastMove a further address is not tried after this
     * @return null when the plan is at its end, or at a cut; {@link #last} says why
     */
    @Nullable ClientSession open(HostPlan plan, Route.Hop hop, boolean isFound, Deadline lastMove) {
        boolean moves = false;
        while (!guard.isCut() && plan.next()) {
            if (moves && isOver(lastMove)) {
                missed.add(key(plan.host()));
                return null;
            }
            moves = true;
            Exchangers.Host host = plan.host();
            ClientSession session = open(new Aim(plan, host.settings(hop), isFound));
            if (session != null) {
                if (isUnasked(host, session)) {
                    last = Refusal.ours(Reply.of(450, "4.4.2", host.name() + " closed at EHLO"));
                } else {
                    missed.remove(key(host));
                }
                memory.reached(key(host, hop));
                return session;
            }
            // several addresses may have been tried at once: only now it is known where it stands
            boolean isGivenUp = host.peer().isPresent() && plan.isLastAddress();
            if (isGivenUp && !guard.isCut()) {
                memory.missed(key(host, hop));
            }
        }
        return null;
    }

    /** It was greeted with HELO since it closed at EHLO: it may be able to do more. */
    private boolean isUnasked(Exchangers.Host host, ClientSession session) {
        return session.extensions().isEmpty()
                && memory.traits(key(host)).contains(HostTrait.CLOSED_AT_EHLO);
    }

    /** How many connections were tried since it was asked. */
    int takeDials() {
        int count = dialled;
        dialled = 0;
        return count;
    }

    /**
     * A new plan begins.
     *
     * @param unknown hosts that are not in it, since they have no address for now
     */
    void begin(List<String> unknown) {
        missed.clear();
        missed.addAll(unknown);
        if (!unknown.isEmpty()) {
            last = Refusal.ours(Reply.of(450, "4.4.3", "look-up failed for " + unknown.getFirst()));
        }
    }

    /**
     * The hosts of a new plan in the order in which to try them.
     *
     * @param hop settings of the route
     * @param greylister goes before its equals; empty: none
     */
    List<Exchangers.Host> arranged(List<Exchangers.Host> hosts, Route.Hop hop, String greylister) {
        return dialer.arranged(hosts, hop, greylister);
    }

    /** A host of the plan could not be talked to, so that nobody knows what it can do. */
    boolean hasMissed() {
        return !missed.isEmpty();
    }

    /** Until when an attempt that begins now goes on to a further address. */
    Deadline lastMove() {
        return platform.time().after(MOVES_MAX);
    }

    private boolean isOver(Deadline deadline) {
        return deadline.nanos() - platform.time().nanos() <= 0;
    }

    /** What was said last, or what happened. */
    Refusal last() {
        return last;
    }

    /** Cuts the connection that is open or being opened. */
    void cut() {
        Connection connection = current;
        if (connection != null) {
            connection.close();
        }
    }

    /** Where to: the plan's present address. */
    private record Aim(HostPlan plan, Route.Hop hop, boolean isFound) {
        Exchangers.Host host() {
            return plan.host();
        }

        InetSocketAddress remote() {
            return new InetSocketAddress(plan.address(), host().port());
        }

        String name() {
            return host().nameAt(remote());
        }
    }

    /** A host from which nothing can be had on safe terms is left out with all its addresses. */
    private @Nullable ClientSession open(Aim aim) {
        steps.at(aim.name());
        if (!guard.enter()) {
            return null;
        }
        TlsTerms terms;
        try {
            terms = tls.terms(aim.hop(), aim.host(), key(aim.host(), aim.hop()));
        } finally {
            guard.leave();
        }
        return switch (terms) {
            case TlsTerms.Talk talk -> open(aim, talk, Set.of());
            case TlsTerms.Refused refused -> without(aim, refused.why().text());
        };
    }

    private @Nullable ClientSession without(Aim aim, String why) {
        missed.add(key(aim.host()));
        last = Refusal.ours(Reply.of(450, "4.7.5", aim.host().name() + ": " + why));
        aim.plan().skipHost();
        return null;
    }

    /**
     * Opens a conversation.
     *
     * @param assumed of the host, and remembered if a conversation comes about
     */
    private @Nullable ClientSession open(Aim aim, TlsTerms.Talk terms, Set<HostTrait> assumed) {
        Exchangers.Host host = aim.host();
        isRefusedByUs = false;
        isUnproven = false;
        missed.add(key(host));
        steps.beginTry(aim.name());
        TlsSettings.Client shown;
        try {
            shown = tls.settings(aim.hop(), terms);
        } catch (RuntimeException e) {
            return without(aim, oneLine("our certificate can't be shown: " + e.getMessage()));
        }
        Connection connection = connect(aim);
        if (connection == null) {
            if (!guard.isCut()) {
                steps.tried(last.reply(), () -> Dialogue.NONE);
            }
            return null;
        }
        if (aim.isFound() && isOurselves(connection)) {
            connection.close();
            aim.plan().dropOurselves();
            missed.remove(key(host));
            if (missed.isEmpty()) {
                last = Refusal.ofLoop(host.name());
            }
            return null;
        }
        long begun = platform.time().nanos();
        Opening opening =
                ClientSession.open(
                        platform.time(),
                        connection,
                        clientSettings(aim, terms, shown, assumed),
                        new Watch(host, terms));
        return switch (opening) {
            case Opening.Opened opened -> {
                memory.learn(key(host), assumed);
                tls.established(terms, opened.session().connection().tls());
                yield opened.session();
            }
            case Opening.NotOpened refused -> {
                long took = platform.time().nanos() - begun;
                last = refusal(refused, aim.name(), took);
                if (!guard.isCut()) {
                    steps.tried(refused.reply(), refused::dialogue);
                }
                if (isSilentHello(refused, terms.useTls(), aim.hop(), took) && assumed.isEmpty()) {
                    yield open(aim, terms, Set.of(HostTrait.CLOSED_AT_EHLO));
                }
                yield fallBack(aim, terms, refused);
            }
        };
    }

    /** Passes the steps on, and looks at the certificate of a host; the program has a say too. */
    private final class Watch implements Steps {
        private final Exchangers.Host host;
        private final TlsTerms.Talk terms;

        Watch(Exchangers.Host host, TlsTerms.Talk terms) {
            this.host = host;
            this.terms = terms;
        }

        @Override
        public void reached(MailEvent.Step step) {
            steps.reached(step);
        }

        @Override
        public String objection(TlsFacts facts) {
            String objection = tls.objection(terms, host, facts);
            isUnproven = !objection.isEmpty();
            return isUnproven ? objection : ofProgram(facts);
        }

        private String ofProgram(TlsFacts facts) {
            try {
                isRefusedByUs = !hooks.accepts(host.name(), facts);
            } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
                LOG.log(System.Logger.Level.WARNING, "the hook for certificates threw", e);
                isRefusedByUs = true;
            }
            return isRefusedByUs ? "we refuse the certificate of this host" : "";
        }
    }

    private Refusal refusal(Opening.NotOpened refused, String host, long tookNanos) {
        Reply reply = refused.reply();
        if (refused.said()) {
            return new Refusal(reply, replies.of(refused.stage(), reply), host, false);
        }
        boolean closed =
                refused.stage() == Stage.GREETING
                        && tookNanos < settings.timeouts().greeting().toNanos();
        return new Refusal(reply, ReplyClass.NET, "", closed);
    }

    /** It closed the connection at EHLO, as old hosts do that know HELO only. */
    private boolean isSilentHello(
            Opening.NotOpened refused, UseTls useTls, Route.Hop hop, long tookNanos) {
        return refused.stage() == Stage.HELLO
                && !refused.said()
                && useTls != UseTls.REQUIRED
                && hop.credentials().isNone()
                && tookNanos < settings.timeouts().command().toNanos()
                && !guard.isCut();
    }

    /**
     * With less, once, where TLS is what failed: without proof where a policy is only tested,
     * without TLS where it was opportunistic and nothing secret is to be said.
     */
    private @Nullable ClientSession fallBack(
            Aim aim, TlsTerms.Talk terms, Opening.NotOpened refused) {
        if (refused.stage() != Stage.TLS || isRefusedByUs || guard.isCut()) {
            return null;
        }
        TlsFault fault = isUnproven ? TlsFault.TLSA_INVALID : refused.fault();
        tls.failed(terms, aim.host(), fault, String.join(" ", refused.reply().lines()));
        if (terms.proof() == TlsTerms.Proof.STS_FOR_TEST) {
            return open(aim, terms.opportunistic(), Set.of());
        }
        if (terms.useTls() != UseTls.WHERE_OFFERED || !aim.hop().credentials().isNone()) {
            return null;
        }
        memory.learn(key(aim.host(), aim.hop()), Set.of(HostTrait.BROKEN_STARTTLS));
        return open(aim, terms.clear(), Set.of());
    }

    private @Nullable Connection connect(Aim aim) {
        steps.reached(Step.CONNECTING);
        Route.Source identity = aim.hop().source();
        InetAddress remote = aim.remote().getAddress();
        InetAddress source = sourceFor(identity, remote);
        if (!source.isAnyLocalAddress() && source.getClass() != remote.getClass()) {
            last = failed(aim.name(), "not reachable from " + identity.addresses().getFirst());
            return null;
        }
        if (!guard.enter()) {
            return null;
        }
        try {
            dialled++;
            Connection connection = dialer.connect(aim.plan(), source);
            steps.at(aim.name());
            current = connection;
            if (guard.isCut()) {
                connection.close();
                return null;
            }
            steps.reached(Step.CONNECTED);
            return connection;
        } catch (DeadlineExceeded e) {
            last = failed(aim.name(), "timed out");
        } catch (IOException e) {
            Refusal failure = failed(aim.name(), String.valueOf(e.getMessage()));
            last = new Refusal(failure.reply(), ReplyClass.NET, "", isRefused(e));
        } catch (InterruptedException e) {
            last = failed(aim.name(), "interrupted");
        } finally {
            guard.leave();
        }
        return null;
    }

    /** By the machine itself, or by a reset of what stands before it. */
    private static boolean isRefused(IOException failure) {
        String text = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return text.contains("refused") || text.contains("reset");
    }

    private static Refusal failed(String name, String why) {
        String text = "connect to " + name + ": " + why;
        return Refusal.ours(Reply.of(421, "4.4.1", oneLine(text)));
    }

    private static String oneLine(String text) {
        return text.replace('\r', ' ').replace('\n', ' ');
    }

    /** The address of the host's family; another one of ours where there is none. */
    private static InetAddress sourceFor(Route.Source source, InetAddress host) {
        InetAddress found = Network.ANY_SOURCE;
        for (String text : source.addresses()) {
            InetAddress address = AddressLiteral.parse(text).orElse(Network.ANY_SOURCE);
            boolean fits = address.getClass() == host.getClass();
            found = fits || found.isAnyLocalAddress() ? address : found;
        }
        return found;
    }

    /** Both ends on one machine, and one of our listeners answers on that port. */
    private boolean isOurselves(Connection connection) {
        InetAddress here = connection.local().getAddress();
        var port = connection.remote().getPort();
        return here.equals(connection.remote().getAddress())
                && own.contains(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private ClientSettings clientSettings(
            Aim aim, TlsTerms.Talk terms, TlsSettings.Client shown, Set<HostTrait> assumed) {
        Set<HostTrait> traits = EnumSet.noneOf(HostTrait.class);
        traits.addAll(memory.traits(key(aim.host())));
        traits.addAll(assumed);
        Route.Hop hop = aim.hop();
        return new ClientSettings(
                protocol(aim.host()),
                hop.source().heloName().isEmpty() ? settings.hostname() : hop.source().heloName(),
                terms.useTls(),
                shown,
                NextHopTls.provesTheHost(terms, aim.host(), aim.isFound()),
                login(hop.credentials()),
                streaming(hop.streaming()),
                traits,
                new ClientTimeouts(
                        settings.timeouts().greeting(),
                        settings.timeouts().command(),
                        settings.timeouts().dataBlock(),
                        settings.timeouts().dataEnd()));
    }

    private static ClientSettings.Streaming streaming(Route.Streaming when) {
        return switch (when) {
            case OFF -> ClientSettings.Streaming.OFF;
            case LEARNED -> ClientSettings.Streaming.LEARNED;
            case TRUSTED -> ClientSettings.Streaming.TRUSTED;
        };
    }

    /** The host proved to be the one of the domain that it was opened for, and of no other. */
    boolean isOfDomain() {
        return tls.isOfDomain();
    }

    private Login login(Route.Credentials credentials) {
        if (credentials.isNone()) {
            return Login.NONE;
        }
        return credentials
                .tokens()
                .<Login>map(
                        tokens ->
                                new Login.Token(
                                        credentials.how(),
                                        credentials.user(),
                                        refused -> guarded(tokens, refused)))
                .orElseGet(
                        () ->
                                new Login.Password(
                                        credentials.how(),
                                        credentials.user(),
                                        credentials.password(),
                                        this::nonce));
    }

    /** Whoever gives tokens may ask far away. */
    private AccessTokens.Given guarded(AccessTokens tokens, String refused) {
        if (!guard.enter()) {
            return new AccessTokens.Given.None("the attempt was cut");
        }
        try {
            return tokens.token(refused);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "what gives access tokens threw", e);
            return new AccessTokens.Given.None("what gives them failed");
        } finally {
            guard.leave();
        }
    }

    private String nonce() {
        var nonce = new byte[NONCE_OCTETS];
        platform.entropy().fill(nonce);
        return HexFormat.of().formatHex(nonce);
    }

    private static ClientSettings.Protocol protocol(Exchangers.Host host) {
        if (!host.lmtp()) {
            return ClientSettings.Protocol.SMTP;
        }
        boolean here = host.peer().filter(p -> p.at() instanceof Route.SocketFile).isPresent();
        return here ? ClientSettings.Protocol.LMTP_HERE : ClientSettings.Protocol.LMTP;
    }

    static String key(Exchangers.Host host) {
        return host.name() + ":" + host.port();
    }

    /** The same for what depends on who we are there: a certificate that is asked for. */
    static String key(Exchangers.Host host, Route.Hop hop) {
        return hop.certificate().isNone() ? key(host) : key(host) + " " + hop.certificate().chain();
    }

    /**
     * A host broke off in a transaction. The second time in a row it is talked to in a plainer way:
     * perhaps it can't do what it offers.
     */
    void cutBy(Exchangers.Host host, Extensions extensions) {
        if (memory.cut(key(host)) < CUTS_MIN) {
            return;
        }
        if (extensions.offers("CHUNKING")) {
            memory.learn(key(host), Set.of(HostTrait.NO_CHUNKING));
        } else if (extensions.offers("PIPELINING")) {
            memory.learn(key(host), Set.of(HostTrait.NO_PIPELINING));
        }
    }

    /** A host answered a transaction. */
    void heldOn(Exchangers.Host host) {
        memory.heldOn(key(host));
    }

    /** What a conversation with a host taught is remembered. */
    void learn(Exchangers.Host host, Set<HostTrait> traits) {
        memory.learn(key(host), traits);
    }
}
