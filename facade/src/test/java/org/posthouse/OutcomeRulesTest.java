package org.posthouse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.MailEvent;
import org.posthouse.relay.OutcomeRule;
import org.posthouse.relay.ReplyClass;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Rules of a program about what next hops mean. */
class OutcomeRulesTest {
    private static final String BLOCKED = "554 5.7.1 client host blocked using a list";

    private static List<MailEvent> afterOneAttempt(
            String rcptReply, UnaryOperator<PosthouseBuilder> settings) {
        var world = new World();
        var events = new ArrayList<MailEvent>();
        var hop = world.hop("192.0.2.9", rcptReply);
        world.sim.dns().mx("far.example", 10, "mx.far.example");
        world.sim.dns().address("mx.far.example", "192.0.2.9");
        PosthouseBuilder builder = settings.apply(world.builder()).onEvent(events::add);
        world.with(
                builder,
                mail -> {
                    mail.submit(
                            Message.builder()
                                    .from("app@shop.example")
                                    .to("ada@far.example")
                                    .subject("hello")
                                    .text("text")
                                    .build());
                    try {
                        world.sim.time().sleep(Duration.ofMinutes(1));
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    hop.close();
                });
        return events;
    }

    private static int count(List<MailEvent> events, Class<? extends MailEvent> type) {
        return (int) events.stream().filter(type::isInstance).count();
    }

    @Test
    void aRuleOfTheProgramMakesARefusalTemporary() {
        var rule = OutcomeRule.of(ReplyClass.TMP).codes("550").texts("being moved");
        var events = afterOneAttempt("550 5.1.1 being moved", b -> b.outcome(rule));
        assertThat(count(events, MailEvent.Failed.class)).isZero();
        assertThat(count(events, MailEvent.Deferred.class)).isEqualTo(1);
    }

    @Test
    void aBadNameFailsUnlessTheProgramWaits() {
        var events = afterOneAttempt(BLOCKED, b -> b);
        assertThat(count(events, MailEvent.Failed.class)).isEqualTo(1);
        var waiting = afterOneAttempt(BLOCKED, PosthouseBuilder::defersForBadName);
        assertThat(count(waiting, MailEvent.Failed.class)).isZero();
        assertThat(count(waiting, MailEvent.Deferred.class)).isEqualTo(1);
    }
}
