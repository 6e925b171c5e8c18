package org.posthouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.MailEvent;
import org.posthouse.core.Recipient;
import org.posthouse.core.ReversePath;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** What ends a session or a message where nobody looks at first, and what clients can't blow up. */
class SessionBoundsTest {
    private static final Duration GRACE = Duration.ofSeconds(30);

    @Test
    void disconnectsBetweenChunks() throws Exception {
        var stage = new Stage(Map.of());
        stage.sim.run(
                () -> {
                    stage.server.start();
                    var client = client(stage);
                    begin(client);
                    client.send("BDAT 6\r\na: b\r\n");
                    assertThat(client.reply()).startsWith("250");
                    stage.sim.settle();
                    Instant before = stage.sim.time().now();
                    stage.server.sessions().getFirst().disconnect();
                    assertThat(client.untilClosed()).startsWith("421 4.7.0");
                    assertThat(stage.sim.time().now()).isEqualTo(before);
                    stage.sim.settle();
                    assertThat(stage.server.sessions()).isEmpty();
                    stage.server.close(GRACE);
                });
        assertThat(stage.intake.arrivals).isEmpty();
        assertThat(stage.intake.openSinks()).isZero();
        stage.sim.assertNothingOpen();
    }

    @Test
    void stressHastensChunksAndHandshakes() throws Exception {
        var stage = new Stage(Map.of("connections", "5", "tls", "offer"));
        stage.sim.run(
                () -> {
                    stage.server.start();
                    var chunks = client(stage);
                    begin(chunks);
                    chunks.send("BDAT 6\r\na: b\r\n");
                    assertThat(chunks.reply()).startsWith("250");
                    var shakes = client(stage);
                    assertThat(shakes.line()).startsWith("220");
                    assertThat(shakes.ask("STARTTLS")).startsWith("220");
                    stage.sim.advance(Duration.ofSeconds(100));
                    Instant before = stage.sim.time().now();
                    client(stage);
                    client(stage);
                    assertThat(shakes.untilClosed()).isEmpty();
                    assertThat(stage.sim.time().now())
                            .isBetween(before.plus(Stress.COMMAND), before.plusSeconds(11));
                    assertThat(chunks.untilClosed()).startsWith("421 4.4.2");
                    assertThat(stage.sim.time().now())
                            .isBetween(before.plus(Stress.CONTENT), before.plusSeconds(61));
                    stage.server.close(GRACE);
                });
    }

    @Test
    void closeAndDisconnectEndHandshakesWithoutAWord() throws Exception {
        var stage = new Stage(Map.of("tls", "implicit"));
        stage.sim.run(
                () -> {
                    stage.server.start();
                    var first = client(stage);
                    var second = client(stage);
                    stage.sim.settle();
                    Instant before = stage.sim.time().now();
                    stage.server.sessions().getFirst().disconnect();
                    assertThat(first.untilClosed()).isEmpty();
                    stage.server.close(GRACE);
                    assertThat(second.untilClosed()).isEmpty();
                    assertThat(stage.sim.time().now()).isEqualTo(before);
                });
        assertThat(stage.events(MailEvent.SessionClosed.class))
                .extracting(MailEvent.SessionClosed::why)
                .containsExactly("disconnected", "server stopped");
        stage.sim.assertNothingOpen();
    }

    /** Else a message could be accepted without one of its chunks. */
    @Test
    void aChunkThatIsRefusedEndsItsMessage() throws Exception {
        var stage = new Stage(Map.of());
        ListenerSettings requiring = new Stage(Map.of("tls", "require")).settings;
        stage.sim.run(
                () -> {
                    stage.server.start();
                    var client = client(stage);
                    begin(client);
                    client.send("BDAT 6\r\na: b\r\n");
                    assertThat(client.reply()).startsWith("250");
                    stage.server.change(List.of(requiring), () -> {});
                    client.send("BDAT 6\r\nc: d\r\n");
                    assertThat(client.reply()).startsWith("530 5.7.0");
                    stage.server.change(List.of(stage.settings), () -> {});
                    client.send("BDAT 6 LAST\r\ne: f\r\n");
                    assertThat(client.reply()).startsWith("503 5.5.1");
                    client.ask("QUIT");
                    stage.server.close(GRACE);
                });
        assertThat(stage.intake.arrivals).isEmpty();
        assertThat(stage.intake.openSinks()).isZero();
    }

    @Test
    void aRecipientInOtherLettersAgainAndAgainEndsTheSession() throws Exception {
        var stage = new Stage(Map.of());
        stage.sim.run(
                () -> {
                    stage.server.start();
                    var client = client(stage);
                    begin(client);
                    String again = "RCPT TO:<ADA@local.example>\r\n";
                    client.send(again.repeat(Dialogue.IDLE_COMMANDS_MAX));
                    assertThat(client.untilClosed()).contains("\n421 4.7.0 too many commands");
                    stage.server.close(GRACE);
                });
    }

    @Test
    void aLongLoginIsToldInShort() throws Exception {
        var stage = new Stage(Map.of("tls", "implicit", "auth", "optional"));
        String login = "x".repeat(6000);
        byte[] plain = ("\0" + login + "\0wrong").getBytes(StandardCharsets.US_ASCII);
        stage.sim.run(
                () -> {
                    stage.server.start();
                    var client = client(stage);
                    client.secure();
                    client.line();
                    client.ask("EHLO c");
                    String response = Base64.getEncoder().encodeToString(plain);
                    assertThat(client.ask("AUTH PLAIN " + response)).startsWith("535");
                    stage.server.close(GRACE);
                });
        assertThat(stage.events(MailEvent.Authenticated.class))
                .singleElement()
                .matches(e -> e.login().startsWith("xxx") && e.login().length() < 300);
    }

    /** Other languages throw what Java does not declare, and errors of their own. */
    @Test
    void whateverAPolicyThrowsCostsItsCommandAlone() throws Exception {
        var stage = new Stage(Map.of(), new Thrower());
        stage.sim.run(
                () -> {
                    stage.server.start();
                    var client = client(stage);
                    client.line();
                    client.ask("EHLO client.example");
                    client.ask("MAIL FROM:<a@client.example>");
                    for (String how : new String[] {"checked", "error"}) {
                        assertThat(client.ask("RCPT TO:<" + how + "@local.example>"))
                                .startsWith("451 4.3.0");
                    }
                    assertThat(client.ask("QUIT")).startsWith("221");
                    stage.server.close(GRACE);
                });
        assertThat(stage.events(MailEvent.Trouble.class))
                .extracting(MailEvent.Trouble::text)
                .containsExactly(
                        "the stage recipient threw java.io.IOException",
                        "the stage recipient threw java.lang.Error");
    }

    private static Client client(Stage stage) throws Exception {
        return new Client(stage.connect(), stage.sim.time());
    }

    private static void begin(Client client) throws Exception {
        assertThat(client.line()).startsWith("220");
        client.ask("EHLO client.example");
        client.ask("MAIL FROM:<a@client.example>");
        assertThat(client.ask("RCPT TO:<ada@local.example>")).startsWith("250");
    }

    /** Throws what a recipient's name says. */
    private static final class Thrower implements SessionPolicy {
        @Override
        public RecipientVerdict recipient(
                SessionView session, ReversePath path, Recipient recipient) {
            if (recipient.mailbox().localPart().equals("error")) {
                throw new Error("as asked for");
            }
            throw Thrower.<RuntimeException>unseen(new IOException("as asked for"));
        }

        @SuppressWarnings("unchecked") // that is the point
        private static <X extends Throwable> X unseen(Throwable thrown) throws X {
            throw (X) thrown;
        }
    }
}
