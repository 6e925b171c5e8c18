package org.posthouse.jwt;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What an authorization server is asked for a token: a value; printed without what is secret.
 *
 * @since 0.1
 */
public final class TokenRequest {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final URI endpoint;
    private final Map<String, String> form;

    private TokenRequest(URI endpoint, Map<String, String> form) {
        this.endpoint = endpoint;
        this.form = form;
    }

    /**
     * By the client's own credentials (RFC 6749 section 4.4).
     *
     * @param endpoint {@code https}; or {@code http} of this machine
     * @param scope words with a space between; empty for none
     * @throws IllegalArgumentException for another address
     */
    public static TokenRequest byClientCredentials(
            URI endpoint, String clientId, String clientSecret, String scope) {
        return of(endpoint, "client_credentials", clientId, clientSecret, "", scope);
    }

    /**
     * By a refresh token (section 6).
     *
     * @param endpoint {@code https}; or {@code http} of this machine
     * @param clientSecret empty for a client without one
     * @param scope words with a space between; empty for none
     * @throws IllegalArgumentException for another address
     */
    public static TokenRequest byRefreshToken(
            URI endpoint, String clientId, String clientSecret, String refreshToken, String scope) {
        return of(endpoint, "refresh_token", clientId, clientSecret, refreshToken, scope);
    }

    private static TokenRequest of(
            URI endpoint,
            String grant,
            String clientId,
            String clientSecret,
            String refreshToken,
            String scope) {
        var form = new LinkedHashMap<String, String>();
        form.put("grant_type", grant);
        form.put("client_id", Objects.requireNonNull(clientId));
        putIfGiven(form, "client_secret", clientSecret);
        putIfGiven(form, "refresh_token", refreshToken);
        putIfGiven(form, "scope", scope);
        return new TokenRequest(checked(endpoint), form);
    }

    /**
     * Checks an address that secrets are sent to.
     *
     * @throws IllegalArgumentException where others could read them
     */
    public static URI checked(URI endpoint) {
        String scheme = String.valueOf(endpoint.getScheme());
        boolean isLocal =
                scheme.equals("http") && LOOPBACK.contains(String.valueOf(endpoint.getHost()));
        if (endpoint.getHost() == null || !(scheme.equals("https") || isLocal)) {
            throw new IllegalArgumentException("no https address with a host: " + endpoint);
        }
        return endpoint;
    }

    private static void putIfGiven(Map<String, String> form, String name, String value) {
        if (!value.isEmpty()) {
            form.put(name, value);
        }
    }

    /** The same with another refresh token, where it is asked with one. */
    TokenRequest refreshedBy(String refreshToken) {
        if (!form.containsKey("refresh_token")) {
            return this;
        }
        var next = new LinkedHashMap<>(form);
        next.put("refresh_token", refreshToken);
        return new TokenRequest(endpoint, next);
    }

    URI endpoint() {
        return endpoint;
    }

    Map<String, String> form() {
        return form;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TokenRequest that
                && endpoint.equals(that.endpoint)
                && form.equals(that.form);
    }

    @Override
    public int hashCode() {
        return Objects.hash(endpoint, form);
    }

    @Override
    public String toString() {
        return "TokenRequest[" + endpoint + "]";
    }
}
