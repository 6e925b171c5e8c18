package org.posthouse.testkit;

import org.posthouse.platform.Network;
import org.posthouse.platform.Platform;
import org.posthouse.platform.TlsContexts;
import org.posthouse.server.ListenerSettings;
import org.posthouse.server.SmtpServer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import javax.net.ssl.SSLContext;

/** A server that takes all mail and keeps it, but for what faults say. */
final class MailSink implements AutoCloseable {
    private final Post post;
    private final Faults faults;
    private final SmtpServer server;

    /**
     * Starts one.
     *
     * @param network where it listens
     * @param logins passwords by login; empty: any login is right
     */
    MailSink(
            Platform platform,
            Network network,
            ListenerSettings settings,
            Map<String, String> logins) {
        post = new Post(platform.time());
        faults = new Faults(platform.time());
        var breakable = new SandboxNetwork(network, faults::failsTls);
        faults.breaks(breakable);
        var policy = new SandboxPolicy(post, platform.time(), faults, logins);
        server =
                new SmtpServer(
                        new SandboxPlatform(platform, breakable),
                        List.of(settings),
                        policy,
                        new MemoryIntake(),
                        policy);
        server.start();
    }

    Post post() {
        return post;
    }

    Faults faults() {
        return faults;
    }

    InetSocketAddress address() {
        return server.addresses().values().iterator().next();
    }

    /** Sessions from now on are by other settings. */
    void change(ListenerSettings settings) {
        server.change(List.of(settings), () -> {});
    }

    /** Lets who hangs go, and ends. */
    @Override
    public void close() {
        faults.clearAll();
        server.close(Duration.ZERO);
    }

    /** The certificate of localhost that all of them show, PEM. */
    static String certificate() {
        return text("certificate.pem");
    }

    /** SHA-256 of its public key, in hex: what a TLSA record has. */
    static String keyDigest() {
        try (InputStream in = MailSink.class.getResourceAsStream("certificate.pem")) {
            byte[] key =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(Objects.requireNonNull(in))
                            .getPublicKey()
                            .getEncoded();
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("the certificate of the kit can't be read", e);
        }
    }

    static SSLContext context() {
        return TlsContexts.fromPem(certificate(), text("key.pem"));
    }

    private static String text(String resource) {
        try (InputStream in = MailSink.class.getResourceAsStream(resource)) {
            return new String(
                    Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
