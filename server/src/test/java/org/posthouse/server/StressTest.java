package org.posthouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthouse.core.MailEvent;
import org.posthouse.platform.Connection;
import org.posthouse.sim.Transcript;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What strangers get when a listener has too much to do. */
class StressTest {
    @ParameterizedTest
    @CsvSource({
        "false, 0.79, 0.84, false",
        "false, 0.80, 0.00, true",
        "false, 0.00, 0.85, true",
        "true, 0.60, 0.00, true",
        "true, 0.00, 0.70, true",
        "true, 0.59, 0.69, false",
    })
    void decide(boolean on, double connections, double memory, boolean expected) {
        assertThat(Stress.decide(on, connections, memory)).isEqualTo(expected);
    }

    private static void play(Stage stage, Connection connection, String dialogue) throws Exception {
        Transcript.parse("dialogue", dialogue).playClient(stage.sim.time(), connection);
    }

    private static List<String> troubles(Stage stage) {
        return stage.events(MailEvent.Trouble.class).stream().map(t -> t.code()).toList();
    }

    @Test
    void manyConnectionsShortenTheDeadlines() throws Exception {
        var stage = new Stage(Map.of("connections", "5"));
        stage.sim.run(
                () -> {
                    stage.server.start();
                    var open = new ArrayList<Connection>();
                    for (int i = 0; i < 4; i++) {
                        open.add(stage.connect());
                        stage.sim.settle();
                    }
                    assertThat(troubles(stage)).containsExactly(Codes.STRESS);
                    play(
                            stage,
                            open.getLast(),
                            "S: 220 *\nC: FOO\nS: 500 *\nwait 9s\nC: NOOP\nS: 250 *\n"
                                    + "wait 11s\nS: 421 4.4.2 *\nS: <close>\n");
                    stage.sim.settle();
                    for (Connection each : open) {
                        each.close();
                    }
                    stage.sim.settle();
                    assertThat(troubles(stage)).containsExactly(Codes.STRESS, Codes.STRESS);
                    stage.server.close(Duration.ZERO);
                });
    }

    @Test
    void underStressAStrangerGetsFewerConnectionsAndLessTimeForItsContent() throws Exception {
        var stage = new Stage(Map.of("connections", "10", "per-client", "9"));
        stage.sim.run(
                () -> {
                    stage.server.start();
                    var open = new ArrayList<Connection>();
                    for (int i = 0; i < 8; i++) {
                        open.add(stage.connect());
                        stage.sim.settle();
                    }
                    assertThat(troubles(stage)).containsExactly(Codes.STRESS);
                    try (Connection more = stage.connect()) {
                        play(stage, more, "S: 421 4.3.2 *\nS: <close>\n");
                    }
                    play(
                            stage,
                            open.getLast(),
                            """
                            S: 220 *
                            C: HELO c
                            S: 250 *
                            C: MAIL FROM:<a@client.example>
                            S: 250 *
                            C: RCPT TO:<ada@local.example>
                            S: 250 *
                            C: DATA
                            S: 354 *
                            wait 59s
                            C: one
                            wait 2s
                            S: 421 4.4.2 *
                            S: <close>
                            """);
                    for (Connection each : open) {
                        each.close();
                    }
                    stage.sim.settle();
                    assertThat(stage.intake.openSinks()).isZero();
                    stage.server.close(Duration.ZERO);
                });
    }

    /** A client that has begun a header section of 100,000 octets and not ended it. */
    private static Client half(Stage stage) throws Exception {
        var client = new Client(stage.connect(), stage.sim.time());
        assertThat(client.line()).startsWith("220");
        client.ask("HELO c");
        client.ask("MAIL FROM:<a@client.example>");
        client.ask("RCPT TO:<ada@local.example>");
        assertThat(client.ask("DATA")).startsWith("354");
        client.send("X: " + "x".repeat(100_000));
        stage.sim.settle();
        return client;
    }

    @Test
    void contentsThatDoNotEndHoldAShareOfTheMemoryOnly() throws Exception {
        var stage = new Stage(Map.of("header", "200000"), 4_000_000); // strangers: 750,000
        stage.sim.run(
                () -> {
                    stage.server.start();
                    Client first = half(stage);
                    Client second = half(stage);
                    Client third = half(stage);
                    assertThat(third.ask("\r\n\r\n.")).startsWith("452 4.3.1");
                    assertThat(third.ask("NOOP")).startsWith("250");
                    assertThat(first.ask("\r\n\r\n.")).startsWith("250");
                    Client fourth = half(stage);
                    assertThat(fourth.ask("\r\n\r\n.")).startsWith("250");
                    for (Client each : List.of(first, second, third, fourth)) {
                        each.close();
                    }
                    stage.sim.settle();
                    assertThat(stage.intake.openSinks()).isZero();
                    stage.server.close(Duration.ZERO);
                });
    }

    @Test
    void strangersAreTurnedAwayWhenMemoryIsUsedUp() throws Exception {
        for (String exempt : new String[] {"10.0.0.0/8", "0.0.0.0/0"}) {
            var stage = new Stage(Map.of("exempt", exempt));
            stage.sim.memoryShare(0.95);
            stage.sim.run(
                    () -> {
                        stage.server.start();
                        String greeting =
                                exempt.startsWith("0")
                                        ? "S: 220 *\n"
                                        : "S: 421 4.3.2 *\nS: <close>\n";
                        try (Connection connection = stage.connect()) {
                            play(stage, connection, greeting);
                        }
                        stage.sim.settle();
                        stage.server.close(Duration.ZERO);
                    });
        }
    }

    @Test
    void aClientThatComesTooOftenIsTurnedAway() throws Exception {
        var stage = new Stage(Map.of("connections-per-minute", "2"));
        stage.sim.run(
                () -> {
                    stage.server.start();
                    for (String reply : List.of("220 *", "220 *", "421 4.7.0 *")) {
                        try (Connection connection = stage.connect()) {
                            play(stage, connection, "S: " + reply + "\n");
                        }
                    }
                    stage.sim.advance(Duration.ofSeconds(61));
                    try (Connection connection = stage.connect()) {
                        play(stage, connection, "S: 220 *\n");
                    }
                    stage.sim.settle();
                    stage.server.close(Duration.ZERO);
                });
    }
}
