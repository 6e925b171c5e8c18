package org.posthouse.policy;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * How outside mail leaves.
 *
 * @param name for logs and explanations
 * @param to recipients it is for
 * @param via the way
 * @param place where it is written, such as {@code posthouse.toml:58}; empty: nowhere to point at
 * @since 0.1
 */
public record Route(String name, List<AddressPattern> to, Via via, String place) {
    /** Before the name of a route where a fixed next hop may stand: no host has a space. */
    public static final String BY_NAME = "route ";

    /** With nowhere to point at. */
    public Route(String name, List<AddressPattern> to, Via via) {
        this(name, to, via, "");
    }

    /** Copies the list. */
    public Route {
        Objects.requireNonNull(name);
        Objects.requireNonNull(place);
        Objects.requireNonNull(via);
        to = List.copyOf(to);
    }

    /** The ways. */
    public sealed interface Via {}

    /**
     * By the MX records of the recipient's domain (RFC 5321 section 5.1).
     *
     * @param settings of the connection; its port is the one MX hosts are asked on
     * @param internal MX answers may be loopback, link-local or private addresses
     */
    public record Mx(Hop settings, boolean internal) implements Via {}

    /**
     * To fixed hosts, in order.
     *
     * @param hosts at least one; each a name (resolved by A and AAAA) or an address, with its port
     * @param settings of the connection
     */
    public record Smarthost(List<HostPort> hosts, Hop settings) implements Via {
        /** Copies the list and checks that there is one. */
        public Smarthost {
            hosts = List.copyOf(hosts);
            if (hosts.isEmpty()) {
                throw new IllegalArgumentException("a smarthost route needs a host");
            }
        }
    }

    /** Into the local store after all. */
    public record Store() implements Via {}

    /** Accepted and thrown away. */
    public record Discard() implements Via {}

    /** Refused at RCPT. */
    public record Refuse(String text) implements Via {
        /** Checks that the text fits a reply. */
        public Refuse {
            if (text.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("control characters in a reply's text");
            }
        }
    }

    /**
     * Settings of connections to a next hop.
     *
     * @param port where MX hosts are asked, and the default of smarthosts
     * @param tls how TLS is used
     * @param credentials to log in with; {@link Credentials#NONE} for none
     * @param connectionsMax open at the same time to one next hop
     * @param heloName what we call ourselves; empty: the host name
     * @param source our IP address; empty: the system chooses
     * @param idleTimeout how long an unused connection is kept
     * @param messagesPerMinute to one next hop, at most 1,000,000; 0 for no bound
     */
    public record Hop(
            int port,
            TlsMode tls,
            Credentials credentials,
            int connectionsMax,
            String heloName,
            String source,
            Duration idleTimeout,
            int messagesPerMinute) {
        /** The largest bound that can be set. */
        public static final int MESSAGES_PER_MINUTE_MAX = 1_000_000;

        /** Checks the rate. */
        public Hop {
            if (messagesPerMinute < 0 || messagesPerMinute > MESSAGES_PER_MINUTE_MAX) {
                throw new IllegalArgumentException("not a rate: " + messagesPerMinute);
            }
        }

        /** Without a bound of the rate. */
        public Hop(
                int port,
                TlsMode tls,
                Credentials credentials,
                int connectionsMax,
                String heloName,
                String source,
                Duration idleTimeout) {
            this(port, tls, credentials, connectionsMax, heloName, source, idleTimeout, 0);
        }

        /** Port 25, TLS as published, 20 connections. */
        public static final Hop DEFAULT =
                new Hop(25, TlsMode.AUTO, Credentials.NONE, 20, "", "", Duration.ofSeconds(30));
    }

    /** TLS towards a next hop. */
    public enum TlsMode {
        /**
         * {@link #DANE} where the next hop has published it, else {@link #MTA_STS} where its domain
         * has, else {@link #OPPORTUNISTIC}.
         */
        AUTO,
        /** Never. */
        OFF,
        /** Where offered, with any certificate; clear text where it is not offered or fails. */
        OPPORTUNISTIC,
        /** STARTTLS needed, with any certificate. */
        REQUIRE,
        /** STARTTLS needed, with a valid certificate for the host's name. */
        VERIFY,
        /**
         * STARTTLS needed, with a certificate that TLSA records name, for which DNSSEC vouches (RFC
         * 7672); nothing is sent to others.
         */
        DANE,
        /**
         * STARTTLS needed, with a valid certificate for the host's name, and a policy of the domain
         * that names the host (RFC 8461), even where that is only tested; nothing is sent to
         * others.
         */
        MTA_STS,
        /** TLS from the first octet, with a valid certificate for the host's name. */
        IMPLICIT
    }

    /**
     * A login at a next hop; printed without the password.
     *
     * @param user empty for none
     * @param password the secret itself
     */
    public record Credentials(String user, String password) {
        /** No login. */
        public static final Credentials NONE = new Credentials("", "");

        /** True for {@link #NONE}. */
        public boolean isNone() {
            return user.isEmpty();
        }

        @Override
        public String toString() {
            return isNone() ? "none" : user + ":…";
        }
    }

    /**
     * A host and a port.
     *
     * @param host a name, an IPv4 address, or an IPv6 address without brackets
     */
    public record HostPort(String host, int port) {
        /** Checks both. */
        public HostPort {
            if (!HostPortSyntax.isHost(host) || port < 1 || port > HostPortSyntax.PORT_MAX) {
                throw new IllegalArgumentException("not a host and port: " + host + ":" + port);
            }
        }

        /**
         * Reads {@code host}, {@code host:port}, {@code [v6]} or {@code [v6]:port}.
         *
         * @throws IllegalArgumentException when it is none of these
         */
        public static HostPort parse(String text, int defaultPort) {
            return HostPortSyntax.parse(text, defaultPort);
        }

        @Override
        public String toString() {
            return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        }
    }
}
