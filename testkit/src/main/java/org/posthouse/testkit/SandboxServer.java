package org.posthouse.testkit;

import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.policy.IpNetwork;
import org.posthouse.server.ListenerSettings;
import org.posthouse.server.ListenerSettings.Auth;
import org.posthouse.server.ListenerSettings.Tls;
import org.posthouse.server.Mechanism;
import org.posthouse.server.ServerLimits;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** A running server of a sandbox, on a free port of the loopback address. */
final class SandboxServer implements AutoCloseable {
    private static final String LISTENER = "sandbox";

    /** Numbers of handles differ within a program: their addresses go through its servers. */
    private static final AtomicLong HANDLES = new AtomicLong();

    private final JdkPlatform platform;
    private final MailSink sink;

    /**
     * How it is set up.
     *
     * @param logins passwords by login; empty: any login is right
     * @param isLoginNeeded no mail without a login
     */
    record Setup(Tls tls, Map<String, String> logins, boolean isLoginNeeded, int port) {}

    private SandboxServer(Setup setup) {
        platform = JdkPlatform.create(DnsSettings.servers(List.of(nowhere())));
        boolean isRunning = false;
        try {
            sink = new MailSink(platform, platform.network(), settings(setup), setup.logins());
            isRunning = true;
        } finally {
            if (!isRunning) {
                platform.close();
            }
        }
    }

    static SandboxServer start(Setup setup) {
        return new SandboxServer(setup);
    }

    /** Nothing of a sandbox asks the DNS. */
    private static InetSocketAddress nowhere() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    }

    private static ListenerSettings settings(Setup setup) {
        var bind = new InetSocketAddress(InetAddress.getLoopbackAddress(), setup.port());
        var limits =
                ServerLimits.builder()
                        .connectionsPerClientMax(10_000)
                        .errorsMax(10_000)
                        .clientsExempt(
                                List.of(IpNetwork.parse("127.0.0.0/8"), IpNetwork.parse("::1/128")))
                        .build();
        return ListenerSettings.builder(LISTENER, bind, "sandbox.posthouse.test")
                .tls(setup.tls())
                .tlsContext(MailSink::context)
                .auth(setup.isLoginNeeded() ? Auth.REQUIRED : Auth.OPTIONAL)
                .mechanisms(
                        List.of(
                                Mechanism.PLAIN,
                                Mechanism.LOGIN,
                                Mechanism.CRAM_MD5,
                                Mechanism.XOAUTH2,
                                Mechanism.OAUTHBEARER))
                .takesClearTextLogins(true)
                .limits(limits)
                .build();
    }

    String newDomain() {
        return Ownership.domain(HANDLES.incrementAndGet());
    }

    InetSocketAddress address() {
        return sink.address();
    }

    Post post() {
        return sink.post();
    }

    Faults faults() {
        return sink.faults();
    }

    @Override
    public void close() {
        sink.close();
        platform.close();
    }
}
