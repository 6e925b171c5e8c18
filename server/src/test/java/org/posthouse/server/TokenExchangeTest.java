package org.posthouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthouse.server.SaslExchange.Step;

import java.nio.charset.StandardCharsets;

/** The answers of RFC 7628 section 4, and of XOAUTH2; ^ stands for the separator. */
class TokenExchangeTest {
    private static Step answer(boolean isStandard, String text) {
        byte[] octets = text.replace('^', '\u0001').getBytes(StandardCharsets.UTF_8);
        return new TokenExchange(isStandard).answer(octets);
    }

    private static void reads(Step step, String login, String token) {
        assertThat(step).isInstanceOf(Step.CheckToken.class);
        Step.CheckToken check = (Step.CheckToken) step;
        assertThat(check.login()).isEqualTo(login);
        assertThat(check.token()).isEqualTo(token);
        assertThat(check.toString()).doesNotContain(token);
    }

    @Test
    void readsBearerTokens() {
        String token = "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==";
        reads(
                answer(
                        true,
                        "n,a=user@example.com,^host=server.example.com^port=143^auth=Bearer "
                                + token
                                + "^^"),
                "user@example.com",
                token);
        reads(answer(true, "n,,^auth=Bearer a.b-c_d~e+f/g=^^"), "", "a.b-c_d~e+f/g=");
        reads(answer(true, "y,a=a=2Cb=3Dc,^auth=bearer  x^^"), "a,b=c", "x");
        reads(
                answer(false, "user=someuser@example.com^auth=Bearer x^^"),
                "someuser@example.com",
                "x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "^^",
                "n,,",
                "n,,^^",
                "n,,^auth=Bearer x",
                "n,,^auth=Bearer x^",
                "n,,^auth=Bearer ^^",
                "n,,^auth=Bearer a b^^",
                "n,,^auth=Bearer \u00fc^^",
                "n,,^auth=Basic x^^",
                "n,,^auth=Bearer x^auth=Bearer y^^",
                "n,,^host=x^^",
                "n,a=,^auth=Bearer x^^",
                "n,b=x,^auth=Bearer x^^",
                "n,a=x=,^auth=Bearer x^^",
                "p=tls-exporter,,^auth=Bearer x^^",
                "n,a=x^auth=Bearer x^^",
                "n,a=x,y^auth=Bearer x^^",
                "n,a=x,^auth=Bearer x\u0000^^",
                "user=x^auth=Bearer x^^"
            })
    void refusesWhatIsNoBearerToken(String text) {
        assertThat(answer(true, text)).isInstanceOf(Step.Broken.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "user=^auth=Bearer x^^",
                "n,,^auth=Bearer x^^",
                "user=x^^",
                "user=x^auth=Bearer x^",
                "auth=Bearer x^user=x^^"
            })
    void refusesWhatIsNoXoauth2(String text) {
        assertThat(answer(false, text)).isInstanceOf(Step.Broken.class);
    }
}
