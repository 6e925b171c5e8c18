package org.posthouse.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.function.UnaryOperator;

/** Which tokens are a login. */
class JwtVerifierTest {
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    private static final JwtRules RULES = JwtRules.of("https://login.shop.example", "mail");

    private static RSAKey rsa;
    private static RSAKey otherRsa;
    private static ECKey ec;

    @TempDir Path folder;
    private Path file;
    private JwtVerifier verifier;

    @BeforeAll
    static void keys() throws Exception {
        rsa = new RSAKeyGenerator(2048).keyID("one").generate();
        otherRsa = new RSAKeyGenerator(2048).keyID("one").generate();
        ec = new ECKeyGenerator(Curve.P_256).keyID("two").generate();
    }

    @BeforeEach
    void rules() throws IOException {
        file = folder.resolve("keys.json");
        Files.writeString(file, keySet(rsa, ec));
        verifier = verifier(RULES);
    }

    private JwtVerifier verifier(JwtRules rules) throws IOException {
        return new JwtVerifier(rules, KeySet.inFile(file), () -> NOW);
    }

    private static String keySet(JWK... keys) {
        return new JWKSet(List.of(keys)).toString(true);
    }

    private static JWTClaimsSet.Builder good() {
        return new JWTClaimsSet.Builder()
                .issuer("https://login.shop.example")
                .audience("mail")
                .claim("email", "ada@shop.example")
                .expirationTime(Date.from(NOW.plusSeconds(3600)));
    }

    private static String signed(
            JWSAlgorithm algorithm, JOSEObjectType type, JWSSigner signer, JWTClaimsSet claims)
            throws Exception {
        String kid = signer instanceof ECDSASigner ? "two" : "one";
        var header = new JWSHeader.Builder(algorithm).keyID(kid).type(type).build();
        var token = new SignedJWT(header, claims);
        token.sign(signer);
        return token.serialize();
    }

    private static String rsa(JWTClaimsSet claims) throws Exception {
        return signed(JWSAlgorithm.RS256, JOSEObjectType.JWT, new RSASSASigner(rsa), claims);
    }

    private String verdict(UnaryOperator<JWTClaimsSet.Builder> change) throws Exception {
        return verifier.verify("", rsa(change.apply(good()).build()));
    }

    @Test
    void tokenThatFitsIsItsLogin() throws Exception {
        String token = rsa(good().build());

        assertThat(verifier.verify("ada@shop.example", token)).isEqualTo("ada@shop.example");
        assertThat(verifier.verify("Ada@Shop.Example", token)).isEqualTo("ada@shop.example");
        assertThat(verifier.verify("", token)).isEqualTo("ada@shop.example");
        assertThat(verifier.verify("bob@shop.example", token)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
    void everyWayToSignByRsa(String algorithm) throws Exception {
        String token =
                signed(
                        JWSAlgorithm.parse(algorithm),
                        new JOSEObjectType("at+jwt"),
                        new RSASSASigner(rsa),
                        good().build());

        assertThat(verifier.verify("", token)).isEqualTo("ada@shop.example");
    }

    @Test
    void ellipticCurve() throws Exception {
        String token = signed(JWSAlgorithm.ES256, null, new ECDSASigner(ec), good().build());

        assertThat(verifier.verify("", token)).isEqualTo("ada@shop.example");
    }

    @Test
    void timesHaveAMinuteOfGrace() throws Exception {
        assertThat(verdict(b -> b.expirationTime(Date.from(NOW.minusSeconds(59))))).isNotEmpty();
        assertThat(verdict(b -> b.expirationTime(Date.from(NOW.minusSeconds(61))))).isEmpty();
        assertThat(verdict(b -> b.notBeforeTime(Date.from(NOW.plusSeconds(59))))).isNotEmpty();
        assertThat(verdict(b -> b.notBeforeTime(Date.from(NOW.plusSeconds(61))))).isEmpty();
        assertThat(verdict(b -> b.expirationTime(null))).isEmpty();
    }

    @Test
    void issuerAndAudience() throws Exception {
        assertThat(verdict(b -> b.issuer("https://login.shop.example/"))).isEmpty();
        assertThat(verdict(b -> b.issuer(null))).isEmpty();
        assertThat(verdict(b -> b.audience("mails"))).isEmpty();
        assertThat(verdict(b -> b.audience((String) null))).isEmpty();
        assertThat(verdict(b -> b.audience(List.of("web", "mail")))).isNotEmpty();
    }

    @Test
    void claimThatNamesNobody() throws Exception {
        assertThat(verdict(b -> b.claim("email", null))).isEmpty();
        assertThat(verdict(b -> b.claim("email", ""))).isEmpty();
        assertThat(verdict(b -> b.claim("email", 7))).isEmpty();
        assertThat(verdict(b -> b.claim("email", List.of("ada@shop.example")))).isEmpty();
        assertThat(verdict(b -> b.claim("email", "ada@shop.example\r\nX: y"))).isEmpty();
        assertThat(verdict(b -> b.claim("email", "ada\u200b@shop.example"))).isEmpty();
        assertThat(verdict(b -> b.claim("email", "a".repeat(256)))).isEmpty();
    }

    @Test
    void emailThatIsNotVerifiedIsNobodys() throws Exception {
        assertThat(verdict(b -> b.claim("email_verified", true))).isNotEmpty();
        assertThat(verdict(b -> b.claim("email_verified", false))).isEmpty();
        assertThat(verdict(b -> b.claim("email_verified", "false"))).isEmpty();
        verifier = verifier(RULES.withLoginClaim("sub"));
        assertThat(verdict(b -> b.subject("ada").claim("email_verified", false))).isEqualTo("ada");
        assertThat(verdict(b -> b)).isEmpty();
    }

    @Test
    void scope() throws Exception {
        verifier = verifier(RULES.withScope("mail.send"));

        assertThat(verdict(b -> b)).isEmpty();
        assertThat(verdict(b -> b.claim("scope", "openid mail.send"))).isNotEmpty();
        assertThat(verdict(b -> b.claim("scope", "openid mail.sender"))).isEmpty();
        assertThat(verdict(b -> b.claim("scp", List.of("mail.send")))).isNotEmpty();
        assertThat(verdict(b -> b.claim("scp", "mail.send"))).isNotEmpty();
        assertThat(verdict(b -> b.claim("scp", List.of("mail.read")))).isEmpty();
    }

    @Test
    void forgeries() throws Exception {
        JWTClaimsSet claims = good().build();
        String token = rsa(claims);
        String publicKey = rsa.toRSAPublicKey().toString();
        byte[] publicKeyInPem = rsa.toRSAPublicKey().getEncoded();

        assertThat(verifier.verify("", new PlainJWT(claims).serialize())).isEmpty();
        for (byte[] secret :
                List.of(publicKeyInPem, publicKey.getBytes(StandardCharsets.US_ASCII))) {
            assertThat(
                            verifier.verify(
                                    "",
                                    signed(
                                            JWSAlgorithm.HS256,
                                            JOSEObjectType.JWT,
                                            new MACSigner(secret),
                                            claims)))
                    .isEmpty();
        }
        assertThat(
                        verifier.verify(
                                "",
                                signed(
                                        JWSAlgorithm.RS256,
                                        JOSEObjectType.JWT,
                                        new RSASSASigner(otherRsa),
                                        claims)))
                .isEmpty();
        String[] parts = token.split("\\.");
        String bobs = rsa(good().claim("email", "bob@shop.example").build()).split("\\.")[1];
        assertThat(verifier.verify("", parts[0] + "." + bobs + "." + parts[2])).isEmpty();
        assertThat(verifier.verify("", parts[0] + "." + parts[1] + ".")).isEmpty();
        assertThat(verifier.verify("", parts[0] + "." + parts[1])).isEmpty();
        assertThat(
                        verifier.verify(
                                "",
                                signed(
                                        JWSAlgorithm.RS256,
                                        new JOSEObjectType("secevent+jwt"),
                                        new RSASSASigner(rsa),
                                        claims)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x", "..", "a.b.c", "e30.e30.", "e30.e30.e30", "e30.e30.e30.e30.e30"})
    void noTokenAtAll(String text) {
        assertThat(verifier.verify("", text)).isEmpty();
    }

    @Test
    void changedFileIsReadAgain() throws Exception {
        String old = rsa(good().build());
        String fresh =
                signed(
                        JWSAlgorithm.RS256,
                        JOSEObjectType.JWT,
                        new RSASSASigner(otherRsa),
                        good().build());
        assertThat(verifier.verify("", fresh)).isEmpty();

        replace(keySet(otherRsa), 10);
        assertThat(verifier.verify("", fresh)).isNotEmpty();
        assertThat(verifier.verify("", old)).isEmpty();

        replace("{\"keys\":[", 20);
        assertThat(verifier.verify("", fresh)).isNotEmpty();

        replace("{\"keys\":[]}", 30);
        assertThat(verifier.verify("", fresh)).isNotEmpty();

        replace(keySet(rsa), 40);
        assertThat(verifier.verify("", fresh)).isEmpty();
        assertThat(verifier.verify("", old)).isNotEmpty();

        Files.delete(file);
        assertThat(verifier.verify("", old)).isNotEmpty();
    }

    private void replace(String text, long seconds) throws IOException {
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(NOW.plusSeconds(seconds)));
    }

    @Test
    void noKeysAreToldAtOnce() throws IOException {
        Files.writeString(file, "{\"keys\":[]}");
        assertThatThrownBy(() -> KeySet.inFile(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no key in it");
        Files.writeString(file, "mail");
        assertThatThrownBy(() -> KeySet.inFile(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("no JSON Web Key Set: ");
        Files.writeString(file, " ".repeat(KeySet.OCTETS_MAX + 1));
        assertThatThrownBy(() -> KeySet.inFile(file)).hasMessage("too long for a key set");
        assertThatThrownBy(() -> KeySet.inFile(folder.resolve("none")))
                .isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://login.shop.example/keys",
                "file:/etc/keys",
                "https:/keys",
                "keys",
                "ftp://a/b"
            })
    void addressesThatAreNotSafe(String address) {
        assertThatThrownBy(() -> KeySet.at(URI.create(address)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no https address with a host: " + address);
    }

    @Test
    void keysBehindAnAddress() throws Exception {
        try (Issuer issuer = Issuer.answering("200 OK", keySet(rsa))) {
            var remote = new JwtVerifier(RULES, KeySet.at(issuer.address()), () -> NOW);
            String token = rsa(good().build());

            assertThat(remote.verify("", token)).isNotEmpty();
            assertThat(remote.verify("", token)).isNotEmpty();
            assertThat(issuer.asked()).isEqualTo(1);
        }
    }

    @Test
    void keysThatCanNotBeHadAreNoRefusal() throws Exception {
        try (Issuer issuer = Issuer.answering("503 Service Unavailable", "")) {
            var remote = new JwtVerifier(RULES, KeySet.at(issuer.address()), () -> NOW);
            String token = rsa(good().build());

            assertThatThrownBy(() -> remote.verify("", token))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the issuer's keys can't be had");
        }
    }

    @Test
    void rulesThatSayNothing() {
        assertThatThrownBy(() -> JwtRules.of("", "mail"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> JwtRules.of("https://login.shop.example", ""))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RULES.withScope("two words"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
