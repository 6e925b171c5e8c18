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
import org.posthouse.sim.ScriptedPeer;

import java.util.List;
import java.util.Set;

/** Transactions on their way before the one before them was answered. */
class StreamingTest {
    private static final String[] BOTH = {"PIPELINING", "CHUNKING"};

    private final ClientWorld world = new ClientWorld();

    @Test
    void manyTakeOneRoundTripWithResetBetweenThem() throws Exception {
        world.run(
                peer -> {
                    peer.offers(BOTH);
                    ClientSession session = world.open();
                    long before = world.millis();
                    assertThat(begin(session, 99)).isEqualTo(4);
                    assertThat(finish(session)).hasSize(4).containsOnly("SAID CONTENT 250");
                    assertThat(world.millis() - before).isEqualTo(100);
                    assertThat(peer.commands().stream().filter("RSET"::equals)).hasSize(3);
                    assertThat(peer.received())
                            .extracting(ScriptedPeer.Received::content)
                            .containsExactly("n: 0\r\n", "n: 1\r\n", "n: 2\r\n", "n: 3\r\n");
                    assertThat(begin(session, 99)).isEqualTo(5);
                    assertThat(finish(session)).hasSize(5).containsOnly("SAID CONTENT 250");
                });
    }

    @Test
    void aHostThatIsNotKnownGetsOneThatItMustTakeFirst() throws Exception {
        world.traits = Set.of();
        world.run(
                peer -> {
                    peer.offers(BOTH);
                    ClientSession session = world.open();
                    assertThat(begin(session, 99)).isEqualTo(1);
                    assertThat(peer.commands()).noneMatch(each -> each.startsWith("MAIL"));
                    assertThat(finish(session)).containsExactly("SAID CONTENT 250");
                    assertThat(session.learned()).containsExactly(HostTrait.PROVEN);
                    assertThat(begin(session, 99)).isEqualTo(4);
                });
    }

    /** Whatever is refused, the replies stay in step and no content goes astray. */
    @ParameterizedTest
    @CsvSource({
        "MAIL, 550 5.7.1 no, SAID MAIL 550",
        "RCPT TO:<r1@, 550 5.1.1 no, SAID RCPT 550",
        "RCPT TO:<r1@, 450 4.2.1 later, SAID RCPT 450",
        "BDAT, 552 5.3.4 too big, SAID CONTENT 552"
    })
    void aRefusalInTheMiddleTouchesNobodyElse(String at, String reply, String said)
            throws Exception {
        world.run(
                peer -> {
                    peer.offers(BOTH);
                    if (at.startsWith("RCPT")) {
                        peer.once(at, reply);
                    } else {
                        String good = at.equals("MAIL") ? "250 2.1.0 ok" : "250 2.0.0 taken";
                        peer.once(at, good, reply);
                    }
                    ClientSession session = world.open();
                    begin(session, 3);
                    assertThat(finish(session))
                            .containsExactly("SAID CONTENT 250", said, "SAID CONTENT 250");
                    assertThat(peer.received())
                            .extracting(r -> r.rcpts() + r.content())
                            .containsExactly(
                                    "[RCPT TO:<r0@x.example>]n: 0\r\n",
                                    "[RCPT TO:<r2@x.example>]n: 2\r\n");
                    assertThat(session.isUsable()).isTrue();
                });
    }

    @Test
    void eachRecipientHasItsOwnAnswer() throws Exception {
        world.run(
                peer -> {
                    peer.offers(BOTH).always("RCPT TO:<b@", "550 5.1.1 no");
                    ClientSession session = world.open();
                    session.begin(mail("1\r\n", "a@x.example", "b@x.example", "c@x.example"));
                    session.begin(mail("2\r\n", "b@x.example", "a@x.example"));
                    assertThat(finish(session))
                            .containsExactly(
                                    "SAID CONTENT 250",
                                    "SAID RCPT 550",
                                    "SAID CONTENT 250",
                                    "SAID RCPT 550",
                                    "SAID CONTENT 250");
                });
    }

    @Test
    void aCutLeavesAmbiguousWhatWasHandedOverAndNotAnswered() throws Exception {
        world.run(
                peer -> {
                    peer.offers(BOTH).once("RCPT TO:<r2@", ScriptedPeer.CLOSE);
                    ClientSession session = world.open();
                    begin(session, 4);
                    assertThat(finish(session))
                            .containsExactly(
                                    "SAID CONTENT 250",
                                    "SAID CONTENT 250",
                                    "AMBIGUOUS RCPT 421",
                                    "AMBIGUOUS MAIL 421");
                    assertThat(session.learned()).contains(HostTrait.CUT);
                    assertThat(session.hasRoom()).isFalse();
                    assertThat(peer.received()).hasSize(2);
                    world.traits = Set.of(HostTrait.PROVEN, HostTrait.CUT);
                    assertThat(begin(world.open(), 99)).isEqualTo(1);
                });
    }

    /** As hosts do that take one message over a connection and do not say so. */
    @Test
    void whoLeavesTwiceBetweenMessagesIsNotStreamedToAnyMore() throws Exception {
        world.traits = Set.of(HostTrait.PROVEN, HostTrait.CUT);
        world.run(
                peer -> {
                    peer.offers(BOTH).once("MAIL", "250 2.1.0 ok", ScriptedPeer.CLOSE);
                    ClientSession session = world.open();
                    begin(session, 1);
                    assertThat(finish(session)).containsExactly("SAID CONTENT 250");
                    begin(session, 1);
                    assertThat(finish(session)).containsExactly("AMBIGUOUS MAIL 421");
                    assertThat(session.learned()).contains(HostTrait.NO_STREAMING);
                    world.traits = Set.of(HostTrait.PROVEN, HostTrait.NO_STREAMING);
                    peer.once("MAIL", "250 2.1.0 ok", ScriptedPeer.CLOSE);
                    ClientSession again = world.open();
                    begin(again, 1);
                    assertThat(finish(again)).containsExactly("SAID CONTENT 250");
                    begin(again, 1);
                    assertThat(finish(again)).containsExactly("LOST MAIL 421");
                });
    }

    @Test
    void aHostThatForgetsBdatRefusesNoMessageByThat() throws Exception {
        world.run(
                peer -> {
                    peer.offers(BOTH).once("BDAT", "250 2.0.0 ok", "502 5.5.1 unknown");
                    ClientSession session = world.open();
                    begin(session, 3);
                    assertThat(finish(session))
                            .containsExactly(
                                    "SAID CONTENT 250", "LOST CONTENT 421", "SAID CONTENT 250");
                    assertThat(session.isUsable()).isFalse();
                    assertThat(session.learned()).contains(HostTrait.NO_CHUNKING);
                });
    }

    /** Or the reply to a recipient would pass for that to the content. */
    @Test
    void whoRepliesTwiceToTheContentIsTalkedToAnew() throws Exception {
        world.run(
                peer -> {
                    peer.offers(BOTH).once("BDAT", "250 2.0.0 taken\r\n250 2.0.0 again");
                    ClientSession session = world.open();
                    begin(session, 1);
                    assertThat(finish(session)).containsExactly("SAID CONTENT 250");
                    begin(session, 1);
                    assertThat(finish(session)).containsExactly("LOST MAIL 421");
                    assertThat(session.isUsable()).isFalse();
                    assertThat(session.learned())
                            .contains(HostTrait.NO_CHUNKING, HostTrait.NO_STREAMING);
                    assertThat(peer.received()).hasSize(1);
                });
    }

    @Test
    void aReplyTooManyToARecipientIsNoneToTheContent() throws Exception {
        world.traits = Set.of();
        world.run(
                peer -> {
                    peer.offers(BOTH)
                            .once("RCPT", "250 2.1.5 ok\r\n250 2.1.5 ok")
                            .once("BDAT", "451 4.3.0 later");
                    ClientSession session = world.open();
                    begin(session, 1);
                    assertThat(finish(session)).containsExactly("LOST RCPT 421");
                    assertThat(peer.received()).isEmpty();
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAIL", "RCPT", "BDAT", "RSET"})
    void whatStandsBehind421WasNotTaken(String at) throws Exception {
        world.run(
                peer -> {
                    peer.offers(BOTH);
                    if (at.equals("RSET")) {
                        peer.once(at, "421 4.3.2 closing");
                    } else {
                        peer.once(at, "250 2.0.0 ok", "421 4.3.2 closing");
                    }
                    ClientSession session = world.open();
                    begin(session, 4);
                    List<String> said = finish(session);
                    assertThat(said.get(0)).isEqualTo("SAID CONTENT 250");
                    assertThat(said.get(1)).endsWith(" 421").doesNotContain("AMBIGUOUS");
                    assertThat(said.subList(2, 4)).containsOnly("LOST MAIL 421");
                    assertThat(session.learned()).doesNotContain(HostTrait.CUT);
                });
    }

    @Test
    void whoGoesOnBehind421IsNotStreamedToAnyMore() throws Exception {
        world.run(
                peer -> {
                    peer.offers(BOTH).once("RSET", "421 4.3.2 busy\r\n250 2.1.0 ok");
                    ClientSession session = world.open();
                    begin(session, 3);
                    assertThat(finish(session))
                            .containsExactly(
                                    "SAID CONTENT 250", "LOST MAIL 421", "AMBIGUOUS MAIL 421");
                    assertThat(session.learned()).contains(HostTrait.NO_STREAMING);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"500 what", "354 go on", "garbage"})
    void aReplyThatDoesNotFitEndsStreamingToThatHost(String reply) throws Exception {
        world.run(
                peer -> {
                    peer.offers(BOTH).once("RSET", reply);
                    ClientSession session = world.open();
                    begin(session, 3);
                    assertThat(finish(session))
                            .containsExactly(
                                    "SAID CONTENT 250", "AMBIGUOUS MAIL 421", "AMBIGUOUS MAIL 421");
                    assertThat(session.learned()).contains(HostTrait.NO_STREAMING);
                    world.traits = Set.of(HostTrait.PROVEN, HostTrait.NO_STREAMING);
                    assertThat(begin(world.open(), 99)).isEqualTo(1);
                });
    }

    @Test
    void aLargeOneIsHeldUntilItsTurnAndNobodyPassesIt() throws Exception {
        world.run(
                peer -> {
                    peer.offers(BOTH);
                    ClientSession session = world.open();
                    session.begin(mail("1\r\n", "a@x.example"));
                    session.begin(mail(lines(2 << 20), "b@x.example"));
                    assertThat(session.hasRoom()).isFalse();
                    assertThat(said(session.finish().get(0))).isEqualTo("SAID CONTENT 250");
                    assertThat(finish(session)).containsExactly("SAID CONTENT 250");
                    assertThat(peer.received().get(1).content()).hasSize(2 << 20);
                });
    }

    private static String lines(int octets) {
        return ("x".repeat(62) + "\r\n").repeat(octets / 64);
    }

    @Test
    void messagesOfAHundredThousandOctetsAreStreamedWithinABound() throws Exception {
        world.sim.network().capacity(4 << 20);
        world.run(
                peer -> {
                    peer.offers(BOTH);
                    ClientSession session = world.open();
                    long before = world.millis();
                    int sent = 0;
                    while (sent < 40) {
                        while (sent < 40 && session.hasRoom()) {
                            session.begin(mail(lines(100_032), "a@x.example"));
                            sent++;
                        }
                        assertThat(said(session.finish().get(0))).isEqualTo("SAID CONTENT 250");
                    }
                    finish(session);
                    long took = world.millis() - before;
                    System.out.printf("40 of 100 kB at 100 ms: %d ms%n", took);
                    assertThat(took).isLessThan(1500);
                    assertThat(peer.received())
                            .hasSize(40)
                            .allSatisfy(each -> assertThat(each.content()).hasSize(100_032));
                });
    }

    @Test
    void whatIsOnItsWayIsBoundedInOctets() throws Exception {
        world.run(
                peer -> {
                    peer.offers(BOTH);
                    ClientSession session = world.open();
                    for (int i = 0; i < 40; i++) {
                        session.transact(mail("1\r\n", "a@x.example"));
                        begin(session, 99);
                        finish(session);
                    }
                    int count = 0;
                    while (session.hasRoom()) {
                        session.begin(mail(lines(1 << 20), "a@x.example"));
                        count++;
                    }
                    assertThat(count).isEqualTo(4);
                    finish(session);
                });
    }

    @Test
    void whatDoesNotFitTheHostIsNotSentAndKeepsItsPlace() throws Exception {
        world.run(
                peer -> {
                    peer.offers("PIPELINING", "CHUNKING", "SIZE 10");
                    ClientSession session = world.open();
                    session.begin(mail("1\r\n", "a@x.example"));
                    session.begin(mail("0123456789\r\n", "b@x.example"));
                    assertThat(finish(session))
                            .containsExactly("SAID CONTENT 250", "UNSUPPORTED MAIL 552");
                    assertThat(session.transact(mail("3\r\n", "c@x.example")).get(0).isDelivered())
                            .isTrue();
                    assertThat(peer.received()).hasSize(2);
                });
    }

    @Test
    void withPipeliningAloneTheNextEnvelopeRidesBehindTheContent() throws Exception {
        world.run(
                peer -> {
                    peer.offers("PIPELINING");
                    ClientSession session = world.open();
                    long before = world.millis();
                    for (int i = 0; i < 10; i++) {
                        begin(session, 1);
                        if (i > 0) {
                            assertThat(said(session.finish().get(0))).isEqualTo("SAID CONTENT 250");
                        }
                        assertThat(session.onTheWay()).isEqualTo(1);
                    }
                    assertThat(finish(session)).containsExactly("SAID CONTENT 250");
                    assertThat(world.millis() - before).isEqualTo(1100); // 10 and one
                    assertThat(peer.received()).hasSize(10);
                });
    }

    @ParameterizedTest
    @CsvSource({
        "RCPT TO:<r0@, 550 5.1.1 no, SAID RCPT 550, SAID CONTENT 250",
        "RCPT TO:<r1@, 550 5.1.1 no, SAID CONTENT 250, SAID RCPT 550",
        "DATA, 451 4.3.0 no, SAID DATA 451, SAID CONTENT 250",
        "., 451 4.3.0 no, SAID CONTENT 451, SAID CONTENT 250",
        "., CLOSE, AMBIGUOUS CONTENT 421, LOST MAIL 421",
        "., 421 4.3.2 bye, SAID CONTENT 421, LOST MAIL 421",
        "RSET, CLOSE, SAID CONTENT 250, LOST MAIL 421",
        "RSET, 500 what, SAID CONTENT 250, LOST MAIL 421"
    })
    void anEnvelopeThatRidesIsNeverAmbiguous(String at, String reply, String first, String second)
            throws Exception {
        world.run(
                peer -> {
                    peer.offers("PIPELINING").once(at, reply);
                    ClientSession session = world.open();
                    begin(session, 2);
                    assertThat(finish(session)).containsExactly(first, second);
                });
    }
}
