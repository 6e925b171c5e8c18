package org.posthouse.server;

import org.posthouse.platform.UnixSocket;
import org.posthouse.policy.IpNetwork;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;

/**
 * One listener.
 *
 * @since 0.1
 */
public final class ListenerSettings {
    /** All mechanisms but CRAM-MD5, which is for those who ask for it. */
    public static final List<Mechanism> MECHANISMS =
            List.of(
                    Mechanism.SCRAM_SHA_256_PLUS,
                    Mechanism.SCRAM_SHA_256,
                    Mechanism.OAUTHBEARER,
                    Mechanism.XOAUTH2,
                    Mechanism.PLAIN,
                    Mechanism.LOGIN);

    private static final String GREETING = "ESMTP";

    /** A copy that nobody else has. */
    private final Builder values;

    private ListenerSettings(Builder values) {
        this.values = values;
    }

    /**
     * Settings with the defaults: clear text, no logins, a Received field.
     *
     * @param name for logs and rules
     * @param bind address and port; port 0 takes a free one
     * @param hostname our name in greeting and Received fields
     */
    public static Builder builder(String name, InetSocketAddress bind, String hostname) {
        return new Builder(name, bind, hostname);
    }

    /**
     * The same on a Unix-domain socket.
     *
     * @param name for logs and rules
     * @param hostname our name in greeting and Received fields
     */
    public static Builder builder(String name, UnixSocket socket, String hostname) {
        var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        Builder builder = new Builder(name, loopback, hostname);
        builder.socket = Optional.of(socket);
        return builder;
    }

    /** A builder filled with these settings. */
    public Builder toBuilder() {
        return new Builder(values);
    }

    /** For logs and rules. */
    public String name() {
        return values.name;
    }

    /** Address and port; port 0 takes a free one. Of no meaning with a {@link #socket}. */
    public InetSocketAddress bind() {
        return values.bind;
    }

    /** The Unix-domain socket to listen on instead of a port. */
    public Optional<UnixSocket> socket() {
        return values.socket;
    }

    /** Our name in greeting and Received fields. */
    public String hostname() {
        return values.hostname;
    }

    /** What is spoken. */
    public Protocol protocol() {
        return values.protocol;
    }

    /** How TLS is offered. */
    public Tls tls() {
        return values.tls;
    }

    /** Certificate and key, asked for at each handshake; present unless TLS is OFF. */
    public Optional<Supplier<SSLContext>> tlsContext() {
        return values.tlsContext;
    }

    /** Whether clients are asked for a certificate, which they need not have. */
    public boolean asksForClientCertificate() {
        return values.asksForClientCertificate;
    }

    /** Whether logins are offered or needed. */
    public Auth auth() {
        return values.auth;
    }

    /** The mechanisms that may be offered, in this order. */
    public List<Mechanism> mechanisms() {
        return values.mechanisms;
    }

    /** When wrong logins lock out. */
    public Lockout lockout() {
        return values.lockout;
    }

    /** Bounds and deadlines. */
    public ServerLimits limits() {
        return values.limits;
    }

    /** The text behind the host name in the greeting; by default what is spoken. */
    public String greeting() {
        boolean isGiven = !values.greeting.equals(GREETING);
        return values.protocol == Protocol.LMTP && !isGiven ? "LMTP" : values.greeting;
    }

    /** The text of the reply to QUIT. */
    public String goodbye() {
        return values.goodbye;
    }

    /** Keywords that some clients are not told of. */
    public List<Discard> discards() {
        return values.discards;
    }

    /** Keywords of the program in the reply to EHLO, with their parameters. */
    public List<String> keywords() {
        return values.keywords;
    }

    /** Whether clients that talk before it is their turn are refused. */
    public boolean refusesEarlyTalk() {
        return values.refusesEarlyTalk;
    }

    /**
     * How long the greeting lets a client wait, to see whether it does; only where {@link
     * #refusesEarlyTalk}.
     */
    public Duration greetingPause() {
        return values.greetingPause;
    }

    /** Whether logins are taken without TLS, on a loopback address only. */
    public boolean takesClearTextLogins() {
        return values.takesClearTextLogins;
    }

    /** Whether MAIL needs HELO or EHLO before it (RFC 5321 section 4.1.4). */
    public boolean needsHello() {
        return values.needsHello;
    }

    /** Whether a message of who has logged in gets the Date and Message-ID that it lacks. */
    public boolean completesSubmissions() {
        return values.completesSubmissions;
    }

    /** The domain of addresses that a client who has logged in gives without one; empty: none. */
    public String completionDomain() {
        return values.completionDomain;
    }

    /** Whether a Received field is added (RFC 5321 section 4.4). */
    public boolean receivedField() {
        return values.receivedField;
    }

    /** Peers that may say by XCLIENT whose session they pass on. */
    public List<IpNetwork> frontEnds() {
        return values.frontEnds;
    }

    /** Peers that begin each connection with a PROXY header, which says who the client is. */
    public List<IpNetwork> proxies() {
        return values.proxies;
    }

    /** What content may hold. */
    public ContentRules content() {
        return values.content;
    }

    /** Collects the settings of one listener. */
    public static final class Builder {
        private final String name;
        private final InetSocketAddress bind;
        private Optional<UnixSocket> socket = Optional.empty();
        private String hostname;
        private Protocol protocol = Protocol.SMTP;
        private Tls tls = Tls.OFF;
        private Optional<Supplier<SSLContext>> tlsContext = Optional.empty();
        private boolean asksForClientCertificate;
        private Auth auth = Auth.OFF;
        private List<Mechanism> mechanisms = MECHANISMS;
        private Lockout lockout = Lockout.DEFAULT;
        private ServerLimits limits = ServerLimits.DEFAULT;
        private String greeting = GREETING;
        private String goodbye = "bye";
        private boolean refusesEarlyTalk = true;
        private Duration greetingPause = Duration.ZERO;
        private boolean needsHello = true;
        private boolean takesClearTextLogins;
        private boolean completesSubmissions = true;
        private String completionDomain = "";
        private boolean receivedField = true;
        private List<String> keywords = List.of();
        private List<IpNetwork> frontEnds = List.of();
        private List<IpNetwork> proxies = List.of();
        private List<Discard> discards = List.of();
        private ContentRules content = ContentRules.DEFAULT;

        private Builder(String name, InetSocketAddress bind, String hostname) {
            this.name = Objects.requireNonNull(name);
            this.bind = Objects.requireNonNull(bind);
            this.hostname = Objects.requireNonNull(hostname);
        }

        private Builder(Builder other) {
            this(other.name, other.bind, other.hostname);
            socket = other.socket;
            protocol = other.protocol;
            tls = other.tls;
            tlsContext = other.tlsContext;
            asksForClientCertificate = other.asksForClientCertificate;
            auth = other.auth;
            mechanisms = other.mechanisms;
            lockout = other.lockout;
            limits = other.limits;
            greeting = other.greeting;
            goodbye = other.goodbye;
            refusesEarlyTalk = other.refusesEarlyTalk;
            greetingPause = other.greetingPause;
            needsHello = other.needsHello;
            takesClearTextLogins = other.takesClearTextLogins;
            completesSubmissions = other.completesSubmissions;
            completionDomain = other.completionDomain;
            receivedField = other.receivedField;
            keywords = other.keywords;
            discards = other.discards;
            content = other.content;
            frontEnds = other.frontEnds;
            proxies = other.proxies;
        }

        /** Our name in greeting and Received fields. */
        public Builder hostname(String hostname) {
            this.hostname = Objects.requireNonNull(hostname);
            return this;
        }

        /** What is spoken; SMTP by default. LMTP must not be on port 25 (RFC 2033 section 5). */
        public Builder protocol(Protocol protocol) {
            this.protocol = Objects.requireNonNull(protocol);
            return this;
        }

        /** How TLS is offered; {@code OFF} by default. */
        public Builder tls(Tls tls) {
            this.tls = Objects.requireNonNull(tls);
            return this;
        }

        /** Certificate and key, asked for at each handshake; needed unless TLS is OFF. */
        public Builder tlsContext(Supplier<SSLContext> context) {
            tlsContext = Optional.of(context);
            return this;
        }

        /**
         * Whether clients are asked for a certificate, which they need not have. Any is taken: it
         * proves that the client has its key, and who that is, its fingerprint tells.
         */
        public Builder asksForClientCertificate(boolean asked) {
            asksForClientCertificate = asked;
            return this;
        }

        /** Whether logins are offered or needed; {@code OFF} by default. */
        public Builder auth(Auth auth) {
            this.auth = Objects.requireNonNull(auth);
            return this;
        }

        /** The mechanisms that may be offered; {@link #MECHANISMS} by default. */
        public Builder mechanisms(List<Mechanism> mechanisms) {
            this.mechanisms = List.copyOf(mechanisms);
            return this;
        }

        /** When wrong logins lock out. */
        public Builder lockout(Lockout lockout) {
            this.lockout = Objects.requireNonNull(lockout);
            return this;
        }

        /** Bounds and deadlines. */
        public Builder limits(ServerLimits limits) {
            this.limits = Objects.requireNonNull(limits);
            return this;
        }

        /** The text behind the host name in the greeting. */
        public Builder greeting(String text) {
            greeting = Objects.requireNonNull(text);
            return this;
        }

        /** The text of the reply to QUIT. */
        public Builder goodbye(String text) {
            goodbye = Objects.requireNonNull(text);
            return this;
        }

        /** Whether a Received field is added (RFC 5321 section 4.4); it is by default. */
        public Builder receivedField(boolean added) {
            receivedField = added;
            return this;
        }

        /**
         * Whether clients that talk before it is their turn are refused: before the greeting (RFC
         * 5321 section 4.3.1), behind HELO, EHLO or DATA before the reply to it, and behind any
         * command where PIPELINING was not offered (RFC 2920 section 3.1). They are by default, but
         * for loopback clients, those that are exempt from limits and those that have logged in.
         */
        public Builder refusesEarlyTalk(boolean refused) {
            refusesEarlyTalk = refused;
            return this;
        }

        /**
         * Whether logins are taken without TLS, as tests need them; false by default. Passwords can
         * be read on the way then (RFC 4954 section 4), so that it is for loopback addresses alone.
         */
        public Builder takesClearTextLogins(boolean taken) {
            takesClearTextLogins = taken;
            return this;
        }

        /** Whether MAIL needs HELO or EHLO before it; true by default. */
        public Builder needsHello(boolean needed) {
            needsHello = needed;
            return this;
        }

        /**
         * How long such a client waits for the greeting, and shows whether it does; 0 by default.
         */
        public Builder greetingPause(Duration pause) {
            greetingPause = Objects.requireNonNull(pause);
            return this;
        }

        /**
         * Whether a message of who has logged in gets the Date and Message-ID that it lacks (RFC
         * 6409 section 8); it does by default.
         */
        public Builder completesSubmissions(boolean completed) {
            completesSubmissions = completed;
            return this;
        }

        /**
         * The domain of addresses of MAIL and RCPT that a client who has logged in gives without
         * one (RFC 6409 section 4.2); empty, the default: such addresses are refused.
         */
        public Builder completionDomain(String domain) {
            completionDomain = Objects.requireNonNull(domain);
            return this;
        }

        /** Keywords that some clients are not told of; none by default. */
        public Builder discards(List<Discard> discards) {
            this.discards = List.copyOf(discards);
            return this;
        }

        /** Keywords of the program in the reply to EHLO; none by default. */
        public Builder keywords(List<String> lines) {
            keywords = List.copyOf(lines);
            return this;
        }

        /**
         * Peers that begin each connection with a header of the PROXY protocol; none by default.
         * They can say that a client is whoever they like: list your own proxies only.
         */
        public Builder proxies(List<IpNetwork> peers) {
            proxies = List.copyOf(peers);
            return this;
        }

        /**
         * Peers that may say by XCLIENT whose session they pass on, and as whom that one has logged
         * in; none by default. They can say whatever they like: list your own front ends only.
         */
        public Builder frontEnds(List<IpNetwork> peers) {
            frontEnds = List.copyOf(peers);
            return this;
        }

        /** What content may hold. */
        public Builder content(ContentRules rules) {
            content = Objects.requireNonNull(rules);
            return this;
        }

        /**
         * The settings.
         *
         * @throws IllegalArgumentException when TLS has no certificate, or logins in clear text
         *     could come from another machine
         */
        public ListenerSettings build() {
            if (tls != Tls.OFF && tlsContext.isEmpty()) {
                throw new IllegalArgumentException("listener " + name + " needs a certificate");
            }
            boolean isLocal = bind.getAddress() != null && bind.getAddress().isLoopbackAddress();
            if (takesClearTextLogins && !isLocal) {
                throw new IllegalArgumentException(
                        "listener " + name + " takes logins in clear text: loopback only");
            }
            return new ListenerSettings(new Builder(this));
        }
    }

    /** What is spoken on a listener. */
    public enum Protocol {
        /** SMTP (RFC 5321). */
        SMTP,
        /** LMTP (RFC 2033): the end of the content gets one reply for each recipient. */
        LMTP
    }

    /** TLS on a listener. */
    public enum Tls {
        /** Not offered. */
        OFF,
        /** STARTTLS is offered. */
        OFFER,
        /** Nothing but STARTTLS until the session is secured ({@code 530 5.7.0}). */
        REQUIRE,
        /** TLS from the first octet. */
        IMPLICIT
    }

    /** Logins on a listener; offered on clear text only by {@link #takesClearTextLogins}. */
    public enum Auth {
        /** Not offered. */
        OFF,
        /** Offered. */
        OPTIONAL,
        /** No transaction without a login ({@code 530 5.7.0}). */
        REQUIRED
    }
}
