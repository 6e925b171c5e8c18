package org.posthouse;

/**
 * Checks the tokens of OAuth 2.0 that clients log in with, by OAUTHBEARER (RFC 7628) and XOAUTH2.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface TokenVerifier {
    /**
     * Checks a token. May block; one that throws costs the client a {@code 454 4.7.0}.
     *
     * @param login whom the client wants to be; empty: whom the token names
     * @param token as it came, printable ASCII
     * @return the identity that the token proves; empty when it proves none, or another than the
     *     login
     */
    String verify(String login, String token);
}
