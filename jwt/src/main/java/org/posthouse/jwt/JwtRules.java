package org.posthouse.jwt;

import java.util.List;
import java.util.Optional;

/**
 * What a token must say to be a login.
 *
 * @param issuer of the tokens, {@code iss}; compared character by character
 * @param audience names of ours; one of them must stand in {@code aud}
 * @param loginClaim the claim that says who it is, such as {@code email} or {@code sub}; an {@code
 *     email} that the issuer calls not verified counts for nothing
 * @param scope a word that must stand in {@code scope} or {@code scp}; empty: none need
 * @since 0.1
 */
public record JwtRules(
        String issuer, List<String> audience, String loginClaim, Optional<String> scope) {
    /** Where the login stands unless said otherwise. */
    public static final String EMAIL = "email";

    /** Checks that nothing is empty. */
    public JwtRules {
        audience = List.copyOf(audience);
        boolean isEmpty =
                issuer.isEmpty()
                        || audience.isEmpty()
                        || audience.contains("")
                        || loginClaim.isEmpty()
                        || scope.filter(word -> word.isEmpty() || word.indexOf(' ') >= 0)
                                .isPresent();
        if (isEmpty) {
            throw new IllegalArgumentException(
                    "issuer, audience and login claim must be given, and a scope is one word");
        }
    }

    /** Tokens of an issuer for us, whose {@code email} is the login. */
    public static JwtRules of(String issuer, String audience) {
        return new JwtRules(issuer, List.of(audience), EMAIL, Optional.empty());
    }

    /** The same, with another claim that says who it is. */
    public JwtRules withLoginClaim(String claim) {
        return new JwtRules(issuer, audience, claim, scope);
    }

    /** The same, with a scope that must be there. */
    public JwtRules withScope(String word) {
        return new JwtRules(issuer, audience, loginClaim, Optional.of(word));
    }
}
