/** Logins by signed tokens of OAuth 2.0: start at {@link org.posthouse.jwt.JwtVerifier}. */
@org.jspecify.annotations.NullMarked
module org.posthouse.jwt {
    requires static transitive org.jspecify;
    requires transitive org.posthouse;
    requires com.nimbusds.jose.jwt;

    exports org.posthouse.jwt;
}
