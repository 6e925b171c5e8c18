package org.posthouse.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

class TlsWaiverTest {
    private static boolean isIn(String section) {
        return TlsWaiver.isIn(section.getBytes(StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TLS-Required: No\r\n",
                "Subject: x\r\nTLS-Required:No\r\nFrom: a\r\n",
                "tls-required: no \r\nSubject: x\r\n",
                "TLS-REQUIRED :\r\n NO\r\n",
                "TLS-Required: No"
            })
    void saysSo(String section) {
        assertThat(isIn(section)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Subject: x\r\n",
                "TLS-Required: Yes\r\n",
                "TLS-Required:\r\n",
                "TLS-Required: No, really\r\n",
                "TLS-Required: No\r\nTLS-Required: No\r\n",
                "TLS-Required: No\r\nTLS-Required: Yes\r\n",
                "X-TLS-Required: No\r\n",
                "Subject: x\r\n TLS-Required: No\r\n"
            })
    void doesNot(String section) {
        assertThat(isIn(section)).isFalse();
    }

    /** RFC 8689 section 4.1: who asks for REQUIRETLS waives nothing. */
    @Test
    void requireTlsGoesBefore() {
        assertThat(MailOptions.NONE.waivesTls()).isFalse();
        MailOptions waiving = MailOptions.NONE.waivingTls(true);
        assertThat(waiving.waivesTls()).isTrue();
        assertThat(waiving.withPriority(3).waivesTls()).isTrue();
        assertThat(waiving.requiringTls().waivesTls()).isFalse();
        assertThat(waiving.requiringTls().waivingTls(true).waivesTls()).isFalse();
        assertThat(waiving.waivingTls(false)).isEqualTo(MailOptions.NONE);
    }
}
