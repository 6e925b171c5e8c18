package org.posthouse.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

import jakarta.mail.AuthenticationFailedException;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;

/** Mail clients log in with tokens of an issuer. */
@Tag("interop")
class TokenLoginTest {
    private static final String LOGIN = "ada@shop.example";
    private static final String OAUTH =
            """
            [oauth]
            issuer = "https://login.shop.example"
            audience = ["mail"]
            keys = "file:keys.json"
            """;

    @TempDir Path folder;

    @Test
    void jakartaMailAndMsmtp() throws Exception {
        SubmissionTest.credentials(folder);
        RSAKey key = new RSAKeyGenerator(2048).keyID("one").generate();
        Files.writeString(folder.resolve("keys.json"), new JWKSet(key).toString(true));
        String configuration =
                SubmissionTest.SUBMISSION.replace("[auth]\nusers = \"file:users\"\n", OAUTH);
        try (DaemonProcess daemon = DaemonProcess.start(folder, configuration)) {
            String token = token(key, Instant.now().plusSeconds(600));
            String expired = token(key, Instant.now().minusSeconds(600));
            new JakartaMail(daemon.port(), "XOAUTH2").send(LOGIN, token, "bob");
            assertThatThrownBy(
                            () ->
                                    new JakartaMail(daemon.port(), "XOAUTH2")
                                            .send(LOGIN, expired, "bob"))
                    .isInstanceOf(AuthenticationFailedException.class);
            daemon.maildir("shop.example", "bob").await(1, daemon::log);

            SubProcess refused =
                    Programs.msmtp(folder, daemon.port(), "oauthbearer", LOGIN, expired, "bob");
            assertThat(refused.exitCode()).as(refused.text()).isNotZero();
            assertThat(refused.text()).contains("535 5.7.8");
            SubProcess sent =
                    Programs.msmtp(folder, daemon.port(), "oauthbearer", LOGIN, token, "bob");
            assertThat(sent.exitCode()).as(sent.text() + daemon.log()).isZero();
            String message = daemon.maildir("shop.example", "bob").await(2, daemon::log).getLast();
            assertThat(message).contains("with ESMTPSA");
            assertThat(daemon.log()).contains("login-failed").doesNotContain(token, expired);
        }
    }

    private static String token(RSAKey key, Instant end) throws Exception {
        var token =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("one").build(),
                        new JWTClaimsSet.Builder()
                                .issuer("https://login.shop.example")
                                .audience("mail")
                                .claim("email", "ada@shop.example")
                                .expirationTime(Date.from(end))
                                .build());
        token.sign(new RSASSASigner(key));
        return token.serialize();
    }
}
