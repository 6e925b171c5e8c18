package org.posthouse.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.Properties;

/** Mail clients log in with tokens of an issuer. */
@Tag("interop")
class TokenLoginTest {
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
            jakartaMail(daemon.port(), token);
            assertThatThrownBy(() -> jakartaMail(daemon.port(), expired))
                    .isInstanceOf(AuthenticationFailedException.class);
            daemon.maildir("shop.example", "bob").await(1, daemon::log);

            SubProcess refused = msmtp(daemon.port(), expired);
            assertThat(refused.exitCode()).as(refused.text()).isNotZero();
            assertThat(refused.text()).contains("535 5.7.8");
            SubProcess sent = msmtp(daemon.port(), token);
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

    private static void jakartaMail(int port, String token) throws MessagingException {
        var properties = new Properties();
        properties.put("mail.smtp.host", "127.0.0.1");
        properties.put("mail.smtp.port", Integer.toString(port));
        properties.put("mail.smtp.auth", "true");
        properties.put("mail.smtp.auth.mechanisms", "XOAUTH2");
        properties.put("mail.smtp.starttls.enable", "true");
        properties.put("mail.smtp.starttls.required", "true");
        properties.put("mail.smtp.ssl.trust", "*");
        properties.put("mail.smtp.ssl.checkserveridentity", "false");
        Session session = Session.getInstance(properties);
        var message = new MimeMessage(session);
        message.setFrom("ada@shop.example");
        message.setRecipients(Message.RecipientType.TO, "bob@shop.example");
        message.setSubject("by token");
        message.setText("hello");
        Transport.send(message, "ada@shop.example", token);
    }

    private SubProcess msmtp(int port, String token) throws IOException {
        String msmtp = SubProcess.find("/usr/bin/msmtp");
        assumeFalse(msmtp.isEmpty(), "msmtp is not installed");
        Files.writeString(folder.resolve("token"), token);
        return SubProcess.run(
                folder,
                "/bin/sh",
                "-c",
                ("printf 'Subject: by token\\r\\n\\r\\nhello\\r\\n' | msmtp --file=/dev/null"
                                + " --host=localhost --port=%d --auth=oauthbearer"
                                + " --user=ada@shop.example --passwordeval='cat token' --tls=on"
                                + " --tls-starttls=on --tls-trust-file=mail.pem"
                                + " --from=ada@shop.example bob@shop.example")
                        .formatted(port));
    }
}
