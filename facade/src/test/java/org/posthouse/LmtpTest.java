package org.posthouse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.MailEvent;
import org.posthouse.core.Mailbox;
import org.posthouse.server.ListenerSettings.Auth;
import org.posthouse.sim.SimNetwork;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A listener of LMTP: each recipient has a reply, and the hook a word for each. */
class LmtpTest {
    private static final InetSocketAddress HERE = SimNetwork.socket("192.0.2.1", 24);
    private static final String CLIENT = "203.0.113.9";
    private static final Mailbox BOB = Mailbox.parse("bob@shop.example");
    private static final String TO_THREE =
            """
            C: MAIL FROM:<app@client.example>
            S: 250 *
            C: RCPT TO:<ada@shop.example>
            S: 250 *
            C: RCPT TO:<bob@shop.example>
            S: 250 *
            C: RCPT TO:<x@far.example>
            S: 553 5.7.1 sorry, we do not relay (PH-R101)
            C: RCPT TO:<cyd@shop.example>
            S: 250 *
            C: DATA
            S: 354 *
            C: Subject: x
            C: .
            """;
    private static final String QUIT = "C: QUIT\nS: 221 *\n";

    private final World world = new World();
    private final List<MailEvent.Trouble> troubles = new ArrayList<>();

    private PosthouseBuilder lmtp() {
        return Posthouse.builder()
                .platform(world.sim)
                .data(World.DATA)
                .hostname("mail.shop.example")
                .local("shop.example")
                .on(MailEvent.Trouble.class, troubles::add)
                .listen(HERE, ListenerBuilder::lmtp);
    }

    private void play(PosthouseBuilder builder, String dialogue) {
        play(builder, HERE, dialogue);
    }

    private void play(PosthouseBuilder builder, InetSocketAddress to, String dialogue) {
        world.with(
                builder,
                mail -> {
                    world.play(CLIENT, to, dialogue);
                    world.sim.settle();
                });
    }

    private List<String> stored(String localPart) {
        return world.stored("shop.example", localPart);
    }

    @Test
    void hookRefusesSomeRecipients() {
        play(
                lmtp().onReceived(
                                m -> {
                                    m.refuse(BOB, 452, "4.2.2", "mailbox full");
                                    m.addHeader("X-Seen", "yes");
                                }),
                "S: 220 mail.shop.example LMTP\nC: LHLO client.example\n"
                        + "S: 250-mail.shop.example\n"
                        + "S: 250-*\n".repeat(7)
                        + "S: 250 *\n"
                        + TO_THREE
                        + """
                        S: 250 2.0.0 queued as *
                        S: 452 4.2.2 mailbox full (PH-H103)
                        S: 250 2.0.0 queued as *
                        """
                        + QUIT);
        assertThat(stored("ada")).singleElement().asString().contains("X-Seen: yes\r\n");
        assertThat(stored("bob")).isEmpty();
        assertThat(stored("cyd")).hasSize(1);
    }

    @Test
    void refusalOfTheMessageIsForAll() {
        play(
                lmtp().onReceived(
                                m -> {
                                    m.refuse(BOB, 452, "4.2.2", "mailbox full");
                                    m.refuse(554, "5.6.0", "not this");
                                }),
                "S: 220 *\nC: LHLO client.example\n"
                        + "S: 250-*\n".repeat(8)
                        + "S: 250 *\n"
                        + TO_THREE
                        + "S: 554 5.6.0 not this (PH-H103)\n".repeat(3)
                        + QUIT);
        assertThat(stored("ada")).isEmpty();
    }

    @Test
    void smtpHasOneReplyForAll() {
        play(
                world.builder()
                        .on(MailEvent.Trouble.class, troubles::add)
                        .onReceived(m -> m.refuse(BOB, 452, "4.2.2", "mailbox full")),
                World.HERE,
                "S: 220 *\nC: HELO client.example\nS: 250 *\n"
                        + TO_THREE
                        + "S: 451 4.3.0 *\n"
                        + QUIT);
        assertThat(troubles).hasSize(1);
        assertThat(stored("ada")).isEmpty();
    }

    @Test
    void whoIsNoRecipientCantBeRefused() {
        play(
                lmtp().onReceived(
                                m -> m.refuse(Mailbox.parse("x@y.example"), 550, "5.1.1", "who?")),
                "S: 220 *\nC: LHLO client.example\n"
                        + "S: 250-*\n".repeat(8)
                        + "S: 250 *\n"
                        + TO_THREE
                        + "S: 451 4.3.0 *\n".repeat(3)
                        + QUIT);
        assertThat(troubles).hasSize(1);
    }

    @Test
    void portsAndDomainsAreChecked() {
        assertThat(problems(l -> l.lmtp(), 25)).containsExactly("PH-C033");
        assertThat(problems(l -> l.lmtp(), 24)).isEmpty();
        assertThat(problems(l -> l.completesWith("shop.example"), 25)).isEmpty();
        assertThat(problems(l -> l.completesWith("no domain"), 25)).containsExactly("PH-C020");
    }

    @Test
    void loginsInClearTextAreForThisMachineAlone() {
        Consumer<ListenerBuilder> taking = l -> l.auth(Auth.REQUIRED).takesClearTextLogins(true);
        assertThat(problems(taking, 587)).containsExactly("PH-C035");
        assertThat(problems(l -> l.auth(Auth.REQUIRED), 587)).containsExactly("PH-C023");
        assertThat(Posthouse.builder().listenLoopback(587, taking).problems()).isEmpty();
        PosthouseBuilder people =
                Posthouse.builder()
                        .listenLoopback(587, taking)
                        .users((login, password) -> true)
                        .relay(rule -> rule.name("people").auth());
        assertThat(people.relayProof().sentence()).contains("log").contains("port 587");
    }

    private static List<String> problems(Consumer<ListenerBuilder> listener, int port) {
        var address = new InetSocketAddress("192.0.2.25", port);
        return Posthouse.builder().listen(address, listener).problems().stream()
                .map(PosthouseException.Problem::code)
                .toList();
    }
}
