package org.posthouse.server;

/**
 * The server's side of one SASL exchange (RFC 4422 section 3), as a decider: answers go in, the
 * next step comes out, nothing waits in here.
 */
interface SaslExchange {
    /** The first step when the client sent no initial response. */
    Step begin();

    /** The step after an answer of the client, decoded. */
    Step answer(byte[] response);

    /** False when the mechanism begins with a challenge, always. */
    default boolean takesInitialResponse() {
        return true;
    }

    /** What comes next. */
    sealed interface Step {
        /** Ask the client. */
        record Challenge(byte[] octets) implements Step {}

        /** All was said: these are to be checked. */
        record Check(Credentials credentials) implements Step {}

        /**
         * The same with a token.
         *
         * @param login whom the client wants to be; empty: whom the token names
         * @param failure the challenge that tells of a token that is no good
         */
        record CheckToken(String login, String token, byte[] failure) implements Step {
            @Override
            public String toString() {
                return "CheckToken";
            }
        }

        /** The answer breaks the mechanism's syntax. */
        record Broken() implements Step {}

        /** The mechanism itself has shown that the client is this one. */
        record Proved(String login) implements Step {}

        /**
         * The answer is understood and not allowed.
         *
         * @param login who it was about; empty when that is not known
         */
        record Refused(String login) implements Step {}
    }
}
