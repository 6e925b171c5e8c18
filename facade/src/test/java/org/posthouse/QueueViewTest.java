package org.posthouse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.Content;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.SpoolId;
import org.posthouse.relay.Standing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What an operator sees of the queue and does to it. */
class QueueViewTest {
    private static final Message MESSAGE =
            Message.builder()
                    .from("app@shop.example")
                    .to("ada@far.example")
                    .to("bob@near.example")
                    .text("the text")
                    .build();

    private final World world = new World();

    private PosthouseBuilder builder() {
        return world.builder().route(r -> r.name("out").smarthost("198.51.100.1"));
    }

    @Test
    void whatIsGivenUpIsReportedAlsoOverARestart() {
        world.with(
                builder(),
                mail -> {
                    SpoolId id = mail.submit(MESSAGE).id();
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(mail.queue().fail(new DeliveryId(id, 0))).isTrue();
                    assertThat(mail.queue().of(id)).hasSize(1);
                });
        world.with(builder(), mail -> world.sim.advance(Duration.ofMinutes(1)));
        assertThat(world.stored("shop.example", "app"))
                .singleElement()
                .asString()
                .contains("given up by the operator", "ada@far.example")
                .doesNotContain("rfc822; bob@near.example");
    }

    @Test
    void contentAndFactsAreThereUntilItIsSettled() {
        world.with(
                builder(),
                mail -> {
                    QueueView queue = mail.queue();
                    SpoolId id = mail.submit(MESSAGE).id();
                    assertThat(queue.message(id).orElseThrow().octets()).isPositive();
                    assertThat(text(queue, id)).contains("the text");
                    List<QueueView.Entry> near =
                            queue.listAfter("near.example", new DeliveryId(new SpoolId(1), 0), 10);
                    assertThat(near).singleElement().matches(e -> e.origin().login().isEmpty());
                    world.sim.advance(Duration.ofMinutes(1));
                    queue.of(id).forEach(each -> assertThat(queue.remove(each.id())).isTrue());
                    assertThat(queue.message(id)).isEmpty();
                    assertThat(queue.content(id)).isEmpty();
                });
    }

    @Test
    void theShapeCountsByAgeAndDomain() {
        world.with(
                builder(),
                mail -> {
                    SpoolId id = mail.submit(MESSAGE).id();
                    world.sim.advance(Duration.ofMinutes(15));
                    mail.submit(MESSAGE);
                    mail.submit(MESSAGE);
                    assertThat(mail.queue().hold(new DeliveryId(id, 0))).isTrue();
                    QueueShape shape = mail.queue().shape(world.sim.time().now(), 1);
                    assertThat(shape.total().total()).isEqualTo(6);
                    assertThat(shape.total().held()).isOne();
                    assertThat(shape.otherRows()).isOne();
                    assertThat(shape.others().total()).isEqualTo(3);
                    QueueShape.Row far = shape.rows().getFirst();
                    assertThat(far.name()).isEqualTo("far.example");
                    assertThat(far.ages()).startsWith(2L, 0L, 1L, 0L).hasSize(9);
                    assertThat(far.oldest()).contains(new DeliveryId(id, 0));
                });
    }

    @Test
    void itStandsWithDestinationsThatWereTried() {
        world.with(
                builder(),
                mail -> {
                    mail.submit(MESSAGE);
                    world.sim.advance(Duration.ofMinutes(1));
                    List<String> asked = List.of("far.example", "shop.example");
                    Map<String, Standing> told = mail.queue().standings(asked);
                    assertThat(told).as("local mail stays here").containsOnlyKeys("far.example");
                    assertThat(told.get("far.example").pace()).isEqualTo(Standing.Pace.PAUSING);
                });
    }

    private static String text(QueueView queue, SpoolId id) {
        try (Content content = queue.content(id).orElseThrow()) {
            return new String(content.stream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
