package org.posthouse;

import org.posthouse.core.AccessTokens;
import org.posthouse.core.Idna;
import org.posthouse.core.SaslMechanism;
import org.posthouse.policy.AddressPattern;
import org.posthouse.policy.OwnCertificate;
import org.posthouse.policy.Route;
import org.posthouse.policy.Route.Credentials;
import org.posthouse.policy.Route.Hop;
import org.posthouse.policy.Route.Peer;
import org.posthouse.policy.Route.Senders;
import org.posthouse.policy.Route.Source;
import org.posthouse.policy.Route.TlsMode;
import org.posthouse.policy.WarmUp;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * One route of a {@link PosthouseBuilder}: how outside mail leaves. By MX records unless said
 * otherwise, for every recipient unless said otherwise.
 *
 * @since 0.1
 */
public final class RouteBuilder {
    private static final int LMTP_PORT = 24;

    private enum Way {
        MX,
        SMARTHOST,
        LMTP,
        STORE,
        DISCARD,
        REFUSE
    }

    private String name;
    private final List<AddressPattern> to = new ArrayList<>();
    private final List<AddressPattern> from = new ArrayList<>();
    private boolean anyReversePath = true;
    private final List<String> logins = new ArrayList<>();
    private boolean anyLogin = true;
    private final List<HostBuilder> hosts = new ArrayList<>();
    private Way way = Way.MX;
    private String refusal = "";
    private OptionalInt port = OptionalInt.empty();
    private Optional<TlsMode> tls = Optional.empty();
    private Credentials credentials = Credentials.NONE;
    private int connectionsMax = Hop.DEFAULT.connectionsMax();
    private String heloName = "";
    private List<String> addresses = List.of();
    private final List<Source> sources = new ArrayList<>();
    private Duration idleTimeout = Hop.DEFAULT.idleTimeout();
    private int messagesPerMinute;
    private OwnCertificate certificate = OwnCertificate.NONE;
    private boolean internal;
    private Route.Streaming streaming = Route.Streaming.LEARNED;
    private String place = "";

    RouteBuilder(String name) {
        this.name = name;
    }

    /** The name for logs and explanations. */
    public RouteBuilder name(String name) {
        this.name = name;
        return this;
    }

    /** Where the route is written, for explanations: such as {@code posthouse.toml:58}. */
    public RouteBuilder place(String place) {
        this.place = place;
        return this;
    }

    /** Recipients it is for, for example {@code *@corp.example}; all when never called. */
    public RouteBuilder to(String... patterns) {
        for (String pattern : patterns) {
            to.add(new AddressPattern(pattern));
        }
        return this;
    }

    /**
     * Only mail whose reverse-path fits one of these patterns, for example {@code *@shop.example};
     * everybody's when never called. None fits nobody.
     */
    public RouteBuilder from(String... patterns) {
        anyReversePath = false;
        for (String pattern : patterns) {
            from.add(new AddressPattern(pattern));
        }
        return this;
    }

    /**
     * Only mail that one of these logins sent, {@code *} for whoever has logged in; everybody's
     * when never called. None fits nobody.
     */
    public RouteBuilder login(String... names) {
        anyLogin = false;
        logins.addAll(List.of(names));
        return this;
    }

    /** By the MX records of the recipient's domain (RFC 5321 section 5.1). */
    public RouteBuilder mx() {
        way = Way.MX;
        return this;
    }

    /**
     * To these hosts, one after the other: {@code host} or {@code host:port}; found by A and AAAA.
     * May be called again for further ones.
     */
    public RouteBuilder smarthost(String... hostsAndPorts) {
        way = Way.SMARTHOST;
        for (String host : hostsAndPorts) {
            hosts.add(new HostBuilder(host, hosts.size() + 1));
        }
        return this;
    }

    /** To a host with an order, a weight, TLS or a login of its own. */
    public RouteBuilder smarthost(String hostAndPort, Consumer<HostBuilder> host) {
        smarthost(hostAndPort);
        host.accept(hosts.getLast());
        return this;
    }

    /**
     * To a mail store by LMTP (RFC 2033), one of these after the other: {@code host:port} (24 by
     * default) or {@code unix:PATH}. Mail for local domains goes there, too, where {@link #to}
     * names them by another pattern than {@code *}; it takes no other route.
     */
    public RouteBuilder lmtp(String... hostsAndPorts) {
        smarthost(hostsAndPorts);
        way = Way.LMTP;
        return this;
    }

    /** The same with an order, a weight, TLS or a login of its own. */
    public RouteBuilder lmtp(String hostAndPort, Consumer<HostBuilder> host) {
        smarthost(hostAndPort, host);
        way = Way.LMTP;
        return this;
    }

    /** Into the local store after all. */
    public RouteBuilder store() {
        way = Way.STORE;
        return this;
    }

    /** Accepted and thrown away. */
    public RouteBuilder discard() {
        way = Way.DISCARD;
        return this;
    }

    /** Refused at RCPT with this text. */
    public RouteBuilder refuse(String text) {
        way = Way.REFUSE;
        refusal = text;
        return this;
    }

    /** The port MX hosts are asked on, and the default of other hosts; 25, of LMTP 24. */
    public RouteBuilder port(int port) {
        this.port = OptionalInt.of(port);
        return this;
    }

    /**
     * TLS towards the next hop; as it has published ({@code AUTO}) by default, off on a Unix-domain
     * socket.
     */
    public RouteBuilder tls(TlsMode tls) {
        this.tls = Optional.of(tls);
        return this;
    }

    /**
     * Logs in at the next hop, by the strongest mechanism that it offers; needs TLS unless it is
     * switched {@code OFF}, by default with a valid certificate.
     */
    public RouteBuilder auth(String user, String password) {
        return auth(user, password, SaslMechanism.AUTO);
    }

    /** The same by this mechanism and no other. */
    public RouteBuilder auth(String user, String password, SaslMechanism how) {
        credentials = Credentials.of(user, password, how);
        return this;
    }

    /** Logs in with access tokens of OAuth 2.0, by OAUTHBEARER or XOAUTH2. */
    public RouteBuilder auth(String user, AccessTokens tokens) {
        return auth(user, tokens, SaslMechanism.AUTO);
    }

    /** The same by one of the two. While there is no token, mail waits. */
    public RouteBuilder auth(String user, AccessTokens tokens, SaslMechanism how) {
        credentials = Credentials.of(user, tokens, how);
        return this;
    }

    /**
     * Shows a certificate to next hops that ask for one in the handshake of TLS; none by default.
     * Hosts that are given get no mail in clear text then, unless TLS is {@code OFF}: they could
     * not know who we are. Files that have changed are read again within ten seconds.
     *
     * @param chain a PEM file, the certificate first, then those that lead to its authority
     * @param key its private key in PEM, not encrypted
     */
    public RouteBuilder certificate(Path chain, Path key) {
        certificate = new OwnCertificate(chain, key);
        return this;
    }

    /** Connections to one next hop at the same time; 20. */
    public RouteBuilder maxConnections(int connections) {
        connectionsMax = connections;
        return this;
    }

    /**
     * Messages to one next hop in a minute, at most, spread over it; no bound by default.
     *
     * @param most 1 to 1,000,000
     */
    public RouteBuilder messagesPerMinute(int most) {
        messagesPerMinute = most;
        return this;
    }

    /** What we call ourselves there; the engine's host name by default. */
    public RouteBuilder helo(String name) {
        heloName = Idna.spelled(name);
        return this;
    }

    /**
     * Our IP addresses towards the next hop, at most one of each family; the system chooses by
     * default.
     */
    public RouteBuilder source(String... ourAddresses) {
        addresses = List.of(ourAddresses);
        return this;
    }

    /**
     * One of several sources that share the mail by their weights, in place of {@link #source(
     * String...)} and {@link #helo}. A message goes by the same one at each attempt. One that a
     * next hop refuses for its bad name is not used there for a while, and what it refused is tried
     * by another one, once. Each has its own connections, up to {@link #maxConnections}.
     *
     * @param heloName what we call ourselves then
     * @param weight its share, 1 to 1,000
     * @param ourAddresses at most one of each family; none: the system chooses
     */
    public RouteBuilder source(String heloName, int weight, String... ourAddresses) {
        sources.add(new Source(List.of(ourAddresses), Idna.spelled(heloName), weight));
        return this;
    }

    /**
     * The same for one that receivers do not know yet: it begins with few messages to each next hop
     * and sends more each day; the others take what is more.
     */
    public RouteBuilder source(String heloName, int weight, WarmUp warmUp, String... ourAddresses) {
        sources.add(new Source(List.of(ourAddresses), Idna.spelled(heloName), weight, warmUp));
        return this;
    }

    /** How long an unused connection is kept; 30 s. */
    public RouteBuilder idleTimeout(Duration timeout) {
        idleTimeout = timeout;
        return this;
    }

    /** MX answers may be loopback, link-local or private addresses; they are dropped otherwise. */
    public RouteBuilder internal() {
        internal = true;
        return this;
    }

    /**
     * Whether content may leave ahead of the replies to its envelope, where the host can do that;
     * {@link Route.Streaming#LEARNED} by default. {@code TRUSTED} is for hosts that are known not
     * to take content for commands.
     *
     * @since 0.1
     */
    public RouteBuilder streaming(Route.Streaming when) {
        streaming = Objects.requireNonNull(when);
        return this;
    }

    Route build() {
        List<AddressPattern> patterns = to.isEmpty() ? List.of(new AddressPattern("*")) : to;
        var senders = new Senders(anyReversePath, from, anyLogin, logins);
        return new Route(name, patterns, senders, via(), place);
    }

    private Route.Via via() {
        var hop =
                new Hop(
                        port.orElse(way == Way.LMTP ? LMTP_PORT : Hop.DEFAULT.port()),
                        tls.orElse(Hop.DEFAULT.tls()),
                        credentials,
                        connectionsMax,
                        sources.isEmpty() ? List.of(new Source(addresses, heloName, 1)) : sources,
                        idleTimeout,
                        messagesPerMinute,
                        certificate,
                        streaming);
        return switch (way) {
            case MX -> new Route.Mx(hop, internal);
            case SMARTHOST -> new Route.Smarthost(peers(hop), hop);
            case LMTP -> new Route.Lmtp(peers(hop), hop);
            case STORE -> new Route.Store();
            case DISCARD -> new Route.Discard();
            case REFUSE -> new Route.Refuse(refusal);
        };
    }

    private List<Peer> peers(Hop hop) {
        return hosts.stream().map(host -> host.build(hop, tls)).toList();
    }
}
