package org.posthouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.posthouse.core.MailEvent;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Reply;
import org.posthouse.server.ListenerSettings.Auth;
import org.posthouse.sim.SimNetwork;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The engine as an embedding program sees it, in a simulated world. */
class PosthouseTest {
    private static final String STRANGER = "203.0.113.9";
    private static final String REFUSED = "553 5.7.1 sorry, we do not relay (PH-R101)";

    private final World world = new World();

    @Test
    void mailForALocalDomainIsStored() {
        var subjects = new ArrayList<String>();
        world.with(
                world.builder().onReceived(m -> subjects.add(m.from() + " " + m.subject())),
                mail -> {
                    world.send(STRANGER, "ada@shop.example", "250 *", "250 2.0.0 queued as *");
                    world.sim.settle();
                    assertThat(world.stored("shop.example", "ada"))
                            .singleElement()
                            .asString()
                            .startsWith("Return-Path: <app@client.example>\r\n")
                            .contains("Received: from client.example ([203.0.113.9])")
                            .endsWith("\r\nSubject: hello\r\n\r\ntext\r\n");
                    assertThat(mail.queue().messages()).isZero();
                });
        assertThat(subjects).containsExactly("app@client.example hello");
    }

    @Test
    void mailForAnAliasGoesToThoseBehindIt() {
        world.sim.dns().mx("far.example", 10, "mx.far.example");
        world.sim.dns().address("mx.far.example", "198.51.100.1");
        var asked = new ArrayList<String>();
        world.with(
                world.builder()
                        .recipients(m -> m.localPart().equals("ada"))
                        .onRecipient(
                                (s, to) -> {
                                    asked.add(to.mailbox().address());
                                    return Answer.accept();
                                })
                        .aliases(
                                address ->
                                        switch (address.localPart()) {
                                            case "info" ->
                                                    List.of(
                                                            Mailbox.parse("ada@shop.example"),
                                                            Mailbox.parse("bob@far.example"));
                                            case "lost" ->
                                                    List.of(Mailbox.parse("eve@shop.example"));
                                            default -> List.of();
                                        }),
                mail -> {
                    try (var hop = world.hop("198.51.100.1", "250 ok")) {
                        world.send(STRANGER, "info@shop.example", "250 *", "250 *");
                        world.send(STRANGER, "lost@shop.example", "550 5.1.1 nobody is *", "");
                        world.send(STRANGER, "eve@shop.example", "550 5.1.1 no such *", "");
                        world.send(STRANGER, "bob@far.example", REFUSED, "");
                        world.sim.advance(Duration.ofSeconds(1));
                        assertThat(hop.isClosed()).isFalse();
                    }
                });
        assertThat(asked).containsExactly("info@shop.example");
        assertThat(world.stored("shop.example", "ada")).hasSize(1);
        assertThat(world.stored("shop.example", "info")).isEmpty();
        assertThat(world.taken).singleElement().asString().contains("RCPT TO:<bob@far.example>");
    }

    @Test
    void whatAProgramSendsToAnAliasGoesToThoseBehindIt() {
        world.with(
                world.builder()
                        .recipients(m -> m.localPart().equals("ada"))
                        .aliases(
                                address ->
                                        switch (address.localPart()) {
                                            case "info" ->
                                                    List.of(Mailbox.parse("ada@shop.example"));
                                            case "lost" ->
                                                    List.of(Mailbox.parse("eve@shop.example"));
                                            default -> List.of();
                                        }),
                mail -> {
                    mail.submit(submission("info@shop.example", "ada@shop.example"));
                    assertThatThrownBy(() -> mail.submit(submission("lost@shop.example")))
                            .isInstanceOf(PosthouseException.class)
                            .hasMessageContaining("nobody is behind this alias");
                    world.sim.settle();
                });
        assertThat(world.stored("shop.example", "ada")).hasSize(1);
        assertThat(world.stored("shop.example", "info")).isEmpty();
    }

    private static Message submission(String... recipients) {
        return Message.builder()
                .from("app@shop.example")
                .to(recipients)
                .subject("x")
                .text("y")
                .build();
    }

    @Test
    void nothingIsRelayedWithoutARule() {
        world.with(
                world.builder(),
                mail -> {
                    world.send(STRANGER, "ada@far.example", REFUSED, "");
                    world.send("127.0.0.1", "ada@far.example", REFUSED, "");
                    world.send("192.0.2.1", "ada@far.example", REFUSED, "");
                });
        assertThat(world.taken).isEmpty();
    }

    @Test
    void theBarePostmasterIsThatOfTheFirstLocalDomain() {
        world.with(
                world.builder().local("another.example"),
                mail -> {
                    world.send(STRANGER, "postmaster", "250 *", "250 *");
                    world.sim.settle();
                });
        assertThat(world.stored("shop.example", "postmaster")).hasSize(1);
    }

    @Test
    void aRuleRelaysByMxForItsClientsOnly() {
        world.sim.dns().mx("far.example", 10, "mx.far.example");
        world.sim.dns().address("mx.far.example", "198.51.100.1");
        var done = new ArrayList<MailEvent.Delivered>();
        world.with(
                world.builder()
                        .relay(r -> r.name("apps").clients("10.20.0.0/16"))
                        .onRelayDone(done::add),
                mail -> {
                    try (var hop = world.hop("198.51.100.1", "250 ok")) {
                        world.send(STRANGER, "ada@far.example", REFUSED, "");
                        world.send("10.20.4.7", "ada@far.example", "250 *", "250 *");
                        world.sim.advance(Duration.ofSeconds(1));
                        assertThat(hop.isClosed()).isFalse();
                    }
                });
        assertThat(world.taken)
                .singleElement()
                .asString()
                .contains("MAIL FROM:<app@client.example>", "RCPT TO:<ada@far.example>");
        assertThat(done).hasSize(1);
        assertThat(done.getFirst().nexthop()).contains("mx.far.example");
    }

    /** No host should be called so, but DNS takes such names, and mail comes for them. */
    @Test
    void domainsMayHaveUnderscores() {
        world.sim.dns().mx("far_off.example", 10, "mx_1.far_off.example");
        world.sim.dns().address("mx_1.far_off.example", "198.51.100.1");
        String[] addresses = {"app@my_host.example", "ada@far_off.example"};
        world.with(
                world.builder()
                        .local("our_shop.example")
                        .relay(r -> r.name("apps").clients("10.20.0.0/16")),
                mail -> {
                    try (var hop = world.hop("198.51.100.1", "250 ok")) {
                        world.send("10.20.4.7", addresses, "250 *", "250 *");
                        world.send(STRANGER, "ada@Our_Shop.example", "250 *", "250 *");
                        world.send(STRANGER, "ada@our-shop.example", REFUSED, "");
                        world.sim.advance(Duration.ofSeconds(1));
                        assertThat(hop.isClosed()).isFalse();
                    }
                });
        assertThat(world.taken)
                .singleElement()
                .asString()
                .startsWith("MAIL FROM:<app@my_host.example>\nRCPT TO:<ada@far_off.example>\n");
        assertThat(world.stored("our_shop.example", "ada")).hasSize(1);
        assertThat(world.builder().hostname("my_host.example").problems())
                .extracting(PosthouseException.Problem::code)
                .containsExactly("PH-C020");
    }

    /** As bounces of lists have them (VERP, SRS, BATV). */
    @Test
    void longLocalPartsAreRelayedStoredAndReported() {
        String from = "b".repeat(120) + "@client.example";
        String to = "r".repeat(120) + "@far.example";
        String local = "l".repeat(239);
        world.sim.dns().mx("far.example", 10, "mx.far.example");
        world.sim.dns().address("mx.far.example", "198.51.100.1");
        world.sim.dns().mx("client.example", 10, "mx.client.example");
        world.sim.dns().address("mx.client.example", "198.51.100.2");
        world.with(
                world.builder().relay(r -> r.name("apps").clients("10.20.0.0/16")),
                mail -> {
                    try (var far = world.hop("198.51.100.1", "250 ok");
                            var client = world.hop("198.51.100.2", "250 ok")) {
                        world.send("10.20.4.7", new String[] {from, to}, "250 *", "250 *");
                        world.send(STRANGER, local + "@shop.example", "250 *", "250 *");
                        world.send(STRANGER, local + "ll@shop.example", "250 *", "250 *");
                        world.send(STRANGER, local + "lll@shop.example", "501 5.1.3 *", "");
                        world.sim.advance(Duration.ofMinutes(5)); // its connection is not kept
                        assertThat(far.isClosed() || client.isClosed()).isFalse();
                    }
                    try (var far = world.hop("198.51.100.1", "550 5.1.1 nobody");
                            var client = world.hop("198.51.100.2", "250 ok")) {
                        world.send("10.20.4.7", new String[] {from, to}, "250 *", "250 *");
                        world.sim.advance(Duration.ofSeconds(9));
                        assertThat(far.isClosed() || client.isClosed()).isFalse();
                    }
                    assertThat(mail.queue().messages()).isZero();
                });
        assertThat(world.taken).hasSize(2);
        assertThat(world.taken.getFirst())
                .startsWith("MAIL FROM:<" + from + ">\nRCPT TO:<" + to + ">\n");
        assertThat(world.taken.getLast())
                .startsWith("MAIL FROM:<>\nRCPT TO:<" + from + ">\n")
                .contains("Final-Recipient: rfc822; " + to + "\n");
        assertThat(world.stored("shop.example", local)).hasSize(1);
    }

    @Test
    void aHookRulePermitsAndOnlyTheHookRelays() {
        world.sim.dns().mx("far.example", 10, "mx.far.example");
        world.sim.dns().address("mx.far.example", "198.51.100.1");
        world.with(
                world.builder()
                        .relay(r -> r.name("by hook").clients("10.0.0.0/8").byHook())
                        .onReceived(
                                m -> {
                                    if (m.recipients().getFirst().localPart().equals("ada")) {
                                        m.relay();
                                    }
                                }),
                mail -> {
                    try (var hop = world.hop("198.51.100.1", "250 ok")) {
                        world.send("10.1.1.1", "bob@far.example", "250 *", "553 5.7.1 sorry*");
                        world.send("10.1.1.1", "ada@far.example", "250 *", "250 *");
                        world.send(STRANGER, "ada@far.example", REFUSED, "");
                        world.sim.advance(Duration.ofSeconds(1));
                        assertThat(hop.isClosed()).isFalse();
                    }
                });
        assertThat(world.taken).singleElement().asString().contains("<ada@far.example>");
    }

    @Test
    void relayWithoutAGrantThrowsInTheHooksFaceAndRefusesTheMessage() {
        var thrown = new ArrayList<RuntimeException>();
        world.with(
                world.builder()
                        .onReceived(
                                m -> {
                                    try {
                                        m.relay();
                                    } catch (IllegalStateException e) {
                                        thrown.add(e);
                                    }
                                }),
                mail -> world.send(STRANGER, "ada@shop.example", "250 *", "553 5.7.1 *"));
        assertThat(thrown).hasSize(1);
        assertThat(world.stored("shop.example", "ada")).isEmpty();
    }

    @Test
    void theReceivedHookMayStoreRefuseDiscardAndAddFields() {
        world.with(
                world.builder()
                        .relay(r -> r.clients("10.0.0.0/8"))
                        .onReceived(
                                m -> {
                                    switch (m.recipients().getFirst().localPart()) {
                                        case "keep" -> m.store();
                                        case "no" -> m.refuse(550, "5.7.1", "not this one");
                                        case "gone" -> m.discard(Reply.of(250, "2.0.0", "fine"));
                                        default -> m.addHeader("X-Env", "prod");
                                    }
                                }),
                mail -> {
                    world.send("10.0.0.1", "keep@far.example", "250 *", "250 *");
                    world.send("10.0.0.1", "no@shop.example", "250 *", "550 5.7.1 not this one*");
                    world.send("10.0.0.1", "gone@shop.example", "250 *", "250 2.0.0 fine*");
                    world.send("10.0.0.1", "ada@shop.example", "250 *", "250 *");
                    world.sim.settle();
                });
        assertThat(world.stored("far.example", "keep")).hasSize(1);
        assertThat(world.stored("shop.example", "no")).isEmpty();
        assertThat(world.stored("shop.example", "gone")).isEmpty();
        assertThat(world.stored("shop.example", "ada"))
                .singleElement()
                .asString()
                .contains("\r\nX-Env: prod\r\n");
    }

    @Test
    void aHookThatThrowsCostsItsCommandOnly() {
        world.with(
                world.builder()
                        .onRecipient(
                                (session, to) -> {
                                    if (to.mailbox().localPart().equals("bug")) {
                                        throw new IllegalStateException("a bug");
                                    }
                                    if (to.mailbox().localPart().equals("todo")) {
                                        throw new Error("as other languages throw them");
                                    }
                                    return to.mailbox().localPart().equals("no")
                                            ? Answer.refuse(550, "5.1.1", "no such mailbox")
                                            : Answer.accept();
                                }),
                mail -> {
                    world.send(STRANGER, "bug@shop.example", "451 4.3.0 *", "");
                    world.send(STRANGER, "todo@shop.example", "451 4.3.0 *", "");
                    world.send(STRANGER, "no@shop.example", "550 5.1.1 no such mailbox*", "");
                    world.send(STRANGER, "ada@shop.example", "250 *", "250 *");
                });
    }

    @Test
    void programsSubmitWithoutAListener() {
        world.sim.dns().mx("far.example", 10, "mx.far.example");
        world.sim.dns().address("mx.far.example", "198.51.100.1");
        var builder =
                Posthouse.builder().platform(world.sim).data(World.DATA).local("shop.example");
        world.with(
                builder,
                mail -> {
                    try (var hop = world.hop("198.51.100.1", "250 ok")) {
                        Message message =
                                Message.builder()
                                        .from("app@shop.example")
                                        .to("ada@far.example", "bob@shop.example")
                                        .subject("Grüße")
                                        .text("Zeile 1\nZeile ü\n")
                                        .key("order-1042")
                                        .build();
                        SendReceipt first = mail.submit(message);
                        SendReceipt again = mail.submit(message);
                        assertThat(first.repeated()).isFalse();
                        assertThat(again).isEqualTo(new SendReceipt(first.id(), true));
                        world.sim.advance(Duration.ofSeconds(1));
                        assertThat(mail.queue().messages()).isZero();
                        SendReceipt late = mail.submit(message.withKey(""), "order-1042");
                        assertThat(late).isEqualTo(new SendReceipt(first.id(), true));
                        assertThat(hop.isClosed()).isFalse();
                    }
                });
        assertThat(world.taken)
                .singleElement()
                .asString()
                .contains("RCPT TO:<ada@far.example>", "Subject: =?utf-8?B?R3LDvMOfZQ==?=");
        assertThat(world.stored("shop.example", "bob")).hasSize(1);
    }

    /** Its delivery must not wait for it for ever, and with enough of those all others. */
    @Test
    void aRelayErrorHookThatHangsHasNothingToSay() {
        world.sim.dns().mx("far.example", 10, "mx.far.example");
        world.sim.dns().address("mx.far.example", "198.51.100.1");
        var failed = new ArrayList<String>();
        world.with(
                world.builder()
                        .hookTimeout(Duration.ofSeconds(7))
                        .on(MailEvent.Failed.class, e -> failed.add(e.reply().toString()))
                        .onRelayError(
                                e -> {
                                    world.sleep(Duration.ofDays(1));
                                    e.retry(Duration.ofSeconds(5));
                                }),
                mail -> {
                    try (var bad = world.hop("198.51.100.1", "550 5.7.1 not you")) {
                        mail.submit(
                                Message.builder()
                                        .from("app@shop.example")
                                        .to("ada@far.example")
                                        .text("x")
                                        .build());
                        world.sim.advance(Duration.ofSeconds(20));
                        assertThat(failed).containsExactly("550 5.7.1 not you");
                        assertThat(mail.queue().list(10)).isEmpty();
                        assertThat(bad.isClosed()).isFalse();
                    }
                });
    }

    @Test
    void theRelayErrorHookChangesTheHost() {
        world.sim.dns().mx("far.example", 10, "mx.far.example");
        world.sim.dns().address("mx.far.example", "198.51.100.1");
        var errors = new ArrayList<String>();
        world.with(
                world.builder()
                        .onRelayError(
                                e -> {
                                    errors.add(e.attempt() + " " + e.outcomes().getFirst().reply());
                                    e.retry(Duration.ofSeconds(5), "198.51.100.2:25");
                                }),
                mail -> {
                    try (var bad = world.hop("198.51.100.1", "550 5.7.1 not you");
                            var good = world.hop("198.51.100.2", "250 ok")) {
                        mail.submit(
                                Message.builder()
                                        .from("app@shop.example")
                                        .to("ada@far.example")
                                        .text("x")
                                        .build());
                        world.sim.advance(Duration.ofSeconds(2));
                        assertThat(world.taken).isEmpty();
                        assertThat(mail.queue().list(10))
                                .singleElement()
                                .satisfies(e -> assertThat(e.domain()).isEqualTo("far.example"));
                        world.sim.advance(Duration.ofSeconds(10));
                        assertThat(bad.isClosed() || good.isClosed()).isFalse();
                    }
                });
        assertThat(errors).containsExactly("1 550 5.7.1 not you");
        assertThat(world.taken).hasSize(1);
    }

    @Test
    void aFailureIsReportedToTheReversePath() {
        world.sim.dns().mx("far.example", 10, "mx.far.example");
        world.sim.dns().address("mx.far.example", "198.51.100.1");
        world.with(
                world.builder(),
                mail -> {
                    try (var bad = world.hop("198.51.100.1", "550 5.1.1 no such user")) {
                        mail.submit(
                                Message.builder()
                                        .from("app@shop.example")
                                        .to("ada@far.example")
                                        .text("x")
                                        .build());
                        world.sim.advance(Duration.ofSeconds(2));
                        assertThat(bad.isClosed()).isFalse();
                    }
                });
        assertThat(world.stored("shop.example", "app"))
                .singleElement()
                .asString()
                .startsWith("Return-Path: <>\r\n")
                .contains(
                        "multipart/report",
                        "Final-Recipient: rfc822;",
                        "Action: failed",
                        "Status: 5.1.1",
                        "550 5.1.1 no such user");
    }

    @Test
    void theQueueHoldsReleasesAndRemoves() {
        world.sim.dns().failTemporarily("dark0.example").failTemporarily("dark1.example");
        world.with(
                world.builder(),
                mail -> {
                    for (int i = 0; i < 2; i++) {
                        mail.submit(
                                Message.builder()
                                        .from("app@shop.example")
                                        .to("ada@dark" + i + ".example")
                                        .text("x")
                                        .build());
                    }
                    world.sim.advance(Duration.ofSeconds(30));
                    List<QueueView.Entry> waiting = mail.queue().list(10);
                    assertThat(waiting).hasSize(2);
                    var first = waiting.getFirst().id();
                    assertThat(mail.queue().hold(first)).isTrue();
                    world.sim.settle();
                    assertThat(mail.queue().find(first).orElseThrow().held()).isTrue();
                    assertThat(mail.queue().release(first)).isTrue();
                    world.sim.settle();
                    assertThat(mail.queue().find(first).map(QueueView.Entry::held))
                            .isNotEqualTo(java.util.Optional.of(true));
                    var second = waiting.getLast().id();
                    assertThat(mail.queue().remove(second)).isTrue();
                    world.sim.settle();
                    assertThat(mail.queue().find(second)).isEmpty();
                    assertThat(mail.queue().messages()).isLessThan(2);
                });
    }

    @Test
    void anOpenRelayDoesNotStart() {
        var problem =
                catchThrowableOfType(
                        PosthouseException.class,
                        () -> world.builder().relay(r -> r.clients("0.0.0.0/0")).start());
        assertThat(problem.code()).isEqualTo("PH-C031");
        assertThatThrownBy(() -> world.builder().relay(r -> r.name("all")).start())
                .hasMessageContaining("PH-C031");
    }

    @Test
    void allProblemsAreToldAtOnce() {
        var builder =
                world.builder()
                        .hostname("not a name")
                        .relayed("shop.example")
                        .listen(0, l -> l.name("public").auth(Auth.REQUIRED));
        assertThat(builder.problems())
                .extracting(PosthouseException.Problem::code)
                .containsExactlyInAnyOrder("PH-C020", "PH-C021", "PH-C023", "PH-C024");
    }

    /** Names that no address can have would end the start with an exception. */
    @Test
    void aNameThatIsNoDomainIsAProblem() {
        var wrong = new ArrayList<PosthouseBuilder>();
        for (String name : new String[] {"mx..example", "mx.example.", "-mx.example", ""}) {
            wrong.add(world.builder().hostname(name));
        }
        wrong.add(Posthouse.builder().hostname("12345"));
        wrong.add(Posthouse.builder().hostname("mx.example").local("my shop"));
        for (PosthouseBuilder builder : wrong) {
            assertThat(builder.problems())
                    .extracting(PosthouseException.Problem::code)
                    .containsExactly("PH-C020");
        }
        assertThat(world.builder().hostname("12345").problems()).isEmpty();
    }

    @Test
    void aTakenPortLeavesNothingOpenAndTheBuilderStartsAgain() {
        var builder = world.builder();
        world.sim.run(
                () -> {
                    var taken = world.hop("192.0.2.1", "250 ok");
                    assertThatThrownBy(builder::start).hasMessageContaining("PH-S002");
                    taken.close();
                    world.sim.settle();
                    assertThat(world.sim.network().listening()).isEmpty();
                });
        world.with(builder, mail -> world.send(STRANGER, "ada@shop.example", "250 *", "250 *"));
    }

    @Test
    void anEngineStopsAndTheSameBuilderStartsAgain() {
        var builder = world.builder();
        for (int i = 1; i <= 3; i++) {
            int copies = i;
            world.with(
                    builder,
                    mail -> {
                        assertThat(mail.isRunning()).isTrue();
                        world.send(STRANGER, "ada@shop.example", "250 *", "250 *");
                        world.sim.settle();
                        assertThat(world.stored("shop.example", "ada")).hasSize(copies);
                    });
        }
    }

    @Test
    void twoEnginesShareNothingAndNeverOneQueue() {
        InetSocketAddress there = SimNetwork.socket("192.0.2.1", 2525);
        world.with(
                world.builder(),
                mail -> {
                    var same =
                            Posthouse.builder()
                                    .platform(world.sim)
                                    .data(World.DATA)
                                    .local("b.example");
                    assertThatThrownBy(same::start).hasMessageContaining("PH-S010");
                    var other =
                            Posthouse.builder()
                                    .platform(world.sim)
                                    .data(java.nio.file.Path.of("/other"))
                                    .local("b.example")
                                    .listen(there, l -> {});
                    try (Posthouse second = other.start()) {
                        assertThat(second.port()).isEqualTo(2525);
                        assertThat(mail.addresses()).isEqualTo(Map.of("public", World.HERE));
                        world.send(STRANGER, "ada@b.example", REFUSED, "");
                    }
                });
    }

    @Test
    void eventsTellTheWayOfAMessage() {
        var names = new ArrayList<String>();
        world.with(
                world.builder().onEvent(e -> names.add(e.getClass().getSimpleName())),
                mail -> {
                    world.send(STRANGER, "ada@shop.example", "250 *", "250 *");
                    world.sim.settle();
                });
        assertThat(names).containsSubsequence("SessionOpened", "Received", "Delivered", "Settled");
        assertThat(names).contains("SessionClosed");
    }
}
