package org.posthouse;

import org.posthouse.core.Mailbox;
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

    /** False when it is certain that there is no such login; asked for explanations only. */
    default boolean mayExist(String login) {
        return true;
    }

    /**
     * True when the login may send with this reverse-path. By default it owns the address that it
     * is itself.
     */
    default boolean owns(String login, ReversePath path) {
        String own = Mailbox.tryParse(login).map(Mailbox::address).orElse(login);
        return path.address().equalsIgnoreCase(own);
    }

    /** Passwords in memory, in clear text: for programs that have them, and for tests. */
    static Users of(Map<String, String> passwords) {
        Map<String, String> copy = Map.copyOf(passwords);
        return new Users() {
            @Override
            public boolean check(String login, String password) {
                byte[] expected = octets(copy.getOrDefault(login, ""));
                return MessageDigest.isEqual(expected, octets(password)) && copy.containsKey(login);
            }

            @Override
            public boolean mayExist(String login) {
                return copy.containsKey(login);
            }
        };
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
