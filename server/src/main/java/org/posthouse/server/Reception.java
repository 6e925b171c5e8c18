package org.posthouse.server;

import org.posthouse.core.CommandParser;
import org.posthouse.core.MailEvents;
import org.posthouse.platform.Platform;
import org.posthouse.policy.IpAddress;
import org.posthouse.server.ListenerSettings.Auth;
import org.posthouse.server.ListenerSettings.Protocol;
import org.posthouse.server.ListenerSettings.Tls;

import java.util.ArrayList;
import java.util.List;

/** All that the sessions of one listener share. */
final class Reception {
    private final Platform platform;
    private final ListenerSettings settings;
    private final GuardedPolicy policy;
    private final Intake intake;
    private final MailEvents events;
    private final ClientMemory clients;
    private final Stress stress;
    private final Mechanisms mechanisms;
    private final CommandGate gate;
    private final CommandParser parser;
    private final CommandParser completing;
    private final CannedReply greeting;
    private final CannedReply goodbye;
    private final CannedReply heloReply;
    private final CannedReply ehloClearText;

    /** Replaced when other mechanisms are offered. */
    private volatile EhloReply ehloSecured;

    Reception(
            Platform platform,
            ListenerSettings settings,
            SessionPolicy policy,
            Intake intake,
            MailEvents events,
            ClientMemory clients) {
        this.clients = clients;
        this.stress = new Stress(platform, events, settings);
        this.platform = platform;
        this.settings = settings;
        this.policy = new GuardedPolicy(policy, events, platform.time());
        this.intake = intake;
        this.events = events;
        this.mechanisms = new Mechanisms(settings, this.policy, platform.entropy());
        this.gate =
                new CommandGate(
                        settings.tls(),
                        settings.auth(),
                        settings.protocol(),
                        settings.needsHello());
        this.parser = new CommandParser(policy.postmasterDomain(settings.hostname()));
        this.completing =
                settings.completionDomain().isEmpty()
                        ? parser
                        : parser.completing(settings.completionDomain());
        this.greeting = CannedReply.plain(220, words(settings.hostname(), settings.greeting()));
        this.goodbye = CannedReply.of(221, "2.0.0", words(settings.goodbye(), ""));
        this.heloReply = CannedReply.plain(250, settings.hostname());
        this.ehloClearText = CannedReply.lines(250, keywords(false, List.of()));
        this.ehloSecured = securedReply(mechanisms.offered());
    }

    /** What all listeners remember of clients. */
    record ClientMemory(LoginFailures failures, ClientRates rates) {
        static ClientMemory of(Platform platform) {
            return new ClientMemory(
                    new LoginFailures(platform.time()), new ClientRates(platform.time()));
        }
    }

    Platform platform() {
        return platform;
    }

    ListenerSettings settings() {
        return settings;
    }

    ServerLimits limits() {
        return settings.limits();
    }

    GuardedPolicy policy() {
        return policy;
    }

    Intake intake() {
        return intake;
    }

    MailEvents events() {
        return events;
    }

    LoginFailures loginFailures() {
        return clients.failures();
    }

    ClientRates rates() {
        return clients.rates();
    }

    Stress stress() {
        return stress;
    }

    /** Connections that a client may have now. */
    int connectionsMax(IpAddress client) {
        if (limits().exempts(client)) {
            return Integer.MAX_VALUE;
        }
        int most = limits().connectionsPerClientMax();
        return client.isLoopback() ? most : stress.connectionsPerClientMax(most);
    }

    Mechanisms mechanisms() {
        return mechanisms;
    }

    CommandGate gate() {
        return gate;
    }

    /** For a client that has logged in, or one that has not. */
    CommandParser parser(boolean loggedIn) {
        return loggedIn ? completing : parser;
    }

    boolean isLmtp() {
        return settings.protocol() == Protocol.LMTP;
    }

    /** How many replies the end of the content gets: in LMTP one for each RCPT (RFC 2033). */
    int repliesTo(Transaction transaction) {
        return isLmtp() ? transaction.commandCount() : 1;
    }

    CannedReply greeting() {
        return greeting;
    }

    CannedReply goodbye() {
        return goodbye;
    }

    CannedReply heloReply() {
        return heloReply;
    }

    CannedReply ehloReply(boolean secured) {
        if (!secured) {
            return ehloClearText;
        }
        EhloReply reply = ehloSecured;
        if (settings.auth() != Auth.OFF) {
            List<Mechanism> offered = mechanisms.offered();
            if (!offered.equals(reply.offered())) {
                reply = securedReply(offered);
                ehloSecured = reply;
            }
        }
        return reply.reply();
    }

    /** The reply on TLS, with the mechanisms in it. */
    private record EhloReply(List<Mechanism> offered, CannedReply reply) {}

    private EhloReply securedReply(List<Mechanism> offered) {
        return new EhloReply(offered, CannedReply.lines(250, keywords(true, offered)));
    }

    private List<String> keywords(boolean secured, List<Mechanism> offered) {
        var lines = new ArrayList<String>();
        lines.add(settings.hostname());
        lines.add("PIPELINING");
        lines.add("SIZE " + Math.max(0, settings.limits().messageOctetsMax()));
        if (!secured && settings.tls() != Tls.OFF) {
            lines.add("STARTTLS");
        }
        if (secured && settings.auth() != Auth.OFF && !offered.isEmpty()) {
            lines.add("AUTH " + String.join(" ", offered.stream().map(Mechanism::word).toList()));
        }
        if (secured) {
            lines.add(Discard.REQUIRETLS);
        }
        lines.add("ENHANCEDSTATUSCODES");
        lines.add("8BITMIME");
        lines.add("SMTPUTF8");
        lines.add("CHUNKING");
        if (settings.content().binaryMime()) {
            lines.add("BINARYMIME");
        }
        lines.add("DSN");
        lines.add(limitsKeyword(settings.limits()));
        lines.addAll(settings.keywords());
        return lines;
    }

    /** RFC 9422. */
    private static String limitsKeyword(ServerLimits limits) {
        return "LIMITS MAILMAX=" + limits.transactionsMax() + " RCPTMAX=" + limits.recipientsMax();
    }

    private static String words(String first, String second) {
        return second.isEmpty() ? first : first + " " + second;
    }
}
