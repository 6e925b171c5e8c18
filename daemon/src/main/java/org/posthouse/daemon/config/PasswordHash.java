package org.posthouse.daemon.config;

import com.password4j.Argon2Function;
import com.password4j.BcryptFunction;
import com.password4j.HashingFunction;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** A secret as it is kept, and the one question it answers. Never printed. */
abstract class PasswordHash {
    /** What can stand in a file. */
    static final String FORMS =
            "{PLAIN}secret, {BLF-CRYPT}$2y$…, {ARGON2ID}$argon2id$…, {PBKDF2}$1$… or"
                    + " {SCRAM-SHA-256}…";

    private static final int ITERATIONS_MAX = 10_000_000;

    /** True when the password is the one. */
    abstract boolean matches(String password);

    /** Reads {@code {SCHEME}secret}; empty when it is none that we know. */
    static Optional<PasswordHash> parse(String text) {
        int end = text.indexOf('}');
        if (!text.startsWith("{") || end < 0 || end + 1 == text.length()) {
            return Optional.empty();
        }
        String secret = text.substring(end + 1);
        try {
            return switch (text.substring(1, end)) {
                case "PLAIN" -> Optional.of(new Plain(octets(secret)));
                case "BLF-CRYPT" ->
                        Optional.of(
                                new ByLibrary(BcryptFunction.getInstanceFromHash(secret), secret));
                case "ARGON2ID" ->
                        Optional.of(
                                new ByLibrary(Argon2Function.getInstanceFromHash(secret), secret));
                case "PBKDF2" -> Optional.of(pbkdf2(secret));
                case "SCRAM-SHA-256" -> Optional.of(scram(secret));
                default -> Optional.empty();
            };
        } catch (RuntimeException e) {
            // The library has its own for every kind of broken hash.
            return Optional.empty();
        }
    }

    /** Dovecot's {@code $1$salt$rounds$hex}, by SHA-1. */
    private static PasswordHash pbkdf2(String text) {
        String[] parts = text.split("\\$", -1);
        if (parts.length != 5 || !parts[0].isEmpty() || !parts[1].equals("1")) {
            throw new IllegalArgumentException("not a PBKDF2 hash");
        }
        byte[] key = HexFormat.of().parseHex(parts[4]);
        return new Derived(
                "PBKDF2WithHmacSHA1", octets(parts[2]), rounds(parts[3]), key.length, key, false);
    }

    /** {@code rounds,salt,stored key,server key} (RFC 5802), in base 64. */
    private static PasswordHash scram(String text) {
        String[] parts = text.split(",", -1);
        if (parts.length != 4) {
            throw new IllegalArgumentException("not a SCRAM secret");
        }
        Base64.Decoder decoder = Base64.getDecoder();
        byte[] stored = decoder.decode(parts[2]);
        return new Derived(
                "PBKDF2WithHmacSHA256",
                decoder.decode(parts[1]),
                rounds(parts[0]),
                stored.length,
                stored,
                true);
    }

    private static int rounds(String text) {
        int rounds = Integer.parseInt(text);
        if (rounds < 1 || rounds > ITERATIONS_MAX) {
            throw new IllegalArgumentException("not a number of rounds");
        }
        return rounds;
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The secret itself. */
    private static final class Plain extends PasswordHash {
        private final byte[] secret;

        Plain(byte[] secret) {
            this.secret = secret;
        }

        @Override
        boolean matches(String password) {
            return MessageDigest.isEqual(secret, octets(password));
        }
    }

    /** A hash that the library knows. */
    private static final class ByLibrary extends PasswordHash {
        private final HashingFunction function;
        private final String hash;

        ByLibrary(HashingFunction function, String hash) {
            this.function = function;
            this.hash = hash;
        }

        @Override
        boolean matches(String password) {
            return function.check(password, hash);
        }
    }

    /** A key derived by PBKDF2 of the JDK; for SCRAM the hash of the client's key. */
    private static final class Derived extends PasswordHash {
        private final String algorithm;
        private final byte[] salt;
        private final int rounds;
        private final int octets;
        private final byte[] expected;
        private final boolean scram;

        Derived(
                String algorithm,
                byte[] salt,
                int rounds,
                int octets,
                byte[] expected,
                boolean scram) {
            this.algorithm = algorithm;
            this.salt = salt;
            this.rounds = rounds;
            this.octets = octets;
            this.expected = expected;
            this.scram = scram;
        }

        @Override
        boolean matches(String password) {
            if (password.isEmpty()) {
                return false;
            }
            var spec = new PBEKeySpec(password.toCharArray(), salt, rounds, octets * 8);
            try {
                byte[] key =
                        SecretKeyFactory.getInstance(algorithm).generateSecret(spec).getEncoded();
                return MessageDigest.isEqual(expected, scram ? storedKey(key) : key);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java has " + algorithm, e);
            } finally {
                spec.clearPassword();
            }
        }

        private static byte[] storedKey(byte[] salted) throws GeneralSecurityException {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(salted, "HmacSHA256"));
            byte[] clientKey = mac.doFinal(octets("Client Key"));
            byte[] stored = MessageDigest.getInstance("SHA-256").digest(clientKey);
            Arrays.fill(clientKey, (byte) 0);
            return stored;
        }
    }
}
