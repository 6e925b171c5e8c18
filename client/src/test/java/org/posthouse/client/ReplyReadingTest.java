package org.posthouse.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthouse.client.ClientWorld.mail;
import static org.posthouse.client.ClientWorld.said;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthouse.sim.ScriptedPeer;

import java.util.List;
import java.util.Set;

/** Whatever a host says, at whatever point: it is bounded, and nothing is taken for a success. */
class ReplyReadingTest {
    private static final List<String> GREETINGS = List.of("GREETING", "EHLO");
    private static final List<String> BEFORE = List.of("MAIL", "RCPT", "DATA");

    private final ClientWorld world = new ClientWorld();

    private static String garbage(String name) {
        return switch (name) {
            case "line without end" -> "250 " + "x".repeat(100_000);
            case "lines without end" -> "250-x\r\n".repeat(5000) + "250 x";
            case "much text" -> ("250-" + "x".repeat(1900) + "\r\n").repeat(90) + "250 x";
            case "codes differ" -> "250-x\r\n550 x";
            case "codes differ the other way" -> "550-x\r\n250 x";
            case "codes differ last" -> "250-x\r\n250-x\r\n251 x";
            case "no code" -> "hello there";
            case "two digits" -> "25 ok";
            case "four digits" -> "2500 ok";
            case "no separator" -> "250ok";
            case "code too low" -> "150 ok";
            case "code too high" -> "650 ok";
            case "empty line" -> "";
            case "binary" -> "\u0000\u0001\u0002";
            default -> throw new IllegalArgumentException(name);
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "line without end",
                "lines without end",
                "much text",
                "codes differ",
                "codes differ the other way",
                "codes differ last",
                "no code",
                "two digits",
                "four digits",
                "no separator",
                "code too low",
                "code too high",
                "empty line",
                "binary"
            })
    void garbageIsNeverAnAnswer(String name) throws Exception {
        String garbage = garbage(name);
        world.run(
                peer -> {
                    for (String at : GREETINGS) {
                        peer.once(at, garbage);
                        var refused = (Opening.NotOpened) world.opening();
                        assertThat(refused.said()).as(at).isFalse();
                        assertThat(refused.reply().toString()).hasSizeLessThan(400);
                    }
                    for (String at : BEFORE) {
                        peer.once(at, garbage);
                        assertThat(outcome()).as(at).startsWith("LOST ");
                    }
                    peer.once(".", garbage);
                    assertThat(outcome()).isEqualTo("AMBIGUOUS CONTENT 421");
                    peer.offers("PIPELINING", "CHUNKING");
                    for (String at : List.of("MAIL", "RCPT", "BDAT")) {
                        peer.once(at, garbage);
                        assertThat(outcome()).as(at).startsWith("AMBIGUOUS ");
                    }
                    world.traits = Set.of();
                    for (String at : List.of("MAIL", "RCPT")) {
                        peer.once(at, garbage);
                        assertThat(outcome()).as(at).startsWith("LOST ");
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {ScriptedPeer.CLOSE, ScriptedPeer.SILENCE, "421 4.3.2 closing"})
    void theEndIsClassifiedAtEachPoint(String what) throws Exception {
        boolean said = what.startsWith("421");
        world.run(
                peer -> {
                    for (String at : GREETINGS) {
                        peer.once(at, what);
                        var refused = (Opening.NotOpened) world.opening();
                        assertThat(refused.said()).as(at).isEqualTo(said);
                        assertThat(refused.reply().isTransient()).isTrue();
                    }
                    for (String at : BEFORE) {
                        peer.once(at, what);
                        assertThat(outcome()).as(at).startsWith(said ? "SAID " : "LOST ");
                    }
                    peer.once(".", what);
                    assertThat(outcome()).startsWith(said ? "SAID CONTENT" : "AMBIGUOUS CONTENT");
                    peer.offers("CHUNKING");
                    peer.once("BDAT", what);
                    assertThat(outcome()).startsWith(said ? "SAID CONTENT" : "AMBIGUOUS CONTENT");
                });
    }

    /** Else a refusal for good is tried again for days, and what was taken is sent again. */
    @ParameterizedTest
    @ValueSource(ints = {510, 2050, 9000})
    void aLongLineCountsByItsCode(int octets) throws Exception {
        String text = "x".repeat(octets);
        world.run(
                peer -> {
                    for (String at : List.of("RCPT", ".")) {
                        peer.once(at, "550 5.7.1 " + text);
                        ClientSession session = world.open();
                        Answer answer = session.transact(mail("x\r\n", "a@x.example")).get(0);
                        assertThat(said(answer)).startsWith("SAID ").endsWith(" 550");
                        assertThat(answer.reply().lines().getFirst().length()).isBetween(500, 2048);
                        assertThat(session.isUsable()).isTrue();
                    }
                    peer.once(".", "250-" + text + "\r\n250 2.0.0 ok");
                    Answer taken = world.open().transact(mail("x\r\n", "a@x.example")).get(0);
                    assertThat(taken.isDelivered()).isTrue();
                });
    }

    private String outcome() throws Exception {
        ClientSession session = world.open();
        Answer answer = session.transact(mail("x\r\n", "a@x.example")).get(0);
        assertThat(session.isUsable()).isFalse();
        assertThat(answer.isDelivered()).isFalse();
        return said(answer);
    }
}
