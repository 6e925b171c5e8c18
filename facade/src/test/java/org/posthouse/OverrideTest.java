package org.posthouse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.MailEvent;
import org.posthouse.platform.Network;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What the received hook may change about a message's way: route, recipients and time. */
class OverrideTest {
    private static final String APP = "10.20.4.7";
    private static final String STRANGER = "203.0.113.9";

    private final World world = new World();
    private final List<MailEvent.Deferred> deferred = new ArrayList<>();

    private PosthouseBuilder builder(Hooks.OnReceived hook) {
        world.sim.dns().mx("far.example", 10, "mx.far.example");
        world.sim.dns().address("mx.far.example", "198.51.100.1");
        world.sim.dns().address("hub.example", "198.51.100.2");
        return world.builder()
                .relay(r -> r.name("apps").clients("10.20.0.0/16"))
                .route(r -> r.name("corporate").to("*@corp.example").smarthost("hub.example"))
                .route(r -> r.name("world").to("*").mx())
                .on(MailEvent.Deferred.class, deferred::add)
                .onReceived(hook);
    }

    private void run(Hooks.OnReceived hook, Consumer<Posthouse> body) {
        world.with(
                builder(hook),
                mail -> {
                    try (Network.Listening mx = world.hop("198.51.100.1", "250 mx");
                            Network.Listening hub = world.hop("198.51.100.2", "250 hub")) {
                        body.accept(mail);
                        assertThat(mx.isClosed() || hub.isClosed()).isFalse();
                    }
                });
    }

    private void afterAMinute() {
        world.sim.advance(Duration.ofMinutes(1));
    }

    @Test
    void aRouteByItsNameWhateverItIsFor() {
        var nexthops = new ArrayList<String>();
        world.with(
                builder(m -> m.relayBy("corporate"))
                        .onRelayDone(done -> nexthops.add(done.nexthop())),
                mail -> {
                    try (Network.Listening hub = world.hop("198.51.100.2", "250 hub")) {
                        world.send(APP, "ada@far.example", "250 *", "250 *");
                        afterAMinute();
                        assertThat(hub.isClosed()).isFalse();
                    }
                });
        assertThat(nexthops).singleElement().asString().contains("hub.example");
    }

    @Test
    void aRouteThatIsNotThereIsALocalError() {
        run(m -> m.relayBy("nowhere"), mail -> world.send(APP, "a@far.example", "250 *", "451 *"));
        assertThat(world.taken).isEmpty();
    }

    @Test
    void mailOfARouteThatIsGoneWaitsForIt() {
        world.with(
                builder(m -> m.relay("route gone")),
                mail -> {
                    world.send(APP, "ada@far.example", "250 *", "250 *");
                    afterAMinute();
                    assertThat(mail.queue().deliveries()).isOne();
                });
        assertThat(deferred).isNotEmpty();
        assertThat(deferred.getFirst().reply()).asString().startsWith("451 4.3.5");
    }

    @Test
    void otherRecipientsWithinTheRulesOfTheSession() {
        run(
                m -> m.redirect("eve@shop.example", "bob@far.example"),
                mail -> {
                    world.send(APP, "ada@far.example", "250 *", "250 *");
                    afterAMinute();
                    world.send(STRANGER, "ada@shop.example", "250 *", "553 5.7.1 *");
                });
        assertThat(world.taken).singleElement().asString().contains("RCPT TO:<bob@far.example>");
        assertThat(world.stored("shop.example", "eve")).hasSize(1);
        assertThat(world.stored("shop.example", "ada")).isEmpty();
    }

    @Test
    void otherRecipientsWithinTheLimitOfTheirRule() {
        world.with(
                world.builder()
                        .relay(
                                r ->
                                        r.name("few")
                                                .clients("10.0.0.0/8")
                                                .limit(2, Duration.ofHours(1)))
                        .onReceived(m -> m.redirect("bob@far.example")),
                mail -> {
                    world.send(APP, "ada@shop.example", "250 *", "250 *");
                    world.send(APP, "ada@shop.example", "250 *", "250 *");
                    world.send(APP, "ada@shop.example", "250 *", "451 4.7.1 too much mail*");
                    world.sim.advance(Duration.ofMinutes(61));
                    world.send(APP, "ada@shop.example", "250 *", "250 *");
                });
    }

    @Test
    void nobodyGetsAMessageTwiceByOtherRecipients() {
        run(
                m -> m.redirect("eve@shop.example", "EVE@shop.example", "eve@SHOP.example"),
                mail -> {
                    world.send(APP, "ada@far.example", "250 *", "250 *");
                    afterAMinute();
                });
        assertThat(world.stored("shop.example", "eve")).hasSize(1);
    }

    @Test
    void nobodyAndWhatIsNoAddressAreLocalErrors() {
        run(m -> m.redirect(), mail -> world.send(APP, "a@far.example", "250 *", "451 *"));
        run(m -> m.redirect("a b"), mail -> world.send(APP, "a@far.example", "250 *", "451 *"));
        assertThat(world.taken).isEmpty();
    }

    @Test
    void aTimeBeforeWhichNothingHappens() {
        run(
                m -> m.notBefore(world.sim.time().now().plus(Duration.ofHours(2))),
                mail -> {
                    world.send(APP, "ada@far.example", "250 *", "250 *");
                    world.sim.advance(Duration.ofMinutes(119));
                    assertThat(world.taken).isEmpty();
                    assertThat(deferred).isEmpty();
                    world.sim.advance(Duration.ofMinutes(2));
                    assertThat(world.taken).hasSize(1);
                });
    }

    private int priority(String field, Hooks.OnReceived hook) {
        var kept = new ArrayList<Integer>();
        world.with(
                builder(
                        m -> {
                            m.notBefore(world.sim.time().now().plus(Duration.ofHours(2)));
                            hook.received(m);
                        }),
                mail -> {
                    world.play(
                            APP,
                            """
                            S: 220 *
                            C: HELO client.example
                            S: 250 *
                            C: MAIL FROM:<app@client.example>
                            S: 250 *
                            C: RCPT TO:<ada@far.example>
                            S: 250 *
                            C: DATA
                            S: 354 *
                            C: %s
                            C:
                            C: text
                            C: .
                            S: 250 *
                            C: QUIT
                            S: 221 *
                            """
                                    .formatted(field));
                    var id = mail.queue().list(10).getLast().id().message();
                    kept.add(mail.engine.spool().message(id).envelope().options().priority());
                });
        return kept.getFirst();
    }

    @Test
    void bulkMailIsNotUrgentUnlessTheHookSaysSo() {
        assertThat(priority("Precedence: first-class", m -> {})).isZero();
        assertThat(priority("Precedence: Bulk", m -> {})).isEqualTo(-1);
        assertThat(priority("List-Id: <a.list.example>", m -> {})).isEqualTo(-1);
        assertThat(priority("List-Id: <a.list.example>", m -> m.priority(6))).isEqualTo(6);
    }
}
