package org.posthouse.daemon.config;

import org.posthouse.daemon.config.Section.Shape;
import org.posthouse.jwt.KeySet;
import org.posthouse.server.Lockout;
import org.posthouse.server.Mechanism;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The settings of logins. */
final class LoginKeys {
    static final Key<Path> USERS =
            Key.of(
                    "users",
                    Sources.FILE,
                    "nobody can log in",
                    "Lines `login:{SCHEME}secret`; schemes PLAIN, BLF-CRYPT, ARGON2ID, PBKDF2 and"
                        + " SCRAM-SHA-256. `::::::send_as=a@b.example,*@c.example` behind it names"
                        + " addresses of the login's own. `posthouse user` writes it.");
    static final Key<List<Mechanism>> MECHANISMS =
            Key.of(
                    "mechanisms",
                    Types.MECHANISMS,
                    "all but CRAM-MD5",
                    "What is offered, as far as every secret in the users' file is of use for it:"
                            + " SCRAM-SHA-256 needs that scheme or PLAIN, CRAM-MD5 needs PLAIN;"
                            + " OAUTHBEARER and XOAUTH2 need [oauth].");
    static final Key<Lockout> LOCKOUT =
            Key.of(
                    "lockout",
                    Types.LOCKOUT,
                    "10 in 10m, but for clients of this machine",
                    "So many wrong logins within so long lock out the client and the login until"
                            + " that time is over; not `clients_exempt`.");

    static final Key<String> ISSUER =
            Key.of(
                    "issuer",
                    Types.TEXT,
                    "no tokens are taken",
                    "Who signs the tokens: their `iss`, character by character.");
    static final Key<List<String>> AUDIENCE =
            Key.of(
                    "audience",
                    Types.some("a list of names", Types.TEXT),
                    "none, it has to be given",
                    "Our names at the issuer; one of them must stand in the token's `aud`.");
    static final Key<KeySet> OAUTH_KEYS =
            Key.of(
                    "keys",
                    Sources.KEYS,
                    "none, it has to be given",
                    "The issuer's public keys, a JSON Web Key Set (RFC 7517): an address, asked"
                        + " every five minutes and for an unknown key; or a file, read again when"
                        + " it has changed. Of http addresses only those of this machine.");
    static final Key<String> LOGIN_CLAIM =
            Key.of(
                    "login_claim",
                    Types.TEXT,
                    "email",
                    "The claim that says who has logged in, such as `sub` or `preferred_username`."
                            + " An `email` that is not verified is nobody's.");
    static final Key<String> SCOPE =
            Key.of(
                    "scope",
                    Types.text(
                            "a scope",
                            "one word, such as \"mail.send\"",
                            text ->
                                    text.isEmpty() || text.indexOf(' ') >= 0
                                            ? Optional.empty()
                                            : Optional.of(text)),
                    "none",
                    "What the token must allow, in its `scope` or `scp`.");

    static final Section AUTHENTICATION =
            new Section(
                    "auth",
                    Shape.SINGLE,
                    "[auth]",
                    "Who may log in.",
                    List.of(USERS, MECHANISMS, LOCKOUT));
    static final Section OAUTH =
            new Section(
                    "oauth",
                    Shape.SINGLE,
                    "[oauth]",
                    "Logins by signed tokens of OAuth 2.0 (JSON Web Tokens, RFC 7519), with"
                            + " OAUTHBEARER and XOAUTH2.",
                    List.of(ISSUER, AUDIENCE, OAUTH_KEYS, LOGIN_CLAIM, SCOPE));

    private LoginKeys() {}
}
