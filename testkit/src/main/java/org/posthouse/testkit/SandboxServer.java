package org.posthouse.testkit;

import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.platform.TlsContexts;
import org.posthouse.policy.IpNetwork;
import org.posthouse.server.ListenerSettings;
import org.posthouse.server.ListenerSettings.Auth;
import org.posthouse.server.ListenerSettings.Tls;
import org.posthouse.server.Mechanism;
import org.posthouse.server.ServerLimits;
import org.posthouse.server.SmtpServer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

import javax.net.ssl.SSLContext;

/** A running server of a sandbox, on a free port of the loopback address. */
final class SandboxServer implements AutoCloseable {
    private static final String LISTENER = "sandbox";

    /** Numbers of handles differ within a program: their addresses go through its servers. */
    private static final AtomicLong HANDLES = new AtomicLong();

    private final JdkPlatform platform;
    private final Faults faults;
    private final Post post;
    private final SmtpServer server;
    private final InetSocketAddress address;

    /**
     * How it is set up.
     *
     * @param logins passwords by login; empty: any login is right
     * @param isLoginNeeded no mail without a login
     */
    record Setup(Tls tls, Map<String, String> logins, boolean isLoginNeeded, int port) {}

    private SandboxServer(Setup setup) {
        platform = JdkPlatform.create(DnsSettings.servers(List.of(nowhere())));
        post = new Post(platform.time());
        faults = new Faults(platform.time());
        var network = new SandboxNetwork(platform.network(), faults::failsTls);
        faults.breaks(network);
        var policy = new SandboxPolicy(post, platform.time(), faults, setup.logins());
        server =
                new SmtpServer(
                        new SandboxPlatform(platform, network),
                        List.of(settings(setup)),
                        policy,
                        new MemoryIntake(),
                        policy);
        boolean isRunning = false;
        try {
            server.start();
            isRunning = true;
        } finally {
            if (!isRunning) {
                platform.close();
            }
        }
        address = Objects.requireNonNull(server.addresses().get(LISTENER));
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
                .tlsContext(SandboxServer::context)
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

    private static SSLContext context() {
        return TlsContexts.fromPem(certificate(), text("key.pem"));
    }

    /** The certificate of localhost that all sandboxes show, PEM. */
    static String certificate() {
        return text("certificate.pem");
    }

    private static String text(String resource) {
        try (InputStream in = SandboxServer.class.getResourceAsStream(resource)) {
            return new String(
                    Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String newDomain() {
        return Ownership.domain(HANDLES.incrementAndGet());
    }

    InetSocketAddress address() {
        return address;
    }

    Post post() {
        return post;
    }

    Faults faults() {
        return faults;
    }

    @Override
    public void close() {
        faults.clearAll();
        server.close(Duration.ZERO);
        platform.close();
    }
}
