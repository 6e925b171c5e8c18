package org.posthouse.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** The server's end of TLS, with a certificate that nobody has reason to trust. */
final class TlsPeer {
    private static final SSLContext CONTEXT = context();

    private TlsPeer() {}

    /** Makes the certificate, which takes its time; afterwards no host has to wait for it. */
    static void prepare() {
        if (CONTEXT.getProtocol().isEmpty()) {
            throw new IllegalStateException("no TLS");
        }
    }

    /** Waits for a client's handshake. */
    static Socket secure(Socket plain) throws IOException {
        var secured = (SSLSocket) CONTEXT.getSocketFactory().createSocket(plain, null, true);
        secured.setUseClientMode(false);
        secured.startHandshake();
        return secured;
    }

    /** The same, for clients with a certificate of a public authority: none in a test. */
    static Socket secureDemanding(Socket plain, String version) throws IOException {
        var secured = (SSLSocket) CONTEXT.getSocketFactory().createSocket(plain, null, true);
        secured.setUseClientMode(false);
        secured.setEnabledProtocols(new String[] {version});
        secured.setNeedClientAuth(true);
        secured.startHandshake();
        return secured;
    }

    private static SSLContext context() {
        try {
            Path folder = Files.createTempDirectory("tls-peer");
            try {
                return context(folder);
            } finally {
                Files.deleteIfExists(folder.resolve("keys"));
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SSLContext context(Path folder) throws IOException, GeneralSecurityException {
        String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        SubProcess made =
                SubProcess.run(
                        folder,
                        (keytool
                                        + " -genkeypair -alias own -keyalg EC -dname CN=mx.test"
                                        + " -validity 2")
                                .concat(" -storetype PKCS12 -storepass secret -keystore keys")
                                .split(" "));
        if (made.exitCode() != 0) {
            throw new IOException(made.text());
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(folder.resolve("keys"))) {
            keys.load(in, "secret".toCharArray());
        }
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "secret".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
