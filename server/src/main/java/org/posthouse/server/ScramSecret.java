package org.posthouse.server;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;

import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a server keeps of a password for SCRAM-SHA-256 (RFC 5802 section 3, RFC 7677): enough to
 * check it, not enough to log in with. Its text is that of Dovecot and others: {@code
 * rounds,salt,stored key,server key}, in base 64.
 *
 * @since 0.1
 */
public final class ScramSecret {
    /** Rounds for new secrets: OWASP asks for so many or more where the hash is slow by itself. */
    public static final int ROUNDS = 100_000;

    static final int KEY_OCTETS = 32;
    private static final int ROUNDS_MAX = 10_000_000;
    private static final String MAC = "HmacSHA256";

    private final int rounds;
    private final byte[] salt;
    private final byte[] storedKey;
    private final byte[] serverKey;

    private ScramSecret(int rounds, byte[] salt, byte[] storedKey, byte[] serverKey) {
        if (rounds < 1 || rounds > ROUNDS_MAX || salt.length == 0) {
            throw new IllegalArgumentException("not a SCRAM secret");
        }
        if (storedKey.length != KEY_OCTETS || serverKey.length != KEY_OCTETS) {
            throw new IllegalArgumentException("not a SCRAM secret");
        }
        this.rounds = rounds;
        this.salt = salt;
        this.storedKey = storedKey;
        this.serverKey = serverKey;
    }

    /**
     * Derives the secret of a password, which is prepared by SASLprep where that allows it. Takes
     * as long as its rounds.
     */
    public static ScramSecret of(String password, byte[] salt, int rounds) {
        byte[] salted = salted(password, salt, rounds);
        return new ScramSecret(
                rounds, salt.clone(), hash(hmac(salted, "Client Key")), hmac(salted, "Server Key"));
    }

    /** Of nobody: a proof never fits it. */
    static ScramSecret ofNobody(byte[] salt) {
        return new ScramSecret(ROUNDS, salt, new byte[KEY_OCTETS], new byte[KEY_OCTETS]);
    }

    /** Reads its text; empty when it is none. */
    public static Optional<ScramSecret> parse(String text) {
        String[] parts = text.split(",", -1);
        if (parts.length != 4) {
            return Optional.empty();
        }
        try {
            Base64.Decoder decoder = Base64.getDecoder();
            return Optional.of(
                    new ScramSecret(
                            Integer.parseInt(parts[0]),
                            decoder.decode(parts[1]),
                            decoder.decode(parts[2]),
                            decoder.decode(parts[3])));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Its text, for a file that nobody else reads. */
    public String text() {
        Base64.Encoder encoder = Base64.getEncoder();
        return rounds
                + ","
                + encoder.encodeToString(salt)
                + ","
                + encoder.encodeToString(storedKey)
                + ","
                + encoder.encodeToString(serverKey);
    }

    /** True when the password is the one. Takes as long as its rounds. */
    public boolean matches(String password) {
        return !password.isEmpty()
                && isOfClientKey(hmac(salted(password, salt, rounds), "Client Key"));
    }

    int rounds() {
        return rounds;
    }

    byte[] salt() {
        return salt.clone();
    }

    /** HMAC of a text by the key that proves the client. */
    byte[] clientSignature(byte[] authMessage) {
        return hmac(storedKey, authMessage);
    }

    /** HMAC of a text by the key that proves the server. */
    byte[] serverSignature(byte[] authMessage) {
        return hmac(serverKey, authMessage);
    }

    /** True when this is the key that only who has the password knows. */
    boolean isOfClientKey(byte[] clientKey) {
        return MessageDigest.isEqual(storedKey, hash(clientKey));
    }

    @Override
    public String toString() {
        return "ScramSecret";
    }

    private static byte[] salted(String password, byte[] salt, int rounds) {
        String prepared = Saslprep.prepare(password).orElse(Objects.requireNonNull(password));
        var spec = new PBEKeySpec(prepared.toCharArray(), salt, rounds, KEY_OCTETS * Byte.SIZE);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has PBKDF2WithHmacSHA256", e);
        } finally {
            spec.clearPassword();
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        return hmac(key, text.getBytes(StandardCharsets.US_ASCII));
    }

    static byte[] hmac(byte[] key, byte[] text) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(key, MAC));
            return mac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + MAC, e);
        }
    }

    private static byte[] hash(byte[] octets) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(octets);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
