package org.posthouse;

import org.posthouse.server.Mechanism;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who may log in, by a password or by a token. */
record Logins(Users users, Optional<TokenVerifier> tokens) {
    static final Logins NONE = new Logins(Users.NOBODY, Optional.empty());

    /** Where there are tokens alone, nobody is asked for a password. */
    List<Mechanism> mechanisms() {
        if (tokens.isEmpty()) {
            return users.mechanisms();
        }
        var all = new ArrayList<>(List.of(Mechanism.OAUTHBEARER, Mechanism.XOAUTH2));
        if (!users.equals(Users.NOBODY)) {
            all.addAll(users.mechanisms());
        }
        return all;
    }

    /** Tokens may name anybody. */
    boolean mayExist(String login) {
        return tokens.isPresent() || users.mayExist(login);
    }

    /** The identity that a token proves; empty for none. */
    String verify(String login, String token) {
        return tokens.map(verifier -> verifier.verify(login, token)).orElse("");
    }

    Logins withUsers(Users other) {
        return new Logins(other, tokens);
    }

    Logins withTokens(TokenVerifier verifier) {
        return new Logins(users, Optional.of(verifier));
    }
}
