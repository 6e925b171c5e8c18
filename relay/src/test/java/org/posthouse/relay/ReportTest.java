package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.BodyType;
import org.posthouse.core.Disposition;
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Notify;
import org.posthouse.core.Recipient;
import org.posthouse.core.Ret;
import org.posthouse.core.ReversePath;
import org.posthouse.policy.AddressPattern;
import org.posthouse.policy.PolicySet;
import org.posthouse.policy.Route;
import org.posthouse.sim.ScriptedPeer;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** Reports about deliveries (RFC 3461, RFC 3464), and those that must not be made. */
class ReportTest {
    private static final Duration NEVER = Duration.ofDays(365);

    private final World world = new World();

    private ScriptedPeer peer() {
        return world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25");
    }

    private static Recipient recipient(String address, Notify notify, String original) {
        return new Recipient(Mailbox.parse(address), notify, original);
    }

    private static MailOptions options(Ret ret, String envelopeId) {
        return new MailOptions(0, BodyType.SEVEN_BIT, false, ret, envelopeId, "", false);
    }

    private void send(MailOptions options, Recipient... recipients) {
        world.send(Mailbox.parse(World.SENDER), options, List.of(recipients));
    }

    private String onlyReport() {
        assertThat(world.stored).hasSize(1);
        assertThat(world.stored.get(0).recipient()).isEqualTo(World.SENDER);
        assertThat(world.stored.get(0).from()).isEmpty();
        return world.stored.get(0).content();
    }

    @Test
    void aFailureIsReportedToTheReversePathWithAllThatIsKnown() {
        world.run(
                () -> {
                    peer().always("RCPT TO:<gone@", "550-5.1.1 nobody\r\n550 5.1.1 of that name")
                            .always("RCPT TO:<left@", "554 went away");
                    send(
                            options(Ret.UNSPECIFIED, "QQ+2D1"),
                            recipient(
                                    "gone@x.example",
                                    Notify.UNSPECIFIED,
                                    "rfc822;old+2Bgone@y.example"),
                            recipient("left@x.example", Notify.UNSPECIFIED, ""),
                            recipient("good@x.example", Notify.UNSPECIFIED, ""));
                    world.sim.settle();
                    String report = onlyReport();
                    assertThat(report)
                            .contains("From: Mail Delivery System <MAILER-DAEMON@us.example>\r\n")
                            .contains("To: <ada@us.example>\r\n")
                            .contains("Auto-Submitted: auto-replied\r\n")
                            .contains("    which probably means: there is no such mailbox\r\n")
                            .contains(
                                    "Content-Type: multipart/report;"
                                            + " report-type=delivery-status;\r\n")
                            .contains("\r\nReporting-MTA: dns; us.example\r\n")
                            .contains("\r\nOriginal-Envelope-Id: QQ-1\r\n")
                            .contains("\r\nArrival-Date: Thu, 1 Jan 2026 ")
                            .contains(
                                    "\r\n\r\nOriginal-Recipient: rfc822; old+gone@y.example\r\n"
                                            + "Final-Recipient: rfc822; gone@x.example\r\n"
                                            + "Action: failed\r\n"
                                            + "Status: 5.1.1\r\n"
                                            + "Remote-MTA: dns; mx.x.example\r\n"
                                            + "Diagnostic-Code: smtp;\r\n"
                                            + " 550 5.1.1 nobody / of that name\r\n"
                                            + "Last-Attempt-Date: ")
                            .contains(
                                    "\r\n\r\nFinal-Recipient: rfc822; left@x.example\r\n"
                                            + "Action: failed\r\n"
                                            + "Status: 5.0.0\r\n")
                            .doesNotContain("good@x.example")
                            .contains(
                                    "Content-Type: text/rfc822-headers\r\n\r\n"
                                            + "Subject: hello\r\nFrom: ada\r\n\r\n--")
                            .doesNotContain("the body")
                            .endsWith("--\r\n");
                    assertThat(report.lines()).allMatch(line -> line.length() <= 998);
                    assertThat(world.failed()).allMatch(MailEvent.Failed::report);
                    assertThat(world.spool.admin().messageCount()).isZero();
                });
    }

    @Test
    void mailForLaterIsNotOldWhenItsTimeComes() {
        world.notBefore = world.sim.time().now().plus(Duration.ofDays(6));
        world.run(
                () -> {
                    ScriptedPeer peer = peer();
                    peer.once("RCPT", "450 4.2.0 busy");
                    send(MailOptions.NONE, Recipient.of(Mailbox.parse("a@x.example")));
                    world.sim.advance(Duration.ofDays(6).minusMinutes(1));
                    assertThat(world.deferred()).isEmpty();
                    world.sim.advance(Duration.ofMinutes(20));
                    assertThat(world.deferred()).hasSize(1);
                    assertThat(peer.received()).hasSize(1);
                    assertThat(world.failed()).isEmpty();
                    assertThat(world.stored).isEmpty();

                    peer.always("RCPT", "450 4.2.0 busy");
                    world.notBefore = world.sim.time().now().plus(Duration.ofDays(1));
                    send(MailOptions.NONE, Recipient.of(Mailbox.parse("b@x.example")));
                    world.sim.advance(Duration.ofDays(1).plusHours(3));
                    assertThat(world.stored).isEmpty();
                    world.sim.advance(Duration.ofHours(6));
                    assertThat(world.stored)
                            .singleElement()
                            .satisfies(s -> assertThat(s.content()).contains("Action: delayed"));
                    world.sim.advance(Duration.ofDays(4));
                    assertThat(world.failed()).isEmpty();
                    world.sim.advance(Duration.ofDays(1));
                    assertThat(world.failed()).hasSize(1);
                });
    }

    @Test
    void manyFailuresAreToldInSeveralReports() {
        world.run(
                () -> {
                    peer().always("RCPT", "550 5.1.1 nobody");
                    List<Recipient> many =
                            IntStream.range(0, 2500)
                                    .mapToObj(i -> Mailbox.parse("r" + i + "@x.example"))
                                    .map(Recipient::of)
                                    .toList();
                    world.send(Mailbox.parse(World.SENDER), MailOptions.NONE, many);
                    world.sim.advance(Duration.ofMinutes(5));
                    assertThat(world.stored).hasSize(3);
                    assertThat(
                                    world.stored.stream()
                                            .flatMap(s -> s.content().lines())
                                            .filter(l -> l.startsWith("Final-Recipient: "))
                                            .distinct())
                            .hasSize(2500);
                });
    }

    @Test
    void whatIsThrownAwayIsNotReportedAsPassedOn() {
        world.rules = World.rules(World.route("away", new Route.Discard()));
        world.run(
                () -> {
                    send(
                            MailOptions.NONE,
                            recipient("a@x.example", new Notify(true, true, false, false), ""));
                    world.sim.settle();
                    assertThat(world.delivered()).hasSize(1);
                    assertThat(world.stored).isEmpty();
                });
    }

    @Test
    void aReportToAnAliasGoesToThoseBehindIt() {
        PolicySet plain = world.rules;
        world.rules =
                new PolicySet(
                        plain.localDomains(),
                        plain.relayedDomains(),
                        plain.recipients(),
                        address ->
                                address.localPart().equals("ada")
                                        ? List.of(
                                                Mailbox.parse("bob@us.example"),
                                                Mailbox.parse("cyd@us.example"))
                                        : List.of(),
                        plain.relayRules(),
                        plain.routes());
        world.run(
                () -> {
                    peer().always("RCPT", "550 5.1.1 nobody");
                    send(MailOptions.NONE, Recipient.of(Mailbox.parse("a@x.example")));
                    world.sim.settle();
                    assertThat(world.stored)
                            .extracting(World.Stored::recipient)
                            .containsExactlyInAnyOrder("bob@us.example", "cyd@us.example");
                });
    }

    @Test
    void nothingComesBackOfAMessageThatNoHostMayHave() {
        world.run(
                () -> {
                    ScriptedPeer unsafe = peer();
                    send(
                            new MailOptions(0, BodyType.SEVEN_BIT, false, Ret.FULL, "QQ", "", true),
                            Recipient.of(Mailbox.parse("a@x.example")));
                    world.sim.settle();
                    assertThat(unsafe.received()).isEmpty();
                    assertThat(onlyReport())
                            .contains("Status: 5.7.30\r\n", "Original-Envelope-Id: QQ\r\n")
                            .doesNotContain("hello", "the body");
                });
    }

    @Test
    void theWholeMessageComesBackWhereAskedForAndNotTooLarge() {
        world.run(
                () -> {
                    peer().always("RCPT", "550 5.1.1 nobody");
                    send(options(Ret.FULL, ""), Recipient.of(Mailbox.parse("a@x.example")));
                    world.sim.settle();
                    assertThat(onlyReport())
                            .contains("Content-Type: message/rfc822\r\n\r\n" + World.TEXT);
                    world.stored.clear();
                    String large = World.TEXT + ("x".repeat(100) + "\r\n").repeat(11_000);
                    world.send(
                            Mailbox.parse(World.SENDER),
                            options(Ret.FULL, ""),
                            World.recipients("a@x.example"),
                            large,
                            new Disposition.Relayed("people", ""));
                    world.sim.settle();
                    assertThat(onlyReport()).contains("text/rfc822-headers").doesNotContain("xxx");
                });
    }

    @Test
    void eightBitContentMakesAnEightBitReport() {
        world.run(
                () -> {
                    peer().always("RCPT", "550 5.1.1 niemand hei\u00dft so");
                    world.send(
                            Mailbox.parse(World.SENDER),
                            options(Ret.FULL, ""),
                            World.recipients("a@x.example"),
                            "Subject: x\r\n\r\n\u00e9\r\n",
                            new Disposition.Relayed("people", ""));
                    world.sim.settle();
                    assertThat(onlyReport())
                            .contains("Content-Transfer-Encoding: 8bit\r\n")
                            .contains("niemand hei?t so")
                            .contains("\u00e9\r\n");
                });
    }

    /** RFC 3464 section 2.3.6: a diagnostic of type smtp is what a host said. */
    @Test
    void whatWeSayOurselvesIsNotPutIntoTheHostsMouth() {
        world.run(
                () -> {
                    peer().offers("PIPELINING");
                    world.send("b\u00e4r@x.example");
                    world.sim.settle();
                    assertThat(onlyReport())
                            .contains("Diagnostic-Code: X-Posthouse;\r\n 550 5.6.7 ")
                            .doesNotContain(" said:", "Remote-MTA");
                });
    }

    @Test
    void internationalAddressesAreToldAsUtf8() {
        world.run(
                () -> {
                    peer().always("RCPT", "550 5.1.1 nobody");
                    world.send("b\u00e4r@x.example");
                    world.sim.settle();
                    assertThat(onlyReport())
                            .contains("Content-Type: message/global-delivery-status\r\n")
                            .contains("Final-Recipient: utf-8; b\u00e4r@x.example\r\n");
                });
    }

    @Test
    void nobodyIsToldWhoDoesNotWantItAndTheNullPathNever() {
        world.run(
                () -> {
                    peer().always("RCPT", "550 5.1.1 nobody");
                    var successOnly = new Notify(true, true, false, false);
                    send(
                            MailOptions.NONE,
                            recipient("a@x.example", Notify.NEVER, ""),
                            recipient("b@x.example", successOnly, ""));
                    world.send(ReversePath.NULL, MailOptions.NONE, World.recipients("c@x.example"));
                    world.sim.settle();
                    assertThat(world.stored).isEmpty();
                    assertThat(world.failed()).hasSize(3).noneMatch(MailEvent.Failed::report);
                    assertThat(world.spool.admin().messageCount()).isZero();
                });
    }

    @Test
    void reportsToTheOutsideGoByARoute() {
        world.run(
                () -> {
                    var peer = peer().always("RCPT TO:<a@", "550 5.1.1 nobody");
                    world.send(
                            Mailbox.parse("carl@x.example"),
                            MailOptions.NONE,
                            World.recipients("a@x.example"));
                    world.sim.settle();
                    assertThat(peer.received()).hasSize(1);
                    assertThat(peer.received().get(0).mail()).startsWith("MAIL FROM:<> ");
                    assertThat(peer.received().get(0).rcpts())
                            .containsExactly("RCPT TO:<carl@x.example> NOTIFY=NEVER");
                });
    }

    @Test
    void mailIsGivenUpAfterFiveDaysAndTheDelayIsToldOnceAfterFourHours() {
        world.run(
                () -> {
                    peer().always("RCPT", "450 4.2.0 busy");
                    world.send("a@x.example");
                    world.sim.advance(Duration.ofHours(4).minusSeconds(1));
                    assertThat(world.stored).isEmpty();
                    world.sim.advance(Duration.ofSeconds(2));
                    assertThat(onlyReport())
                            .contains("Action: delayed\r\n", "Status: 4.2.0\r\n")
                            .contains("Will-Retry-Until: Tue, 6 Jan 2026 ");
                    assertThat(world.failed()).isEmpty();
                    world.sim.advance(Duration.ofDays(5).minusHours(4).minusSeconds(2));
                    assertThat(world.stored).hasSize(1);
                    assertThat(world.failed()).isEmpty();
                    world.sim.advance(Duration.ofSeconds(2));
                    assertThat(world.stored).hasSize(2);
                    assertThat(world.stored.get(1).content())
                            .contains("Action: failed\r\n", "Status: 4.4.7\r\n", "450 4.2.0 busy");
                    assertThat(world.failed()).hasSize(1);
                    assertThat(world.failed().get(0).reply().status().toString())
                            .isEqualTo("5.4.7");
                    assertThat(world.deferred().size()).isBetween(30, 45);
                    assertThat(world.spool.admin().deliveryCount()).isZero();
                });
    }

    @Test
    void whatIsParkedIsWarnedOfAndGivenUpToo() {
        world.run(
                () -> {
                    peer();
                    world.sim.network().host("192.0.2.25").refuse(true);
                    for (int i = 0; i < 20; i++) {
                        world.send("a@x.example");
                    }
                    world.sim.advance(Duration.ofHours(4).plusMinutes(7));
                    assertThat(world.stored).hasSize(20);
                    assertThat(world.stored)
                            .allSatisfy(s -> assertThat(s.content()).contains("Action: delayed"));
                    world.sim.advance(Duration.ofDays(5).minusHours(4));
                    assertThat(world.stored).hasSize(40);
                    assertThat(world.failed()).hasSize(20);
                    assertThat(world.deferred()).allMatch(e -> e.attempt() == 1);
                    assertThat(world.spool.admin().deliveryCount()).isZero();
                });
    }

    @Test
    void aDelayIsNotToldToStrangersNorWhereItIsNotWanted() {
        world.run(
                () -> {
                    peer().always("RCPT", "450 4.2.0 busy");
                    send(
                            MailOptions.NONE,
                            recipient("a@x.example", new Notify(true, false, true, false), ""));
                    world.sim.advance(Duration.ofDays(1));
                    assertThat(world.stored).isEmpty();
                });
    }

    @Test
    void noWarningWhereItWouldComeWithTheEnd() {
        world.retry(
                new RelaySettings.Retry(
                        List.of(Duration.ofSeconds(10)),
                        Duration.ofMinutes(2),
                        NEVER,
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(30),
                        Duration.ofDays(1)));
        world.run(
                () -> {
                    peer().always("RCPT", "450 4.2.0 busy");
                    world.send("a@x.example");
                    world.sim.advance(Duration.ofMinutes(3));
                    assertThat(onlyReport()).contains("Action: failed");
                    assertThat(world.deferred().size()).isBetween(9, 15);
                });
    }

    @Test
    void successIsToldWhereAskedForUnlessTheNextHopTellsIt() {
        world.run(
                () -> {
                    var peer = peer();
                    var success = new Notify(true, true, true, false);
                    send(MailOptions.NONE, recipient("a@x.example", success, ""));
                    world.sim.settle();
                    assertThat(world.stored).isEmpty();
                    assertThat(peer.received().get(0).rcpts().get(0))
                            .endsWith(" NOTIFY=SUCCESS,FAILURE");
                    world.sim.advance(Duration.ofMinutes(5));
                    peer.offers("PIPELINING");
                    send(MailOptions.NONE, recipient("a@x.example", success, ""));
                    world.sim.settle();
                    assertThat(onlyReport()).contains("Action: relayed\r\n", "Status: 2.0.0\r\n");
                    world.stored.clear();
                    send(MailOptions.NONE, recipient("eve@us.example", success, ""));
                    world.sim.settle();
                    assertThat(world.stored).hasSize(2);
                    assertThat(world.stored.get(1).content()).contains("Action: delivered\r\n");
                });
    }

    @Test
    void reportsAreNeverMadeAboutReports() {
        world.run(
                () -> {
                    peer().always("RCPT", "550 5.1.1 nobody");
                    world.send(
                            Mailbox.parse("carl@x.example"),
                            MailOptions.NONE,
                            World.recipients("a@x.example"));
                    world.sim.settle();
                    assertThat(world.failed())
                            .extracting(MailEvent.Failed::report)
                            .containsExactly(true, false);
                    assertThat(world.spool.admin().messageCount()).isZero();
                });
    }

    @Test
    void whatWasStoredAndWhatWasPassedOnIsToldApart() {
        var smart = Route.HostPort.parse("192.0.2.26:25", 25);
        world.rules =
                World.rules(
                        new Route(
                                "bob",
                                List.of(new AddressPattern("bob@x.example")),
                                new Route.Lmtp(
                                        Route.Peer.inOrder(List.of(smart), Route.Hop.DEFAULT),
                                        World.hop(Route.TlsMode.OFF, 1))),
                        World.route(
                                "default", new Route.Mx(World.hop(Route.TlsMode.OFF, 1), false)));
        world.run(
                () -> {
                    peer().offers("PIPELINING");
                    world.peer("192.0.2.26").lmtp().offers("PIPELINING");
                    var success = new Notify(true, true, true, false);
                    send(
                            MailOptions.NONE,
                            recipient("bob@x.example", success, ""),
                            recipient("eve@x.example", success, ""));
                    world.sim.settle();
                    assertThat(world.stored).hasSize(2);
                    assertThat(world.stored)
                            .anySatisfy(
                                    each ->
                                            assertThat(each.content())
                                                    .contains("Action: delivered")
                                                    .contains("; bob@x.example")
                                                    .doesNotContain("; eve@x.example"))
                            .anySatisfy(
                                    each ->
                                            assertThat(each.content())
                                                    .contains("Action: relayed")
                                                    .contains("; eve@x.example")
                                                    .doesNotContain("; bob@x.example"));
                });
    }

    /** The queue keeps the words for one of several: they are not told of the others. */
    @Test
    void aDelayIsNotExplainedByWhatWasSaidOfAnother() {
        world.run(
                () -> {
                    peer().always("RCPT TO:<full@", "452 4.2.2 mailbox full")
                            .always("RCPT TO:<busy@", "451 4.3.0 busy");
                    world.send("full@x.example", "busy@x.example");
                    world.sim.advance(Duration.ofMinutes(245));
                    assertThat(world.stored).hasSize(1);
                    String report = world.stored.getFirst().content();
                    assertThat(report).contains("Action: delayed");
                    String ofBusy = report.substring(report.indexOf("; busy@x.example"));
                    assertThat(ofBusy).doesNotContain("mailbox full").doesNotContain("4.2.2");
                });
    }
}
