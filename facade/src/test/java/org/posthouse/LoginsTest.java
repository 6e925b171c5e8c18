package org.posthouse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.server.Mechanism;

import java.util.Map;

class LoginsTest {
    private static final TokenVerifier ADA =
            (login, token) -> token.equals("ada's") && !login.equals("bob") ? "ada" : "";

    @Test
    void mechanismsAreThoseThatCanBeChecked() {
        assertThat(Logins.NONE.mechanisms()).containsExactly(Mechanism.PLAIN, Mechanism.LOGIN);
        Logins tokens = Logins.NONE.withTokens(ADA);
        assertThat(tokens.mechanisms()).containsExactly(Mechanism.OAUTHBEARER, Mechanism.XOAUTH2);
        assertThat(tokens.withUsers(Users.of(Map.of("ada", "secret"))).mechanisms())
                .contains(Mechanism.OAUTHBEARER, Mechanism.PLAIN);
    }

    @Test
    void tokensAreTheVerifiersToJudge() {
        assertThat(Logins.NONE.verify("ada", "ada's")).isEmpty();
        Logins tokens = Logins.NONE.withTokens(ADA);
        assertThat(tokens.verify("", "ada's")).isEqualTo("ada");
        assertThat(tokens.verify("bob", "ada's")).isEmpty();
        assertThat(tokens.verify("", "bob's")).isEmpty();
    }
}
