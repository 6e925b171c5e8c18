package org.posthouse.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthouse.client.ClientWorld.begin;
import static org.posthouse.client.ClientWorld.finish;
import static org.posthouse.client.ClientWorld.mail;
import static org.posthouse.client.ClientWorld.said;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthouse.core.MailOptions;
import org.posthouse.sim.ScriptedPeer;

import java.util.List;
import java.util.Set;

/** RFC 2033 from its client's side. */
class LmtpTest {
    private final ClientWorld world = new ClientWorld();

    LmtpTest() {
        world.protocol = ClientSettings.Protocol.LMTP;
        world.traits = Set.of();
    }

    private static List<String> transact(ClientSession session, String... recipients) {
        return session.transact(mail("Subject: x\r\n\r\nbody\r\n", recipients)).stream()
                .map(ClientWorld::said)
                .toList();
    }

    /** However the content goes: in lock step, pipelined, by BDAT. */
    @ParameterizedTest
    @ValueSource(strings = {"8BITMIME", "PIPELINING", "CHUNKING", "PIPELINING CHUNKING"})
    void eachRecipientThatWasTakenHasAReplyOfItsOwn(String offers) throws Exception {
        world.run(
                peer -> {
                    peer.lmtp().offers(offers.split(" ", -1));
                    peer.once("RCPT TO:<b@", "550 5.1.1 unknown");
                    peer.once("FOR c@", "452 4.2.2 full").once("FOR d@", "552 5.2.2 full");
                    ClientSession session = world.open();
                    assertThat(
                                    transact(
                                            session,
                                            "a@x.example",
                                            "b@x.example",
                                            "c@x.example",
                                            "d@x.example",
                                            "e@x.example"))
                            .containsExactly(
                                    "SAID CONTENT 250",
                                    "SAID RCPT 550",
                                    "SAID CONTENT 452",
                                    "SAID CONTENT 552",
                                    "SAID CONTENT 250");
                    assertThat(transact(session, "a@x.example"))
                            .containsExactly("SAID CONTENT 250");
                    assertThat(peer.commands())
                            .contains("LHLO us.example")
                            .noneMatch(each -> each.startsWith("EHLO"))
                            .noneMatch("RSET"::equals);
                    assertThat(peer.received())
                            .extracting(each -> each.rcpts().size())
                            .containsExactly(2, 1);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"8BITMIME", "PIPELINING", "CHUNKING", "PIPELINING CHUNKING"})
    void whatWasSaidBeforeACutCountsAndTheRestIsAmbiguous(String offers) throws Exception {
        world.run(
                peer -> {
                    peer.lmtp().offers(offers.split(" ", -1));
                    peer.once("FOR b@", "552 5.2.2 full").once("FOR c@", ScriptedPeer.CLOSE);
                    ClientSession session = world.open();
                    assertThat(
                                    transact(
                                            session,
                                            "a@x.example",
                                            "b@x.example",
                                            "c@x.example",
                                            "d@x.example"))
                            .containsExactly(
                                    "SAID CONTENT 250",
                                    "SAID CONTENT 552",
                                    "AMBIGUOUS CONTENT 421",
                                    "AMBIGUOUS CONTENT 421");
                    assertThat(session.isUsable()).isFalse();
                });
    }

    /** The host has had the content, and perhaps delivered it to those of whom it did not speak. */
    @Test
    void aGoodbyeBetweenTheRepliesLeavesTheRestAmbiguous() throws Exception {
        world.run(
                peer -> {
                    peer.lmtp().once("FOR b@", "421 4.3.2 shutting down");
                    ClientSession session = world.open();
                    assertThat(transact(session, "a@x.example", "b@x.example", "c@x.example"))
                            .containsExactly(
                                    "SAID CONTENT 250",
                                    "SAID CONTENT 421",
                                    "AMBIGUOUS CONTENT 421");
                    assertThat(session.isUsable()).isFalse();
                });
    }

    /** A reply that was left unread would count as one to the next message. */
    @ParameterizedTest
    @ValueSource(strings = {"500 5.5.1", "501", "502 5.5.1", "503 5.5.1", "504 5.5.4"})
    void aReplyForOneRecipientIsNoneAboutBdat(String code) throws Exception {
        world.traits = Set.of(HostTrait.PROVEN);
        world.run(
                peer -> {
                    peer.lmtp().offers("PIPELINING", "CHUNKING");
                    peer.once("FOR a@", code + " not this one").once("FOR d@", "452 4.2.2 full");
                    ClientSession session = world.open();
                    session.begin(mail("Subject: x\r\n\r\n", "a@x.example", "b@x.example"));
                    session.begin(mail("Subject: y\r\n\r\n", "c@x.example", "d@x.example"));
                    assertThat(session.finish())
                            .extracting(ClientWorld::said)
                            .containsExactly(
                                    "SAID CONTENT " + code.substring(0, 3), "SAID CONTENT 250");
                    assertThat(session.finish())
                            .extracting(ClientWorld::said)
                            .containsExactly("SAID CONTENT 250", "SAID CONTENT 452");
                    assertThat(session.learned()).doesNotContain(HostTrait.NO_CHUNKING);
                });
    }

    /** RFC 2033 section 4.2: without a recipient DATA fails; 354 leaves open what it answers. */
    @Test
    void nobodyIsLeftForTheContent() throws Exception {
        world.run(
                peer -> {
                    peer.lmtp().offers("PIPELINING").once("RCPT", "550 5.1.1 unknown");
                    ClientSession session = world.open();
                    assertThat(transact(session, "a@x.example")).containsExactly("SAID RCPT 550");
                    assertThat(transact(session, "b@x.example"))
                            .containsExactly("SAID CONTENT 250");
                    peer.once("RCPT", "550 5.1.1 unknown").once("DATA", "354 go on");
                    assertThat(transact(session, "c@x.example")).containsExactly("SAID RCPT 550");
                    assertThat(session.isUsable()).isFalse();
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"PIPELINING", "PIPELINING CHUNKING"})
    void manyAreOnTheirWayAtOnce(String offers) throws Exception {
        world.traits = Set.of(HostTrait.PROVEN);
        world.run(
                peer -> {
                    peer.lmtp().offers(offers.split(" ", -1));
                    peer.once("FOR r1@", "452 4.2.2 full");
                    ClientSession session = world.open();
                    int count = begin(session, 3);
                    assertThat(count).isGreaterThan(1);
                    List<String> said = finish(session);
                    assertThat(said.getFirst()).isEqualTo("SAID CONTENT 250");
                    assertThat(said.get(1)).isEqualTo("SAID CONTENT 452");
                    assertThat(said.subList(2, count)).allMatch("SAID CONTENT 250"::equals);
                });
    }

    @ParameterizedTest
    @CsvSource({"LMTP, UNSUPPORTED MAIL 550", "LMTP_HERE, SAID CONTENT 250"})
    void whatMustBeEncryptedIsKeptOnThisMachineInClear(
            ClientSettings.Protocol protocol, String said) throws Exception {
        world.protocol = protocol;
        world.run(
                peer -> {
                    peer.lmtp();
                    ClientSession session = world.open();
                    Transaction plain = mail("Subject: x\r\n\r\n", "a@x.example");
                    MailOptions o = plain.options();
                    var options = new MailOptions(0, o.body(), false, o.ret(), "", "", true);
                    var secret =
                            new Transaction(
                                    plain.reversePath(),
                                    options,
                                    plain.recipients(),
                                    plain.content());
                    assertThat(said(session.transact(secret).getFirst())).isEqualTo(said);
                    assertThat(peer.commands()).noneMatch(each -> each.contains("REQUIRETLS"));
                });
    }

    @Test
    void aHostThatSpeaksSmtpIsNotTalkedTo() throws Exception {
        world.run(
                peer -> {
                    var refused = (Opening.NotOpened) world.opening();
                    assertThat(refused.stage()).isEqualTo(Stage.HELLO);
                    assertThat(refused.reply().code()).isEqualTo(500);
                    assertThat(peer.commands()).noneMatch(each -> each.startsWith("HELO"));
                });
    }
}
