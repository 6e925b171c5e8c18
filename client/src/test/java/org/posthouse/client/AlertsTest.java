package org.posthouse.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Alerts that end TLS, in words. */
class AlertsTest {
    private static String of(String alert) {
        return Alerts.words("TLS handshake failed: (" + alert + ") Received fatal alert: " + alert);
    }

    @Test
    void aCertificateThatIsWanted() {
        assertThat(of("certificate_required"))
                .isEqualTo("TLS failed: the host wants a certificate of ours, and was shown none");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bad_certificate",
                "unsupported_certificate",
                "certificate_revoked",
                "certificate_expired",
                "certificate_unknown",
                "unknown_ca",
                "access_denied"
            })
    void aCertificateThatIsNotTaken(String alert) {
        assertThat(of(alert))
                .isEqualTo(
                        "TLS failed: the host does not take our certificate, or the lack of one ("
                                + alert.replace('_', ' ')
                                + ")");
    }

    @Test
    void allElseIsLeftAsItIs() {
        for (String text : new String[] {"", "no trusted certificate for mx.example", "null"}) {
            assertThat(Alerts.words(text)).isEqualTo(text);
        }
        assertThat(of("handshake_failure")).contains("Received fatal alert: handshake_failure");
    }
}
