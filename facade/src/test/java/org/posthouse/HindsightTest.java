package org.posthouse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.MailEvent;
import org.posthouse.core.Mailbox;
import org.posthouse.core.SpoolId;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Messages that were accepted, explained afterwards. */
class HindsightTest {
    private static final String CLIENT = "10.0.0.7";

    private final World world = new World();
    private final List<SpoolId> accepted = new ArrayList<>();

    private PosthouseBuilder relaying() {
        return plain().relay(r -> r.name("apps").clients("10.0.0.0/8").place("p.toml:31"));
    }

    private PosthouseBuilder plain() {
        return world.builder()
                .on(MailEvent.Received.class, received -> accepted.add(received.message()))
                .route(r -> r.name("out").smarthost("198.51.100.1"));
    }

    private static String today(Posthouse mail, SpoolId id) {
        return mail.explain(id).orElseThrow().recipients().getFirst().today();
    }

    @Test
    void theDecisionOfThenIsTold() {
        world.with(
                relaying(),
                mail -> {
                    world.send(CLIENT, "ada@far.example", "250 *", "250 *");
                    world.sim.advance(Duration.ofSeconds(1));
                    PastDecision past = mail.explain(accepted.getFirst()).orElseThrow();
                    assertThat(past.origin().clientAddress()).isEqualTo(CLIENT);
                    assertThat(past.recipients())
                            .singleElement()
                            .satisfies(
                                    to -> {
                                        assertThat(to.explanation().rule()).isEqualTo("apps");
                                        assertThat(to.explanation().route()).isEqualTo("out");
                                        assertThat(to.explanation().toString())
                                                .contains(
                                                        "rule \"apps\"",
                                                        "all conditions held",
                                                        "p.toml:31");
                                    });
                });
    }

    @Test
    void whatTodaysRulesWouldDoElseIsTold() {
        world.with(
                relaying(),
                mail -> {
                    world.send(CLIENT, "ada@far.example", "250 *", "250 *");
                    world.sim.advance(Duration.ofSeconds(1));
                    SpoolId id = accepted.getFirst();
                    assertThat(today(mail, id)).isEmpty();
                    mail.reload(plain());
                    assertThat(today(mail, id))
                            .startsWith("refused, 553 5.7.1")
                            .endsWith("(PH-R101)");
                    mail.reload(plain().local("far.example"));
                    assertThat(today(mail, id)).isEqualTo("stored here");
                    mail.reload(
                            world.builder()
                                    .relay(r -> r.name("apps").clients("10.0.0.0/8"))
                                    .route(r -> r.name("other").smarthost("198.51.100.2")));
                    assertThat(today(mail, id)).isEqualTo("relayed by \"apps\", route \"other\"");
                });
    }

    @Test
    void aSettledMessageIsExplainedAfterARestart() {
        world.with(
                plain(),
                mail -> {
                    world.send(CLIENT, "ada@shop.example", "250 *", "250 *");
                    world.sim.advance(Duration.ofSeconds(1));
                    assertThat(mail.queue().messages()).isZero();
                });
        world.with(
                plain(),
                mail -> {
                    assertThat(today(mail, accepted.getFirst())).isEmpty();
                    assertThat(mail.explain(new SpoolId(77))).isEmpty();
                });
    }

    @Test
    void anAliasIsExplainedByThoseBehindIt() {
        world.with(
                plain().aliases(
                                address ->
                                        address.localPart().equals("info")
                                                ? List.of(Mailbox.parse("bob@far.example"))
                                                : List.of()),
                mail -> {
                    world.send(CLIENT, "info@shop.example", "250 *", "250 *");
                    world.sim.advance(Duration.ofSeconds(1));
                    PastDecision past = mail.explain(accepted.getFirst()).orElseThrow();
                    assertThat(past.recipients().getFirst().mailbox().address())
                            .isEqualTo("bob@far.example");
                    assertThat(past.recipients().getFirst().explanation().rule())
                            .isEqualTo("alias");
                    assertThat(today(mail, accepted.getFirst())).isEmpty();
                });
    }

    @Test
    void whatTheProgramSentAndWhatWasForgottenIsToldByItsOutcome() {
        world.with(
                plain().keepDecisions(Duration.ZERO),
                mail -> {
                    world.send(CLIENT, "ada@shop.example", "250 *", "250 *");
                    SpoolId own =
                            mail.submit(
                                            Message.builder()
                                                    .from("app@shop.example")
                                                    .to("ada@far.example")
                                                    .text("x")
                                                    .build())
                                    .id();
                    PastDecision past = mail.explain(own).orElseThrow();
                    assertThat(past.recipients().getFirst().explanation().toString())
                            .contains("by the program itself");
                    assertThat(today(mail, own)).isEmpty();
                });
    }
}
