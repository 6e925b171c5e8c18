package org.posthouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthouse.core.Command;
import org.posthouse.core.CommandParser;
import org.posthouse.core.Disposition;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Recipient;
import org.posthouse.core.ReversePath;
import org.posthouse.platform.Deadline;
import org.posthouse.server.CommandGate.Passage;
import org.posthouse.server.ListenerSettings.Auth;
import org.posthouse.server.ListenerSettings.Protocol;
import org.posthouse.server.ListenerSettings.Tls;
import org.posthouse.server.SessionPolicy.RecipientVerdict;
import org.posthouse.server.SessionState.Connected;
import org.posthouse.server.SessionState.Identified;
import org.posthouse.server.SessionState.Receiving;
import org.posthouse.server.SessionState.Transacting;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** The whole table. */
class CommandGateTest {
    private static final Identified PEER = new Identified("c", true);

    /** Columns: connected, identified, transacting without and with recipients, receiving. */
    @ParameterizedTest
    @CsvSource({
        "HELO c,            OPEN, OPEN, OPEN, OPEN, OPEN",
        "EHLO c,            OPEN, OPEN, OPEN, OPEN, OPEN",
        "RSET,              OPEN, OPEN, OPEN, OPEN, OPEN",
        "NOOP,              OPEN, OPEN, OPEN, OPEN, OPEN",
        "HELP,              OPEN, OPEN, OPEN, OPEN, OPEN",
        "VRFY a,            OPEN, OPEN, OPEN, OPEN, OPEN",
        "EXPN a,            OPEN, OPEN, OPEN, OPEN, OPEN",
        "QUIT,              OPEN, OPEN, OPEN, OPEN, OPEN",
        "FROB,              OPEN, OPEN, OPEN, OPEN, OPEN",
        "RCPT,              OPEN, OPEN, OPEN, OPEN, OPEN",
        "MAIL FROM:<a@b.c>, HELLO_FIRST, OPEN, NESTED_MAIL, NESTED_MAIL, NESTED_MAIL",
        "RCPT TO:<a@b.c>,   HELLO_FIRST, MAIL_FIRST, OPEN, OPEN, CHUNKS_BEGUN",
        "DATA,              HELLO_FIRST, MAIL_FIRST, NO_RECIPIENTS, OPEN, CHUNKS_BEGUN",
        "BDAT 1,            HELLO_FIRST, MAIL_FIRST, NO_RECIPIENTS, OPEN, OPEN",
        "STARTTLS,          OPEN, OPEN, IN_TRANSACTION, IN_TRANSACTION, IN_TRANSACTION",
        "AUTH PLAIN,        CLEAR_TEXT, CLEAR_TEXT, CLEAR_TEXT, CLEAR_TEXT, CLEAR_TEXT",
    })
    void inClearText(
            String line,
            Passage connected,
            Passage identified,
            Passage empty,
            Passage filled,
            Passage receiving) {
        var gate = new CommandGate(Tls.OFFER, Auth.OPTIONAL, Protocol.SMTP, true);
        var wanted = List.of(connected, identified, empty, filled, receiving);
        var states = states();
        for (int i = 0; i < states.size(); i++) {
            assertThat(gate.check(command(line), states.get(i), false, false))
                    .as(states.get(i).word() + " " + i)
                    .isEqualTo(wanted.get(i));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HELLO_FIRST, OPEN, IN_TRANSACTION, IN_TRANSACTION, IN_TRANSACTION, false",
        "HELLO_FIRST, LOGGED_IN, LOGGED_IN, LOGGED_IN, LOGGED_IN, true"
    })
    void loginOnASecuredSession(
            Passage connected,
            Passage identified,
            Passage empty,
            Passage filled,
            Passage receiving,
            boolean loggedIn) {
        var gate = new CommandGate(Tls.OFFER, Auth.OPTIONAL, Protocol.SMTP, true);
        var wanted = List.of(connected, identified, empty, filled, receiving);
        var states = states();
        for (int i = 0; i < states.size(); i++) {
            assertThat(gate.check(command("AUTH PLAIN"), states.get(i), true, loggedIn))
                    .isEqualTo(wanted.get(i));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HELO c, OPEN",
        "EHLO c, OPEN",
        "STARTTLS, OPEN",
        "STARTTLS x, OPEN",
        "NOOP, OPEN",
        "RSET, OPEN",
        "QUIT, OPEN",
        "MAIL FROM:<>, TLS_FIRST",
        "RCPT TO:<a@b.c>, TLS_FIRST",
        "DATA, TLS_FIRST",
        "BDAT 1, TLS_FIRST",
        "HELP, TLS_FIRST",
        "VRFY a, TLS_FIRST",
        "EXPN a, TLS_FIRST",
        "AUTH PLAIN, TLS_FIRST",
        "FROB, TLS_FIRST",
        "MAIL, TLS_FIRST"
    })
    void whereTlsIsRequired(String line, Passage wanted) {
        var gate = new CommandGate(Tls.REQUIRE, Auth.OPTIONAL, Protocol.SMTP, true);
        assertThat(gate.check(command(line), PEER, false, false)).isEqualTo(wanted);
        assertThat(gate.check(command(line), PEER, true, false)).isNotEqualTo(Passage.TLS_FIRST);
    }

    @Test
    void whereALoginIsRequired() {
        var gate = new CommandGate(Tls.OFFER, Auth.REQUIRED, Protocol.SMTP, true);
        for (String line : List.of("MAIL FROM:<>", "VRFY a", "EXPN a")) {
            assertThat(gate.check(command(line), PEER, true, false)).isEqualTo(Passage.LOGIN_FIRST);
            assertThat(gate.check(command(line), PEER, true, true)).isEqualTo(Passage.OPEN);
        }
        assertThat(gate.check(command("NOOP"), PEER, true, false)).isEqualTo(Passage.OPEN);
        assertThat(gate.check(command("MAIL FROM:<>"), new Connected(true), true, false))
                .isEqualTo(Passage.HELLO_FIRST);
    }

    @Test
    void whatIsNotOffered() {
        var gate = new CommandGate(Tls.OFF, Auth.OFF, Protocol.SMTP, true);
        assertThat(gate.check(command("STARTTLS"), PEER, false, false)).isEqualTo(Passage.NO_TLS);
        assertThat(gate.check(command("AUTH PLAIN"), PEER, true, false)).isEqualTo(Passage.NO_AUTH);
        var implicit = new CommandGate(Tls.IMPLICIT, Auth.OFF, Protocol.SMTP, true);
        assertThat(implicit.check(command("STARTTLS"), PEER, true, false))
                .isEqualTo(Passage.TLS_ACTIVE);
    }

    @Test
    void whoIsNotWelcomeMayQuit() {
        var gate = new CommandGate(Tls.OFF, Auth.OFF, Protocol.SMTP, true);
        var unwelcome = new Connected(false);
        for (String line : List.of("EHLO c", "NOOP", "FROB", "MAIL", "MAIL FROM:<>")) {
            assertThat(gate.check(command(line), unwelcome, false, false))
                    .isEqualTo(Passage.QUIT_ONLY);
        }
        assertThat(gate.check(command("QUIT"), unwelcome, false, false)).isEqualTo(Passage.OPEN);
    }

    @Test
    void afterRefusedContentAnotherMailIsOpen() {
        var transaction =
                new Transaction(ReversePath.NULL, MailOptions.NONE, false, Deadline.NEVER);
        transaction.refuseContent();
        var gate = new CommandGate(Tls.OFF, Auth.OFF, Protocol.SMTP, true);
        var state = new Transacting(PEER, transaction);
        assertThat(gate.check(command("MAIL FROM:<>"), state, false, false))
                .isEqualTo(Passage.OPEN);
        assertThat(gate.check(command("RCPT TO:<a@b.c>"), state, false, false))
                .isEqualTo(Passage.OPEN);
    }

    @Test
    void everyRefusalIsOne() {
        for (Passage passage : Passage.values()) {
            boolean open = passage == Passage.OPEN;
            assertThat(passage.reply().reply().isPermanent()).as(passage.name()).isEqualTo(!open);
        }
    }

    private static List<SessionState> states() {
        var empty = new Transaction(ReversePath.NULL, MailOptions.NONE, false, Deadline.NEVER);
        var filled = new Transaction(ReversePath.NULL, MailOptions.NONE, false, Deadline.NEVER);
        filled.add(
                List.of(
                        new RecipientVerdict.Target(
                                Recipient.of(Mailbox.parse("a@b.c")), Disposition.LOCAL)));
        var stage = new Stage(java.util.Map.of());
        var limits = ServerLimits.DEFAULT;
        var policy = new GuardedPolicy(new TestPolicy(), stage.events::add, stage.sim.time());
        var live = new LiveSession(1, stage.settings, new FakeConnection(), stage.sim.time());
        var content =
                new IncomingContent(
                        stage.intake.openContent(),
                        new IncomingContent.Bounds(
                                new ContentClock(Deadline.NEVER, Deadline.NEVER, () -> false, 1),
                                new ContentMemory(Long.MAX_VALUE).part(false)),
                        new ContentCheck(limits, ContentRules.DEFAULT, MailOptions.NONE),
                        new HeaderStage(policy, live, filled));
        return List.of(
                new Connected(true),
                PEER,
                new Transacting(PEER, empty),
                new Transacting(PEER, filled),
                new Receiving(PEER, filled, content));
    }

    private static Command command(String line) {
        byte[] octets = line.getBytes(StandardCharsets.UTF_8);
        return new CommandParser("mx.example").parse(octets, 0, octets.length);
    }
}
