package org.posthouse.server;

import org.posthouse.core.ScramKeys;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;

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

    static final int KEY_OCTETS = ScramKeys.OCTETS;
    private static final int ROUNDS_MAX = 10_000_000;

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
        ScramKeys keys = ScramKeys.of(password, salt, rounds);
        return new ScramSecret(rounds, salt.clone(), ScramKeys.hash(keys.client()), keys.server());
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
        return !password.isEmpty() && isOfClientKey(ScramKeys.of(password, salt, rounds).client());
    }

    int rounds() {
        return rounds;
    }

    byte[] salt() {
        return salt.clone();
    }

    /** HMAC of a text by the key that proves the client. */
    byte[] clientSignature(byte[] authMessage) {
        return ScramKeys.hmac(storedKey, authMessage);
    }

    /** HMAC of a text by the key that proves the server. */
    byte[] serverSignature(byte[] authMessage) {
        return ScramKeys.hmac(serverKey, authMessage);
    }

    /** True when this is the key that only who has the password knows. */
    boolean isOfClientKey(byte[] clientKey) {
        return MessageDigest.isEqual(storedKey, ScramKeys.hash(clientKey));
    }

    @Override
    public String toString() {
        return "ScramSecret";
    }
}
