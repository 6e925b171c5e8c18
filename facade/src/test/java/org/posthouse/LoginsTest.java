package org.posthouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.posthouse.server.Mechanism;
import org.posthouse.server.SessionView;
import org.posthouse.sim.SimPlatform;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
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
    void whoChecksLoginsAndHangsCostsThatLoginOnly() {
        var sim = new SimPlatform(1);
        sim.run(
                () -> {
                    var runner = new HookRunner(sim, Duration.ofSeconds(7));
                    Users users =
                            (login, password) -> {
                                if (login.equals("slow")) {
                                    sleep(sim);
                                }
                                return password.equals("secret");
                            };
                    PosthouseBuilder builder =
                            Posthouse.builder().users(users).tokens((login, token) -> sleep(sim));
                    EngineSettings settings = EngineSettings.freeze(builder);
                    var policy =
                            new BoundPolicy(
                                    () -> settings,
                                    runner,
                                    new byte[SaltSeed.OCTETS],
                                    new RelayTallies(sim.time()));
                    long begin = sim.time().nanos();
                    assertThatThrownBy(() -> policy.authenticate(SESSION, "PLAIN", "slow", "?"))
                            .hasMessageContaining("took longer than PT7S");
                    assertThatThrownBy(() -> policy.authenticateToken(SESSION, "XOAUTH2", "a", "?"))
                            .hasMessageContaining("took longer than PT7S");
                    assertThat(sim.time().nanos() - begin)
                            .isEqualTo(Duration.ofSeconds(14).toNanos());
                    assertThat(policy.authenticate(SESSION, "PLAIN", "ada", "secret"))
                            .isEqualTo("ada");
                    assertThat(policy.authenticate(SESSION, "PLAIN", "ada", "wrong")).isEmpty();
                });
    }

    /** Nobody looks at it. */
    private static final SessionView SESSION =
            (SessionView)
                    Proxy.newProxyInstance(
                            LoginsTest.class.getClassLoader(),
                            new Class<?>[] {SessionView.class},
                            (proxy, method, arguments) -> {
                                throw new UnsupportedOperationException(method.getName());
                            });

    private static String sleep(SimPlatform sim) {
        try {
            sim.time().sleep(Duration.ofHours(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "";
    }

    @Test
    void tokensAreTheVerifiersToJudge() {
        assertThat(Logins.NONE.verify("ada", "ada's")).isEmpty();
        Logins tokens = Logins.NONE.withTokens(ADA);
        assertThat(tokens.verify("", "ada's")).isEqualTo("ada");
        assertThat(tokens.verify("bob", "ada's")).isEmpty();
        assertThat(tokens.verify("", "bob's")).isEmpty();
    }

    @Test
    void theSeedOfSaltsOutlivesARestart() throws Exception {
        var sim = new SimPlatform(1);
        sim.run(
                () -> {
                    Path data = Path.of("/data");
                    sim.disk().createDirectories(data);
                    byte[] seed = SaltSeed.in(data, sim.disk(), sim.entropy());
                    assertThat(seed).hasSize(SaltSeed.OCTETS).isNotEqualTo(new byte[seed.length]);
                    assertThat(SaltSeed.in(data, sim.disk(), sim.entropy())).isEqualTo(seed);
                    byte[] elsewhere = SaltSeed.in(Path.of("/none"), sim.disk(), sim.entropy());
                    assertThat(elsewhere).isNotEqualTo(seed);
                });
    }
}
