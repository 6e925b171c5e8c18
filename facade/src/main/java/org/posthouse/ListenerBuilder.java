package org.posthouse;

import org.posthouse.core.Idna;
import org.posthouse.platform.UnixSocket;
import org.posthouse.policy.IpNetwork;
import org.posthouse.server.ListenerSettings;
import org.posthouse.server.ListenerSettings.Auth;
import org.posthouse.server.ListenerSettings.Protocol;
import org.posthouse.server.ListenerSettings.Tls;
import org.posthouse.server.Lockout;
import org.posthouse.server.Mechanism;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One listener of a {@link PosthouseBuilder}.
 *
 * @since 0.1
 */
public final class ListenerBuilder {
    /** Real clients wait for 5 minutes (RFC 5321 section 4.5.3.2.1), and many for less. */
    private static final Duration GREETING_PAUSE_MAX = Duration.ofMinutes(1);

    final InetSocketAddress bind;
    final Optional<UnixSocket> socket;
    String name;
    String place = "";
    String hostname = "";
    Protocol protocol = Protocol.SMTP;
    Tls tls = Tls.OFF;
    boolean tlsGiven;
    boolean asksForClientCertificate;
    Auth auth = Auth.OFF;
    List<Mechanism> mechanisms = ListenerSettings.MECHANISMS;
    Lockout lockout = Lockout.DEFAULT;
    String greeting = "ESMTP";
    String goodbye = "bye";
    boolean refusesEarlyTalk = true;
    Duration greetingPause = Duration.ZERO;
    boolean needsHello = true;
    boolean takesClearTextLogins;
    boolean completesSubmissions = true;
    String completionDomain = "";
    boolean receivedField = true;
    final List<String> keywords = new ArrayList<>();
    final List<IpNetwork> proxies = new ArrayList<>();
    final List<IpNetwork> frontEnds = new ArrayList<>();

    ListenerBuilder(InetSocketAddress bind) {
        this.bind = bind;
        this.socket = Optional.empty();
        this.name = "smtp-" + bind.getPort();
    }

    ListenerBuilder(UnixSocket socket) {
        this.bind = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        this.socket = Optional.of(socket);
        this.name = socket.toString();
    }

    /**
     * The name for rules, logs and {@link Posthouse#address}; {@code smtp-PORT}, or {@code
     * unix:PATH}, by default.
     */
    public ListenerBuilder name(String name) {
        this.name = name;
        return this;
    }

    /** True when both are bound to one place and speak the same there. */
    boolean isSamePlaceAs(ListenerBuilder other) {
        return bind.equals(other.bind) && socket.equals(other.socket) && protocol == other.protocol;
    }

    /** What can change while it is bound. */
    List<Object> facts() {
        return List.of(
                hostname,
                tls,
                tlsGiven,
                asksForClientCertificate,
                auth,
                mechanisms,
                lockout,
                greeting,
                goodbye,
                refusesEarlyTalk,
                greetingPause,
                needsHello,
                takesClearTextLogins,
                completesSubmissions,
                completionDomain,
                receivedField,
                List.copyOf(keywords),
                List.copyOf(proxies),
                List.copyOf(frontEnds));
    }

    /** Where the listener is written, for explanations: such as {@code posthouse.toml:8}. */
    public ListenerBuilder place(String place) {
        this.place = place;
        return this;
    }

    /** Our name on this listener; the engine's by default. */
    public ListenerBuilder hostname(String hostname) {
        this.hostname = Idna.spelled(hostname);
        return this;
    }

    /**
     * LMTP (RFC 2033) instead of SMTP: the end of a message gets one reply for each recipient. Not
     * on port 25.
     */
    public ListenerBuilder lmtp() {
        protocol = Protocol.LMTP;
        return this;
    }

    /** How TLS is offered; {@code OFFER} with a certificate, else {@code OFF} by default. */
    public ListenerBuilder tls(Tls tls) {
        this.tls = tls;
        tlsGiven = true;
        return this;
    }

    /**
     * Asks clients for a certificate, which they need not have; hooks see it in {@link
     * org.posthouse.server.SessionView#tls}, and {@link RelayRuleBuilder#certificates} go by it.
     */
    public ListenerBuilder asksForClientCertificate() {
        asksForClientCertificate = true;
        return this;
    }

    /** Logins, by the engine's {@link PosthouseBuilder#users}; {@code OFF} by default. */
    public ListenerBuilder auth(Auth auth) {
        this.auth = auth;
        return this;
    }

    /**
     * The mechanisms that may be offered; all but CRAM-MD5 by default. One is offered where {@link
     * Users#mechanisms} has it, too.
     */
    public ListenerBuilder mechanisms(Mechanism... offered) {
        mechanisms = List.of(offered);
        return this;
    }

    /**
     * When wrong logins lock a client or a login out; ten within ten minutes by default, but for
     * clients of this machine.
     */
    public ListenerBuilder lockout(int failures, Duration within) {
        lockout = new Lockout(failures, within);
        return this;
    }

    /** The text behind the host name in the greeting. */
    public ListenerBuilder greeting(String text) {
        greeting = text;
        return this;
    }

    /** The text of the reply to QUIT. */
    public ListenerBuilder goodbye(String text) {
        goodbye = text;
        return this;
    }

    /**
     * A keyword of our own in the reply to EHLO, perhaps with parameters: {@code "XSHOP 2"}. What
     * it stands for is for {@link PosthouseBuilder#onUnknownCommand} to do.
     */
    public ListenerBuilder keyword(String line) {
        keywords.add(line);
        return this;
    }

    /**
     * Whether clients that do not wait for the greeting, or for the reply to HELO or EHLO, are
     * refused; they are by default, but for those of this machine.
     */
    public ListenerBuilder refusesEarlyTalk(boolean refused) {
        refusesEarlyTalk = refused;
        return this;
    }

    /**
     * Whether logins are taken without TLS, too; never by default. Passwords can be read on the way
     * then (RFC 4954 section 4), so that it is for loopback addresses and sockets alone.
     */
    public ListenerBuilder takesClearTextLogins(boolean taken) {
        takesClearTextLogins = taken;
        return this;
    }

    /** Whether MAIL needs HELO or EHLO before it; it does by default. */
    public ListenerBuilder needsHello(boolean needed) {
        needsHello = needed;
        return this;
    }

    /**
     * How long strangers wait for the greeting, so that those who do not are seen; 0 by default.
     * Not for clients of this machine and exempt ones.
     */
    public ListenerBuilder greetingPause(Duration pause) {
        if (pause.isNegative() || pause.compareTo(GREETING_PAUSE_MAX) > 0) {
            throw new IllegalArgumentException("0 to " + GREETING_PAUSE_MAX + ", not " + pause);
        }
        greetingPause = pause;
        return this;
    }

    /** Whether a message of who has logged in gets the Date and Message-ID that it lacks. */
    public ListenerBuilder completesSubmissions(boolean completed) {
        completesSubmissions = completed;
        return this;
    }

    /**
     * Addresses of MAIL and RCPT without a domain, of who has logged in, get this one; refused by
     * default.
     */
    public ListenerBuilder completesWith(String domain) {
        completionDomain = domain;
        return this;
    }

    /**
     * Networks of our own front ends, which may say by XCLIENT whose session they pass on, and as
     * whom that client has logged in.
     */
    public ListenerBuilder xclient(String... networks) {
        for (String network : networks) {
            frontEnds.add(IpNetwork.parse(network));
        }
        return this;
    }

    /**
     * Networks of our own proxies, which begin each connection with a header of the PROXY protocol
     * (version 1 or 2); none by default. They say who the client is, and are believed.
     *
     * @throws IllegalArgumentException when one is no network
     */
    public ListenerBuilder proxy(String... networks) {
        for (String network : networks) {
            proxies.add(IpNetwork.parse(network));
        }
        return this;
    }

    /** Whether a Received field is added; switch it off only for hops that you trust. */
    public ListenerBuilder receivedField(boolean added) {
        receivedField = added;
        return this;
    }
}
