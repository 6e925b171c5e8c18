package org.posthouse.relay;

import org.posthouse.client.ClientSession;
import org.posthouse.client.ClientSettings;
import org.posthouse.client.ClientTimeouts;
import org.posthouse.client.Login;
import org.posthouse.client.Opening;
import org.posthouse.client.Steps;
import org.posthouse.core.Dialogue;
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvents;
import org.posthouse.core.Reply;
import org.posthouse.core.TlsLevel;
import org.posthouse.platform.Connection;
import org.posthouse.platform.Network;
import org.posthouse.platform.Platform;
import org.posthouse.platform.TlsFacts;
import org.posthouse.policy.Route;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Walks the way of mail to a domain without sending any: its hosts as the relay finds them, and
 * with each address greeting, EHLO and TLS by the terms that the relay would keep. Where a relay
 * would go on in clear text since TLS failed, the failure is told instead. One thread uses it.
 *
 * @since 0.1
 */
public final class Probe {
    /** Addresses that are tried, at most. */
    public static final int TRIES_MAX = 20;

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration STEP = Duration.ofSeconds(30);

    private final Platform platform;
    private final Setup setup;
    private final Route.Mx via;
    private final NextHopTls tls;

    /**
     * How to go.
     *
     * @param heloName what we call ourselves
     * @param hop the settings of the route; its login is not used
     * @param internal addresses may be loopback, link-local or private ones
     */
    public record Setup(String heloName, Route.Hop hop, boolean internal) {
        /** Checks that nothing is missing. */
        public Setup {
            Objects.requireNonNull(heloName);
            Objects.requireNonNull(hop);
        }
    }

    /** What was found. */
    public sealed interface Result {
        /** Mail goes nowhere, by this reply for good or for now. */
        record Nowhere(Reply reply) implements Result {}

        /** These addresses, in the order of the tries. */
        record Walked(List<Tried> tried) implements Result {
            /** Copies the list. */
            public Walked {
                tried = List.copyOf(tried);
            }
        }
    }

    /**
     * An address of a host.
     *
     * @param level what TLS has to be, by what is published and by the route
     * @param end how it went
     */
    public record Tried(
            String host, int preference, InetSocketAddress address, TlsLevel level, End end) {
        /** Checks that nothing is missing. */
        public Tried {
            Objects.requireNonNull(host);
            Objects.requireNonNull(address);
            Objects.requireNonNull(level);
            Objects.requireNonNull(end);
        }
    }

    /** How a try ended. */
    public sealed interface End {
        /** A message could be sent now. */
        record Ready(Optional<TlsFacts> tls, Dialogue dialogue) implements End {}

        /** It was talked to, and no message could be sent. */
        record Failed(Reply reply, Dialogue dialogue) implements End {}

        /** No connection came about. */
        record Unreachable(String why) implements End {}

        /** The relay would not talk to it: what is published can't be kept. */
        record Avoided(String why) implements End {}
    }

    /** Prepares. */
    public Probe(Platform platform, RelayTls trust, Setup setup) {
        this.platform = platform;
        this.setup = setup;
        via = new Route.Mx(setup.hop(), setup.internal());
        var steps = new StepEvents(platform.time(), MailEvents.NONE);
        tls = new NextHopTls(platform, trust, new HostMemory(platform.time()), steps);
    }

    /** The way to a domain, or to a host of this name without exchangers. */
    public Result walk(String domain) {
        var own = OwnAddresses.of(List.of());
        var resolver =
                new MxResolver(platform.dns(), platform.entropy(), setup.heloName(), own, () -> {});
        var policies =
                new StsPolicies(
                        platform, MailEvents.NONE, new StsCache(), platform.time().signal());
        return switch (policies.marked(resolver.exchangers(domain, via), via)) {
            case Exchangers.Failed failed -> new Result.Nowhere(failed.reply());
            case Exchangers.Deferred deferred -> new Result.Nowhere(deferred.reply());
            case Exchangers.Found found -> new Result.Walked(walk(found.hosts()));
        };
    }

    private List<Tried> walk(List<Exchangers.Host> hosts) {
        var tried = new ArrayList<Tried>();
        for (Exchangers.Host host : hosts) {
            TlsTerms terms = tls.terms(setup.hop(), host, Connector.key(host));
            for (InetAddress address : host.addresses()) {
                if (tried.size() < TRIES_MAX) {
                    tried.add(attempt(host, terms, new InetSocketAddress(address, host.port())));
                }
            }
        }
        return tried;
    }

    private Tried attempt(Exchangers.Host host, TlsTerms terms, InetSocketAddress remote) {
        return switch (terms) {
            case TlsTerms.Refused refused ->
                    new Tried(
                            host.name(),
                            host.preference(),
                            remote,
                            refused.why().wanted(),
                            new End.Avoided(refused.why().text()));
            case TlsTerms.Talk talk ->
                    new Tried(
                            host.name(),
                            host.preference(),
                            remote,
                            talk.proof().level(),
                            talk(host, talk, remote));
        };
    }

    private End talk(Exchangers.Host host, TlsTerms.Talk terms, InetSocketAddress remote) {
        Connection connection;
        try {
            connection =
                    platform.network()
                            .connect(remote, Network.ANY_SOURCE, platform.time().after(CONNECT));
        } catch (IOException e) {
            return new End.Unreachable(String.valueOf(e.getMessage()));
        }
        Opening opening =
                ClientSession.open(
                        platform.time(),
                        connection,
                        settings(host, terms),
                        new Looking(tls, host, terms));
        return switch (opening) {
            case Opening.NotOpened refused -> new End.Failed(refused.reply(), refused.dialogue());
            case Opening.Opened opened -> {
                try (ClientSession session = opened.session()) {
                    var ready = new End.Ready(session.tls(), session.dialogue());
                    session.quit();
                    yield ready;
                }
            }
        };
    }

    private ClientSettings settings(Exchangers.Host host, TlsTerms.Talk terms) {
        return new ClientSettings(
                ClientSettings.Protocol.SMTP,
                setup.heloName(),
                terms.useTls(),
                tls.settings(setup.hop(), terms),
                NextHopTls.provesTheHost(terms, host, true),
                Login.NONE,
                ClientSettings.Streaming.OFF,
                Set.of(),
                new ClientTimeouts(STEP, STEP, STEP, STEP));
    }

    /** Looks at the certificate. */
    private record Looking(NextHopTls tls, Exchangers.Host host, TlsTerms.Talk terms)
            implements Steps {
        @Override
        public void reached(MailEvent.Step step) {}

        @Override
        public String objection(TlsFacts facts) {
            return tls.objection(terms, host, facts);
        }
    }
}
