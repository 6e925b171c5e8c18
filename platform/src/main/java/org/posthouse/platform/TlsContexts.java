package org.posthouse.platform;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * Makes TLS contexts from what administrators have: PEM texts. What is wrong with a text is told by
 * an {@link IllegalArgumentException} in words.
 *
 * @since 0.1
 */
public final class TlsContexts {
    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");

    private TlsContexts() {}

    /**
     * For a server, or a client that shows a certificate.
     *
     * @param certificateChainPem the own certificate first, then those that lead to the root
     * @param privateKeyPem the key: PKCS#8 ({@code BEGIN PRIVATE KEY}) or RSA's PKCS#1
     */
    public static SSLContext fromPem(String certificateChainPem, String privateKeyPem) {
        List<X509Certificate> chain = certificates(certificateChainPem);
        PrivateKey key = privateKey(privateKeyPem);
        if (!chain.getFirst().getPublicKey().getAlgorithm().equals(key.getAlgorithm())) {
            throw new IllegalArgumentException(
                    "the key ("
                            + key.getAlgorithm()
                            + ") does not belong to the certificate ("
                            + chain.getFirst().getPublicKey().getAlgorithm()
                            + ")");
        }
        try {
            return context(keyManagers(chain, key), trustOf(Optional.empty()));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(
                    "certificate and key do not fit: " + e.getMessage(), e);
        }
    }

    /** For a client: trusts what the system's Java trusts. */
    public static SSLContext systemTrust() {
        try {
            return context(new KeyManager[0], trustOf(Optional.empty()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For a client: trusts these certificates and what they signed. */
    public static SSLContext fromTrustPem(String certificatesPem) {
        try {
            KeyStore store = emptyStore();
            int number = 0;
            for (X509Certificate certificate : certificates(certificatesPem)) {
                store.setCertificateEntry("trusted" + number++, certificate);
            }
            return context(new KeyManager[0], trustOf(Optional.of(store)));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("not to be trusted: " + e.getMessage(), e);
        }
    }

    /** For a client that wants encryption whoever is there: trusts every certificate. */
    public static SSLContext trustAll() {
        try {
            return context(new KeyManager[0], new TrustManager[] {new TrustEverything()});
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The certificates of a PEM text, in its order. */
    public static List<X509Certificate> certificates(String pem) {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (byte[] der : PemText.blocks(pem, "CERTIFICATE")) {
                Certificate certificate =
                        factory.generateCertificate(new ByteArrayInputStream(der));
                chain.add((X509Certificate) certificate);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not a certificate: " + e.getMessage(), e);
        }
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("no certificate (BEGIN CERTIFICATE) in the text");
        }
        return chain;
    }

    private static PrivateKey privateKey(String pem) {
        List<byte[]> keys = new ArrayList<>(PemText.blocks(pem, "PRIVATE KEY"));
        PemText.blocks(pem, "RSA PRIVATE KEY").forEach(der -> keys.add(PemText.rsaAsPkcs8(der)));
        if (keys.isEmpty()) {
            throw new IllegalArgumentException(
                    pem.contains("PRIVATE KEY")
                            ? "the key is encrypted or of another form; convert it with:"
                                    + " openssl pkcs8 -topk8 -nocrypt -in KEY"
                            : "no private key (BEGIN PRIVATE KEY) in the text");
        }
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm)
                        .generatePrivate(new PKCS8EncodedKeySpec(keys.getFirst()));
            } catch (InvalidKeySpecException e) {
                // of another algorithm
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
        throw new IllegalArgumentException("the private key can't be read");
    }

    private static KeyManager[] keyManagers(List<X509Certificate> chain, PrivateKey key)
            throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        char[] none = new char[0];
        store.setKeyEntry("own", key, none, chain.toArray(Certificate[]::new));
        KeyManagerFactory factory =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, none);
        return factory.getKeyManagers();
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static TrustManager[] trustOf(Optional<KeyStore> store)
            throws GeneralSecurityException {
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store.orElse(null));
        return factory.getTrustManagers();
    }

    private static SSLContext context(KeyManager[] keys, TrustManager[] trust)
            throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust, null);
        return context;
    }
}
