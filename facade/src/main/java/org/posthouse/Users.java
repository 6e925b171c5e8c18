package org.posthouse;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;

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
