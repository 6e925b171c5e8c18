package org.posthouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.posthouse.core.Notify;
import org.posthouse.core.Origin;
import org.posthouse.core.Outcome;
import org.posthouse.core.Ret;
import org.posthouse.sim.SimDiskFailure;
import org.posthouse.sim.SimDiskOperation;
import org.posthouse.spool.Tried;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What a program may say about a message that it submits. */
class SubmitOptionsTest {
    private final World world = new World();

    private static Message.Builder message() {
        return Message.builder()
                .from("app@shop.example")
                .to("ada@far.example")
                .subject("hello")
                .text("the secret body");
    }

    private void far() {
        world.sim.dns().mx("far.example", 10, "mx.far.example");
        world.sim.dns().address("mx.far.example", "192.0.2.9");
    }

    @Test
    void reportsHoldWhatTheProgramWants() {
        far();
        var hop = world.hop("192.0.2.9", "550 5.1.1 nobody");
        world.with(
                world.builder(),
                mail -> {
                    mail.submit(message().envelopeId("order 7+8").returned(Ret.HDRS).build());
                    mail.submit(message().subject("silent").notifyOn(Notify.NEVER).build());
                    world.sim.settle();
                    hop.close();
                });
        assertThat(world.stored("shop.example", "app"))
                .singleElement()
                .satisfies(
                        report ->
                                assertThat(report)
                                        .contains("Original-Envelope-Id: order 7+8")
                                        .contains("Subject: hello")
                                        .doesNotContain("the secret body"));
    }

    @Test
    void theQueueTellsWhenItIsGivenUpAndWhyItWaits() {
        far();
        var hop = world.hop("192.0.2.9", "450 4.2.1 busy");
        Instant end = world.sim.time().now().plus(Duration.ofHours(2));
        world.with(
                world.builder(),
                mail -> {
                    mail.submit(message().expiresAt(end).build());
                    world.sim.settle();
                    List<QueueView.Entry> entries = mail.queue().list(10);
                    assertThat(entries).hasSize(1);
                    assertThat(entries.getFirst().expiresAt()).isEqualTo(end);
                    Tried tried = entries.getFirst().tried().orElseThrow();
                    assertThat(tried.cause()).isEqualTo(Outcome.Cause.MAILBOX);
                    assertThat(tried.possibleDuplicate()).isFalse();
                    world.sim.advance(Duration.ofHours(2).plusSeconds(1));
                    assertThat(mail.queue().list(10)).isEmpty();
                    hop.close();
                });
        assertThat(world.stored("shop.example", "app")).hasSize(1);
    }

    /** It is on disk by then: whoever heard of a failure would submit it again. */
    @Test
    void whatIsKeptOfASubmittedMessageFailsNoSubmission() {
        world.with(
                world.builder().keepSubjects(),
                mail -> {
                    world.sim
                            .disk()
                            .failAll(SimDiskOperation.READ, SimDiskFailure.INPUT_OUTPUT_ERROR);
                    byte[] large =
                            ("Subject: x\r\n\r\n" + "x\r\n".repeat(1 << 20))
                                    .getBytes(StandardCharsets.US_ASCII);
                    var receipt =
                            mail.submit(
                                    message().build(),
                                    Origin.INTERNAL,
                                    new ByteArrayInputStream(large));
                    assertThat(receipt.repeated()).isFalse();
                    world.sim.disk().heal();
                    assertThat(mail.queue().list(10)).hasSize(1);
                });
    }

    /** As it is judged again when it is delivered. */
    @Test
    void routesOfALoginAreForWhatIsSubmittedInItsName() {
        var refusing =
                world.builder()
                        .route(r -> r.name("hers").login("ada").refuse("not for ada"))
                        .route(r -> r.name("out").smarthost("198.51.100.1"));
        world.with(
                refusing,
                mail -> {
                    var hers = new Origin("", "", "", "ada", "local");
                    assertThatThrownBy(
                                    () ->
                                            mail.submit(
                                                    message().build(),
                                                    hers,
                                                    new ByteArrayInputStream(new byte[] {'\n'})))
                            .isInstanceOf(PosthouseException.class);
                    assertThat(mail.submit(message().build()).repeated()).isFalse();
                });
    }

    @Test
    void anEnvelopeIdIsPrintable() {
        for (String bad : List.of("a\r\nb", "é", "x".repeat(101))) {
            assertThatThrownBy(() -> message().envelopeId(bad))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aMessageThatExpiresBeforeItIsDueIsNotBuilt() {
        Instant later = Instant.parse("2030-01-01T00:00:00Z");
        var builder = message().notBefore(later);
        assertThatThrownBy(() -> builder.expiresAt(later).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("given up at 2030-01-01T00:00:00Z");
        assertThat(builder.expiresAt(later.plusMillis(1)).build().expiresAt()).isAfter(later);
    }

    @Test
    void aPriorityGoesWithTheMessage() {
        world.with(
                world.builder(),
                mail -> {
                    Instant later = world.sim.time().now().plus(Duration.ofHours(1));
                    mail.submit(message().priority(9).notBefore(later).build());
                    var id = mail.queue().list(1).getFirst().id().message();
                    assertThat(mail.engine.spool().message(id).envelope().options().priority())
                            .isEqualTo(9);
                });
        assertThatThrownBy(() -> message().priority(10))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
