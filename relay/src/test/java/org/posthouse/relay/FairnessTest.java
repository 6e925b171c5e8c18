package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.posthouse.core.Disposition;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Origin;
import org.posthouse.core.Recipient;
import org.posthouse.policy.Route;
import org.posthouse.sim.ScriptedPeer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Who has sent much does not make others wait. One connection, so that the order is one. */
class FairnessTest {
    private static final Origin BOB = new Origin("mx", "203.0.113.5", "c", "bob", "ESMTPSA");

    private final World world = new World();

    private ScriptedPeer peer() {
        world.rules =
                World.rules(
                        World.route(
                                "default", new Route.Mx(World.hop(Route.TlsMode.OFF, 1), false)));
        world.sim.network().latency(Duration.ofMillis(5), Duration.ofMillis(5));
        world.sim.dns().address("mx.hoster.example", "192.0.2.25");
        world.sim.dns().mx("x.example", 10, "mx.hoster.example");
        return world.peer("192.0.2.25");
    }

    /** Transactions that began behind an instant and before this recipient's. */
    private static long before(ScriptedPeer peer, int seen, String recipient) {
        List<String> commands = peer.commands();
        int at = commands.indexOf("RCPT TO:<" + recipient + ">");
        assertThat(at).as("attempted").isPositive();
        return commands.subList(seen, at).stream().filter(each -> each.startsWith("MAIL")).count()
                - 1;
    }

    private void sendToMany(int count) {
        List<Recipient> recipients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            recipients.add(Recipient.of(Mailbox.parse("r" + i + "@x.example")));
        }
        world.send(
                Mailbox.parse(World.SENDER),
                MailOptions.NONE,
                recipients,
                World.TEXT,
                new Disposition.Relayed("people", ""));
    }

    private void behindManyRecipients(int count) {
        world.run(
                () -> {
                    ScriptedPeer peer = peer();
                    sendToMany(count);
                    world.sim.advance(Duration.ofMillis(300));
                    int seen = peer.commands().size();
                    assertThat(seen).isPositive();
                    world.send("late@x.example");
                    world.sim.advance(Duration.ofHours(2));
                    assertThat(before(peer, seen, "late@x.example")).isLessThanOrEqualTo(3);
                    assertThat(world.delivered()).hasSize(count + 1);
                });
    }

    @Test
    void oneRecipientBehindAHundredThousandOfOneMessageIsAttemptedSoon() {
        behindManyRecipients(100_000);
    }

    @Test
    void aCrashRepeatsAtMostAThousandOfAMessageToMany() {
        world.durable = true;
        world.run(
                () -> {
                    ScriptedPeer peer = peer();
                    sendToMany(9000);
                    for (int i = 0; i < 20; i++) {
                        world.sim.advance(Duration.ofMillis(300));
                        int taken =
                                peer.received().stream()
                                        .mapToInt(each -> each.rcpts().size())
                                        .sum();
                        assertThat(taken - world.delivered().size()).isLessThanOrEqualTo(1100);
                    }
                    assertThat(world.delivered()).hasSize(9000);
                });
    }

    private void behindManyDomains(int count, int active) {
        world.activeMax(active);
        world.run(
                () -> {
                    ScriptedPeer peer = peer();
                    List<String> recipients = new ArrayList<>();
                    for (int i = 0; i < count; i++) {
                        world.sim.dns().mx("d" + i + ".example", 10, "mx.hoster.example");
                        recipients.add("r@d" + i + ".example");
                    }
                    world.send("first@x.example");
                    world.sim.advance(Duration.ofSeconds(1));
                    world.send(recipients.toArray(String[]::new));
                    world.sim.advance(Duration.ofSeconds(5));
                    int seen = peer.commands().size();
                    world.send("late@x.example");
                    world.sim.advance(Duration.ofHours(3));
                    assertThat(before(peer, seen, "late@x.example")).isLessThanOrEqualTo(3);
                    assertThat(world.books().outMax).isLessThanOrEqualTo(active);
                    assertThat(world.delivered()).hasSize(count + 2);
                });
    }

    @Test
    void oneRecipientBehindTwoThousandDomainsOfOneMessageIsAttemptedSoon() {
        behindManyDomains(2000, 200);
    }

    private void behindATenant(int count, int active) {
        world.activeMax(active);
        world.run(
                () -> {
                    ScriptedPeer peer = peer();
                    world.send(count, "r@x.example");
                    world.sim.advance(Duration.ofSeconds(5));
                    for (int i = 0; i < 5; i++) {
                        int seen = peer.commands().size();
                        String to = "late" + i + "@x.example";
                        world.send(BOB, to);
                        world.sim.advance(Duration.ofSeconds(2));
                        assertThat(before(peer, seen, to)).isLessThanOrEqualTo(Streams.QUANTUM + 1);
                    }
                    assertThat(world.books().outMax).isLessThanOrEqualTo(active);
                });
        assertThat(world.deferred()).isEmpty();
    }

    @Test
    void aSingleMessageBehindATenantsQueueWaitsForOneQuantum() {
        behindATenant(100_000, 20_000);
    }

    @Test
    @Tag("campaign")
    void aSingleMessageBehindAMillionOfATenantWaitsForOneQuantum() {
        behindATenant(1_000_000, 20_000);
    }

    @Test
    void aSingleMessageBehindMoreThanMayBeActiveWaitsForOneQuantum() {
        behindATenant(5000, 400);
    }

    private long taken(ScriptedPeer peer, String recipient) {
        return peer.received().stream()
                .filter(each -> each.rcpts().getFirst().contains(recipient))
                .count();
    }

    @Test
    void aTenantsRateIsKeptOverAllHostsAndHoldsUpNobodyElse() {
        world.sharing(
                new RelaySettings.Sharing(
                        List.of(new RelaySettings.Tenant(true, "ada", 1, false, 60)), List.of()));
        world.run(
                () -> {
                    ScriptedPeer peer = peer();
                    world.sim.dns().address("mx.y.example", "192.0.2.26");
                    world.sim.dns().mx("y.example", 10, "mx.y.example");
                    ScriptedPeer other = world.peer("192.0.2.26");
                    world.send(200, "a@x.example");
                    world.send(200, "a@y.example");
                    for (int i = 0; i < 20; i++) {
                        world.send(BOB, "b@x.example");
                    }
                    world.sim.advance(Duration.ofSeconds(3));
                    assertThat(taken(peer, "b@")).isEqualTo(20);
                    for (int minute = 1; minute <= 6; minute++) {
                        world.sim.advance(Duration.ofMinutes(1));
                        assertThat(taken(peer, "a@") + taken(other, "a@"))
                                .isBetween(60L * minute - 3, 60L * minute + 10);
                    }
                    world.sim.advance(Duration.ofMinutes(2));
                    assertThat(world.delivered()).hasSize(420);
                });
        assertThat(world.deferred()).isEmpty();
    }

    @Test
    void bulkMailOfATenantLetsOtherMailGoFirstButGoesOn() {
        world.sharing(
                new RelaySettings.Sharing(
                        List.of(new RelaySettings.Tenant(true, "ada", 1, true, 0)), List.of()));
        world.run(
                () -> {
                    ScriptedPeer peer = peer();
                    world.send(1000, "a@x.example");
                    for (int i = 0; i < 400; i++) {
                        world.send(BOB, "b@x.example");
                    }
                    while (taken(peer, "b@") < 400) {
                        world.sim.advance(Duration.ofMillis(100));
                    }
                    assertThat(taken(peer, "a@")).isBetween(80L, 150L);
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(world.delivered()).hasSize(1400);
                });
    }
}
