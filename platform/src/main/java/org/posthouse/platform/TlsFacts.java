package org.posthouse.platform;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * What a TLS handshake agreed on.
 *
 * @param version for example {@code TLSv1.3}
 * @param cipher the suite's name
 * @param peer the other side's chain, its own certificate first; empty when it showed none
 * @param own the certificate that this side showed; empty when it showed none
 * @since 0.1
 */
public record TlsFacts(
        String version, String cipher, List<X509Certificate> peer, Optional<X509Certificate> own) {
    /** Copies the chain. */
    public TlsFacts {
        Objects.requireNonNull(own);
        Objects.requireNonNull(version);
        Objects.requireNonNull(cipher);
        peer = List.copyOf(peer);
    }

    /** The certificate that the other side showed as its own; empty when it showed none. */
    public Optional<X509Certificate> peerCertificate() {
        return peer.stream().findFirst();
    }

    /** The same, as if the other side had shown no certificate. */
    public TlsFacts withoutPeer() {
        return new TlsFacts(version, cipher, List.of(), own);
    }

    /** SHA-256 of {@link #peerCertificate} in lower case hex; empty when there is none. */
    public String peerFingerprint() {
        return peerCertificate().map(TlsFacts::fingerprint).orElse("");
    }

    /**
     * The binding tls-server-end-point (RFC 5929 section 4): the hash of a server's certificate, by
     * the hash of its signature, or by SHA-256 where that is MD5 or SHA-1 or has none.
     */
    public static byte[] endPoint(X509Certificate certificate) {
        String signature = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        String hash = "SHA-256";
        if (signature.startsWith("SHA384")) {
            hash = "SHA-384";
        } else if (signature.startsWith("SHA512")) {
            hash = "SHA-512";
        }
        try {
            return MessageDigest.getInstance(hash).digest(certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate can't be hashed", e);
        }
    }

    private static String fingerprint(X509Certificate certificate) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return HexFormat.of().formatHex(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate can't be hashed", e);
        }
    }
}
