package org.posthouse.server;

import org.posthouse.core.MailEvents;
import org.posthouse.platform.Platform;
import org.posthouse.policy.IpAddress;
import org.posthouse.server.ListenerSettings.Protocol;

import java.util.List;

/** All that the sessions of one listener share. */
final class Reception {
    private final Platform platform;
    private final SessionPolicy asked;
    private final GuardedPolicy policy;
    private final Intake intake;
    private final MailEvents events;
    private final ClientMemory clients;
    private final Stress stress;
    private final Mechanisms mechanisms;

    /** Replaced as a whole when the settings change. */
    private volatile Rulebook rules;

    Reception(
            Platform platform,
            ListenerSettings settings,
            SessionPolicy policy,
            Intake intake,
            MailEvents events,
            ClientMemory clients) {
        this.clients = clients;
        this.platform = platform;
        this.asked = policy;
        this.rules = rulebook(settings);
        this.stress = new Stress(platform, events, this::settings);
        this.policy = new GuardedPolicy(policy, events, platform.time());
        this.intake = intake;
        this.events = events;
        this.mechanisms = new Mechanisms(this::settings, this.policy, platform.entropy());
    }

    private Rulebook rulebook(ListenerSettings settings) {
        return new Rulebook(settings, asked.postmasterDomain(settings.hostname()));
    }

    /** Other settings of the same listener, from the next command of its sessions on. */
    void change(ListenerSettings next) {
        rules = rulebook(next);
    }

    /** What all listeners remember of clients. */
    record ClientMemory(LoginFailures failures, ClientRates rates, ContentMemory contents) {
        static ClientMemory of(Platform platform) {
            return new ClientMemory(
                    new LoginFailures(platform.time()),
                    new ClientRates(platform.time()),
                    new ContentMemory(platform.memoryOctetsMax()));
        }
    }

    Platform platform() {
        return platform;
    }

    /** What follows from the settings. */
    Rulebook rules() {
        return rules;
    }

    ListenerSettings settings() {
        return rules.settings();
    }

    ServerLimits limits() {
        return settings().limits();
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

    ContentMemory contentMemory() {
        return clients.contents();
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

    boolean isLmtp() {
        return settings().protocol() == Protocol.LMTP;
    }

    /** How many replies the end of the content gets: in LMTP one for each RCPT (RFC 2033). */
    int repliesTo(Transaction transaction) {
        return isLmtp() ? transaction.commandCount() : 1;
    }

    CannedReply ehloReply(boolean secured) {
        boolean isAsked = rules.offersLogins(secured);
        return rules.ehloReply(secured, isAsked ? mechanisms.offered() : List.of());
    }
}
