package org.posthouse.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.Dialogue;
import org.posthouse.core.MailEvent;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Outcome;
import org.posthouse.core.Reply;
import org.posthouse.core.SpoolId;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;

class EventTextTest {
    private static final SpoolId ID = new SpoolId(77);
    private static final DeliveryId DELIVERY = new DeliveryId(ID, 3);
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final Reply REPLY = Reply.of(451, "4.7.1", "later / perhaps\t*");
    private static final Mailbox BOB = Mailbox.parse("\"b o b\"@x.example");

    private static final Dialogue DIALOGUE =
            new Dialogue(
                    List.of(
                            new Dialogue.Line(
                                    Duration.ofMillis(12), Dialogue.Speaker.SERVER, "220 mx"),
                            new Dialogue.Line(Duration.ofMillis(13), Dialogue.Speaker.CLIENT, "")));

    private static List<MailEvent> samples() {
        return List.of(
                new MailEvent.Routed(
                        AT, DELIVERY, 1, "mx default x.example", List.of("a (1)", "b")),
                new MailEvent.Routed(AT, DELIVERY, 1, "route out", List.of()),
                new MailEvent.DeliveryChanged(AT, DELIVERY, MailEvent.Change.HELD, List.of(), ""),
                new MailEvent.DeliveryChanged(
                        AT, DELIVERY, MailEvent.Change.REDIRECTED, List.of(BOB, BOB), "to x"),
                new MailEvent.Tried(
                        AT,
                        DELIVERY,
                        2,
                        "mx[192.0.2.1]:25",
                        new MailEvent.Protection("TLSv1.3", "none"),
                        REPLY,
                        MailEvent.Step.RCPT,
                        Duration.ofMillis(420),
                        true,
                        DIALOGUE),
                new MailEvent.Delivered(
                        AT,
                        DELIVERY,
                        BOB,
                        "local",
                        Reply.plain(250, ""),
                        1,
                        Duration.ofDays(1),
                        true),
                new MailEvent.Deferred(
                        AT,
                        DELIVERY,
                        BOB,
                        "",
                        REPLY,
                        9,
                        AT.plusSeconds(300),
                        Outcome.Cause.GREYLISTED,
                        false),
                new MailEvent.Failed(AT, DELIVERY, BOB, "mx", REPLY, 4, true, false));
    }

    /** A tab in a text becomes a space; nothing else changes. */
    @Test
    void everyKindIsReadAsItWasWritten() {
        for (MailEvent event : samples()) {
            String text = EventText.write(List.of(event));
            List<MailEvent> read = EventText.read(ID, text);
            assertThat(read).hasSize(1);
            assertThat(EventText.write(read)).isEqualTo(text);
            assertThat(read.getFirst().toString()).isEqualTo(event.toString().replace('\t', ' '));
        }
    }

    @Test
    void whatIsAlikeIsOneTextAndManyEvents() {
        var one = (MailEvent.Failed) samples().getLast();
        var other =
                new MailEvent.Failed(
                        AT, DELIVERY, Mailbox.parse("eve@x.example"), "mx", REPLY, 4, true, false);
        assertThat(EventText.isAlike(one, other)).isTrue();
        assertThat(EventText.isAlike(one, samples().getFirst())).isFalse();
        assertThat(EventText.read(ID, EventText.write(List.of(one, other)))).hasSize(2);
    }

    @Test
    void damageIsRefusedAndNeverAnythingElse() {
        var random = new Random(5);
        for (int round = 0; round < 20_000; round++) {
            MailEvent event = samples().get(random.nextInt(samples().size()));
            var text = new StringBuilder(EventText.write(List.of(event)));
            for (int i = 0; i < 1 + random.nextInt(3); i++) {
                text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(256));
            }
            text.setLength(random.nextInt(text.length()));
            try {
                assertThat(EventText.read(ID, text.toString())).isNotNull();
            } catch (IllegalArgumentException expected) {
                assertThat(expected).isNotNull();
            }
        }
        assertThatThrownBy(() -> EventText.read(ID, "X\t1\t2"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
