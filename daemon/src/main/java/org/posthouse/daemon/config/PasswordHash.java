package org.posthouse.daemon.config;

import com.password4j.Argon2Function;
import com.password4j.BcryptFunction;
import com.password4j.HashingFunction;

import org.jspecify.annotations.Nullable;
import org.posthouse.server.ScramSecret;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
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

    /**
     * What SCRAM needs of it; empty when that can't be had from this hash.
     *
     * @param login whose it is
     */
    Optional<ScramSecret> scram(String login) {
        return Optional.empty();
    }

    /** The password itself; empty when only a hash is kept. */
    Optional<String> plain() {
        return Optional.empty();
    }

    /** True when {@link #scram} has something. */
    boolean isForScram() {
        return false;
    }

    /** Reads {@code {SCHEME}secret}; empty when it is none that we know. */
    static Optional<PasswordHash> parse(String text) {
        int end = text.indexOf('}');
        if (!text.startsWith("{") || end < 0 || end + 1 == text.length()) {
            return Optional.empty();
        }
        String secret = text.substring(end + 1);
        try {
            return switch (text.substring(1, end)) {
                case "PLAIN" -> Optional.of(new Plain(secret));
                case "BLF-CRYPT" ->
                        Optional.of(
                                new ByLibrary(BcryptFunction.getInstanceFromHash(secret), secret));
                case "ARGON2ID" ->
                        Optional.of(
                                new ByLibrary(Argon2Function.getInstanceFromHash(secret), secret));
                case "PBKDF2" -> Optional.of(pbkdf2(secret));
                case "SCRAM-SHA-256" -> ScramSecret.parse(secret).map(Scram::new);
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
                "PBKDF2WithHmacSHA1", octets(parts[2]), rounds(parts[3]), key.length, key);
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
        /** Makes salts that tell nothing of who has a login. */
        private static final byte[] KEY = new byte[32];

        private static final int SALT_OCTETS = 16;

        static {
            new SecureRandom().nextBytes(KEY);
        }

        private final String secret;
        private volatile @Nullable ScramSecret derived;

        Plain(String secret) {
            this.secret = secret;
        }

        @Override
        boolean matches(String password) {
            return MessageDigest.isEqual(octets(secret), octets(password));
        }

        @Override
        Optional<ScramSecret> scram(String login) {
            ScramSecret known = derived;
            if (known == null) {
                byte[] salt = salt(login);
                known = ScramSecret.of(secret, salt, ScramSecret.ROUNDS);
                derived = known;
            }
            return Optional.of(known);
        }

        private static byte[] salt(String login) {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
                return Arrays.copyOf(mac.doFinal(octets(login)), SALT_OCTETS);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java has HmacSHA256", e);
            }
        }

        @Override
        Optional<String> plain() {
            return Optional.of(secret);
        }

        @Override
        boolean isForScram() {
            return true;
        }
    }

    /** What SCRAM keeps. */
    private static final class Scram extends PasswordHash {
        private final ScramSecret secret;

        Scram(ScramSecret secret) {
            this.secret = secret;
        }

        @Override
        boolean matches(String password) {
            return secret.matches(password);
        }

        @Override
        Optional<ScramSecret> scram(String login) {
            return Optional.of(secret);
        }

        @Override
        boolean isForScram() {
            return true;
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

    /** A key derived by PBKDF2 of the JDK. */
    private static final class Derived extends PasswordHash {
        private final String algorithm;
        private final byte[] salt;
        private final int rounds;
        private final int octets;
        private final byte[] expected;

        Derived(String algorithm, byte[] salt, int rounds, int octets, byte[] expected) {
            this.algorithm = algorithm;
            this.salt = salt;
            this.rounds = rounds;
            this.octets = octets;
            this.expected = expected;
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
                return MessageDigest.isEqual(expected, key);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java has " + algorithm, e);
            } finally {
                spec.clearPassword();
            }
        }
    }
}
