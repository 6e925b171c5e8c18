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
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvent.Step;
import org.posthouse.core.Reply;
import org.posthouse.platform.AddressLiteral;
import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.DeadlineExceeded;
import org.posthouse.platform.Network;
import org.posthouse.platform.Platform;
import org.posthouse.platform.TlsFacts;
import org.posthouse.platform.TlsSettings;
import org.posthouse.platform.UnixSocket;
import org.posthouse.policy.Route;
import org.posthouse.policy.Route.TlsMode;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
    private final RelayTls tls;
    private final OwnAddresses own;
    private final HostMemory memory;
    private final StepEvents steps;
    private final Guard guard;
    private volatile @Nullable Connection current;

    /** The program did not like the certificate: clear text would be worse. */
    private boolean isRefusedByUs;

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
        this.tls = tls;
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
            boolean isGivenUp = host.peer().isPresent() && plan.isLastAddress();
            Route.Hop own = host.settings(hop);
            ClientSession session = open(plan, own, useTls(host, own), isFound, Set.of());
            if (session != null) {
                missed.remove(key(host));
                memory.reached(key(host));
                return session;
            }
            if (isGivenUp && !guard.isCut()) {
                memory.missed(key(host));
            }
        }
        return null;
    }

    /** A new plan begins. */
    void begin() {
        missed.clear();
    }

    /** The hosts of a route, those that could not be talked to a moment ago behind the others. */
    List<Exchangers.Host> arranged(List<Exchangers.Host> hosts) {
        List<Exchangers.Host> first = new ArrayList<>(hosts.size());
        List<Exchangers.Host> last = new ArrayList<>(0);
        for (Exchangers.Host host : hosts) {
            boolean isLast = host.peer().isPresent() && memory.isAvoided(key(host));
            (isLast ? last : first).add(host);
        }
        first.addAll(last);
        return first;
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

    /**
     * Opens a conversation with the plan's present address.
     *
     * @param assumed of the host, and remembered if a conversation comes about
     */
    private @Nullable ClientSession open(
            HostPlan plan, Route.Hop hop, UseTls useTls, boolean isFound, Set<HostTrait> assumed) {
        Exchangers.Host host = plan.host();
        isRefusedByUs = false;
        missed.add(key(host));
        var remote = new InetSocketAddress(plan.address(), host.port());
        steps.at(host.nameAt(remote));
        Connection connection = connect(host, remote, hop);
        if (connection == null) {
            return null;
        }
        if (isFound && isOurselves(connection)) {
            connection.close();
            plan.dropOurselves();
            missed.remove(key(host));
            last =
                    Refusal.ours(
                            Reply.of(554, "5.4.6", "mail loops back to myself at " + host.name()));
            return null;
        }
        long begun = platform.time().nanos();
        Opening opening =
                ClientSession.open(
                        platform.time(),
                        connection,
                        clientSettings(host, hop, useTls, isFound, assumed),
                        new Watch(host.name()));
        return switch (opening) {
            case Opening.Opened opened -> {
                memory.learn(key(host), assumed);
                yield opened.session();
            }
            case Opening.NotOpened refused -> {
                long took = platform.time().nanos() - begun;
                last = refusal(refused, host.nameAt(remote), took);
                if (isSilentHello(refused, useTls, hop, took) && assumed.isEmpty()) {
                    yield open(plan, hop, useTls, isFound, Set.of(HostTrait.NO_EHLO));
                }
                yield fallBack(plan, hop, useTls, refused, isFound);
            }
        };
    }

    /** Passes the steps on, and asks the program about the certificate of a host. */
    private final class Watch implements Steps {
        private final String host;

        Watch(String host) {
            this.host = host;
        }

        @Override
        public void reached(MailEvent.Step step) {
            steps.reached(step);
        }

        @Override
        public boolean secured(TlsFacts facts) {
            try {
                isRefusedByUs = !hooks.accepts(host, facts);
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "the hook for certificates threw", e);
                isRefusedByUs = true;
            }
            return !isRefusedByUs;
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

    /** Without TLS, once, where TLS was opportunistic and is what failed. */
    private @Nullable ClientSession fallBack(
            HostPlan plan,
            Route.Hop hop,
            UseTls useTls,
            Opening.NotOpened refused,
            boolean isFound) {
        boolean isTried = useTls == UseTls.WHERE_OFFERED && refused.stage() == Stage.TLS;
        if (!isTried || isRefusedByUs || guard.isCut()) {
            return null;
        }
        memory.learn(key(plan.host()), Set.of(HostTrait.BROKEN_STARTTLS));
        return open(plan, hop, UseTls.OFF, isFound, Set.of());
    }

    private @Nullable Connection connect(
            Exchangers.Host host, InetSocketAddress remote, Route.Hop hop) {
        String name = host.nameAt(remote);
        steps.reached(Step.CONNECTING);
        InetAddress source = sourceFor(hop);
        if (!source.isAnyLocalAddress() && source.getClass() != remote.getAddress().getClass()) {
            last = failed(name, "not reachable from " + hop.source());
            return null;
        }
        if (!guard.enter()) {
            return null;
        }
        try {
            Connection connection = connect(host, remote, source);
            current = connection;
            if (guard.isCut()) {
                connection.close();
                return null;
            }
            steps.reached(Step.CONNECTED);
            return connection;
        } catch (DeadlineExceeded e) {
            last = failed(name, "timed out");
        } catch (IOException e) {
            Refusal failure = failed(name, String.valueOf(e.getMessage()));
            last = new Refusal(failure.reply(), ReplyClass.NET, "", isRefused(e));
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

    private Connection connect(Exchangers.Host host, InetSocketAddress remote, InetAddress source)
            throws IOException {
        if (host.peer().isPresent()
                && host.peer().get().at() instanceof Route.SocketFile(Path path)) {
            return platform.network().connect(UnixSocket.at(path));
        }
        Deadline deadline = platform.time().after(settings.timeouts().connect());
        return platform.network().connect(remote, source, deadline);
    }

    private static Refusal failed(String name, String why) {
        String text = "connect to " + name + ": " + why;
        return Refusal.ours(Reply.of(421, "4.4.1", text.replace('\r', ' ').replace('\n', ' ')));
    }

    private static InetAddress sourceFor(Route.Hop hop) {
        return hop.source().isEmpty()
                ? Network.ANY_SOURCE
                : AddressLiteral.parse(hop.source()).orElse(Network.ANY_SOURCE);
    }

    /** Both ends on one machine, and one of our listeners answers on that port. */
    private boolean isOurselves(Connection connection) {
        InetAddress here = connection.local().getAddress();
        var port = connection.remote().getPort();
        return here.equals(connection.remote().getAddress())
                && own.contains(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private UseTls useTls(Exchangers.Host host, Route.Hop hop) {
        return switch (hop.tls()) {
            case OFF -> UseTls.OFF;
            case OPPORTUNISTIC -> opportunistic(host, hop);
            case REQUIRE, VERIFY -> UseTls.REQUIRED;
            case IMPLICIT -> UseTls.IMPLICIT;
        };
    }

    /** Credentials never go in clear text unless TLS is off by setting. */
    private UseTls opportunistic(Exchangers.Host host, Route.Hop hop) {
        if (!hop.credentials().isNone()) {
            return UseTls.REQUIRED;
        }
        return memory.traits(key(host)).contains(HostTrait.BROKEN_STARTTLS)
                ? UseTls.OFF
                : UseTls.WHERE_OFFERED;
    }

    private ClientSettings clientSettings(
            Exchangers.Host host,
            Route.Hop hop,
            UseTls useTls,
            boolean isFound,
            Set<HostTrait> assumed) {
        Set<HostTrait> traits = EnumSet.noneOf(HostTrait.class);
        traits.addAll(memory.traits(key(host)));
        traits.addAll(assumed);
        boolean verify = hop.tls() == TlsMode.VERIFY || hop.tls() == TlsMode.IMPLICIT;
        return new ClientSettings(
                protocol(host),
                hop.heloName().isEmpty() ? settings.hostname() : hop.heloName(),
                useTls,
                new TlsSettings.Client(
                        (verify ? tls.verifying() : tls.anything()).get(), host.name(), verify),
                !isFound,
                login(hop.credentials()),
                ClientSettings.Streaming.LEARNED,
                traits,
                new ClientTimeouts(
                        settings.timeouts().greeting(),
                        settings.timeouts().command(),
                        settings.timeouts().dataBlock(),
                        settings.timeouts().dataEnd()));
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

    private static String key(Exchangers.Host host) {
        return host.name() + ":" + host.port();
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
