package org.posthouse;

import org.posthouse.policy.AddressPattern;
import org.posthouse.policy.Route;
import org.posthouse.policy.Route.Credentials;
import org.posthouse.policy.Route.Hop;
import org.posthouse.policy.Route.HostPort;
import org.posthouse.policy.Route.TlsMode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One route of a {@link PosthouseBuilder}: how outside mail leaves. By MX records unless said
 * otherwise, for every recipient unless said otherwise.
 *
 * @since 0.1
 */
public final class RouteBuilder {
    private enum Way {
        MX,
        SMARTHOST,
        STORE,
        DISCARD,
        REFUSE
    }

    private String name;
    private final List<AddressPattern> to = new ArrayList<>();
    private final List<String> hosts = new ArrayList<>();
    private Way way = Way.MX;
    private String refusal = "";
    private int port = Hop.DEFAULT.port();
    private TlsMode tls = Hop.DEFAULT.tls();
    private Credentials credentials = Credentials.NONE;
    private int connectionsMax = Hop.DEFAULT.connectionsMax();
    private String heloName = "";
    private String source = "";
    private Duration idleTimeout = Hop.DEFAULT.idleTimeout();
    private int messagesPerMinute;
    private boolean internal;
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

    /** By the MX records of the recipient's domain (RFC 5321 section 5.1). */
    public RouteBuilder mx() {
        way = Way.MX;
        return this;
    }

    /** To these hosts, in order: {@code host} or {@code host:port}; found by A and AAAA. */
    public RouteBuilder smarthost(String... hostsAndPorts) {
        way = Way.SMARTHOST;
        hosts.addAll(List.of(hostsAndPorts));
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

    /** The port MX hosts are asked on, and the default of smarthosts; 25. */
    public RouteBuilder port(int port) {
        this.port = port;
        return this;
    }

    /** TLS towards the next hop; as it has published ({@code AUTO}) by default. */
    public RouteBuilder tls(TlsMode tls) {
        this.tls = tls;
        return this;
    }

    /** Logs in at the next hop; needs TLS unless it is switched {@code OFF}. */
    public RouteBuilder auth(String user, String password) {
        credentials = new Credentials(user, password);
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
        heloName = name;
        return this;
    }

    /** Our IP address towards the next hop; the system chooses by default. */
    public RouteBuilder source(String address) {
        source = address;
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

    Route build() {
        List<AddressPattern> patterns = to.isEmpty() ? List.of(new AddressPattern("*")) : to;
        return new Route(name, patterns, via(), place);
    }

    private Route.Via via() {
        var hop =
                new Hop(
                        port,
                        tls,
                        credentials,
                        connectionsMax,
                        heloName,
                        source,
                        idleTimeout,
                        messagesPerMinute);
        return switch (way) {
            case MX -> new Route.Mx(hop, internal);
            case SMARTHOST ->
                    new Route.Smarthost(
                            hosts.stream().map(h -> HostPort.parse(h, port)).toList(), hop);
            case STORE -> new Route.Store();
            case DISCARD -> new Route.Discard();
            case REFUSE -> new Route.Refuse(refusal);
        };
    }
}
