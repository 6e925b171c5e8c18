package org.posthouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.server.SaslExchange.Step;

import java.nio.charset.StandardCharsets;

class SaslExchangeTest {
    @Test
    void plain() {
        assertThat(plain("\0ada\0secret")).isEqualTo(check("ada", "secret"));
        assertThat(plain("ada\0ada\0secret")).isEqualTo(check("ada", "secret"));
        assertThat(plain("bob\0ada\0secret")).isInstanceOf(Step.Refused.class);
        assertThat(plain("\0\0secret")).isInstanceOf(Step.Refused.class);
        assertThat(plain("\0ada\0")).isInstanceOf(Step.Refused.class);
        for (String broken : new String[] {"", "\0", "ada", "\0ada", "\0a\0b\0c", "a\0b\0c\0"}) {
            assertThat(plain(broken)).as(broken).isInstanceOf(Step.Broken.class);
        }
    }

    @Test
    void plainIsStrictUtf8() {
        assertThat(plain("\0jürg\0größe")).isEqualTo(check("jürg", "größe"));
        byte[] latin1 = "\0jürg\0x".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(new PlainExchange().answer(latin1)).isInstanceOf(Step.Broken.class);
    }

    @Test
    void login() {
        var exchange = new LoginExchange();
        assertThat(words(exchange.begin())).isEqualTo("Username:");
        assertThat(words(exchange.answer(octets("ada")))).isEqualTo("Password:");
        assertThat(exchange.answer(octets("secret"))).isEqualTo(check("ada", "secret"));
    }

    @Test
    void loginWithoutNameOrPassword() {
        var nameless = new LoginExchange();
        nameless.answer(octets(""));
        assertThat(nameless.answer(octets("secret"))).isInstanceOf(Step.Refused.class);
        var wordless = new LoginExchange();
        wordless.answer(octets("ada"));
        assertThat(wordless.answer(octets(""))).isInstanceOf(Step.Refused.class);
        assertThat(new LoginExchange().answer(octets("a\0b"))).isInstanceOf(Step.Broken.class);
    }

    @Test
    void credentialsAreNotPrinted() {
        assertThat(check("ada", "secret").toString()).doesNotContain("secret");
    }

    private static Step plain(String text) {
        return new PlainExchange().answer(octets(text));
    }

    private static Step check(String login, String password) {
        return new Step.Check(new Credentials(login, password));
    }

    private static String words(Step step) {
        return new String(((Step.Challenge) step).octets(), StandardCharsets.UTF_8);
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
