package org.posthouse;

import org.posthouse.core.ReversePath;
import org.posthouse.server.Mechanism;
import org.posthouse.server.ScramSecret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who may log in.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface Users {
    /** Nobody. */
    Users NOBODY = (login, password) -> false;

    /** True when the password is that of the login. May block. */
    boolean check(String login, String password);

    /** For which mechanisms there is what they need; PLAIN and LOGIN need nothing more. */
    default List<Mechanism> mechanisms() {
        return List.of(Mechanism.PLAIN, Mechanism.LOGIN);
    }

    /** What is kept of a login for SCRAM; empty when there is no such login. */
    default Optional<ScramSecret> scramSecret(String login) {
        return Optional.empty();
    }

    /** The password of a login in clear text, for CRAM-MD5; empty when there is no such login. */
    default Optional<String> password(String login) {
        return Optional.empty();
    }

    /**
     * True when the login may send with this reverse-path. By default it owns the address that it
     * is itself.
     */
    default boolean owns(String login, ReversePath path) {
        return path.address().equalsIgnoreCase(login);
    }

    /** Passwords in memory, in clear text: for programs that have them, and for tests. */
    static Users of(Map<String, String> passwords) {
        Map<String, String> copy = Map.copyOf(passwords);
        return (login, password) -> {
            String expected = copy.get(login);
            return MessageDigest.isEqual(octets(expected == null ? "" : expected), octets(password))
                    && expected != null;
        };
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
