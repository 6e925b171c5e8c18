package org.posthouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.posthouse.testkit.FaultPoint.connect;
import static org.posthouse.testkit.FaultPoint.dot;
import static org.posthouse.testkit.FaultPoint.mailFrom;
import static org.posthouse.testkit.FaultPoint.rcptTo;
import static org.posthouse.testkit.Selectors.any;
import static org.posthouse.testkit.Selectors.to;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.posthouse.Message;
import org.posthouse.Posthouse;
import org.posthouse.core.Dialogue;
import org.posthouse.core.MailEvent;
import org.posthouse.core.SpoolId;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What was recorded of a server happens again where it is replayed. */
final class ReplayTest {
    private static final String ADA = "ada@partner.example";
    private static final String BOB = "bob@partner.example";
    private static final String MX = "mx.partner.example";

    /** Ways in which a server fails. */
    private enum Failing {
        RCPT(host -> host.when(rcptTo("ada@*")).refuse(452, "4.2.2", "mailbox full")),
        ALL(host -> host.when(rcptTo()).refuse(550, "5.1.1", "no such user")),
        MAIL(host -> host.when(mailFrom()).refuse(450, "4.1.8", "who?")),
        CONTENT(host -> host.when(dot()).refuse(554, "5.7.1", "spam")),
        BREAK(host -> host.when(dot()).drop()),
        CLOSING(host -> host.when(connect()).close()),
        HANG(host -> host.when(dot()).hang()),
        SECURED(host -> host.offersTls().when(rcptTo()).refuse(550, "5.7.1", "not you")),
        HANDSHAKE(host -> host.offersTls().when(connect()).tlsFail());

        private final Consumer<FakeHost> fault;

        Failing(Consumer<FakeHost> fault) {
            this.fault = fault;
        }
    }

    private static MailEvent.Tried firstTry(Consumer<FakeHost> fault) {
        try (FakeInternet net = FakeInternet.create()) {
            net.domain("partner.example").mx(MX);
            fault.accept(net.host(MX));
            Posthouse posthouse = net.start(net.builder().hostname("mail.shop.example"));
            SpoolId id =
                    posthouse
                            .submit(
                                    Message.builder()
                                            .from("app@shop.example")
                                            .to(ADA, BOB)
                                            .subject("Order 1")
                                            .text("Three teapots")
                                            .build())
                            .id();
            net.advance(Duration.ofMinutes(11));
            return posthouse.tries(id).getFirst();
        }
    }

    private static String text(Dialogue dialogue) {
        return dialogue.lines().stream()
                .map(
                        line ->
                                switch (line.speaker()) {
                                    case CLIENT -> "C: " + line.text();
                                    case SERVER -> "S: " + line.text();
                                    case NOTE -> "(" + line.text() + ")";
                                })
                .collect(Collectors.joining("\n"));
    }

    @ParameterizedTest
    @EnumSource
    void theSameHappensAgain(Failing failing) {
        MailEvent.Tried recorded = firstTry(failing.fault);
        String dialogue = text(recorded.dialogue());

        MailEvent.Tried replayed = firstTry(host -> host.replays(dialogue));

        assertThat(replayed.reached()).isEqualTo(recorded.reached());
        assertThat(replayed.reply().code()).isEqualTo(recorded.reply().code());
        assertThat(replayed.reply().status()).isEqualTo(recorded.reply().status());
        if (failing != Failing.HANDSHAKE) { // how that fails is up to TLS
            assertThat(text(replayed.dialogue())).isEqualTo(dialogue);
            assertThat(replayed.reply()).isEqualTo(recorded.reply());
        }
    }

    @Test
    void contentByDataIsReceivedAndTheNextConnectionIsTheServersOwn() {
        try (FakeInternet net = FakeInternet.create()) {
            net.domain("partner.example").mx(MX);
            FakeHost host = net.host(MX);
            host.replays(
                    """
                    S: 220 old.example
                    C: EHLO mail.shop.example
                    S: 502 what?
                    C: HELO mail.shop.example
                    S: 250 old.example
                    C: MAIL FROM:<app@shop.example>
                    S: 250 ok
                    C: RCPT TO:<ada@partner.example>
                    S: 250 ok
                    C: RCPT TO:<bob@partner.example>
                    S: 451 not now
                    C: DATA
                    S: 354 go on
                    (300 octets of content)
                    C: .
                    S: 250 ok 1
                    """);
            Posthouse posthouse = net.start(net.builder().hostname("mail.shop.example"));
            posthouse.submit(
                    Message.builder()
                            .from("app@shop.example")
                            .to(ADA, BOB)
                            .subject("Order 1")
                            .text(".Three\n..teapots")
                            .build());
            net.runUntilQuiet();
            ReceivedMail first = net.one(any());
            assertThat(first.to()).containsExactly(ADA);
            assertThat(first.text()).isEqualTo(".Three\n..teapots\n");
            assertThat(host.attempts(to(BOB)).getFirst().refusals().getFirst().code())
                    .isEqualTo(451);

            net.runUntilSettled();

            assertThat(net.one(to(BOB)).to()).containsExactly(BOB);
        }
    }

    @Test
    void whatIsNoWholeDialogueIsRefused() {
        for (String wrong :
                List.of("", "(timed out)", "hello", "S: 220 x\n(7 lines are left out)\nC: QUIT")) {
            assertThatThrownBy(() -> Recording.parse(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("dialogue");
        }
    }
}
