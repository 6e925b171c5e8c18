package org.posthouse.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

class TlsContextsTest {
    private static Keytool rsa;
    private static Keytool ec;

    @TempDir static Path directory;

    @BeforeAll
    static void makeKeys() throws Exception {
        rsa = Keytool.make(directory, "RSA", "dns:mx.example");
        ec = Keytool.make(directory, "EC", "dns:mx.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void readsPkcs8(String algorithm) throws Exception {
        Keytool made = Keytool.make(directory, algorithm, "dns:a.example");
        assertThat(TlsContexts.fromPem(made.certificatePem(), made.keyPem())).isNotNull();
    }

    @Test
    void readsOctetsWithTextAroundTheBlocks() throws Exception {
        byte[] chain = ("subject=x\r\n" + rsa.certificatePem() + "and more\n").getBytes();
        byte[] key = ("Bag Attributes\n" + rsa.keyPem().replace("\n", "\r\n")).getBytes();
        assertThat(TlsContexts.fromPem(chain, key)).isNotNull();
    }

    @Test
    void readsAnRsaKeyInPkcs1() throws Exception {
        byte[] pkcs8 = rsa.key().getEncoded();
        byte[] pkcs1 = Arrays.copyOfRange(pkcs8, 26, pkcs8.length); // behind the algorithm
        String pem = Keytool.pem("RSA PRIVATE KEY", pkcs1);
        assertThat(TlsContexts.fromPem(rsa.certificatePem(), pem)).isNotNull();
    }

    @Test
    void readsAnEllipticKeyAsOpensslWritesIt() throws Exception {
        String certificate = resource("sec1-certificate.pem");
        assertThat(TlsContexts.fromPem(certificate, resource("sec1-key.pem"))).isNotNull();
    }

    @Test
    void aKeyOfAnotherCertificateIsRefused() throws Exception {
        Keytool other = Keytool.make(directory, "EC", "dns:other.example");
        refuses(ec.certificatePem(), other.keyPem(), "does not belong to the certificate of CN=EC");
        refuses(ec.certificatePem(), rsa.keyPem(), "does not belong to the certificate of CN=EC");
    }

    @Test
    void tellsWhatIsWrongWithAText() throws Exception {
        String certificate = ec.certificatePem();
        String key = ec.keyPem();
        refuses("", key, "no certificate (BEGIN CERTIFICATE)");
        refuses(certificate, "", "no private key (BEGIN PRIVATE KEY)");
        refuses(certificate, certificate, "no private key (BEGIN PRIVATE KEY)");
        refuses(certificate, key.substring(0, 60), "the line -----END PRIVATE KEY----- is missing");
        refuses(certificate.substring(0, 99), key, "the line -----END CERTIFICATE----- is missing");
        refuses(
                certificate + rsa.certificatePem(),
                key,
                "certificate 1 (CN=EC) is not from the one after it (CN=RSA)");
        refuses(Keytool.pem("CERTIFICATE", new byte[20]), key, "damaged certificate");
        refuses(certificate, Keytool.pem("PRIVATE KEY", new byte[20]), "is damaged, or neither");
        refuses(certificate, Keytool.pem("EC PRIVATE KEY", new byte[20]), "is damaged");
        refuses(
                certificate,
                Keytool.pem("EC PRIVATE KEY", new byte[] {0x30, (byte) 0x83, 1}),
                "is cut short");
    }

    @Test
    void anEncryptedKeyIsRefusedWithTheWayOut() throws Exception {
        String pkcs8 = Keytool.pem("ENCRYPTED PRIVATE KEY", new byte[20]);
        refuses(ec.certificatePem(), pkcs8, "is encrypted; convert it with: openssl pkcs8");
        String old =
                Keytool.pem("RSA PRIVATE KEY", new byte[20])
                        .replaceFirst("\n", "\nProc-Type: 4,ENCRYPTED\n\n");
        refuses(rsa.certificatePem(), old, "is encrypted; convert it with: openssl pkcs8");
        String dsa = Keytool.pem("DSA PRIVATE KEY", new byte[20]);
        refuses(rsa.certificatePem(), dsa, "has a strange form; convert it");
    }

    @Test
    void whatIsTrustedMustBeACertificate() {
        assertThatThrownBy(() -> TlsContexts.trusting(new byte[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no certificate");
    }

    private static void refuses(String certificate, String key, String text) {
        assertThatThrownBy(() -> TlsContexts.fromPem(certificate, key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text);
    }

    private static String resource(String name) throws IOException {
        try (var in = TlsContextsTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
