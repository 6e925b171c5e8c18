package org.posthouse.core;

import java.util.Objects;

/**
 * Gives access tokens of OAuth 2.0 (RFC 6749) for logins at next hops. Asked by any thread, at each
 * login; keeps a token as long as it is good, and never tells it to a log.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface AccessTokens {
    /**
     * A token that is good for some time. May block, and ends early when its thread is interrupted.
     *
     * @param refused one that a host did not take a moment ago: another is wanted; empty: none
     */
    Given token(String refused);

    /** What came of it. */
    sealed interface Given {
        /**
         * A token.
         *
         * @param value of visible ASCII characters
         * @param fresh made for this very question: there is no better one
         */
        record Token(String value, boolean fresh) implements Given {
            /** Checks that nothing else gets on the wire. */
            public Token {
                if (value.isEmpty() || value.chars().anyMatch(c -> c <= ' ' || c > '~')) {
                    throw new IllegalArgumentException("not an access token");
                }
            }

            @Override
            public String toString() {
                return "Token";
            }
        }

        /** None, for now; why, in words for an operator. */
        record None(String why) implements Given {
            /** Checks that nothing is missing. */
            public None {
                Objects.requireNonNull(why);
            }
        }
    }
}
