package org.posthouse;

import org.posthouse.core.AccessTokens;
import org.posthouse.core.SaslMechanism;
import org.posthouse.policy.Route.Credentials;
import org.posthouse.policy.Route.Endpoint;
import org.posthouse.policy.Route.Hop;
import org.posthouse.policy.Route.Peer;
import org.posthouse.policy.Route.SocketFile;
import org.posthouse.policy.Route.TlsMode;

import java.util.Optional;

/**
 * One of the hosts of a {@link RouteBuilder}, with what it has of its own. A host that could not be
 * talked to a moment ago stands behind the others.
 *
 * @since 0.1
 */
public final class HostBuilder {
    private final String at;
    private int order;
    private int weight = 1;
    private Optional<TlsMode> tls = Optional.empty();
    private Optional<Credentials> credentials = Optional.empty();

    HostBuilder(String at, int order) {
        this.at = at;
        this.order = order;
    }

    /**
     * Hosts of the lowest order are asked first, those of the next when none of these can be talked
     * to; by default each behind the one before.
     *
     * @param number 0 to 65,535
     */
    public HostBuilder order(int number) {
        order = number;
        return this;
    }

    /**
     * Hosts of one order share the connections by their weights; 1 by default.
     *
     * @param number 0 to 65,535; 0: hardly ever the first of its order
     */
    public HostBuilder weight(int number) {
        weight = number;
        return this;
    }

    /** TLS towards this host; that of the route by default. */
    public HostBuilder tls(TlsMode mode) {
        tls = Optional.of(mode);
        return this;
    }

    /** Logs in at this host; as the route does by default. */
    public HostBuilder auth(String user, String password) {
        return auth(user, password, SaslMechanism.AUTO);
    }

    /** The same by this mechanism and no other. */
    public HostBuilder auth(String user, String password, SaslMechanism how) {
        credentials = Optional.of(Credentials.of(user, password, how));
        return this;
    }

    /** Logs in at this host with access tokens, as with a route. */
    public HostBuilder auth(String user, AccessTokens tokens, SaslMechanism how) {
        credentials = Optional.of(Credentials.of(user, tokens, how));
        return this;
    }

    Peer build(Hop route, Optional<TlsMode> ofRoute) {
        Endpoint endpoint = Endpoint.parse(at, route.port());
        TlsMode otherwise = endpoint instanceof SocketFile ? TlsMode.OFF : route.tls();
        return new Peer(
                endpoint,
                order,
                weight,
                tls.or(() -> ofRoute).orElse(otherwise),
                credentials.orElse(route.credentials()));
    }
}
