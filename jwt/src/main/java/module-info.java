/**
 * Logins by tokens of OAuth 2.0: signed ones of clients, start at {@link
 * org.posthouse.jwt.JwtVerifier}; and ours at next hops, start at {@link
 * org.posthouse.jwt.OAuthTokens}.
 */
@org.jspecify.annotations.NullMarked
module org.posthouse.jwt {
    requires static transitive org.jspecify;
    requires transitive org.posthouse;
    requires com.nimbusds.jose.jwt;
    requires java.net.http;

    exports org.posthouse.jwt;
}
