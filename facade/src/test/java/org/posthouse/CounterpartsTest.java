package org.posthouse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvent.Step;
import org.posthouse.platform.Dns;
import org.posthouse.platform.DnsAnswer;
import org.posthouse.platform.Network;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What people look for who know other components: start and stop, texts, steps and look-ups. */
class CounterpartsTest {
    private static final String APP = "10.20.4.7";

    private final World world = new World();

    @Test
    void theSameBuilderStartsAgain() {
        PosthouseBuilder builder = world.builder();
        for (int i = 1; i <= 2; i++) {
            int times = i;
            world.with(
                    builder,
                    mail -> {
                        assertThat(mail.isRunning()).isTrue();
                        world.send(APP, "ada@shop.example", "250 *", "250 *");
                        world.sim.settle();
                        assertThat(world.stored("shop.example", "ada")).hasSize(times);
                    });
        }
    }

    @Test
    void greetingAndGoodbyeAreOurs() {
        PosthouseBuilder builder =
                Posthouse.builder()
                        .platform(world.sim)
                        .data(World.DATA)
                        .local("shop.example")
                        .hostname("mail.shop.example")
                        .listen(
                                World.HERE,
                                l -> l.name("public").greeting("at your service").goodbye("ta-ta"));
        world.with(
                builder,
                mail ->
                        world.play(
                                APP,
                                "S: 220 mail.shop.example at your service\nC: QUIT\n"
                                        + "S: 221 2.0.0 ta-ta\n"));
    }

    @Test
    void theReceivedFieldIsOurChoice() {
        for (boolean added : new boolean[] {true, false}) {
            var fresh = new World();
            PosthouseBuilder builder =
                    Posthouse.builder()
                            .platform(fresh.sim)
                            .data(World.DATA)
                            .local("shop.example")
                            .hostname("mail.shop.example")
                            .listen(World.HERE, l -> l.name("public").receivedField(added));
            fresh.with(builder, mail -> fresh.send(APP, "ada@shop.example", "250 *", "250 *"));
            assertThat(fresh.stored("shop.example", "ada"))
                    .singleElement()
                    .satisfies(text -> assertThat(text.contains("Received: ")).isEqualTo(added));
        }
    }

    @Test
    void aProgramLooksUpNamesAsTheRelayDoes() {
        world.sim.dns().mx("far.example", 10, "mx.far.example");
        world.sim.dns().address("mx.far.example", "198.51.100.1");
        world.with(
                world.builder(),
                mail -> {
                    assertThat(mail.dns().mx("far.example").toString())
                            .startsWith("Found[")
                            .contains(new Dns.Mx(10, "mx.far.example").toString());
                    assertThat(mail.dns().a("nowhere.example"))
                            .isNotInstanceOf(DnsAnswer.Found.class);
                });
    }

    @Test
    void theWayOutIsToldStepByStep() {
        world.sim.dns().mx("far.example", 10, "mx.far.example");
        world.sim.dns().address("mx.far.example", "198.51.100.1");
        List<Step> steps = new ArrayList<>();
        world.with(
                world.builder()
                        .relay(r -> r.name("apps").clients("10.20.0.0/16"))
                        .idleWait(Duration.ofSeconds(3))
                        .on(MailEvent.AttemptStep.class, step -> steps.add(step.step())),
                mail -> {
                    try (Network.Listening hop = world.hop("198.51.100.1", "250 ok")) {
                        world.send(APP, "ada@far.example", "250 *", "250 *");
                        world.sim.advance(Duration.ofSeconds(5));
                        assertThat(hop.isClosed()).isFalse();
                    }
                });
        assertThat(steps)
                .startsWith(Step.IDLE_WAIT)
                .containsOnlyOnce(Step.IDLE_WAIT)
                .containsSubsequence(
                        Step.RESOLVING_MX,
                        Step.RESOLVING_ADDRESS,
                        Step.CONNECTING,
                        Step.CONNECTED,
                        Step.HELLO,
                        Step.MAIL,
                        Step.RCPT);
    }
}
