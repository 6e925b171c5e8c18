package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.Disposition;
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Notify;
import org.posthouse.core.Recipient;
import org.posthouse.policy.AddressPattern;
import org.posthouse.policy.Route;
import org.posthouse.policy.Route.Hop;
import org.posthouse.policy.Route.TlsMode;
import org.posthouse.sim.ScriptedPeer;

import java.time.Duration;
import java.util.List;

/** Mail to a mail store by LMTP, that for local domains with it. */
class LmtpRouteTest {
    private static final Hop OFF = World.hop(TlsMode.OFF, 2);

    private final World world = new World();

    private static Route lmtp(String pattern) {
        var hosts = List.of(new Route.HostPort("store.example", 25));
        return new Route(
                "store",
                List.of(new AddressPattern(pattern)),
                new Route.Lmtp(Route.Peer.inOrder(hosts, OFF), OFF));
    }

    private static Route mx() {
        return World.route("default", new Route.Mx(OFF, false));
    }

    private ScriptedPeer store() {
        world.sim.dns().address("store.example", "192.0.2.24");
        return world.peer("192.0.2.24").lmtp();
    }

    @Test
    void aLocalDomainIsKeptThereAndNothingElseGoesThere() {
        world.rules = World.rules(lmtp("*@us.example"), mx());
        world.run(
                () -> {
                    var store = store();
                    var outside = world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25");
                    world.send("bob@us.example", "eve@us.example", "ada@x.example");
                    world.sim.settle();
                    assertThat(world.stored).isEmpty();
                    assertThat(store.commands()).contains("LHLO us.example");
                    assertThat(store.received().getFirst().rcpts())
                            .containsExactly(
                                    "RCPT TO:<bob@us.example>", "RCPT TO:<eve@us.example>");
                    assertThat(outside.received()).hasSize(1);
                    assertThat(world.delivered())
                            .contains("bob@us.example at store.example[192.0.2.24]:25");
                });
    }

    /** Whatever the routes say of outside mail: what is ours stays. */
    @Test
    void noOtherRouteTakesMailForALocalDomain() {
        world.rules = World.rules(lmtp("*"), mx());
        world.run(
                () -> {
                    var store = store();
                    world.sim.dns().mx("us.example", 10, "mx.evil.example");
                    world.sim.dns().address("mx.evil.example", "192.0.2.66");
                    var evil = world.peer("192.0.2.66");
                    world.send("bob@us.example");
                    world.sim.settle();
                    assertThat(world.stored).hasSize(1);
                    assertThat(store.received()).isEmpty();
                    var smart = new Route.HostPort("mx.evil.example", 25);
                    world.rules =
                            World.rules(
                                    new Route(
                                            "all",
                                            List.of(new AddressPattern("*@us.example")),
                                            Route.Smarthost.of(List.of(smart), OFF)));
                    world.send("bob@us.example");
                    world.sim.settle();
                    assertThat(world.stored).hasSize(2);
                    assertThat(evil.connections()).isZero();
                });
    }

    @Test
    void recipientsOfOneDomainMayHaveDifferentStores() {
        world.rules = World.rules(lmtp("bob@us.example"));
        world.run(
                () -> {
                    var store = store();
                    world.send("bob@us.example", "eve@us.example");
                    world.sim.settle();
                    assertThat(store.received()).hasSize(1);
                    assertThat(world.stored)
                            .extracting(World.Stored::recipient)
                            .containsExactly("eve@us.example");
                });
    }

    @Test
    void eachRecipientHasItsOwnOutcomeAndACutIsTriedAgainForTheOthersOnly() {
        world.rules = World.rules(lmtp("*@us.example"));
        world.run(
                () -> {
                    var store = store();
                    store.once("FOR bob@", "552 5.2.2 full").once("FOR dan@", ScriptedPeer.CLOSE);
                    world.send("ada@us.example", "bob@us.example", "dan@us.example");
                    world.sim.settle();
                    assertThat(world.delivered())
                            .contains("ada@us.example at store.example[192.0.2.24]:25");
                    assertThat(world.failed().getFirst().recipient().address())
                            .isEqualTo("bob@us.example");
                    assertThat(world.deferred().getFirst().recipient().address())
                            .isEqualTo("dan@us.example");
                    world.sim.advance(Duration.ofMinutes(14));
                    assertThat(store.commands()).filteredOn(this::isRcptOfDan).hasSize(1);
                    world.sim.advance(Duration.ofMinutes(20));
                    assertThat(store.commands()).filteredOn(this::isRcptOfDan).hasSize(2);
                    assertThat(store.received().getLast().rcpts())
                            .containsExactly("RCPT TO:<dan@us.example>");
                });
    }

    private boolean isRcptOfDan(String command) {
        return command.startsWith("RCPT TO:<dan@");
    }

    @Test
    void aStoreThatIsDownIsWaitedFor() {
        world.rules = World.rules(lmtp("*@us.example"));
        world.run(
                () -> {
                    var store = store();
                    world.sim.network().host("192.0.2.24").refuse(true);
                    world.send("ada@us.example");
                    world.send("bob@us.example");
                    world.sim.advance(Duration.ofMinutes(10));
                    assertThat(store.received()).isEmpty();
                    world.sim.network().host("192.0.2.24").refuse(false);
                    world.sim.advance(Duration.ofMinutes(6));
                    assertThat(store.received()).hasSize(2);
                    assertThat(world.stored).isEmpty();
                });
    }

    @Test
    void aSuccessIsReportedAsDeliveredNotPassedOn() {
        world.rules = World.rules(lmtp("*@us.example"));
        world.run(
                () -> {
                    var store = store().offers("PIPELINING");
                    var bob =
                            new Recipient(
                                    Mailbox.parse("bob@us.example"),
                                    new Notify(true, true, false, false),
                                    "");
                    world.send(
                            Mailbox.parse("ada@us.example"),
                            MailOptions.NONE,
                            List.of(bob),
                            World.TEXT,
                            Disposition.LOCAL);
                    world.sim.settle();
                    assertThat(store.received().getLast().content())
                            .contains("Action: delivered")
                            .doesNotContain("Action: relayed");
                    assertThat(world.events(MailEvent.Failed.class)).isEmpty();
                });
    }

    @Test
    void whatIsStoredWhenTheRelayStopsInTheMiddleIsReportedAsDelivered() {
        world.durable = true;
        world.rules = World.rules(lmtp("*@us.example"));
        world.run(
                () -> {
                    var store = store().offers("PIPELINING");
                    store.once("FOR dan@", ScriptedPeer.SILENCE);
                    var success = new Notify(true, true, false, false);
                    world.send(
                            Mailbox.parse("ada@us.example"),
                            MailOptions.NONE,
                            List.of(
                                    new Recipient(Mailbox.parse("bob@us.example"), success, ""),
                                    new Recipient(Mailbox.parse("dan@us.example"), success, "")),
                            World.TEXT,
                            Disposition.LOCAL);
                    world.sim.advance(Duration.ofSeconds(5));
                    assertThat(world.delivered()).isEmpty();
                    world.restart();
                    assertThat(world.delivered())
                            .containsExactly("bob@us.example at store.example[192.0.2.24]:25");
                    world.sim.advance(Duration.ofSeconds(5));
                    assertThat(store.received().getLast().content())
                            .contains("Action: delivered", "bob@us.example")
                            .doesNotContain("Action: relayed");
                });
    }
}
