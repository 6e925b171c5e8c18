package org.posthouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.posthouse.core.MailEvent;
import org.posthouse.platform.Network;
import org.posthouse.sim.SimNetwork;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Start, stop, and what others see of sessions. */
class ServerLifeTest {
    private static final String WRONG = "AUTH PLAIN AGFkYQB3cm9uZzEyMw==";
    private static final String RIGHT = "AUTH PLAIN AGFkYQBzZWNyZXQ=";
    private static final Duration GRACE = Duration.ofSeconds(30);

    @Test
    void closeTellsIdleSessions() throws Exception {
        var stage = new Stage(Map.of());
        stage.sim.run(
                () -> {
                    stage.server.start();
                    var silent = client(stage);
                    var inTransaction = client(stage);
                    assertThat(silent.line()).startsWith("220");
                    begin(inTransaction);
                    stage.sim.settle();
                    Instant before = stage.sim.time().now();
                    stage.server.close(GRACE);
                    assertThat(stage.sim.time().now()).isEqualTo(before);
                    assertThat(silent.untilClosed()).startsWith("421 4.3.2");
                    assertThat(inTransaction.untilClosed()).startsWith("421 4.3.2");
                    assertThat(stage.server.sessions()).isEmpty();
                });
        assertThat(stage.events(MailEvent.SessionClosed.class))
                .extracting(MailEvent.SessionClosed::why)
                .containsOnly("server stopped")
                .hasSize(2);
        stage.sim.assertNothingOpen();
    }

    @Test
    void stressHastensThoseWhoWaitAlready() throws Exception {
        var stage = new Stage(Map.of("connections", "5"));
        stage.sim.run(
                () -> {
                    stage.server.start();
                    var silent = client(stage);
                    assertThat(silent.line()).startsWith("220");
                    var sends = client(stage);
                    begin(sends);
                    assertThat(sends.ask("DATA")).startsWith("354");
                    stage.sim.advance(Duration.ofSeconds(100));
                    Instant before = stage.sim.time().now();
                    client(stage);
                    client(stage);
                    assertThat(silent.untilClosed()).startsWith("421 4.4.2");
                    assertThat(stage.sim.time().now())
                            .isBetween(before.plus(Stress.COMMAND), before.plusSeconds(11));
                    sends.untilClosed();
                    assertThat(stage.sim.time().now())
                            .isBetween(before.plus(Stress.CONTENT), before.plusSeconds(61));
                    stage.server.close(GRACE);
                });
    }

    @Test
    void closeLetsContentFinish() throws Exception {
        var stage = new Stage(Map.of());
        stage.sim.run(
                () -> {
                    stage.server.start();
                    var data = client(stage);
                    begin(data);
                    assertThat(data.ask("DATA")).startsWith("354");
                    var chunks = client(stage);
                    begin(chunks);
                    chunks.send("BDAT 6\r\na: b\r\n");
                    assertThat(chunks.reply()).startsWith("250");
                    var closer =
                            stage.sim.threads().start("closer", () -> stage.server.close(GRACE));
                    stage.sim.advance(Duration.ofSeconds(20));
                    data.send("c: d\r\n.\r\n");
                    assertThat(data.untilClosed())
                            .startsWith("250 2.0.0 queued as")
                            .contains("\n421 4.3.2");
                    chunks.send("BDAT 0 LAST\r\n");
                    assertThat(chunks.untilClosed())
                            .startsWith("250 2.0.0 queued as")
                            .contains("\n421 4.3.2");
                    assertThat(closer.join(stage.sim.time().after(Duration.ofSeconds(1)))).isTrue();
                });
        assertThat(stage.intake.arrivals).hasSize(2);
        stage.sim.assertNothingOpen();
    }

    @Test
    void closeCutsWhatTakesTooLong() throws Exception {
        var stage = new Stage(Map.of());
        stage.sim.run(
                () -> {
                    stage.server.start();
                    var client = client(stage);
                    begin(client);
                    client.ask("DATA");
                    client.send("half");
                    Instant before = stage.sim.time().now();
                    stage.server.close(GRACE);
                    assertThat(stage.sim.time().now()).isEqualTo(before.plus(GRACE));
                });
        assertThat(stage.intake.arrivals).isEmpty();
        assertThat(stage.intake.openSinks()).isZero();
        assertThat(stage.sim.liveThreads()).isEmpty();
    }

    @Test
    void startsAgain() throws Exception {
        var stage = new Stage(Map.of());
        stage.sim.run(
                () -> {
                    for (int i = 0; i < 3; i++) {
                        stage.server.start();
                        assertThatThrownBy(stage.server::start)
                                .isInstanceOf(IllegalStateException.class);
                        try (var client = client(stage)) {
                            assertThat(client.line()).startsWith("220");
                        }
                        stage.server.close(GRACE);
                        stage.server.close(GRACE);
                        assertThat(stage.server.addresses()).isEmpty();
                    }
                });
        stage.sim.assertNothingOpen();
    }

    @Test
    void bindsAllOrNothing() throws Exception {
        var stage = new Stage(Map.of());
        var other = SimNetwork.socket("192.0.2.25", 587);
        stage.sim.run(
                () -> {
                    try (var taken = stage.sim.network().listen(other, 1)) {
                        assertThat(taken.isClosed()).isFalse();
                        var server = twoListeners(stage, 587);
                        assertThatThrownBy(server::start)
                                .isInstanceOf(ServerException.class)
                                .hasMessage(
                                        "listener second: 192.0.2.25:587 is in use by another"
                                                + " program")
                                .extracting(e -> ((ServerException) e).code())
                                .isEqualTo("PH-S002");
                        assertThat(stage.sim.network().listening()).containsExactly(other);
                    }
                    var server = twoListeners(stage, 0);
                    server.start();
                    assertThat(server.addresses()).containsOnlyKeys("public", "second");
                    assertThat(server.addresses().get("second").getPort()).isPositive();
                    server.close(GRACE);
                });
        stage.sim.assertNothingOpen();
    }

    @Test
    void survivesFailingAccepts() throws Exception {
        var stage = new Stage(Map.of());
        stage.sim.run(
                () -> {
                    stage.server.start();
                    stage.sim.settle();
                    stage.sim.network().failAccepts(Stage.ADDRESS, 5);
                    try (var client = client(stage)) {
                        assertThat(client.line()).startsWith("220");
                    }
                    stage.server.close(GRACE);
                });
        assertThat(stage.events(MailEvent.Trouble.class)).hasSize(1);
        stage.sim.assertNothingOpen();
    }

    @Test
    void turnsAwayWhatIsTooMuch() throws Exception {
        var stage = new Stage(Map.of("connections", "3", "per-client", "2"));
        stage.sim.run(
                () -> {
                    stage.server.start();
                    var first = client(stage);
                    var second = client(stage);
                    assertThat(first.line()).startsWith("220");
                    assertThat(second.line()).startsWith("220");
                    assertThat(client(stage).untilClosed()).startsWith("421 4.7.0");
                    var elsewhere = client(stage, "198.51.100.1");
                    assertThat(elsewhere.line()).startsWith("220");
                    assertThat(client(stage, "198.51.100.2").untilClosed()).startsWith("421 4.3.2");
                    first.ask("QUIT");
                    stage.sim.settle();
                    var again = client(stage);
                    assertThat(again.line()).startsWith("220");
                    stage.server.close(GRACE);
                });
        assertThat(stage.events(MailEvent.Refused.class))
                .extracting(MailEvent.Refused::code)
                .startsWith("PH-L102", "PH-L101");
    }

    @Test
    void showsAndDisconnectsSessions() throws Exception {
        var stage = new Stage(Map.of());
        stage.sim.run(
                () -> {
                    stage.server.start();
                    var client = client(stage);
                    begin(client);
                    stage.sim.settle();
                    List<SessionView> sessions = stage.server.sessions();
                    assertThat(sessions).hasSize(1);
                    SessionView session = sessions.getFirst();
                    assertThat(session.state()).isEqualTo("transacting");
                    assertThat(session.heloName()).isEqualTo("client.example");
                    assertThat(session.listener()).isEqualTo("public");
                    assertThat(session.clientAddress()).hasToString("192.0.2.1");
                    assertThat(session.login()).isEmpty();
                    assertThat(session.tls()).isEmpty();
                    session.disconnect();
                    assertThat(client.untilClosed()).startsWith("421 4.7.0");
                    stage.sim.settle();
                    assertThat(stage.server.sessions()).isEmpty();
                    stage.server.close(GRACE);
                });
        stage.sim.assertNothingOpen();
    }

    @Test
    void disconnectsInTheMiddleOfContent() throws Exception {
        for (String command : new String[] {"DATA", "BDAT 100000 LAST"}) {
            var stage = new Stage(Map.of());
            stage.sim.run(
                    () -> {
                        stage.server.start();
                        var client = client(stage);
                        begin(client);
                        client.ask("RCPT TO:<ada@local.example>");
                        client.send(command + "\r\n");
                        if (command.equals("DATA")) {
                            assertThat(client.line()).startsWith("354");
                        }
                        client.send("Subject: half\r\n");
                        stage.sim.settle();
                        SessionView session = stage.server.sessions().getFirst();
                        assertThat(session.state()).isEqualTo("receiving");
                        session.disconnect();
                        assertThat(client.untilClosed()).startsWith("421 4.7.0");
                        stage.sim.settle();
                        assertThat(stage.server.sessions()).isEmpty();
                        stage.server.close(GRACE);
                    });
            assertThat(stage.intake.arrivals).isEmpty();
            assertThat(stage.intake.openSinks()).isZero();
            stage.sim.assertNothingOpen();
        }
    }

    @Test
    void whoIsRefusedAtOnceMayOnlyQuit() throws Exception {
        var stage = new Stage(Map.of(), new Doorman());
        stage.sim.run(
                () -> {
                    stage.server.start();
                    var client = client(stage);
                    assertThat(client.line()).isEqualTo("554 5.7.1 not you (PH-R140)");
                    assertThat(client.ask("EHLO c")).startsWith("503 5.5.1");
                    assertThat(client.ask("QUIT")).startsWith("221");
                    stage.server.close(GRACE);
                });
    }

    @Test
    void eventsTellOfTheSessionAndHoldNoSecret() throws Exception {
        var stage = new Stage(Map.of("tls", "implicit", "auth", "optional"));
        stage.sim.run(
                () -> {
                    stage.server.start();
                    var client = client(stage);
                    client.secure();
                    assertThat(client.line()).startsWith("220");
                    client.ask("EHLO c");
                    assertThat(client.ask(WRONG)).startsWith("535");
                    assertThat(client.ask(RIGHT)).startsWith("235");
                    client.ask("QUIT");
                    stage.server.close(GRACE);
                });
        assertThat(stage.events)
                .extracting(e -> e.getClass().getSimpleName())
                .containsExactly(
                        "SessionOpened",
                        "SessionSecured",
                        "Authenticated",
                        "Refused",
                        "Authenticated",
                        "SessionClosed");
        assertThat(stage.events(MailEvent.SessionSecured.class))
                .singleElement()
                .matches(e -> e.version().startsWith("TLSv1.") && !e.cipher().isEmpty());
        assertThat(stage.events.toString()).doesNotContain("wrong123", "secret", "AGFkYQ");
    }

    @Test
    void aHandshakeThatFailsIsToldOf() throws Exception {
        var stage = new Stage(Map.of("tls", "implicit"));
        stage.sim.run(
                () -> {
                    stage.server.start();
                    client(stage).close();
                    stage.sim.settle();
                    stage.server.close(GRACE);
                });
        assertThat(stage.events(MailEvent.SessionSecured.class))
                .singleElement()
                .matches(e -> e.version().isEmpty() && e.cipher().isEmpty());
    }

    /** Else tokens could be tried without end, by leaving before the refusal is said. */
    @Test
    void aWrongTokenCountsThoughTheClientLeaves() throws Exception {
        var stage =
                new Stage(
                        Map.of(
                                "tls", "implicit",
                                "auth", "optional",
                                "tokens", "on",
                                "lockout", "2"));
        stage.sim.run(
                () -> {
                    stage.server.start();
                    for (int i = 0; i < 3; i++) {
                        try (var client = new Client(stage.connect(), stage.sim.time())) {
                            client.secure();
                            client.line();
                            client.ask("EHLO c");
                            assertThat(client.ask("AUTH XOAUTH2 dXNlcj1hZGEBYXV0aD1CZWFyZXIgeAEB"))
                                    .startsWith(i < 2 ? "334" : "454 4.7.0 too many wrong logins");
                        }
                        stage.sim.settle();
                    }
                    stage.server.close(GRACE);
                });
        assertThat(stage.events(MailEvent.Authenticated.class)).hasSize(2);
    }

    @Test
    void exemptClientsHaveNoLimitAndNoDelayOfTheirOwn() throws Exception {
        var stage =
                new Stage(
                        Map.of(
                                "tls",
                                "implicit",
                                "auth",
                                "optional",
                                "per-client",
                                "1",
                                "exempt",
                                "192.0.2.0/24"));
        stage.sim.run(
                () -> {
                    stage.server.start();
                    for (int i = 0; i < 3; i++) {
                        var client = client(stage);
                        client.secure();
                        assertThat(client.line()).startsWith("220");
                        client.ask("EHLO c");
                        Instant before = stage.sim.time().now();
                        assertThat(client.ask("AUTH PLAIN AGFkYQB3cm9uZw==")).startsWith("535");
                        assertThat(stage.sim.time().now()).isEqualTo(before);
                    }
                    assertThat(stage.server.sessions()).hasSize(3);
                    stage.server.close(GRACE);
                });
    }

    @Test
    void wrongLoginsWaitLongerEachTime() throws Exception {
        var stage = new Stage(Map.of("tls", "implicit", "auth", "optional"));
        stage.sim.run(
                () -> {
                    stage.server.start();
                    var client = client(stage);
                    client.secure();
                    client.line();
                    client.ask("EHLO c");
                    for (long seconds : new long[] {1, 2, 4, 8, 8}) {
                        Instant before = stage.sim.time().now();
                        client.ask(WRONG);
                        assertThat(Duration.between(before, stage.sim.time().now()))
                                .isEqualTo(Duration.ofSeconds(seconds));
                    }
                    client.close();
                    stage.sim.settle();
                    stage.server.close(GRACE);
                });
    }

    @Test
    void onlyTheLastOctetMakesAMessage() throws Exception {
        var stage = new Stage(Map.of());
        String content = "a: b\r\n\r\n..x\r\n.\r\n";
        stage.sim.run(
                () -> {
                    stage.server.start();
                    for (int cut = 0; cut <= content.length(); cut++) {
                        var client = client(stage);
                        begin(client);
                        client.ask("DATA");
                        client.send(content.substring(0, cut));
                        client.close();
                        stage.sim.settle();
                    }
                    stage.server.close(GRACE);
                });
        assertThat(stage.intake.arrivals).hasSize(1);
        assertThat(stage.intake.openSinks()).isZero();
    }

    private static SmtpServer twoListeners(Stage stage, int port) {
        ListenerSettings first = stage.settings;
        ListenerSettings.Builder second =
                ListenerSettings.builder(
                                "second", SimNetwork.socket("192.0.2.25", port), first.hostname())
                        .tls(first.tls())
                        .auth(first.auth())
                        .limits(first.limits());
        first.tlsContext().ifPresent(second::tlsContext);
        return new SmtpServer(
                stage.sim,
                List.of(first, second.build()),
                new TestPolicy(),
                stage.intake,
                stage.events::add);
    }

    private static void begin(Client client) throws Exception {
        assertThat(client.line()).startsWith("220");
        client.ask("EHLO client.example");
        client.ask("MAIL FROM:<a@client.example>");
        assertThat(client.ask("RCPT TO:<ada@local.example>")).startsWith("250");
    }

    @Test
    void recipientsBeyondTheLimitLeaveThoseBeforeThem() throws Exception {
        var stage = new Stage(Map.of("recipients", "2"));
        stage.sim.run(
                () -> {
                    stage.server.start();
                    try (var client = client(stage)) {
                        begin(client);
                        for (int i = 1; i < 2 + Dialogue.IDLE_COMMANDS_MAX + 1; i++) {
                            assertThat(client.ask("RCPT TO:<r" + i + "@local.example>"))
                                    .startsWith(i < 2 ? "250" : "452 4.5.3");
                        }
                        assertThat(client.ask("DATA")).startsWith("354");
                        assertThat(client.ask("a: b\r\n.")).startsWith("250");
                    }
                    stage.server.close(GRACE);
                });
        assertThat(stage.intake.arrivals.getFirst().envelope().recipients()).hasSize(2);
    }

    @Test
    void clientsOfThisMachineMayBeSparedTheLockOut() throws Exception {
        var settings =
                Map.of(
                        "tls",
                        "implicit",
                        "auth",
                        "optional",
                        "lockout",
                        "2",
                        "spares-loopback",
                        "");
        var stage = new Stage(settings);
        stage.sim.run(
                () -> {
                    stage.server.start();
                    for (String source : new String[] {"127.0.0.1", "203.0.113.1"}) {
                        try (var client = client(stage, source)) {
                            client.secure();
                            assertThat(client.line()).startsWith("220");
                            client.ask("EHLO c");
                            for (int i = 0; i < 2; i++) {
                                assertThat(client.ask(WRONG)).startsWith("535");
                            }
                            boolean isHere = source.startsWith("127.");
                            assertThat(client.ask(RIGHT)).startsWith(isHere ? "235" : "454 4.7.0");
                        }
                    }
                    stage.server.close(GRACE);
                });
    }

    private static Client client(Stage stage) throws Exception {
        return new Client(stage.connect(), stage.sim.time());
    }

    private static Client client(Stage stage, String source) throws Exception {
        Network network = stage.sim.network();
        var deadline = stage.sim.time().after(GRACE);
        return new Client(
                network.connect(Stage.ADDRESS, SimNetwork.address(source), deadline),
                stage.sim.time());
    }

    /** Lets nobody in. */
    private static final class Doorman implements SessionPolicy {
        @Override
        public StageVerdict connect(SessionView session) {
            return new StageVerdict.Refuse(
                    org.posthouse.core.Reply.of(554, "5.7.1", "not you"), "PH-R140");
        }

        @Override
        public RecipientVerdict recipient(
                SessionView session,
                org.posthouse.core.ReversePath path,
                org.posthouse.core.Recipient recipient) {
            throw new IllegalStateException("nobody comes so far");
        }
    }
}
