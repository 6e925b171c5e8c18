package org.posthouse.core;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Objects;

import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys that both ends of SCRAM-SHA-256 derive from a password (RFC 5802 section 3, RFC 7677).
 *
 * @param client proves the client: only who has the password knows it
 * @param server proves the server
 * @since 0.1
 */
public record ScramKeys(byte[] client, byte[] server) {
    /** Octets of a key. */
    public static final int OCTETS = 32;

    private static final String MAC = "HmacSHA256";

    /** Copies both. */
    public ScramKeys {
        client = client.clone();
        server = server.clone();
    }

    /**
     * Those of a password, which is prepared by SASLprep where that allows it. Takes as long as its
     * rounds.
     */
    public static ScramKeys of(String password, byte[] salt, int rounds) {
        String prepared = Saslprep.prepare(password).orElse(Objects.requireNonNull(password));
        var spec = new PBEKeySpec(prepared.toCharArray(), salt, rounds, OCTETS * Byte.SIZE);
        try {
            byte[] salted =
                    SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                            .generateSecret(spec)
                            .getEncoded();
            return new ScramKeys(hmac(salted, "Client Key"), hmac(salted, "Server Key"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has PBKDF2WithHmacSHA256", e);
        } finally {
            spec.clearPassword();
        }
    }

    /** HMAC-SHA-256 of a text by a key. */
    public static byte[] hmac(byte[] key, byte[] text) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(key, MAC));
            return mac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + MAC, e);
        }
    }

    /** SHA-256. */
    public static byte[] hash(byte[] octets) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(octets);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        return hmac(key, text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public String toString() {
        return "ScramKeys";
    }
}
