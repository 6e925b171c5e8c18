package org.posthouse.platform;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * Makes TLS contexts from what administrators have: PEM texts (RFC 7468). What is wrong with a text
 * is told by an {@link IllegalArgumentException} in words. A context is costly to make and
 * remembers sessions to resume: make one and keep it.
 *
 * @since 0.1
 */
public final class TlsContexts {
    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA");
    private static final String CONVERT =
            "; convert it with: openssl pkcs8 -topk8 -nocrypt -in KEY";

    private TlsContexts() {}

    /**
     * For a server, or for a client that shows a certificate; trusts what the system's Java trusts.
     *
     * @param certificateChainPem the own certificate first, then those that lead to the root
     * @param privateKeyPem the key, not encrypted: PKCS#8, or PKCS#1 (RSA), or SEC 1 (EC)
     */
    public static SSLContext fromPem(String certificateChainPem, String privateKeyPem) {
        return fromPems(List.of(new Pem(certificateChainPem, privateKeyPem)));
    }

    /**
     * A certificate with its key.
     *
     * @param chain the own certificate first, then those that lead to the root
     * @param key not encrypted: PKCS#8, or PKCS#1 (RSA), or SEC 1 (EC)
     */
    public record Pem(String chain, String key) {
        @Override
        public String toString() {
            return "Pem";
        }
    }

    /**
     * For a server with several certificates: shows the first that has the name which the client
     * asks for (RFC 6066 section 3), else the first of all.
     */
    public static SSLContext fromPems(List<Pem> pems) {
        return fromPems(pems, false);
    }

    /**
     * The same for a server that asks for the certificates of clients: takes every one, which
     * proves that the client has its key and nothing more. Who it is has to be told by its
     * fingerprint.
     */
    public static SSLContext fromPemsAsking(List<Pem> pems) {
        return fromPems(pems, true);
    }

    private static SSLContext fromPems(List<Pem> pems, boolean takesEveryPeer) {
        var keys = new NamedKeys();
        try {
            for (Pem pem : pems) {
                List<X509Certificate> chain = certificates(pem.chain());
                PrivateKey key = privateKey(pem.key());
                if (!belong(chain.getFirst().getPublicKey(), key)) {
                    throw new IllegalArgumentException(
                            "the private key does not belong to the certificate of "
                                    + chain.getFirst().getSubjectX500Principal());
                }
                requireChain(chain);
                keys.add(chain, key);
            }
            TrustManager[] trust =
                    takesEveryPeer
                            ? new TrustManager[] {new TrustEverything()}
                            : trustOf(Optional.empty());
            return context(new KeyManager[] {keys}, trust);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "certificate and private key can't be used: " + e.getMessage(), e);
        }
    }

    /** The same from the octets of two files. */
    public static SSLContext fromPem(byte[] certificateChainPem, byte[] privateKeyPem) {
        return fromPem(text(certificateChainPem), text(privateKeyPem));
    }

    /**
     * For a client that wants encryption whoever is there (RFC 7435): takes every certificate. Use
     * it with {@link TlsSettings.Client#verifyHost} false.
     */
    public static SSLContext trustAll() {
        return of(new TrustManager[] {new TrustEverything()});
    }

    /** For a client: trusts what the system's Java trusts. */
    public static SSLContext systemTrust() {
        try {
            return of(trustOf(Optional.empty()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no list of trusted authorities", e);
        }
    }

    /** For a client: trusts these certificates and what they signed, and nothing else. */
    public static SSLContext trusting(String certificatesPem) {
        try {
            KeyStore store = emptyStore();
            int number = 0;
            for (X509Certificate certificate : certificates(certificatesPem)) {
                store.setCertificateEntry("trusted" + number++, certificate);
            }
            return of(trustOf(Optional.of(store)));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("not to be trusted: " + e.getMessage(), e);
        }
    }

    /** The same from the octets of a file. */
    public static SSLContext trusting(byte[] certificatesPem) {
        return trusting(text(certificatesPem));
    }

    /** The certificates of a PEM text, in its order; at least one. */
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
            throw new IllegalArgumentException("damaged certificate: " + e.getMessage(), e);
        }
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("no certificate (BEGIN CERTIFICATE) in the text");
        }
        return chain;
    }

    private static String text(byte[] pem) {
        return new String(pem, StandardCharsets.ISO_8859_1);
    }

    private static void requireChain(List<X509Certificate> chain) {
        for (int i = 1; i < chain.size(); i++) {
            X509Certificate issued = chain.get(i - 1);
            if (!issued.getIssuerX500Principal().equals(chain.get(i).getSubjectX500Principal())) {
                throw new IllegalArgumentException(
                        "certificate %d (%s) is not from the one after it (%s)"
                                .formatted(
                                        i,
                                        issued.getSubjectX500Principal(),
                                        chain.get(i).getSubjectX500Principal()));
            }
        }
    }

    private static PrivateKey privateKey(String pem) {
        byte[] pkcs8 = pkcs8(pem);
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm)
                        .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException e) {
                // of another algorithm
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
        throw new IllegalArgumentException(
                "the private key is damaged, or neither RSA, EC nor Ed25519");
    }

    private static byte[] pkcs8(String pem) {
        List<byte[]> plain = PemText.blocks(pem, "PRIVATE KEY");
        if (!plain.isEmpty()) {
            return plain.getFirst();
        }
        if (pem.contains("ENCRYPTED")) {
            throw new IllegalArgumentException("the private key is encrypted" + CONVERT);
        }
        List<byte[]> rsa = PemText.blocks(pem, "RSA PRIVATE KEY");
        List<byte[]> ec = PemText.blocks(pem, "EC PRIVATE KEY");
        if (!rsa.isEmpty()) {
            return PemText.rsaAsPkcs8(rsa.getFirst());
        } else if (!ec.isEmpty()) {
            return PemText.ecAsPkcs8(ec.getFirst());
        } else if (pem.contains("PRIVATE KEY")) {
            throw new IllegalArgumentException("the private key has a strange form" + CONVERT);
        }
        throw new IllegalArgumentException("no private key (BEGIN PRIVATE KEY) in the text");
    }

    /** Signs with the one and verifies with the other. */
    private static boolean belong(PublicKey publicKey, PrivateKey key)
            throws GeneralSecurityException {
        if (!publicKey.getAlgorithm().equals(key.getAlgorithm())) {
            return false;
        }
        Signature signature =
                Signature.getInstance(
                        switch (key.getAlgorithm()) {
                            case "RSA" -> "SHA256withRSA";
                            case "EC" -> "SHA256withECDSA";
                            default -> key.getAlgorithm();
                        });
        byte[] sample =
                "does the key belong to the certificate".getBytes(StandardCharsets.US_ASCII);
        signature.initSign(key);
        signature.update(sample);
        byte[] signed = signature.sign();
        signature.initVerify(publicKey);
        signature.update(sample);
        return signature.verify(signed);
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

    private static SSLContext of(TrustManager[] trust) {
        try {
            return context(new KeyManager[0], trust);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java can't do TLS", e);
        }
    }

    private static SSLContext context(KeyManager[] keys, TrustManager[] trust)
            throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust, null);
        return context;
    }
}
