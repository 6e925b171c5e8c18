package org.posthouse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.Dialogue;
import org.posthouse.core.MailEvent;
import org.posthouse.core.SpoolId;
import org.posthouse.sim.ScriptedPeer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

class TimelineTest {
    private static final String BOB = "bob@far.example";

    private final World world = new World();
    private final List<SpoolId> reports = new ArrayList<>();
    private SpoolId kept = new SpoolId(1);

    private PosthouseBuilder relaying() {
        return world.builder()
                .relay(rule -> rule.name("all").clients("203.0.113.0/24"))
                .route(route -> route.name("default").mx());
    }

    private void with(PosthouseBuilder builder, BiConsumer<Posthouse, ScriptedPeer> body) {
        world.sim
                .dns()
                .mx("far.example", 10, "mx1.far.example")
                .mx("far.example", 20, "mx2.far.example")
                .address("mx1.far.example", "198.51.100.80")
                .address("mx2.far.example", "198.51.100.81");
        world.with(
                builder,
                mail -> {
                    try (var peer = new ScriptedPeer(world.sim, "198.51.100.81", 25)) {
                        body.accept(mail, peer);
                    }
                });
    }

    private SpoolId send(Posthouse mail, String subject) {
        return mail.submit(
                        Message.builder()
                                .from("app@shop.example")
                                .to(BOB)
                                .subject(subject)
                                .text("text")
                                .build())
                .id();
    }

    private static List<String> kinds(Timeline timeline) {
        return timeline.deliveries().getFirst().events().stream()
                .map(each -> each.getClass().getSimpleName())
                .toList();
    }

    @Test
    void theWayOfAMessageIsToldWhileItWaitsAndAfterItHasLeft() {
        with(
                relaying(),
                (mail, peer) -> {
                    peer.once("RCPT", "451 4.7.1 greylisted, try later");
                    SpoolId id = send(mail, "Grüße");
                    world.sim.advance(Duration.ofMinutes(2));
                    Timeline waits = mail.timeline(id).orElseThrow();
                    assertThat(waits.subject()).isEqualTo("Grüße");
                    assertThat(waits.recipients().getFirst().state())
                            .isEqualTo(Timeline.State.QUEUED);
                    assertThat(kinds(waits))
                            .containsExactly("Routed", "Tried", "Tried", "Deferred");
                    Timeline.Way way = waits.deliveries().getFirst();
                    assertThat(way.givesUpAt())
                            .isEqualTo(waits.acceptedAt().plus(Duration.ofDays(5)));
                    var refused = (MailEvent.Tried) way.events().get(1);
                    assertThat(refused.nexthop()).startsWith("mx1.far.example[198.51.100.80]");
                    assertThat(refused.reached()).isEqualTo(MailEvent.Step.CONNECTING);
                    var routed = (MailEvent.Routed) way.events().getFirst();
                    assertThat(routed.hosts())
                            .containsExactly("mx1.far.example (10)", "mx2.far.example (20)");

                    world.sim.advance(Duration.ofMinutes(30));
                    assertThat(mail.queue().of(id)).isEmpty();
                    Timeline gone = mail.timeline(id).orElseThrow();
                    assertThat(gone.subject()).as("not kept").isEmpty();
                    assertThat(gone.recipients().getFirst().state())
                            .isEqualTo(Timeline.State.DELIVERED);
                    assertThat(kinds(gone)).endsWith("Tried", "Delivered");
                    var last =
                            (MailEvent.Delivered) gone.deliveries().getFirst().events().getLast();
                    assertThat(last.attempt()).isEqualTo(2);
                    assertThat(mail.timeline(new SpoolId(12345))).isEmpty();
                });
    }

    @Test
    void dialoguesOfWhatWentWrongAreKeptAndThoseOfWhatWentWellAreNot() {
        with(
                relaying().keepSubjects(),
                (mail, peer) -> {
                    peer.once("RCPT", "550 5.1.1 who is bob?");
                    SpoolId id = send(mail, "first");
                    world.sim.advance(Duration.ofMinutes(2));
                    MailEvent.Tried refused = mail.tries(id).getLast();
                    assertThat(refused.dialogue().lines())
                            .extracting(Dialogue.Line::text)
                            .startsWith("220 peer.example ESMTP")
                            .contains("RCPT TO:<bob@far.example>", "550 5.1.1 who is bob?");
                    assertThat(mail.timeline(id).orElseThrow().subject()).isEqualTo("first");
                    assertThat(mail.timeline(id).orElseThrow().recipients().getFirst().state())
                            .isEqualTo(Timeline.State.FAILED);

                    SpoolId second = send(mail, "second");
                    world.sim.advance(Duration.ofMinutes(2));
                    MailEvent.Tried taken = mail.tries(second).getLast();
                    assertThat(taken.succeeded()).isTrue();
                    assertThat(taken.dialogue().isEmpty()).isTrue();
                });
    }

    @Test
    void aRestartForgetsNothingAndTheSettingMuch() {
        with(
                relaying(),
                (mail, peer) -> {
                    kept = send(mail, "kept");
                    world.sim.advance(Duration.ofMinutes(2));
                });
        with(
                relaying(),
                (mail, peer) ->
                        assertThat(kinds(mail.timeline(kept).orElseThrow()))
                                .endsWith("Tried", "Delivered"));
        world.sim.advance(Duration.ofDays(8));
        with(relaying(), (mail, peer) -> assertThat(mail.timeline(kept)).isEmpty());
        with(
                relaying().keepDecisions(Duration.ZERO),
                (mail, peer) -> {
                    SpoolId id = send(mail, "not kept");
                    world.sim.advance(Duration.ofMinutes(2));
                    assertThat(mail.timeline(id)).isEmpty();
                });
    }

    /**
     * A report of ours has no acceptance that was kept: what happened to it is told all the same.
     */
    @Test
    void aReportOfOursHasATimelineToo() {
        with(
                relaying().onEvent(this::noteReport),
                (mail, peer) -> {
                    peer.always("RCPT TO:<eve", "550 5.1.1 who?");
                    world.play(
                            "203.0.113.9",
                            """
                            S: 220 *
                            C: HELO client.example
                            S: 250 *
                            C: MAIL FROM:<app@far.example>
                            S: 250 *
                            C: RCPT TO:<eve@far.example>
                            S: 250 *
                            C: DATA
                            S: 354 *
                            C: Subject: hello
                            C:
                            C: .
                            S: 250 *
                            C: QUIT
                            S: 221 *
                            """);
                    world.sim.advance(Duration.ofMinutes(5));
                    assertThat(peer.received()).hasSize(1);
                    SpoolId report = reports.getFirst();
                    Timeline timeline = mail.timeline(report).orElseThrow();
                    assertThat(timeline.reversePath().isNull()).isTrue();
                    assertThat(kinds(timeline)).endsWith("Tried", "Delivered");
                });
    }

    private void noteReport(MailEvent event) {
        if (event instanceof MailEvent.Delivered it && it.recipient().localPart().equals("app")) {
            reports.add(it.delivery().message());
        }
    }
}
