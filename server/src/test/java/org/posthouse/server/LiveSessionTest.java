package org.posthouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.platform.TlsFacts;
import org.posthouse.policy.IpAddress;
import org.posthouse.sim.SimNetwork;
import org.posthouse.sim.SimPlatform;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

class LiveSessionTest {
    private static final ListenerSettings SETTINGS =
            ListenerSettings.builder("public", Stage.ADDRESS, "mx.example").build();

    /** Else a front end's connections would never end, where they are counted. */
    @Test
    void aConnectionEndsAsWhatItBegan() {
        var live = new LiveSession(1, SETTINGS, new FakeConnection(), new SimPlatform(1).time());
        IpAddress peer = live.clientAddress();
        assertThat(live.countedAs()).isEqualTo(peer);
        live.comesFrom(SimNetwork.socket("203.0.113.7", 25));
        assertThat(live.countedAs()).isEqualTo(live.clientAddress()).isNotEqualTo(peer);
        IpAddress proxied = live.clientAddress();
        live.speaksFor(SimNetwork.socket("203.0.113.8", 25));
        assertThat(live.countedAs()).isEqualTo(proxied);
        assertThat(live.clientAddress()).isEqualTo(IpAddress.parse("203.0.113.8"));
    }

    /** One that every Java has. */
    private static X509Certificate anyCertificate() throws GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        return ((X509TrustManager) factory.getTrustManagers()[0]).getAcceptedIssuers()[0];
    }

    /** Else its client could relay as the front end may. */
    @Test
    void theCertificateOfAFrontEndIsNotItsClients() throws Exception {
        var connection = new FakeConnection();
        X509Certificate shown = anyCertificate();
        connection.facts =
                Optional.of(new TlsFacts("TLSv1.3", "X", List.of(shown), Optional.empty()));
        var live = new LiveSession(1, SETTINGS, connection, new SimPlatform(1).time());
        assertThat(live.tls().orElseThrow().peerCertificate()).contains(shown);
        live.comesFrom(SimNetwork.socket("203.0.113.7", 25));
        assertThat(live.tls().orElseThrow().peerCertificate()).contains(shown);
        live.speaksFor(SimNetwork.socket("203.0.113.8", 25));
        assertThat(live.tls().orElseThrow().peerCertificate()).isEmpty();
        assertThat(live.tls().orElseThrow().peerFingerprint()).isEmpty();
    }
}
