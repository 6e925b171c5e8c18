package org.posthouse.platform;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * TLS engines as we want them: 1.2 and 1.3 with forward secrecy. A server also insists on
 * authenticated encryption, as everyone who speaks 1.2 well has it; a client takes the older CBC
 * suites of 1.2 too, because the alternative to them is often clear text.
 */
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
        SSLParameters parameters =
                parameters(engine, suite -> isForwardSecret(suite) && isAuthenticated(suite));
        parameters.setUseCipherSuitesOrder(true);
        if (settings.askForClientCertificate()) {
            parameters.setWantClientAuth(true);
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static SSLEngine client(TlsSettings.Client settings) {
        String host = withoutFinalDot(settings.host());
        SSLEngine engine = settings.context().createSSLEngine(host, SMTP_PORT);
        engine.setUseClientMode(true);
        SSLParameters parameters = parameters(engine, TlsEngines::isForwardSecret);
        parameters.setServerNames(serverNames(host));
        if (settings.verifyHost()) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS"); // RFC 9525 for any protocol
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static String withoutFinalDot(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    private static List<SNIServerName> serverNames(String host) {
        if (AddressLiteral.parse(host).isPresent()) {
            return List.of(); // RFC 6066 section 3: no literal addresses
        }
        try {
            return List.of(new SNIHostName(host));
        } catch (IllegalArgumentException e) {
            return List.of(); // not a name that TLS can carry: go without
        }
    }

    private static SSLParameters parameters(SSLEngine engine, Predicate<String> suites) {
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        parameters.setCipherSuites(
                Arrays.stream(engine.getEnabledCipherSuites())
                        .filter(suites)
                        .toArray(String[]::new));
        return parameters;
    }

    private static boolean isForwardSecret(String suite) {
        return suite.startsWith("TLS_AES_")
                || suite.startsWith("TLS_CHACHA20_")
                || suite.startsWith("TLS_ECDHE_")
                || suite.startsWith("TLS_DHE_");
    }

    private static boolean isAuthenticated(String suite) {
        return suite.contains("_GCM_") || suite.contains("_CHACHA20_POLY1305_");
    }
}
