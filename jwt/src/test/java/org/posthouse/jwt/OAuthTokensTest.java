package org.posthouse.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthouse.core.AccessTokens.Given;
import org.posthouse.sim.SimPlatform;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class OAuthTokensTest {
    private static final URI ENDPOINT = URI.create("https://login.example/token");

    private final SimPlatform sim = new SimPlatform(3);
    private final List<Map<String, String>> asked = new ArrayList<>();
    private int status = 200;
    private String body = "";
    private Duration takes = Duration.ZERO;
    private final OAuthTokens tokens =
            OAuthTokens.of(
                    sim.time(),
                    TokenRequest.byRefreshToken(ENDPOINT, "us", "secret", "r0", "smtp"),
                    this::post);

    private TokenEndpoint.Answer post(URI endpoint, Map<String, String> form) throws IOException {
        assertThat(endpoint).isEqualTo(ENDPOINT);
        asked.add(form);
        try {
            sim.time().sleep(takes);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        if (status == 0) {
            throw new IOException("can't be asked");
        }
        return new TokenEndpoint.Answer(status, body.replace("N", "" + asked.size()));
    }

    private String token() {
        return token("");
    }

    private String token(String refused) {
        return switch (tokens.token(refused)) {
            case Given.Token token -> token.value() + (token.fresh() ? " fresh" : "");
            case Given.None none -> none.why();
        };
    }

    @Test
    void aTokenIsKeptUntilAMinuteBeforeItsEnd() {
        body = "{\"access_token\":\"tN\",\"token_type\":\"Bearer\",\"expires_in\":3600}";
        sim.run(
                () -> {
                    assertThat(token()).isEqualTo("t1 fresh");
                    sim.advance(Duration.ofMinutes(58));
                    assertThat(token()).isEqualTo("t1");
                    sim.advance(Duration.ofSeconds(61));
                    assertThat(token()).isEqualTo("t2 fresh");
                    assertThat(token("t1")).isEqualTo("t2");
                    assertThat(token("t2")).isEqualTo("t3 fresh");
                    assertThat(asked).hasSize(3);
                    assertThat(asked.getFirst())
                            .containsEntry("grant_type", "refresh_token")
                            .containsEntry("client_id", "us")
                            .containsEntry("client_secret", "secret")
                            .containsEntry("refresh_token", "r0")
                            .containsEntry("scope", "smtp");
                });
    }

    @Test
    void aNewRefreshTokenIsUsedFromThenOn() {
        body =
                "{\"access_token\":\"tN\",\"token_type\":\"bearer\",\"expires_in\":60,"
                        + "\"refresh_token\":\"rN\"}";
        sim.run(
                () -> {
                    assertThat(token()).isEqualTo("t1 fresh");
                    sim.advance(Duration.ofSeconds(29));
                    assertThat(token()).isEqualTo("t1");
                    sim.advance(Duration.ofSeconds(2));
                    assertThat(token()).isEqualTo("t2 fresh");
                    assertThat(asked.getLast()).containsEntry("refresh_token", "r1");
                });
    }

    @Test
    void manyWaitForOneAnswer() {
        body = "{\"access_token\":\"tN\",\"token_type\":\"Bearer\",\"expires_in\":3600}";
        takes = Duration.ofSeconds(2);
        sim.run(
                () -> {
                    List<String> got = new ArrayList<>();
                    for (int i = 0; i < 50; i++) {
                        sim.threads().start("asks", () -> got.add(token()));
                    }
                    sim.advance(Duration.ofSeconds(3));
                    assertThat(got).hasSize(50).containsOnly("t1 fresh", "t1");
                    assertThat(got).containsOnlyOnce("t1 fresh");
                    assertThat(asked).hasSize(1);
                });
    }

    @Test
    void anEndpointInTroubleIsLeftAloneForAWhile() {
        status = 0;
        takes = Duration.ofSeconds(1);
        sim.run(
                () -> {
                    List<String> got = new ArrayList<>();
                    for (int i = 0; i < 20; i++) {
                        sim.threads().start("asks", () -> got.add(token()));
                    }
                    sim.advance(Duration.ofSeconds(2));
                    assertThat(got).hasSize(20).containsOnly("login.example can't be asked");
                    assertThat(asked).hasSize(1);
                    for (int i = 0; i < 600; i++) {
                        token();
                        sim.advance(Duration.ofSeconds(1));
                    }
                    assertThat(asked).hasSizeBetween(10, 16);
                    status = 200;
                    body = "{\"access_token\":\"t\",\"token_type\":\"Bearer\"}";
                    sim.advance(Duration.ofMinutes(1));
                    assertThat(token()).isEqualTo("t fresh");
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\0',
            value = {
                "400; {\"error\":\"invalid_client\",\"error_description\":\"no\\nsuch\"};"
                        + " login.example answered 400 invalid_client: no?such",
                "200; <html>; login.example answered 200 without a JSON object",
                "503; {}; login.example answered 503",
                "200; {}; login.example gave no bearer token",
                "200; {\"token_type\":\"Bearer\"}; login.example gave no access token",
                "200; {\"token_type\":\"Bearer\",\"access_token\":7}; login.example gave no access"
                        + " token",
                "200; {\"token_type\":\"Bearer\",\"access_token\":\"a b\"}; login.example gave no"
                        + " access token",
                "200; {\"token_type\":\"mac\",\"access_token\":\"t\"}; login.example gave no bearer"
                        + " token"
            })
    void whatIsNoTokenIsToldAsSuch(int code, String text, String why) {
        status = code;
        body = text;
        sim.run(() -> assertThat(token()).isEqualTo(why));
        assertThat(tokens.toString() + asked.getFirst().size()).doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://login.example/token", "ftp://x.example", "https:/token"})
    void secretsGoNowhereInClear(String address) {
        URI endpoint = URI.create(address);
        assertThatThrownBy(() -> TokenRequest.byClientCredentials(endpoint, "us", "secret", ""))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void overHttp() throws IOException {
        String answer = "{\"access_token\":\"t1\",\"token_type\":\"Bearer\",\"expires_in\":60}";
        var time = org.posthouse.platform.JdkPlatform.clocks();
        try (Issuer issuer = Issuer.answering("200 OK", answer)) {
            var request = TokenRequest.byClientCredentials(issuer.address(), "us", "secret", "a b");
            OAuthTokens real = OAuthTokens.of(time, request, HttpTokenEndpoint.of(time));
            assertThat(real.token("")).isEqualTo(new Given.Token("t1", true));
            assertThat(real.token("")).isEqualTo(new Given.Token("t1", false));
            assertThat(issuer.asked()).isEqualTo(1);
        }
        try (Issuer issuer = Issuer.answering("200 OK", "x".repeat(70_000))) {
            assertThatThrownBy(
                            () ->
                                    HttpTokenEndpoint.of(time)
                                            .post(issuer.address(), Map.of("a", "b")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("too long");
        }
        try (Issuer issuer = Issuer.answering("302 Found\r\nLocation: http://127.0.0.1:1", "")) {
            assertThat(HttpTokenEndpoint.of(time).post(issuer.address(), Map.of("a", "b")).status())
                    .isEqualTo(302);
        }
    }

    @Test
    void aServerThatDoesNotAnswerIsNotWaitedForForLong() throws IOException {
        var time = org.posthouse.platform.JdkPlatform.clocks();
        try (var silent =
                new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            URI address = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/");
            var endpoint = new HttpTokenEndpoint(time, Duration.ofMillis(200));
            assertThatThrownBy(() -> endpoint.post(address, Map.of("a", "b")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("in time");
        }
    }
}
