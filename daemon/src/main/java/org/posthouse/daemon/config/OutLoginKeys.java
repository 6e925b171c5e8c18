package org.posthouse.daemon.config;

import static org.posthouse.daemon.config.Model.words;

import org.posthouse.core.SaslMechanism;
import org.posthouse.daemon.config.Section.Shape;

import java.util.List;
import java.util.Optional;

/** The settings of a login at a next hop. */
final class OutLoginKeys {
    static final Key<String> USER =
            Key.of(
                    "user",
                    Types.text("a login", "without control characters", OutLoginKeys::login),
                    "none",
                    "The login.");
    static final Key<String> PASSWORD =
            Key.of("password", Sources.SECRET, "none", "Where its password is.");
    static final Key<String> TOKENS =
            Key.of(
                    "tokens",
                    Types.TEXT,
                    "none",
                    "In place of a password, the name of a [tokens.NAME] section.");
    static final Key<SaslMechanism> MECHANISM =
            Key.of(
                    "mechanism",
                    Types.choice(
                            words(
                                    "auto", SaslMechanism.AUTO,
                                    "plain", SaslMechanism.PLAIN,
                                    "login", SaslMechanism.LOGIN,
                                    "cram-md5", SaslMechanism.CRAM_MD5,
                                    "scram-sha-256", SaslMechanism.SCRAM_SHA_256,
                                    "scram-sha-256-plus", SaslMechanism.SCRAM_SHA_256_PLUS,
                                    "xoauth2", SaslMechanism.XOAUTH2,
                                    "oauthbearer", SaslMechanism.OAUTHBEARER),
                            List.of()),
                    "auto",
                    "How to log in. `auto`: the strongest that the host offers; of passwords SCRAM,"
                            + " PLAIN or LOGIN, of tokens OAUTHBEARER or XOAUTH2.");
    static final Section SECTION =
            new Section(
                    "auth",
                    Shape.INLINE,
                    "`auth` of a route",
                    "A login at the next hop. Nothing secret is sent without TLS, unless `tls` is"
                            + " `off`.",
                    List.of(MECHANISM, USER, PASSWORD, TOKENS));

    private OutLoginKeys() {}

    private static Optional<String> login(String text) {
        boolean fits = !text.isEmpty() && text.chars().noneMatch(Character::isISOControl);
        return fits ? Optional.of(text) : Optional.empty();
    }
}
