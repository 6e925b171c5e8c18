package org.posthouse.platform;

import java.util.Arrays;
import java.util.List;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** TLS engines as we want them: 1.2 and 1.3, forward secrecy and authenticated encryption only. */
final class TlsEngines {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
    private static final int SMTP_PORT = 25; // with the host it names the session to resume

    private TlsEngines() {}

    static SSLEngine create(TlsSettings settings) {
        return switch (settings) {
            case TlsSettings.Server server -> server(server);
            case TlsSettings.Client client -> client(client);
        };
    }

    private static SSLEngine server(TlsSettings.Server settings) {
        SSLEngine engine = settings.context().createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = strict(engine);
        parameters.setUseCipherSuitesOrder(true);
        if (settings.askForClientCertificate()) {
            parameters.setWantClientAuth(true);
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static SSLEngine client(TlsSettings.Client settings) {
        SSLEngine engine = settings.context().createSSLEngine(settings.host(), SMTP_PORT);
        engine.setUseClientMode(true);
        SSLParameters parameters = strict(engine);
        if (AddressLiteral.parse(settings.host()).isEmpty()) {
            parameters.setServerNames(serverName(settings.host()));
        }
        if (settings.verifyHost()) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static List<SNIServerName> serverName(String host) {
        try {
            return List.of(new SNIHostName(host));
        } catch (IllegalArgumentException e) {
            return List.of(); // not a name that TLS can carry: go without
        }
    }

    private static SSLParameters strict(SSLEngine engine) {
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        parameters.setCipherSuites(
                Arrays.stream(engine.getEnabledCipherSuites())
                        .filter(TlsEngines::isStrong)
                        .toArray(String[]::new));
        return parameters;
    }

    private static boolean isStrong(String suite) {
        boolean authenticated = suite.contains("_GCM_") || suite.contains("_CHACHA20_POLY1305_");
        boolean forwardSecret =
                suite.startsWith("TLS_AES_")
                        || suite.startsWith("TLS_CHACHA20_")
                        || suite.startsWith("TLS_ECDHE_")
                        || suite.startsWith("TLS_DHE_");
        return authenticated && forwardSecret;
    }
}
