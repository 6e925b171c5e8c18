package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;

class SelfSignedTest {
    @ParameterizedTest
    @CsvSource({
        "mail.shop.example, 2026-12-31T23:59:59Z",
        "x, 2048-06-01T00:00:00Z", // ends when years have four digits
        "a23456789012345678901234567890123456789012345678901234567890.a23456789.example,"
                + " 2060-01-01T00:00:00Z",
    })
    void itIsACertificateOfItsKeyForItsHost(String host, Instant now) throws Exception {
        SelfSigned made;
        try (JdkPlatform platform = JdkPlatform.create(DnsSettings.servers(List.of()))) {
            made = SelfSigned.make(host, now, platform.entropy());
        }
        var read =
                (X509Certificate)
                        CertificateFactory.getInstance("X.509")
                                .generateCertificate(
                                        new ByteArrayInputStream(
                                                made.chain().getBytes(StandardCharsets.US_ASCII)));
        read.verify(read.getPublicKey());
        read.checkValidity(Date.from(now));
        read.checkValidity(Date.from(now.plus(Duration.ofDays(800))));
        assertThat(read.getNotAfter().toInstant()).isEqualTo(now.plus(Duration.ofDays(800)));
        assertThat(read.getSubjectAlternativeNames()).containsExactly(List.of(2, host));
        String key = made.key().replaceAll("-----[A-Z ]+-----|\\s", "");
        PrivateKey own =
                KeyFactory.getInstance("EC")
                        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(key)));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(own);
        byte[] signed = signature.sign();
        signature.initVerify(read.getPublicKey());
        assertThat(signature.verify(signed)).isTrue();
    }
}
