package org.posthouse.daemon;

import org.posthouse.Posthouse;
import org.posthouse.PosthouseBuilder;
import org.posthouse.ReceivedMessage;
import org.posthouse.Users;
import org.posthouse.core.Outcome;
import org.posthouse.core.Reply;
import org.posthouse.core.ReversePath;
import org.posthouse.policy.IpNetwork;
import org.posthouse.relay.RelaySettings;
import org.posthouse.server.ListenerSettings.Auth;
import org.posthouse.server.ServerLimits;
import org.posthouse.spool.SpoolSettings;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The configuration of a sandbox's engine: all mail of this machine is taken, with any login, and
 * local; the store takes nothing; nothing is ever given up, so that no report is made.
 */
final class SandboxSettings {
    /** The name of its listener, and of the rule that lets any recipient be. */
    static final String LISTENER = "sandbox";

    static final String HOST = "localhost";
    static final String WHY = "a sandbox delivers nothing";

    private static final String[] HERE = {"127.0.0.0/8", "::1/128"};
    private static final int PLENTY = 10_000;
    private static final int SEGMENT_OCTETS = 4 << 20;
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration NEVER = Duration.ofDays(36_500);
    private static final Reply NO_DELIVERY = Reply.of(450, "4.2.1", WHY);

    private SandboxSettings() {}

    /**
     * All of it.
     *
     * @param data where it keeps its mail
     * @param port 0: any free one
     * @throws IOException when the folder can't be written
     */
    static PosthouseBuilder builder(SandboxPlatform platform, Path data, int port)
            throws IOException {
        var faults = new SandboxFaults(platform.network(), platform.time());
        Path chain = data.resolve("certificate.pem");
        Path key = data.resolve("key.pem");
        SelfSigned own = SelfSigned.make(HOST, platform.time().now(), platform.entropy());
        Files.writeString(chain, own.chain());
        Files.writeString(key, own.key());
        return Posthouse.builder()
                .platform(platform)
                .hostname(HOST)
                .data(data)
                .spool(SpoolSettings.DEFAULTS.withSegmentOctets(SEGMENT_OCTETS))
                .certificate(chain, key)
                .listen(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                        listener ->
                                listener.name(LISTENER)
                                        .auth(Auth.OPTIONAL)
                                        .takesClearTextLogins(true))
                .users(new Anybody())
                .tokens((login, token) -> login.isEmpty() ? "anybody" : login)
                .limits(limits())
                .relay(rule -> rule.name(LISTENER).clients(HERE))
                .onRecipient(faults::answer)
                .onReceived(ReceivedMessage::store)
                .store(mail -> new Outcome.Deferred(NO_DELIVERY, Outcome.Cause.TEMPORARY))
                .retry(new RelaySettings.Retry(List.of(DAY), NEVER, NEVER, DAY, DAY, DAY, NEVER));
    }

    /** Programs that are being written do odd things, and all from one address. */
    private static ServerLimits limits() {
        return ServerLimits.builder()
                .connectionsPerClientMax(PLENTY)
                .errorsMax(PLENTY)
                .clientsExempt(Stream.of(HERE).map(IpNetwork::parse).toList())
                .build();
    }

    /** Every login is right. */
    private static final class Anybody implements Users {
        @Override
        public boolean check(String login, String password) {
            return true;
        }

        @Override
        public boolean owns(String login, ReversePath path) {
            return true;
        }
    }
}
