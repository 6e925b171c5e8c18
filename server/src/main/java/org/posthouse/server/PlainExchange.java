package org.posthouse.server;

import java.util.Optional;

/**
 * PLAIN (RFC 4616): {@code [authzid] NUL authcid NUL passwd} in UTF-8. Nobody acts for somebody
 * else here: an authorization identity other than the login itself is refused.
 */
final class PlainExchange implements SaslExchange {
    @Override
    public Step begin() {
        return new Step.Challenge(new byte[0]);
    }

    @Override
    public Step answer(byte[] response) {
        int first = indexOfNul(response, 0);
        int second = indexOfNul(response, first + 1);
        if (first < 0 || second < 0 || indexOfNul(response, second + 1) >= 0) {
            return new Step.Broken();
        }
        Optional<String> authzid = Utf8.decode(response, 0, first);
        Optional<String> authcid = Utf8.decode(response, first + 1, second);
        Optional<String> password = Utf8.decode(response, second + 1, response.length);
        if (authzid.isEmpty() || authcid.isEmpty() || password.isEmpty()) {
            return new Step.Broken();
        }
        String login = authcid.get();
        if (login.isEmpty() || password.get().isEmpty()) {
            return new Step.Refused(login);
        }
        boolean own = authzid.get().isEmpty() || authzid.get().equals(login);
        return own
                ? new Step.Check(new Credentials(login, password.get()))
                : new Step.Refused(login);
    }

    private static int indexOfNul(byte[] octets, int from) {
        for (int i = from; i < octets.length; i++) {
            if (octets[i] == 0) {
                return i;
            }
        }
        return -1;
    }
}
