package org.posthouse.relay;

import org.posthouse.platform.Dns.Tlsa;
import org.posthouse.platform.TlsContexts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Certificates of the folder {@code dane}: ca issued inter, and that mx1 (mx1.x.example) and domain
 * (x.example); stranger (mx1.x.example) is its own.
 */
final class Certificates {
    private Certificates() {}

    static X509Certificate[] chain(String... names) {
        return Arrays.stream(names).map(Certificates::certificate).toArray(X509Certificate[]::new);
    }

    /** The record that names the SHA-256 of a public key. */
    static Tlsa tlsa(int usage, String name) {
        try {
            byte[] key = certificate(name).getPublicKey().getEncoded();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key);
            return new Tlsa(usage, 1, 1, HexFormat.of().formatHex(digest));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Certificate certificate(String name) {
        try (var in = Certificates.class.getResourceAsStream("dane/" + name + ".pem")) {
            String pem = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return TlsContexts.certificates(pem).getFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
