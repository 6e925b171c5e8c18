package org.posthouse.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthouse.client.ClientWorld.mail;

import org.junit.jupiter.api.Test;
import org.posthouse.core.Dialogue;

import java.util.List;
import java.util.Set;

class DialogueTest {
    private final ClientWorld world = new ClientWorld();

    private static List<String> texts(Dialogue dialogue) {
        return dialogue.lines().stream()
                .map(line -> line.speaker().name().charAt(0) + " " + line.text())
                .toList();
    }

    @Test
    void theFirstTransactionTellsFromTheGreetingOnTheNextOnesOfThemselves() throws Exception {
        world.run(
                peer -> {
                    peer.offers("PIPELINING");
                    peer.always("RCPT TO:<eve", "550 5.1.1 who?");
                    ClientSession session = world.open();
                    var unused = session.transact(mail("text\r\n", "eve@x.example"));
                    List<String> first = texts(session.dialogue());
                    assertThat(first.getFirst()).startsWith("S 220 ");
                    assertThat(first)
                            .contains("C EHLO us.example", "C RCPT TO:<eve@x.example>")
                            .contains("S 550 5.1.1 who?");
                    unused = session.transact(mail("text\r\n", "eve@x.example", "bob@x.example"));
                    assertThat(texts(session.dialogue()))
                            .startsWith("C RSET")
                            .contains("S 550 5.1.1 who?", "N 9 octets of content")
                            .noneMatch(line -> line.contains("EHLO"));
                });
    }

    /** Those on their way together are told apart. */
    @Test
    void whatIsStreamedIsKeptApart() throws Exception {
        for (String offers : List.of("PIPELINING", "PIPELINING,CHUNKING")) {
            var each = new ClientWorld();
            each.run(
                    peer -> {
                        peer.offers(offers.split(","));
                        peer.always("RCPT TO:<r1@", "550 5.1.1 not r1");
                        ClientSession session = each.open();
                        var unused = session.transact(mail("x\r\n", "first@x.example"));
                        int begun = ClientWorld.begin(session, 3);
                        assertThat(begun).isGreaterThan(1);
                        for (int i = 0; i < begun; i++) {
                            unused = session.finish();
                            List<String> said = texts(session.dialogue());
                            String rcpt = "C RCPT TO:<r" + i + "@x.example>";
                            assertThat(said.stream().filter(l -> l.startsWith("C RCPT")).toList())
                                    .containsExactly(rcpt);
                            assertThat(said.contains("S 550 5.1.1 not r1")).isEqualTo(i == 1);
                        }
                    });
        }
    }

    @Test
    void aConversationThatIsNotOpenedSaysHowFarItCame() throws Exception {
        world.traits = Set.of();
        world.run(
                peer -> {
                    peer.always("GREETING", "554 5.7.1 not you");
                    var opening = (Opening.NotOpened) world.opening();
                    assertThat(texts(opening.dialogue())).containsExactly("S 554 5.7.1 not you");
                });
    }
}
