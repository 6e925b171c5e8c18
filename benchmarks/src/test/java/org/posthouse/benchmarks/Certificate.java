package org.posthouse.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * One for all servers that are measured: a key on the curve P-256, signed by itself, made by
 * openssl. TLS 1.3 only, and no session is taken up again: each handshake is a whole one.
 */
record Certificate(Path chain, Path key, SSLContext context) {
    private static final String PASSWORD = "bench";

    static Certificate make(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Path chain = folder.resolve("cert.pem");
        Path key = folder.resolve("key.pem");
        Path store = folder.resolve("store.p12");
        run(
                "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
                        + " -subj /CN=bench.example -keyout %s -out %s",
                key, chain);
        run(
                "openssl pkcs12 -export -in %s -inkey %s -out %s -passout pass:" + PASSWORD,
                chain,
                key,
                store);
        try {
            return new Certificate(chain, key, context(store));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static void run(String command, Object... names)
            throws IOException, InterruptedException {
        var program = new ProcessBuilder(command.formatted(names).split(" "));
        program.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        if (program.start().waitFor() != 0) {
            throw new IOException("failed: " + String.join(" ", program.command()));
        }
    }

    private static SSLContext context(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(keys.getKeyManagers(), new TrustManager[] {new Trusting()}, null);
        return context;
    }

    SSLEngine client() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(new String[] {"TLSv1.3"});
        return engine;
    }

    SSLEngine server() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        return engine;
    }

    /** Of what the servers show, so that nobody measures how chains are checked. */
    private static final class Trusting extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            // nobody is checked
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
            // nobody is checked
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            // nobody is checked
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            // nobody is checked
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
            // nobody is checked
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            // nobody is checked
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
