package org.posthouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** Replies leave in one write for each batch of commands, and in time. */
class BatchingTest {
    private final Stage stage = new Stage(Map.of("early", "accept"));

    @Test
    void aBatchOfCommandsIsAnsweredInOneWrite() {
        var writes =
                play(
                        "EHLO c\r\n",
                        "MAIL FROM:<a@b.example>\r\nRCPT TO:<ada@local.example>\r\nDATA\r\n",
                        "a: b\r\n.\r\nRSET\r\nNOOP\r\nQUIT\r\n");
        assertThat(writes).hasSize(4);
        assertThat(writes.get(2).lines()).hasSize(3).last().asString().startsWith("354");
        assertThat(writes.get(3).lines()).hasSize(4).last().asString().startsWith("221");
    }

    @Test
    void anEnvelopeWithItsChunkIsAnsweredInOneWrite() {
        var writes =
                play(
                        "EHLO c\r\n",
                        "MAIL FROM:<a@b.example>\r\nRCPT TO:<ada@local.example>\r\n"
                                + "BDAT 4000 LAST\r\n"
                                + "x".repeat(4000),
                        "QUIT\r\n");
        assertThat(writes).hasSize(4);
        assertThat(writes.get(2).lines()).hasSize(3);
        assertThat(stage.intake.arrivals).hasSize(1);
    }

    @Test
    void beforeALargeChunkTheRepliesSoFarGoOut() {
        var writes =
                play(
                        "EHLO c\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<ada@local.example>\r\n"
                                + "BDAT 100000 LAST\r\n",
                        "x".repeat(100_000));
        assertThat(writes.get(1).lines().toList().getLast()).startsWith("250 2.1.5");
        assertThat(writes.get(2)).startsWith("250 2.0.0 queued as");
    }

    @Test
    void halfALineDoesNotHoldRepliesBack() {
        var writes = play("EHLO c\r\nNOOP\r\nNO", "OP\r\n");
        assertThat(writes).hasSize(3);
        assertThat(writes.get(1)).endsWith("250 2.0.0 ok\r\n");
        assertThat(writes.get(2)).isEqualTo("250 2.0.0 ok\r\n");
    }

    private List<String> play(String... packets) {
        var connection = new FakeConnection(packets);
        var reception =
                new Reception(
                        stage.sim,
                        stage.settings,
                        new TestPolicy(),
                        stage.intake,
                        stage.events::add,
                        Reception.ClientMemory.of(stage.sim));
        var live = new LiveSession(1, stage.settings, connection, stage.sim.time());
        new Session(reception, live, connection).run();
        assertThat(connection.closed).isTrue();
        return connection.writes;
    }
}
