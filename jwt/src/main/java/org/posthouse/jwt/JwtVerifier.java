package org.posthouse.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;

import org.jspecify.annotations.Nullable;
import org.posthouse.TokenVerifier;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Checks JSON Web Tokens (RFC 7519) that an issuer has signed (RS256 to 512, PS256 to 512, ES256 to
 * 512; never by a shared secret, never unsigned): issuer, audience, login claim and scope as the
 * rules say, and the times with a minute of grace; a token without an end counts for nothing. Why
 * one was refused is logged at {@code DEBUG}.
 *
 * <pre>{@code
 * builder.tokens(
 *         new JwtVerifier(
 *                 JwtRules.of("https://login.shop.example", "mail"),
 *                 KeySet.at(URI.create("https://login.shop.example/keys"))));
 * }</pre>
 *
 * @since 0.1
 */
public final class JwtVerifier implements TokenVerifier {
    private static final Logger LOG = System.getLogger(JwtVerifier.class.getName());
    private static final int LOGIN_MAX = 255;
    private static final Set<JWSAlgorithm> ALGORITHMS =
            Set.of(
                    JWSAlgorithm.RS256,
                    JWSAlgorithm.RS384,
                    JWSAlgorithm.RS512,
                    JWSAlgorithm.PS256,
                    JWSAlgorithm.PS384,
                    JWSAlgorithm.PS512,
                    JWSAlgorithm.ES256,
                    JWSAlgorithm.ES384,
                    JWSAlgorithm.ES512);

    private final JwtRules rules;
    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

    /** Checks by rules and keys. */
    public JwtVerifier(JwtRules rules, KeySet keys) {
        this(rules, keys, InstantSource.system());
    }

    JwtVerifier(JwtRules rules, KeySet keys, InstantSource clock) {
        this.rules = rules;
        // RFC 9068 has "at+jwt" for access tokens; older issuers say "JWT" or nothing.
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(
                        JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys.source()));
        processor.setJWTClaimsSetVerifier(
                new DefaultJWTClaimsVerifier<>(
                        new HashSet<>(rules.audience()),
                        new JWTClaimsSet.Builder().issuer(rules.issuer()).build(),
                        Set.of("exp", rules.loginClaim()),
                        Set.of()) {
                    @Override
                    protected Date currentTime() {
                        return Date.from(clock.instant());
                    }
                });
    }

    /**
     * Checks a token.
     *
     * @return the login claim; empty when the token is not good, or of someone else
     * @throws IllegalStateException when the keys can't be had
     */
    @Override
    public String verify(String login, String token) {
        String why;
        try {
            JWTClaimsSet claims = processor.process(token, null);
            String named = named(claims);
            if (named.isEmpty()) {
                why = "it names nobody";
            } else if (!login.isEmpty() && !login.equalsIgnoreCase(named)) {
                why = "it is of " + named;
            } else if (!hasScope(claims)) {
                why = "it has not the scope " + rules.scope().orElse("");
            } else {
                return named;
            }
        } catch (KeySourceException e) {
            throw new IllegalStateException("the issuer's keys can't be had", e);
        } catch (ParseException | BadJOSEException | JOSEException e) {
            why = e.getMessage();
        }
        LOG.log(Level.DEBUG, "token of {0} refused: {1}", login, why);
        return "";
    }

    /** Who the token is of; empty for nobody. */
    private String named(JWTClaimsSet claims) {
        boolean isEmail = rules.loginClaim().equals(JwtRules.EMAIL);
        if (isEmail && "false".equals(String.valueOf(claims.getClaim("email_verified")))) {
            return "";
        }
        if (!(claims.getClaim(rules.loginClaim()) instanceof String text)) {
            return "";
        }
        boolean isLogin =
                text.length() <= LOGIN_MAX
                        && text.codePoints()
                                .noneMatch(c -> Character.isWhitespace(c) || isHidden(c));
        return isLogin ? text : "";
    }

    private static boolean isHidden(int c) {
        int type = Character.getType(c);
        return type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.UNASSIGNED
                || type == Character.SURROGATE
                || Character.isSpaceChar(c);
    }

    /** {@code scope} has words in one text (RFC 9068); some issuers write them to {@code scp}. */
    private boolean hasScope(JWTClaimsSet claims) {
        return rules.scope()
                .map(
                        word ->
                                has(claims.getClaim("scope"), word)
                                        || has(claims.getClaim("scp"), word))
                .orElse(true);
    }

    private static boolean has(@Nullable Object claim, String word) {
        if (claim instanceof Collection<?> words) {
            return words.contains(word);
        }
        return claim instanceof String text && List.of(text.split(" ", -1)).contains(word);
    }
}
