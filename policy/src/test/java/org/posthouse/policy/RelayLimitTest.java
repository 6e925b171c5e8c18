package org.posthouse.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.posthouse.core.Mailbox;

import java.time.Duration;
import java.util.List;
import java.util.Set;

class RelayLimitTest {
    private static final RelayLimit LIMIT = new RelayLimit(20_000, Duration.ofHours(1));

    @Test
    void itReadsAsItIsWritten() {
        assertThat(LIMIT).hasToString("20000/hour");
        assertThat(new RelayLimit(1, Duration.ofDays(1))).hasToString("1/day");
        assertThat(new RelayLimit(50, Duration.ofMinutes(10))).hasToString("50 in 10m");
        assertThat(new RelayLimit(50, Duration.ofHours(36))).hasToString("50 in 36h");
        assertThat(new RelayLimit(50, Duration.ofDays(7))).hasToString("50 in 7d");
        assertThat(new RelayLimit(50, Duration.ofMillis(1500))).hasToString("50 in 1500ms");
        assertThat(RelayLimit.NONE.isNone()).isTrue();
    }

    @Test
    void numbersThatAreNoneAreRefused() {
        assertThatThrownBy(() -> new RelayLimit(-1, Duration.ofHours(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RelayLimit(1, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RelayLimit(1, Duration.ofDays(367)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theRuleThatHoldsRefusesAtItsLimitAndNoLaterOneIsAsked() {
        Facts facts = facts();
        assertThat(Policy.decide(rules(), facts).verdict())
                .isEqualTo(new Verdict.Relay("inside", "out"));
        Decision spent = Policy.decide(rules(), facts.withSpent(List.of("inside")));
        assertThat(spent.code()).isEqualTo("PH-R106");
        assertThat(((Verdict.Refuse) spent.verdict()).reply().toString()).startsWith("451 4.7.1 ");
        assertThat(spent.steps().getLast().answer())
                .isEqualTo("its limit of 20000/hour is reached");
        assertThat(spent.steps())
                .anyMatch(step -> step.answer().equals("all conditions hold, at most 20000/hour"));
        assertThat(Policy.decide(rules(), facts.withSpent(List.of("anyone"))).verdict())
                .isEqualTo(new Verdict.Relay("inside", "out"));
    }

    private static Facts facts() {
        return new Facts(
                "in",
                IpAddress.parse("10.0.0.1"),
                "",
                false,
                Mailbox.parse("a@shop.example"),
                Mailbox.parse("b@far.example"));
    }

    private static PolicySet rules() {
        List<IpNetwork> inside = List.of(IpNetwork.parse("10.0.0.0/8"));
        RelayRule limited =
                new RelayRule(
                        "inside", inside, false, false, List.of(), true, false, List.of(), true,
                        false, false, LIMIT, "");
        RelayRule later =
                new RelayRule("anyone", inside, false, false, List.of(), true, false, false);
        return new PolicySet(
                Set.of(),
                Set.of(),
                KnownRecipients.ALL,
                List.of(limited, later),
                List.of(new Route("out", List.of(new AddressPattern("*")), new Route.Discard())));
    }
}
