package org.posthouse.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthouse.client.ClientWorld.begin;
import static org.posthouse.client.ClientWorld.finish;
import static org.posthouse.client.ClientWorld.mail;
import static org.posthouse.client.ClientWorld.said;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthouse.sim.ScriptedPeer;

import java.util.Set;

/** What a host can't do although it says so, and what it says of its limits. */
class HostTraitTest {
    private final ClientWorld world = new ClientWorld();

    @ParameterizedTest
    @ValueSource(strings = {"500", "502", "503"})
    void whoRefusesBdatGetsDataTheNextTime(String code) throws Exception {
        world.traits = Set.of();
        world.run(
                peer -> {
                    peer.offers("PIPELINING", "CHUNKING").always("BDAT", code + " 5.5.1 what");
                    ClientSession session = world.open();
                    Answer answer = session.transact(mail("x\r\n", "a@x.example")).get(0);
                    assertThat(said(answer)).isEqualTo("LOST CONTENT 421");
                    assertThat(session.isUsable()).isFalse();
                    assertThat(session.learned()).containsExactly(HostTrait.NO_CHUNKING);
                    world.traits = session.learned();
                    assertThat(world.open().transact(mail("x\r\n", "a@x.example")).get(0))
                            .matches(Answer::isDelivered);
                });
    }

    /** Once is enough: each time leaves a message of which nobody knows where it is. */
    @Test
    void whoLeavesAtTheFirstBdatGetsDataTheNextTime() throws Exception {
        world.traits = Set.of();
        world.run(
                peer -> {
                    peer.offers("PIPELINING", "CHUNKING").always("BDAT", ScriptedPeer.CLOSE);
                    ClientSession session = world.open();
                    Answer answer = session.transact(mail("x\r\n", "a@x.example")).get(0);
                    assertThat(said(answer)).isEqualTo("AMBIGUOUS CONTENT 421");
                    assertThat(session.learned()).contains(HostTrait.NO_CHUNKING);
                    world.traits = session.learned();
                    assertThat(world.open().transact(mail("x\r\n", "a@x.example")).get(0))
                            .matches(Answer::isDelivered);
                });
    }

    /** It has taken BDAT before: something else was the matter. */
    @Test
    void whoLeavesAtALaterBdatKeepsIt() throws Exception {
        world.traits = Set.of();
        world.run(
                peer -> {
                    peer.offers("PIPELINING", "CHUNKING");
                    peer.once("BDAT", "250 2.0.0 ok", ScriptedPeer.CLOSE);
                    ClientSession session = world.open();
                    assertThat(session.transact(mail("x\r\n", "a@x.example")).get(0))
                            .matches(Answer::isDelivered);
                    session.transact(mail("x\r\n", "a@x.example"));
                    assertThat(session.isUsable()).isFalse();
                    assertThat(session.learned()).doesNotContain(HostTrait.NO_CHUNKING);
                });
    }

    @Test
    void whoLosesItsStepGetsOneCommandAtATime() throws Exception {
        world.traits = Set.of();
        world.run(
                peer -> {
                    peer.once("RCPT", "354 what");
                    ClientSession session = world.open();
                    session.transact(mail("x\r\n", "a@x.example"));
                    assertThat(session.learned()).containsExactly(HostTrait.NO_PIPELINING);
                    world.traits = session.learned();
                    ClientSession again = world.open();
                    long before = world.millis();
                    again.transact(mail("x\r\n", "a@x.example"));
                    assertThat(world.millis() - before).isEqualTo(400);
                });
    }

    @Test
    void whoKnowsHeloOnlyIsGreetedSo() throws Exception {
        world.run(
                peer -> {
                    peer.once("EHLO", "502 5.5.1 what");
                    world.traits = world.open().learned();
                    assertThat(world.traits).containsExactly(HostTrait.NO_EHLO);
                    world.open();
                    assertThat(peer.commands())
                            .containsExactly(
                                    "EHLO us.example", "HELO us.example", "HELO us.example");
                    world.traits = Set.of();
                    peer.once("EHLO", "554 5.7.1 not now");
                    assertThat(world.open().learned()).isEmpty();
                });
    }

    @Test
    void whoClosedAtEhloIsGreetedWithHeloAndThatIsNotLearnedForGood() throws Exception {
        world.traits = Set.of(HostTrait.CLOSED_AT_EHLO);
        world.run(
                peer -> {
                    ClientSession session = world.open();
                    assertThat(peer.commands()).containsExactly("HELO us.example");
                    assertThat(session.learned()).isEmpty();
                    assertThat(session.extensions().isEmpty()).isTrue();
                });
    }

    @Test
    void limitsAreObeyed() throws Exception {
        world.run(
                peer -> {
                    peer.offers(
                            "PIPELINING",
                            "CHUNKING",
                            "LIMITS RCPTMAX=7 MAILMAX=3 RCPTDOMAINMAX=2 OTHER=x");
                    ClientSession session = world.open();
                    assertThat(session.extensions().recipientsMax()).isEqualTo(7);
                    session.begin(mail("x\r\n", "a@x.example"));
                    session.begin(mail("x\r\n", "a@y.example"));
                    assertThat(session.takesDomain("x.example")).isTrue();
                    assertThat(session.takesDomain("z.example")).isFalse();
                    assertThat(begin(session, 99)).isEqualTo(1);
                    assertThat(session.takesDomain("x.example")).isFalse();
                    assertThat(finish(session)).hasSize(3).containsOnly("SAID CONTENT 250");
                    assertThat(session.hasRoom()).isFalse();
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LIMITS",
                "LIMITS RCPTMAX=0 MAILMAX=x RCPTDOMAINMAX=-1",
                "LIMITS RCPTMAX= MAILMAX =",
                "LIMITS RCPTMAX=99999999999999999999999",
                "LIMITS RCPTMAX=1000 MAILMAX=99999999999"
            })
    void limitsThatMakeNoSenseCountForNothing(String limits) throws Exception {
        world.run(
                peer -> {
                    peer.offers("PIPELINING", "CHUNKING", limits);
                    ClientSession session = world.open();
                    assertThat(session.extensions().recipientsMax()).isEqualTo(100);
                    assertThat(session.takesDomain("x.example")).isTrue();
                    assertThat(begin(session, 99)).isEqualTo(4);
                });
    }
}
