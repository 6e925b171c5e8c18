package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.Disposition;
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.TlsFacts;
import org.posthouse.policy.Route;
import org.posthouse.policy.Route.TlsMode;
import org.posthouse.relay.RelayHooks.FailedAttempt;
import org.posthouse.sim.ScriptedPeer;
import org.posthouse.sim.SimNetwork;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Which host mail goes to, and what happens when it can't be reached. */
class HopTest {
    private final World world = new World();

    private String reply(String recipient) {
        Mailbox to = Mailbox.parse(recipient);
        world.events.clear();
        world.send(recipient);
        world.sim.advance(Duration.ofMinutes(1));
        for (MailEvent event : world.events) {
            if (event instanceof MailEvent.Failed f && f.recipient().equals(to)) {
                return "failed " + f.reply();
            }
            if (event instanceof MailEvent.Deferred d && d.recipient().equals(to)) {
                return "deferred " + d.reply();
            }
            if (event instanceof MailEvent.Delivered d && d.recipient().equals(to)) {
                return "delivered";
            }
        }
        return "nothing";
    }

    @Test
    void theNextExchangerIsTriedWhateverTheFirstOneDoes() {
        world.run(
                () -> {
                    var first = world.exchanger("x.example", 10, "mx1.x.example", "192.0.2.25");
                    var second = world.exchanger("x.example", 20, "mx2.x.example", "192.0.2.26");
                    world.send("bob@x.example");
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(first.received()).hasSize(1);
                    String[] troubles = {
                        "421 4.3.2 no", "554 5.7.1 no", "what?", ScriptedPeer.CLOSE
                    };
                    for (String trouble : troubles) {
                        first.once("GREETING", trouble);
                        world.send("bob@x.example");
                        world.sim.advance(Duration.ofMinutes(1));
                    }
                    for (String trouble : troubles) {
                        first.once("EHLO", trouble).once("HELO", "550 5.7.1 no");
                        world.send("bob@x.example");
                        world.sim.advance(Duration.ofMinutes(1));
                    }
                    world.sim.network().host("192.0.2.25").blackhole(true);
                    world.send("bob@x.example");
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(second.received()).hasSize(9);
                    assertThat(world.deferred()).isEmpty();
                });
    }

    /** By default such a greeting is the host's trouble: the mail waits with its site. */
    @Test
    void aRuleMayMakeAGreetingFinalForTheMessage() {
        var listed = OutcomeRule.of(ReplyClass.REP).at(OutcomeRule.Point.CONNECT).texts("listed");
        world.outcomes(new RelaySettings.Outcomes(List.of(listed), true));
        world.run(
                () -> {
                    world.exchanger("x.example", 10, "mx1.x.example", "192.0.2.25")
                            .always("GREETING", "554 5.7.1 you are listed");
                    world.exchanger("x.example", 20, "mx2.x.example", "192.0.2.26")
                            .once("GREETING", "554 5.7.1 you are listed")
                            .once("GREETING", "554 5.7.1 go away");
                    assertThat(reply("bob@x.example")).isEqualTo("failed 554 5.7.1 you are listed");
                    assertThat(reply("bob@x.example")).isEqualTo("deferred 554 5.7.1 go away");
                    world.sim.advance(Duration.ofMinutes(2));
                    assertThat(world.delivered()).hasSize(1);
                });
    }

    @Test
    void aHostThatBreaksOffInTheTransactionIsLeftForTheNextOne() {
        world.run(
                () -> {
                    var first = world.exchanger("x.example", 10, "mx1.x.example", "192.0.2.25");
                    var second = world.exchanger("x.example", 20, "mx2.x.example", "192.0.2.26");
                    for (String step : new String[] {"MAIL", "RCPT", "DATA"}) {
                        first.once(step, ScriptedPeer.CLOSE);
                        world.send("bob@x.example");
                        world.sim.advance(Duration.ofMinutes(1));
                    }
                    assertThat(second.received()).hasSize(3);
                    assertThat(world.deferred()).isEmpty();

                    first.always("MAIL", ScriptedPeer.CLOSE);
                    second.once("MAIL", ScriptedPeer.CLOSE);
                    world.send("bob@x.example");
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(world.deferred())
                            .singleElement()
                            .satisfies(e -> assertThat(e.attempt()).isEqualTo(1));
                    world.sim.advance(Duration.ofMinutes(10));
                    assertThat(second.received()).hasSize(4);
                });
    }

    @Test
    void hostsThatOnlyWasteTimeDoNotHoldAWorker() {
        world.run(
                () -> {
                    for (int i = 10; i < 30; i++) {
                        world.exchanger("x.example", i, "mx" + i + ".x.example", "192.0.2." + i)
                                .always("GREETING", ScriptedPeer.SILENCE);
                    }
                    world.send("bob@x.example");
                    world.sim.advance(Duration.ofMinutes(20));
                    assertThat(world.deferred()).hasSize(1);
                });
    }

    @Test
    void everyAddressOfAHostIsTriedInBothFamilies() {
        world.run(
                () -> {
                    world.sim.dns().mx("x.example", 10, "mx.x.example");
                    world.sim
                            .dns()
                            .address("mx.x.example", "2001:db8::25", "192.0.2.24", "192.0.2.25");
                    var peer = world.peer("192.0.2.25");
                    assertThat(reply("bob@x.example")).isEqualTo("delivered");
                    assertThat(peer.received()).hasSize(1);
                });
    }

    /** RFC 8305, and a memory of it: the second conversation begins where the first ended. */
    @Test
    void theFamilyThatAnswersFirstIsTakenAndRemembered() {
        world.run(
                () -> {
                    world.sim.dns().mx("x.example", 10, "mx.x.example");
                    world.sim.dns().address("mx.x.example", "2001:db8::25", "192.0.2.25");
                    var six = world.peer("2001:db8::25");
                    var four = world.peer("192.0.2.25");
                    assertThat(reply("bob@x.example")).isEqualTo("delivered");
                    assertThat(six.received()).as("IPv6 comes first").hasSize(1);
                    assertThat(four.connections()).isZero();

                    world.sim.advance(Duration.ofMinutes(1));
                    world.sim.network().host("2001:db8::25").blackhole(true);
                    assertThat(secondsTo("bob@x.example", four, 1)).isEqualTo(0.25);
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(secondsTo("bob@x.example", four, 2)).isZero();

                    world.sim.network().host("2001:db8::25").blackhole(false);
                    world.sim.advance(Duration.ofMinutes(61));
                    assertThat(reply("bob@x.example")).isEqualTo("delivered");
                    assertThat(six.received()).as("after an hour").hasSize(2);
                });
        world.sim.assertNothingOpen();
    }

    /** How long it takes until a peer has so many messages. */
    private double secondsTo(String recipient, ScriptedPeer peer, int count) {
        long begun = world.sim.time().nanos();
        world.send(recipient);
        while (peer.received().size() < count) {
            world.sim.settle();
            if (peer.received().size() < count) {
                world.sim.advance(Duration.ofMillis(50));
            }
        }
        return (world.sim.time().nanos() - begun) / 1e9;
    }

    @Test
    void aFamilyThatFailsAtOnceCostsNoTime() {
        world.run(
                () -> {
                    world.sim.dns().mx("x.example", 10, "mx.x.example");
                    world.sim.dns().address("mx.x.example", "2001:db8::25", "192.0.2.25");
                    world.sim.network().host("2001:db8::25").unreachable(true);
                    var four = world.peer("192.0.2.25");
                    assertThat(secondsTo("bob@x.example", four, 1)).isZero();
                });
    }

    @Test
    void bothFamiliesThatFailAreLeftForTheNextAddress() {
        world.run(
                () -> {
                    var dns = world.sim.dns().mx("x.example", 10, "mx.x.example");
                    dns.address("mx.x.example", "2001:db8::25", "2001:db8::26", "192.0.2.25");
                    world.sim.network().host("2001:db8::25").blackhole(true);
                    world.sim.network().host("192.0.2.25").blackhole(true);
                    var last = world.peer("2001:db8::26");
                    assertThat(secondsTo("bob@x.example", last, 1)).isBetween(30.0, 31.0);
                });
    }

    @Test
    void stoppingEndsARace() {
        world.run(
                () -> {
                    world.sim.dns().mx("x.example", 10, "mx.x.example");
                    world.sim.dns().address("mx.x.example", "2001:db8::25", "192.0.2.25");
                    world.sim.network().host("2001:db8::25").blackhole(true);
                    world.sim.network().host("192.0.2.25").blackhole(true);
                    world.send("bob@x.example");
                    world.sim.advance(Duration.ofSeconds(5));
                    world.current().drain(Duration.ofSeconds(1));
                    assertThat(world.sim.liveThreads()).doesNotContain("dial");
                });
        world.sim.assertNothingOpen();
    }

    @Test
    void whatDnsSaysDecides() {
        world.run(
                () -> {
                    var dns = world.sim.dns();
                    dns.mx("null.example", 0, "");
                    assertThat(reply("a@null.example")).startsWith("failed 556 5.1.10");
                    assertThat(reply("a@nowhere.example")).startsWith("failed 550 5.1.2");
                    dns.exists("empty.example");
                    assertThat(reply("a@empty.example")).startsWith("failed 550 5.4.4");
                    dns.mx("dangling.example", 5, "mx.nowhere.example");
                    assertThat(reply("a@dangling.example")).startsWith("failed 550 5.4.4");
                    dns.failTemporarily("broken.example");
                    assertThat(reply("a@broken.example")).startsWith("deferred 451 4.4.3");
                    dns.mx("half.example", 5, "mx.broken.example")
                            .failTemporarily("mx.broken.example");
                    assertThat(reply("a@half.example")).startsWith("deferred 451 4.4.3");
                    var peer = world.peer("192.0.2.30");
                    dns.address("plain.example", "192.0.2.30");
                    assertThat(reply("a@plain.example")).isEqualTo("delivered");
                    assertThat(reply("a@[192.0.2.30]")).isEqualTo("delivered");
                    dns.address("xn--bcher-kva.example", "192.0.2.30");
                    assertThat(reply("a@b\u00fccher.example")).isEqualTo("delivered");
                    dns.address("strasse.example", "192.0.2.31")
                            .address("xn--strae-oqa.example", "192.0.2.30");
                    assertThat(reply("a@stra\u00dfe.example")).isEqualTo("delivered");
                    assertThat(peer.received()).hasSize(4);
                    dns.heal("broken.example").address("broken.example", "192.0.2.30");
                    world.sim.advance(Duration.ofMinutes(10));
                    assertThat(peer.received()).hasSize(5);
                });
    }

    @Test
    void foreignZonesDoNotLeadIntoOurNetworkUnlessTheRouteIsInternal() {
        world.run(
                () -> {
                    var dns = world.sim.dns();
                    world.peer("127.0.0.1");
                    dns.mx("evil.example", 5, "mx.evil.example")
                            .address("mx.evil.example", "127.0.0.1");
                    assertThat(reply("a@evil.example")).startsWith("failed 550 5.4.4");
                    assertThat(reply("a@[127.0.0.1]")).startsWith("failed 550 5.4.4");
                    assertThat(reply("a@[IPv6:::1]")).startsWith("failed 550 5.4.4");
                    dns.address("mixed.example", "10.0.0.5", "192.0.2.31");
                    world.peer("192.0.2.31");
                    assertThat(reply("a@mixed.example")).isEqualTo("delivered");
                    world.rules =
                            World.rules(World.route("in", new Route.Mx(Route.Hop.DEFAULT, true)));
                    assertThat(reply("a@evil.example")).isEqualTo("delivered");
                    assertThat(reply("a@[127.0.0.1]")).isEqualTo("delivered");
                    dns.system("hostsfile.example", "127.0.0.1");
                    assertThat(reply("a@hostsfile.example")).isEqualTo("delivered");
                });
    }

    @Test
    void mailDoesNotLoopBackToOurselves() {
        world.listeners = List.of(SimNetwork.socket("192.0.2.99", 25));
        world.run(
                () -> {
                    var dns = world.sim.dns();
                    dns.mx("a.example", 10, "us.example");
                    assertThat(reply("x@a.example")).startsWith("failed 554 5.4.6");
                    dns.mx("b.example", 10, "me.b.example").address("me.b.example", "192.0.2.99");
                    assertThat(reply("x@b.example")).startsWith("failed 554 5.4.6");
                    var better = world.exchanger("c.example", 5, "mx.c.example", "192.0.2.40");
                    var worse = world.exchanger("c.example", 20, "mx2.c.example", "192.0.2.41");
                    dns.mx("c.example", 10, "us.example");
                    assertThat(reply("x@c.example")).isEqualTo("delivered");
                    better.always("GREETING", "421 4.3.2 no");
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(reply("x@c.example")).startsWith("deferred");
                    assertThat(worse.connections()).isZero();
                });
    }

    @Test
    void aWildcardListenerOfOursIsKnownOnceConnected() {
        world.listeners = List.of(SimNetwork.socket("0.0.0.0", 25));
        world.sim.network().ownAddress(SimNetwork.address("192.0.2.1"));
        world.run(
                () -> {
                    var ourselves = world.exchanger("d.example", 10, "mx.d.example", "192.0.2.1");
                    var worse = world.exchanger("d.example", 20, "mx2.d.example", "192.0.2.42");
                    assertThat(reply("x@d.example")).startsWith("failed 554 5.4.6");
                    assertThat(ourselves.received()).isEmpty();
                    assertThat(worse.connections()).isZero();
                });
    }

    /** We are the host that keeps the mail while the better one is down. */
    @Test
    void whoIsTheNextBestHostItselfWaitsForTheBetterOne() {
        world.listeners = List.of(SimNetwork.socket("0.0.0.0", 25));
        world.sim.network().ownAddress(SimNetwork.address("192.0.2.1"));
        world.run(
                () -> {
                    var better = world.exchanger("d.example", 5, "mx.d.example", "192.0.2.43");
                    world.exchanger("d.example", 10, "backup.d.example", "192.0.2.1");
                    world.sim.network().host("192.0.2.43").refuse(true);
                    assertThat(reply("x@d.example")).startsWith("deferred 421 4.4.1");
                    world.sim.network().host("192.0.2.43").refuse(false);
                    world.sim.advance(Duration.ofMinutes(6));
                    assertThat(better.received()).hasSize(1);
                    assertThat(world.failed()).isEmpty();
                });
    }

    @Test
    void whoIsTheNextBestHostItselfWaitsForTheAddressOfTheBetterOne() {
        world.listeners = List.of(SimNetwork.socket("0.0.0.0", 25));
        world.sim.network().ownAddress(SimNetwork.address("192.0.2.1"));
        world.run(
                () -> {
                    var better = world.exchanger("d.example", 5, "mx.d.example", "192.0.2.43");
                    world.exchanger("d.example", 10, "backup.d.example", "192.0.2.1");
                    world.sim.dns().failTemporarily("mx.d.example");
                    assertThat(reply("x@d.example")).startsWith("deferred 450 4.4.3");
                    world.sim.dns().heal("mx.d.example");
                    world.sim.advance(Duration.ofMinutes(6));
                    assertThat(better.received()).hasSize(1);
                    assertThat(world.failed()).isEmpty();
                });
    }

    @Test
    void anUnreachableSiteIsProbedAndItsMailParkedWithoutCountingAttempts() {
        world.run(
                () -> {
                    var peer = world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25");
                    world.sim.network().host("192.0.2.25").refuse(true);
                    for (int i = 0; i < 50; i++) {
                        world.send("bob@x.example");
                    }
                    world.sim.advance(Duration.ofHours(1));
                    int probes = world.deferred().size();
                    assertThat(probes).isBetween(10, 25);
                    assertThat(world.deferred()).allMatch(e -> e.attempt() == 1);
                    world.sim.network().host("192.0.2.25").refuse(false);
                    world.sim.advance(Duration.ofMinutes(6));
                    assertThat(peer.received()).hasSize(50);
                    assertThat(world.current().counts().parked()).isZero();
                });
    }

    @Test
    void retryNowProbesAnUnreachableSite() {
        world.run(
                () -> {
                    var peer = world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25");
                    world.sim.network().host("192.0.2.25").refuse(true);
                    world.send("bob@x.example");
                    SpoolId id = world.send("eve@x.example");
                    world.sim.advance(Duration.ofMinutes(30));
                    world.sim.network().host("192.0.2.25").refuse(false);
                    assertThat(world.current().retryNow(World.first(id))).isTrue();
                    world.sim.settle();
                    assertThat(peer.received()).hasSize(2);
                });
    }

    @Test
    void aSmarthostTakesItAllWithALogin() {
        var hop =
                new Route.Hop(
                        587,
                        TlsMode.VERIFY,
                        new Route.Credentials("ada", "secret"),
                        2,
                        "outside.example",
                        "",
                        Duration.ofSeconds(5));
        var hosts =
                List.of(
                        new Route.HostPort("dead.example", 587),
                        new Route.HostPort("smart.example", 587));
        world.rules = World.rules(World.route("smart", Route.Smarthost.of(hosts, hop)));
        world.run(
                () -> {
                    world.sim.dns().address("dead.example", "192.0.2.50");
                    world.sim.dns().system("smart.example", "10.0.0.51");
                    var peer =
                            new ScriptedPeer(world.sim, "10.0.0.51", 587)
                                    .offers("STARTTLS", "AUTH PLAIN");
                    world.peers.add(peer);
                    world.sim.network().host("10.0.0.51").certificateFor("smart.example");
                    assertThat(reply("a@x.example")).isEqualTo("delivered");
                    assertThat(peer.commands())
                            .contains("EHLO outside.example", "AUTH PLAIN AGFkYQBzZWNyZXQ=");
                    world.sim.advance(Duration.ofMinutes(1));
                    world.sim.network().host("10.0.0.51").certificateFor("other.example");
                    assertThat(reply("a@x.example")).startsWith("deferred 421 4.7.5");
                });
    }

    @Test
    void brokenTlsIsLeftOutAndRememberedWhereItIsOpportunistic() {
        world.run(
                () -> {
                    var peer = world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25");
                    peer.offers("STARTTLS", "PIPELINING");
                    world.sim.network().host("192.0.2.25").failTls(true);
                    assertThat(reply("a@x.example")).isEqualTo("delivered");
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(reply("a@x.example")).isEqualTo("delivered");
                    assertThat(peer.connections()).isEqualTo(3);
                    assertThat(peer.commands().stream().filter("STARTTLS"::equals)).hasSize(1);
                });
    }

    @Test
    void whatAHostCantTakeGoesToTheNextOneOrFails() {
        world.run(
                () -> {
                    var first = world.exchanger("x.example", 10, "mx1.x.example", "192.0.2.25");
                    first.offers("PIPELINING");
                    var second = world.exchanger("x.example", 20, "mx2.x.example", "192.0.2.26");
                    assertThat(reply("\u00e4@x.example")).isEqualTo("delivered");
                    assertThat(second.received()).hasSize(1);
                    assertThat(reply("a@x.example")).isEqualTo("delivered");
                    assertThat(first.received()).hasSize(1);
                    second.offers("PIPELINING");
                    world.sim.advance(Duration.ofMinutes(5));
                    assertThat(reply("\u00e4@x.example")).startsWith("failed 550 5.6.7");
                });
    }

    @Test
    void routesDecideAtEachAttempt() {
        world.run(
                () -> {
                    var peer = world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25");
                    peer.always("RCPT", "450 4.2.0 busy");
                    var before = world.rules;
                    world.rules = World.rules();
                    assertThat(reply("a@x.example")).startsWith("failed 550 5.4.4 no route");
                    world.rules = World.rules(World.route("no", new Route.Refuse("not there")));
                    assertThat(reply("a@x.example")).isEqualTo("failed 550 5.7.1 not there");
                    world.rules = World.rules(World.route("gone", new Route.Discard()));
                    assertThat(reply("a@x.example")).isEqualTo("delivered");
                    world.rules = before;
                    assertThat(reply("a@x.example")).startsWith("deferred 450 4.2.0");
                    world.stored.clear();
                    world.rules = World.rules(World.route("keep", new Route.Store()));
                    world.sim.advance(Duration.ofMinutes(20));
                    assertThat(world.stored).hasSize(1);
                });
    }

    @Test
    void aRecipientWithoutAGrantIsNeverRelayed() {
        world.run(
                () -> {
                    var peer = world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25");
                    world.send(
                            Mailbox.parse(World.SENDER),
                            MailOptions.NONE,
                            World.recipients("bob@x.example"),
                            World.TEXT,
                            Disposition.LOCAL);
                    world.sim.settle();
                    assertThat(peer.connections()).isZero();
                    assertThat(world.stored).hasSize(1);
                });
    }

    @Test
    void aHookMayChangeTheHostAndTryAgain() {
        List<FailedAttempt> asked = new ArrayList<>();
        world.hooks =
                new RelayHooks() {
                    @Override
                    public FailedAttempt.Advice failed(FailedAttempt attempt) {
                        asked.add(attempt);
                        return new FailedAttempt.Advice(
                                attempt.attempt() == 1,
                                Duration.ofSeconds(5),
                                "backup.example:2525");
                    }
                };
        world.run(
                () -> {
                    var peer = world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25");
                    peer.always("RCPT", "550 5.7.1 not you");
                    world.sim.dns().address("backup.example", "10.9.9.9");
                    var backup = new ScriptedPeer(world.sim, "10.9.9.9", 2525);
                    world.peers.add(backup);
                    world.send("bob@x.example");
                    world.sim.advance(Duration.ofSeconds(4));
                    assertThat(backup.received()).isEmpty();
                    world.sim.advance(Duration.ofSeconds(4));
                    assertThat(backup.received()).hasSize(1);
                    assertThat(asked).hasSize(1);
                    assertThat(asked.get(0).nexthop()).isEqualTo("mx.x.example[192.0.2.25]:25");
                    assertThat(world.failed()).isEmpty();
                });
    }

    @Test
    void aHookThatThrowsChangesNothing() {
        world.hooks =
                new RelayHooks() {
                    @Override
                    public FailedAttempt.Advice failed(FailedAttempt attempt) {
                        throw new IllegalStateException("oops");
                    }
                };
        world.run(
                () -> {
                    var peer = world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25");
                    peer.always("RCPT", "550 5.7.1 not you");
                    assertThat(reply("bob@x.example")).startsWith("failed 550 5.7.1");
                    assertThat(world.events(MailEvent.Trouble.class)).hasSize(1);
                });
    }

    @Test
    void aHookThatDiesChangesNothing() {
        world.hooks =
                new RelayHooks() {
                    @Override
                    public FailedAttempt.Advice failed(FailedAttempt attempt) {
                        throw new NoClassDefFoundError("oops");
                    }
                };
        world.run(
                () -> {
                    var peer = world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25");
                    peer.always("RCPT", "550 5.7.1 not you");
                    assertThat(reply("bob@x.example")).startsWith("failed 550 5.7.1");
                    assertThat(world.events(MailEvent.Trouble.class)).hasSize(1);
                });
    }

    @Test
    void aHookMayRefuseACertificateAndNothingGoesInClearText() {
        List<String> shown = new ArrayList<>();
        world.hooks =
                new RelayHooks() {
                    @Override
                    public boolean accepts(String nexthop, TlsFacts facts) {
                        shown.add(nexthop + " " + facts.version());
                        if (nexthop.equals("mx2.x.example")) {
                            throw new IllegalStateException("oops");
                        }
                        if (nexthop.equals("mx3.x.example")) {
                            throw new NoClassDefFoundError("oops");
                        }
                        return nexthop.equals("mx4.x.example");
                    }
                };
        world.run(
                () -> {
                    var peers = new ArrayList<ScriptedPeer>();
                    for (int i = 1; i <= 4; i++) {
                        String name = "mx" + i + ".x.example";
                        var peer = world.exchanger("x.example", 10 * i, name, "192.0.2.2" + i);
                        peer.offers("STARTTLS", "PIPELINING");
                        peers.add(peer);
                    }
                    world.send("bob@x.example");
                    world.sim.advance(Duration.ofSeconds(5));
                    assertThat(peers.get(3).received()).hasSize(1);
                    for (ScriptedPeer refused : peers.subList(0, 3)) {
                        assertThat(refused.commands()).containsOnlyOnce("STARTTLS");
                        assertThat(refused.received()).isEmpty();
                        assertThat(refused.connections()).isOne();
                    }
                });
        assertThat(shown).hasSize(4);
    }
}
