package org.posthouse.policy;

import org.posthouse.core.AccessTokens;
import org.posthouse.core.IpSyntax;
import org.posthouse.core.Mailbox;
import org.posthouse.core.SaslMechanism;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How outside mail leaves.
 *
 * @param name for logs and explanations
 * @param to recipients it is for
 * @param from whose mail it is for
 * @param via the way
 * @param place where it is written, such as {@code posthouse.toml:58}; empty: nowhere to point at
 * @since 0.1
 */
public record Route(String name, List<AddressPattern> to, Senders from, Via via, String place) {
    /** Before the name of a route where a fixed next hop may stand: no host has a space. */
    public static final String BY_NAME = "route ";

    /** With nowhere to point at. */
    public Route(String name, List<AddressPattern> to, Via via) {
        this(name, to, Senders.ANY, via, "");
    }

    /** For everybody's mail. */
    public Route(String name, List<AddressPattern> to, Via via, String place) {
        this(name, to, Senders.ANY, via, place);
    }

    /** Copies the list. */
    public Route {
        Objects.requireNonNull(name);
        Objects.requireNonNull(place);
        Objects.requireNonNull(from);
        Objects.requireNonNull(via);
        to = List.copyOf(to);
    }

    /** True when it is for this mail. */
    boolean isFor(Passage mail) {
        return isTo(mail.recipient()) && from.missing(mail).isEmpty();
    }

    boolean isTo(Mailbox recipient) {
        for (AddressPattern pattern : to) {
            if (pattern.matches(recipient)) {
                return true;
            }
        }
        return false;
    }

    /** What it shows to next hops that ask for a certificate. */
    public OwnCertificate certificate() {
        return switch (via) {
            case Mx mx -> mx.settings().certificate();
            case Fixed fixed -> fixed.settings().certificate();
            case Store store -> OwnCertificate.NONE;
            case Discard discard -> OwnCertificate.NONE;
            case Refuse refuse -> OwnCertificate.NONE;
        };
    }

    /**
     * Whose mail a route is for. Both conditions must hold.
     *
     * @param anyReversePath false: the reverse-path fits one of the patterns
     * @param reversePaths none fits nobody
     * @param anyLogin false: the login is one of these
     * @param logins {@code *} for whoever has logged in; none fits nobody
     */
    public record Senders(
            boolean anyReversePath,
            List<AddressPattern> reversePaths,
            boolean anyLogin,
            List<String> logins) {
        /** Everybody's. */
        public static final Senders ANY = new Senders(true, List.of(), true, List.of());

        private static final String WHOEVER = "*";

        /** Copies the lists. */
        public Senders {
            reversePaths = List.copyOf(reversePaths);
            logins = List.copyOf(logins);
        }

        /** True without a condition. */
        public boolean isAny() {
            return anyReversePath && anyLogin;
        }

        /** The condition that does not hold, in words; empty when all do. */
        String missing(Passage mail) {
            if (!anyReversePath
                    && reversePaths.stream().noneMatch(each -> each.matches(mail.reversePath()))) {
                return "reverse-path is none of its own";
            }
            boolean isLogin =
                    anyLogin
                            || (!mail.login().isEmpty()
                                    && (logins.contains(WHOEVER) || logins.contains(mail.login())));
            return isLogin ? "" : "login is none of its own";
        }
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

    /** To hosts that are given, whatever the domain. */
    public sealed interface Fixed extends Via {
        /** At least one, at most {@link Peer#MOST}. */
        List<Peer> peers();

        /** Of the connection; a peer has TLS and login of its own. */
        Hop settings();
    }

    /**
     * To fixed hosts by SMTP.
     *
     * @param peers 1 to {@link Peer#MOST}
     * @param settings of the connection
     */
    public record Smarthost(List<Peer> peers, Hop settings) implements Fixed {
        /** Copies the list and checks that there is one. */
        public Smarthost {
            peers = Peer.checked(peers);
            Objects.requireNonNull(settings);
        }

        /** To these hosts, one after the other, each with TLS and login of the settings. */
        public static Smarthost of(List<HostPort> hosts, Hop settings) {
            return new Smarthost(Peer.inOrder(hosts, settings), settings);
        }
    }

    /**
     * To a mail store by LMTP (RFC 2033): the only route that mail for local domains takes, where
     * one of its patterns names them.
     *
     * @param peers 1 to {@link Peer#MOST}
     * @param settings of the connection
     */
    public record Lmtp(List<Peer> peers, Hop settings) implements Fixed {
        /** Copies the list and checks that there is one. */
        public Lmtp {
            peers = Peer.checked(peers);
            Objects.requireNonNull(settings);
        }
    }

    /**
     * One of the hosts of a route. Those of the lowest order are asked first; those of one order
     * share the connections by their weights, as with SRV records (RFC 2782). The others are asked
     * when none of these can be talked to.
     *
     * @param at where it is
     * @param order 0 to 65,535
     * @param weight 0 to 65,535; 0: hardly ever the first of its order
     * @param tls how TLS is used
     * @param credentials to log in with; {@link Credentials#NONE} for none
     */
    public record Peer(Endpoint at, int order, int weight, TlsMode tls, Credentials credentials) {
        /** Hosts of one route. */
        public static final int MOST = 20;

        /** The largest order and weight. */
        public static final int NUMBER_MAX = 65_535;

        /** Checks that nothing is missing, and the numbers. */
        public Peer {
            Objects.requireNonNull(at);
            Objects.requireNonNull(tls);
            Objects.requireNonNull(credentials);
            if (order < 0 || order > NUMBER_MAX || weight < 0 || weight > NUMBER_MAX) {
                throw new IllegalArgumentException("not an order and weight");
            }
        }

        /** Each behind the one before. */
        public static List<Peer> inOrder(List<? extends Endpoint> hosts, Hop settings) {
            List<Peer> peers = new ArrayList<>();
            for (Endpoint at : hosts) {
                peers.add(new Peer(at, peers.size(), 1, settings.tls(), settings.credentials()));
            }
            return peers;
        }

        private static List<Peer> checked(List<Peer> peers) {
            if (peers.isEmpty() || peers.size() > MOST) {
                throw new IllegalArgumentException("a route needs 1 to " + MOST + " hosts");
            }
            return List.copyOf(peers);
        }
    }

    /** Where a host can be connected to. */
    public sealed interface Endpoint {
        /**
         * Reads a {@link HostPort}, or {@code unix:} and the path of a socket.
         *
         * @throws IllegalArgumentException when it is neither
         */
        static Endpoint parse(String text, int defaultPort) {
            return text.startsWith(SocketFile.PREFIX)
                    ? new SocketFile(Path.of(text.substring(SocketFile.PREFIX.length())))
                    : HostPort.parse(text, defaultPort);
        }
    }

    /** A Unix-domain socket of this machine. */
    public record SocketFile(Path path) implements Endpoint {
        private static final String PREFIX = "unix:";

        /** Checks that there is one. */
        public SocketFile {
            if (path.toString().isEmpty()) {
                throw new IllegalArgumentException("a socket needs a path");
            }
        }

        @Override
        public String toString() {
            return PREFIX + path;
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
     * Whether content may leave together with its envelope, ahead of the replies to that, where the
     * host offers PIPELINING and CHUNKING (RFC 2920, RFC 3030). It spares a round trip a message;
     * but a host that ran the octets of a chunk that it refused as commands would let the author of
     * a message give it commands.
     */
    public enum Streaming {
        /** Never: its recipients are taken first. */
        OFF,
        /** Once a host has taken a message well. */
        LEARNED,
        /** From the first message on. */
        TRUSTED
    }

    /**
     * Settings of connections to a next hop.
     *
     * @param port where MX hosts are asked, and the default of smarthosts
     * @param tls how TLS is used
     * @param credentials to log in with; {@link Credentials#NONE} for none
     * @param connectionsMax open at the same time to one next hop
     * @param sources who we are, 1 to {@link Source#MOST}; several share the mail by their weights
     * @param idleTimeout how long an unused connection is kept
     * @param messagesPerMinute to one next hop, at most 1,000,000; 0 for no bound
     * @param certificate shown where one is asked for; {@link OwnCertificate#NONE} for none
     * @param streaming when content may leave together with its envelope
     */
    public record Hop(
            int port,
            TlsMode tls,
            Credentials credentials,
            int connectionsMax,
            List<Source> sources,
            Duration idleTimeout,
            int messagesPerMinute,
            OwnCertificate certificate,
            Streaming streaming) {
        /** The largest bound that can be set. */
        public static final int MESSAGES_PER_MINUTE_MAX = 1_000_000;

        /** The same for one of the hosts of a route. */
        public Hop of(Peer peer) {
            return with(peer.tls(), peer.credentials(), sources, certificate);
        }

        /** The same with one of the sources in front, which is used; for others than this one. */
        public Hop by(Source chosen) {
            List<Source> order = new ArrayList<>(sources);
            order.remove(chosen);
            order.addFirst(chosen);
            return with(tls, credentials, order, certificate);
        }

        /** The same with TLS in another way. */
        public Hop secured(TlsMode other) {
            return with(other, credentials, sources, certificate);
        }

        /** The same, but another certificate is shown. */
        public Hop showing(OwnCertificate other) {
            return with(tls, credentials, sources, other);
        }

        private Hop with(TlsMode how, Credentials login, List<Source> from, OwnCertificate shown) {
            return new Hop(
                    port,
                    how,
                    login,
                    connectionsMax,
                    from,
                    idleTimeout,
                    messagesPerMinute,
                    shown,
                    streaming);
        }

        /** Who we are, unless {@link #by another} is chosen. */
        public Source source() {
            return sources.getFirst();
        }

        /** Checks the rate and the sources. */
        public Hop {
            Objects.requireNonNull(certificate);
            Objects.requireNonNull(streaming);
            sources = List.copyOf(sources);
            long names = sources.stream().map(Source::name).distinct().count();
            if (names < sources.size() || sources.isEmpty() || names > Source.MOST) {
                throw new IllegalArgumentException("not 1 to 100 sources of different names");
            }
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

        /** From one source. */
        public Hop(
                int port,
                TlsMode tls,
                Credentials credentials,
                int connectionsMax,
                String heloName,
                String source,
                Duration idleTimeout,
                int messagesPerMinute) {
            this(
                    port,
                    tls,
                    credentials,
                    connectionsMax,
                    List.of(Source.of(heloName, source)),
                    idleTimeout,
                    messagesPerMinute,
                    OwnCertificate.NONE,
                    Streaming.LEARNED);
        }

        /** Port 25, TLS as published, 20 connections. */
        public static final Hop DEFAULT =
                new Hop(25, TlsMode.AUTO, Credentials.NONE, 20, "", "", Duration.ofSeconds(30));
    }

    /**
     * Who we are towards next hops.
     *
     * @param addresses our IP addresses, at most one of each family; a host of the other family is
     *     not reached; none: the system chooses
     * @param heloName what we call ourselves; empty: the host name
     * @param weight its share of the mail, 1 to 1,000
     * @param warmUp how it becomes known; what goes beyond that goes by the others
     */
    public record Source(List<String> addresses, String heloName, int weight, WarmUp warmUp) {
        /** Sources of one route. */
        public static final int MOST = 100;

        /** The largest weight. */
        public static final int WEIGHT_MAX = 1000;

        /** The machine as it is. */
        public static final Source MACHINE = new Source(List.of(), "", 1);

        /** Checks the addresses and the weight. */
        public Source {
            addresses = List.copyOf(addresses);
            long sixes = addresses.stream().filter(each -> IpSyntax.v6(each).isPresent()).count();
            long fours = addresses.stream().filter(each -> IpSyntax.v4(each).isPresent()).count();
            if (sixes > 1 || fours > 1 || sixes + fours < addresses.size()) {
                throw new IllegalArgumentException(
                        "not one IP address of each family: " + addresses);
            }
            if (weight < 1 || weight > WEIGHT_MAX) {
                throw new IllegalArgumentException("not a weight: " + weight);
            }
        }

        /** One that is known. */
        public Source(List<String> addresses, String heloName, int weight) {
            this(addresses, heloName, weight, WarmUp.NONE);
        }

        private static Source of(String heloName, String address) {
            return new Source(address.isEmpty() ? List.of() : List.of(address), heloName, 1);
        }

        /** Names it among those of its route: its host name, or its first address. */
        public String name() {
            return heloName.isEmpty() && !addresses.isEmpty() ? addresses.getFirst() : heloName;
        }
    }

    /** TLS towards a next hop. */
    public enum TlsMode {
        /**
         * {@link #DANE} where the next hop has published it, else {@link #MTA_STS} where its domain
         * has, else {@link #OPPORTUNISTIC}; with credentials at least {@link #VERIFY}. Without,
         * mail whose header says {@code TLS-Required: No} goes as by {@link #OPPORTUNISTIC} (RFC
         * 8689).
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
     * A login at a next hop; printed without what is secret.
     *
     * @param user empty for none
     * @param password the secret itself; empty where tokens are used
     * @param how the mechanism
     * @param tokens gives access tokens; empty where a password is used
     */
    public record Credentials(
            String user, String password, SaslMechanism how, Optional<AccessTokens> tokens) {
        /** No login. */
        public static final Credentials NONE = new Credentials("", "");

        /** Checks that mechanism and secret go together. */
        public Credentials {
            Objects.requireNonNull(tokens);
            boolean fits = how == SaslMechanism.AUTO || how.isForTokens() == tokens.isPresent();
            if (!fits || (tokens.isPresent() && !password.isEmpty())) {
                throw new IllegalArgumentException("not the secret of " + how.word());
            }
            if ((user + password).chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("control characters in a login");
            }
        }

        /** By the strongest mechanism for passwords that the host offers. */
        public Credentials(String user, String password) {
            this(user, password, SaslMechanism.AUTO, Optional.empty());
        }

        /** By a mechanism for passwords. */
        public static Credentials of(String user, String password, SaslMechanism how) {
            return new Credentials(user, password, how, Optional.empty());
        }

        /** By access tokens. */
        public static Credentials of(String user, AccessTokens tokens, SaslMechanism how) {
            return new Credentials(user, "", how, Optional.of(tokens));
        }

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
    public record HostPort(String host, int port) implements Endpoint {
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
