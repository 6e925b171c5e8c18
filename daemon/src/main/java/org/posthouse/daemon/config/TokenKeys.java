package org.posthouse.daemon.config;

import org.posthouse.daemon.config.Section.Shape;
import org.posthouse.jwt.TokenRequest;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/** The settings of access tokens that we log in with. */
final class TokenKeys {
    static final Key<String> ENDPOINT =
            Key.of(
                    "endpoint",
                    Types.text(
                            "an https address",
                            "such as \"https://login.corp.example/oauth2/token\"",
                            TokenKeys::endpoint),
                    "none, it has to be given",
                    "Who is asked for tokens. Of http addresses only those of this machine.");
    static final Key<String> CLIENT_ID =
            Key.of("client_id", Types.TEXT, "none, it has to be given", "Our name there.");
    static final Key<String> CLIENT_SECRET =
            Key.of("client_secret", Sources.SECRET, "none", "Where our secret there is.");
    static final Key<String> REFRESH_TOKEN =
            Key.of(
                    "refresh_token",
                    Sources.SECRET,
                    "none: by `client_secret`, with the grant client_credentials",
                    "Where a refresh token is. A new one that comes with an answer is used, but"
                            + " only until the next start.");
    static final Key<String> SCOPE =
            Key.of(
                    "scope",
                    Types.TEXT,
                    "none",
                    "What is asked for, such as \"https://outlook.office365.com/.default\"; words"
                            + " with a space between.");
    static final Section TOKENS =
            new Section(
                    "tokens",
                    Shape.NAMED,
                    "tokens",
                    "Access tokens of OAuth 2.0 (RFC 6749) that a route's `auth` logs in with. Each"
                            + " is kept until a minute before its end. While there is none, mail"
                            + " waits.",
                    List.of(ENDPOINT, CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN, SCOPE));

    private TokenKeys() {}

    private static Optional<String> endpoint(String text) {
        return Types.checked(text, each -> TokenRequest.checked(URI.create(each)));
    }
}
