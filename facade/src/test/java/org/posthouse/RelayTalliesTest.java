package org.posthouse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.policy.PolicySet;
import org.posthouse.policy.RelayRule;
import org.posthouse.sim.SimPlatform;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Random;

class RelayTalliesTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private static PolicySet rules(int recipients, Duration period) {
        PosthouseBuilder builder =
                Posthouse.builder()
                        .relay(
                                r ->
                                        r.name("limited")
                                                .clients("10.0.0.0/8")
                                                .limit(recipients, period))
                        .relay(r -> r.name("free").clients("10.0.0.0/8"));
        return EngineSettings.freeze(builder).rules();
    }

    private static RelayRule limited(PolicySet rules) {
        return rules.relayRules().getFirst();
    }

    @Test
    void aSpentLimitComesBackWithTime() {
        var sim = new SimPlatform(1);
        sim.run(
                () -> {
                    var tallies = new RelayTallies(sim.time());
                    PolicySet rules = rules(3, HOUR);
                    for (int i = 0; i < 3; i++) {
                        assertThat(tallies.spent(rules)).isEmpty();
                        assertThat(tallies.take(limited(rules))).isTrue();
                    }
                    assertThat(tallies.spent(rules)).containsExactly("limited");
                    assertThat(tallies.take(limited(rules))).isFalse();
                    assertThat(tallies.take(rules.relayRules().getLast())).isTrue();
                    sim.advance(HOUR.minusSeconds(1));
                    assertThat(tallies.spent(rules)).containsExactly("limited");
                    sim.advance(Duration.ofMinutes(1).plusSeconds(1));
                    assertThat(tallies.spent(rules)).isEmpty();
                });
    }

    @Test
    void neverMoreInAnyPeriod() {
        var sim = new SimPlatform(2);
        sim.run(
                () -> {
                    var random = new Random(7);
                    var tallies = new RelayTallies(sim.time());
                    PolicySet rules = rules(20, Duration.ofMinutes(10));
                    var granted = new ArrayDeque<Long>();
                    int all = 0;
                    for (int i = 0; i < 3000; i++) {
                        sim.advance(Duration.ofMillis(random.nextInt(30_000)));
                        long now = sim.time().nanos();
                        if (tallies.take(limited(rules))) {
                            granted.add(now);
                            all++;
                        }
                        while (granted.getFirst() <= now - Duration.ofMinutes(10).toNanos()) {
                            granted.removeFirst();
                        }
                        assertThat(granted.size()).isLessThanOrEqualTo(20);
                    }
                    assertThat(all).isGreaterThan(1000); // of 1,500 that the limit allows
                });
    }

    @Test
    void areloadKeepsWhatWasGrantedUnlessThePeriodChanges() {
        var sim = new SimPlatform(3);
        sim.run(
                () -> {
                    var tallies = new RelayTallies(sim.time());
                    for (int i = 0; i < 3; i++) {
                        assertThat(tallies.take(limited(rules(3, HOUR)))).isTrue();
                    }
                    assertThat(tallies.spent(rules(2, HOUR))).containsExactly("limited");
                    assertThat(tallies.spent(rules(4, HOUR))).isEmpty();
                    assertThat(tallies.spent(rules(1, Duration.ofMinutes(1)))).isEmpty();
                });
    }
}
