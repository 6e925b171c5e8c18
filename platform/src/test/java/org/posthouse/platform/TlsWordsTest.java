package org.posthouse.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;

import javax.net.ssl.SSLHandshakeException;

/** The words for handshakes that failed; those of real ones are in TlsConnectionTest. */
class TlsWordsTest {
    private static String words(Throwable... chain) {
        for (int i = 1; i < chain.length; i++) {
            chain[i - 1].initCause(chain[i]);
        }
        return TlsWords.of(chain[0], "mx.example");
    }

    private static Throwable outer() {
        return new SSLHandshakeException("PKIX path validation failed: java.security.Whatever");
    }

    private static CertPathValidatorException path(BasicReason reason) {
        return new CertPathValidatorException("check failed", null, null, -1, reason);
    }

    @Test
    void whatIsWrongWithACertificateIsTold() {
        assertThat(words(outer(), new CertificateExpiredException("NotAfter: yesterday")))
                .isEqualTo("the certificate has expired");
        assertThat(words(outer(), new CertificateNotYetValidException("NotBefore: tomorrow")))
                .isEqualTo("the certificate is not valid yet");
        assertThat(words(outer(), path(BasicReason.EXPIRED)))
                .isEqualTo("the certificate has expired");
        assertThat(words(outer(), path(BasicReason.NOT_YET_VALID)))
                .isEqualTo("the certificate is not valid yet");
        assertThat(words(outer(), path(BasicReason.ALGORITHM_CONSTRAINED)))
                .isEqualTo("the certificate is not trusted: check failed");
        assertThat(words(outer(), new CertificateException("No name matching mx.example found")))
                .isEqualTo("the certificate is for another name than mx.example");
    }

    @Test
    void anythingElseIsToldAsItIs() {
        assertThat(words(new SSLHandshakeException("no cipher suites in common")))
                .isEqualTo("no cipher suites in common");
        assertThat(words(new SSLHandshakeException("x"), new CertificateException("odd")))
                .isEqualTo("x");
    }

    @Test
    void aChainWithoutEndEnds() {
        var first = new IllegalStateException("one");
        var second = new IllegalStateException("two", first);
        first.initCause(second);
        assertThat(TlsWords.of(first, "mx.example")).isEqualTo("one");
    }
}
