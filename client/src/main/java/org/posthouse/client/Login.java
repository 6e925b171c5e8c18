package org.posthouse.client;

import org.posthouse.core.AccessTokens;
import org.posthouse.core.SaslMechanism;

import java.util.Objects;
import java.util.function.Supplier;

/**
 * How to log in at a host (RFC 4954).
 *
 * @since 0.1
 */
public sealed interface Login {
    /** Not at all. */
    Login NONE = new None();

    /** Not at all. */
    record None() implements Login {}

    /**
     * With a password; printed without it.
     *
     * @param how a mechanism for passwords, or AUTO: the strongest one that is offered
     * @param user whom to log in as
     * @param secret the password itself
     * @param nonces random text for SCRAM, of visible ASCII characters but the comma
     */
    record Password(SaslMechanism how, String user, String secret, Supplier<String> nonces)
            implements Login {
        /** Checks that the mechanism is one for passwords. */
        public Password {
            Objects.requireNonNull(user);
            Objects.requireNonNull(secret);
            Objects.requireNonNull(nonces);
            if (how.isForTokens()) {
                throw new IllegalArgumentException(how.word() + " takes no password");
            }
        }

        @Override
        public String toString() {
            return how.word() + " " + user;
        }
    }

    /**
     * With an access token.
     *
     * @param how a mechanism for tokens, or AUTO: OAUTHBEARER where offered, else XOAUTH2
     * @param user whom to log in as
     * @param tokens gives tokens
     */
    record Token(SaslMechanism how, String user, AccessTokens tokens) implements Login {
        /** Checks that the mechanism is one for tokens. */
        public Token {
            Objects.requireNonNull(user);
            Objects.requireNonNull(tokens);
            if (!how.isForTokens() && how != SaslMechanism.AUTO) {
                throw new IllegalArgumentException(how.word() + " takes no token");
            }
        }

        @Override
        public String toString() {
            return how.word() + " " + user;
        }
    }
}
