package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.Dialogue;
import org.posthouse.core.MailEvent;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Origin;
import org.posthouse.core.Outcome;
import org.posthouse.core.Recipient;
import org.posthouse.core.Reply;
import org.posthouse.core.ReversePath;
import org.posthouse.core.SpoolId;
import org.posthouse.core.TlsFault;
import org.posthouse.core.TlsLevel;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;

class LogLineTest {
    private static final Instant AT = Instant.parse("2026-03-04T05:06:07.123Z");
    private static final SpoolId ID = new SpoolId(77);
    private static final DeliveryId DELIVERY = new DeliveryId(ID, 1);
    private static final Mailbox ADA = new Mailbox("ada", "example.net");

    @Test
    void aReceivedMessageIsOneLine() {
        var origin = new Origin("public", "192.0.2.1", "client.example", "", "ESMTP");
        assertThat(
                        LogLine.of(
                                new MailEvent.Received(
                                        AT,
                                        ID,
                                        origin,
                                        ReversePath.NULL,
                                        List.of(Recipient.of(ADA)),
                                        42)))
                .isEqualTo(
                        "2026-03-04T05:06:07.123Z received 000000000002D from=<>"
                                + " to=<ada@example.net> octets=42 listener=public client=192.0.2.1"
                                + " helo=client.example with=ESMTP");
    }

    @Test
    void manyRecipientsAreCounted() {
        List<Recipient> many = Collections.nCopies(1000, Recipient.of(ADA));
        String line = LogLine.of(new MailEvent.Received(AT, ID, Origin.INTERNAL, ADA, many, 42));
        assertThat(line).contains(" more=980 octets=42").hasSizeLessThan(700);
    }

    @Test
    void outcomesAreLines() {
        Reply ok = Reply.of(250, "2.0.0", "ok");
        Reply later = Reply.of(451, "4.7.1", "later");
        Reply never = Reply.of(550, "5.1.1", "no");
        assertThat(
                        LogLine.of(
                                new MailEvent.Delivered(
                                        AT,
                                        DELIVERY,
                                        ADA,
                                        "mx1:25",
                                        ok,
                                        2,
                                        Duration.ofMillis(61_007),
                                        true)))
                .isEqualTo(
                        "2026-03-04T05:06:07.123Z delivered 000000000002D/1 to=<ada@example.net>"
                            + " by=mx1:25 attempt=2 after=61.007s duplicate=possible reply=\"250"
                            + " 2.0.0 ok\"");
        assertThat(
                        LogLine.of(
                                new MailEvent.Deferred(
                                        AT,
                                        DELIVERY,
                                        ADA,
                                        "",
                                        later,
                                        1,
                                        AT.plusSeconds(300),
                                        Outcome.Cause.GREYLISTED,
                                        false)))
                .isEqualTo(
                        "2026-03-04T05:06:07.123Z deferred 000000000002D/1 to=<ada@example.net>"
                                + " attempt=1 next=2026-03-04T05:11:07.123Z cause=greylisted"
                                + " diagnosis=PH-D030 reply=\"451 4.7.1 later\"");
        assertThat(
                        LogLine.of(
                                new MailEvent.Failed(
                                        AT, DELIVERY, ADA, "mx1:25", never, 1, true, false)))
                .isEqualTo(
                        "2026-03-04T05:06:07.123Z failed 000000000002D/1 to=<ada@example.net>"
                            + " by=mx1:25 attempt=1 report=yes diagnosis=PH-D050 reply=\"550 5.1.1"
                            + " no\"");
    }

    @Test
    void whatWasDoneByHandIsALine() {
        assertThat(LogLine.of(byHand(MailEvent.Change.HELD, List.of(), "")))
                .isEqualTo("2026-03-04T05:06:07.123Z held 000000000002D/1");
        assertThat(
                        LogLine.of(
                                byHand(
                                        MailEvent.Change.REDIRECTED,
                                        List.of(ADA),
                                        "to eve@b.example")))
                .isEqualTo(
                        "2026-03-04T05:06:07.123Z redirected 000000000002D/1 to=<ada@example.net>"
                                + " detail=\"to eve@b.example\"");
        assertThat(LogLine.of(byHand(MailEvent.Change.DROPPED, List.of(ADA, ADA), ""), true))
                .contains("\"event.action\":\"dropped\"")
                .contains("\"to\":[\"<ada@example.net>\",\"<ada@example.net>\"]");
    }

    private static MailEvent byHand(MailEvent.Change change, List<Mailbox> former, String detail) {
        return new MailEvent.DeliveryChanged(AT, DELIVERY, change, former, detail);
    }

    @Test
    void aTryIsALineWhereItDidNotSucceed() {
        assertThat(LogLine.of(tried(Reply.of(250, "2.0.0", "ok")))).isEmpty();
        assertThat(LogLine.of(tried(Reply.of(421, "4.4.2", "timed out in GREETING"))))
                .isEqualTo(
                        "2026-03-04T05:06:07.123Z attempt 000000000002D/1 by=mx1:25 attempt=2"
                                + " tls=TLSv1.3 proof=none reached=connected took=300.000s"
                                + " diagnosis=PH-D013 reply=\"421 4.4.2 timed out in GREETING\"");
    }

    private static MailEvent tried(Reply reply) {
        return new MailEvent.Tried(
                AT,
                DELIVERY,
                2,
                "mx1:25",
                new MailEvent.Protection("TLSv1.3", "none"),
                reply,
                MailEvent.Step.CONNECTED,
                Duration.ofMinutes(5),
                false,
                Dialogue.NONE);
    }

    @Test
    void aChangeOfARateIsALine() {
        var change =
                new MailEvent.RateChanged(
                        AT, "mx default {a}", "we were too fast", "no bound", "5.0/minute", AT);
        assertThat(LogLine.of(change))
                .isEqualTo(
                        "2026-03-04T05:06:07.123Z rate site=\"mx default {a}\" before=\"no bound\""
                                + " after=5.0/minute until=2026-03-04T05:06:07.123Z"
                                + " why=\"we were too fast\"");
    }

    @Test
    void asJsonALineIsAnObject() {
        Map<String, Object> failed =
                JsonReader.object(
                        LogLine.of(
                                new MailEvent.Failed(
                                        AT,
                                        DELIVERY,
                                        ADA,
                                        "mx1:25",
                                        Reply.of(550, "5.1.1", "\"no\" \u202e\\"),
                                        1,
                                        true,
                                        false),
                                true));
        assertThat(failed)
                .containsEntry("@timestamp", "2026-03-04T05:06:07.123Z")
                .containsEntry("event.action", "failed")
                .containsEntry("log.level", "info")
                .containsEntry("delivery", "000000000002D/1")
                .containsEntry("to", "<ada@example.net>")
                .containsEntry("attempt", 1L)
                .containsEntry("diagnosis", "PH-D050")
                .containsEntry("reply", "550 5.1.1 \"no\" \u202e\\");
        var received =
                new MailEvent.Received(
                        AT,
                        new SpoolId(77),
                        new Origin("in", "192.0.2.1", "x", "ada", "ESMTPSA"),
                        ADA,
                        List.of(Recipient.of(ADA), Recipient.of(ADA)),
                        12);
        assertThat(JsonReader.object(LogLine.of(received, true)))
                .containsEntry("to", List.of("<ada@example.net>", "<ada@example.net>"))
                .containsEntry("client.address", "192.0.2.1")
                .containsEntry("user.name", "ada")
                .containsEntry("octets", 12L);
        var trouble = new MailEvent.Trouble(AT, "PH-S030", "the disk");
        assertThat(JsonReader.object(LogLine.of(trouble, true)))
                .containsEntry("log.level", "error")
                .containsEntry("error.code", "PH-S030");
        assertThat(JsonReader.object(LogLine.notice("a\nb"))).containsEntry("message", "a\nb");
    }

    @Test
    void howSafeAConversationIsAndWhatWasNotProved() {
        assertThat(
                        LogLine.of(
                                new MailEvent.Secured(
                                        AT, DELIVERY, "mx1:25", TlsLevel.MTA_STS, "TLSv1.3")))
                .isEqualTo(
                        "2026-03-04T05:06:07.123Z opened 000000000002D/1 by=mx1:25 tls=mta-sts"
                                + " version=TLSv1.3");
        assertThat(LogLine.of(new MailEvent.Secured(AT, DELIVERY, "mx1:25", TlsLevel.NONE, "")))
                .isEqualTo("2026-03-04T05:06:07.123Z opened 000000000002D/1 by=mx1:25 tls=none");
        assertThat(
                        LogLine.of(
                                new MailEvent.TlsFailed(
                                        AT,
                                        "example.net",
                                        "mx1",
                                        TlsLevel.DANE,
                                        TlsFault.TLSA_INVALID,
                                        "it is another",
                                        false)))
                .isEqualTo(
                        "2026-03-04T05:06:07.123Z unproven domain=example.net by=mx1 wanted=dane"
                                + " used=no fault=tlsa-invalid why=\"it is another\"");
    }

    @Test
    void noStrangerCanForgeALine() {
        var refused =
                new MailEvent.Refused(
                        AT,
                        7,
                        "HELO",
                        "x\n2026 received \"\u001b[31m\u202e\u0085\\",
                        "PH-P101",
                        Reply.of(501, "5.5.4", "no"));
        assertThat(LogLine.of(refused))
                .isEqualTo(
                        "2026-03-04T05:06:07.123Z refused session=7 at=HELO address=\"x\\u000a2026"
                                + " received \\\"\\u001b[31m\\u202e\\u0085\\\\\" code=PH-P101"
                                + " reply=\"501 5.5.4 no\"");
    }

    @Test
    void aChangeOfACircuitIsALine() {
        var open =
                new MailEvent.CircuitChanged(
                        AT,
                        "mx default {a}",
                        MailEvent.Circuit.HALF_OPEN,
                        MailEvent.Circuit.OPEN,
                        "421 4.4.1 refused",
                        AT.plusSeconds(30));
        assertThat(LogLine.of(open))
                .isEqualTo(
                        "2026-03-04T05:06:07.123Z circuit site=\"mx default {a}\" before=half-open"
                                + " after=open until=2026-03-04T05:06:37.123Z"
                                + " why=\"421 4.4.1 refused\"");
        var closed =
                new MailEvent.CircuitChanged(
                        AT, "a", MailEvent.Circuit.HALF_OPEN, MailEvent.Circuit.CLOSED, "", AT);
        assertThat(LogLine.of(closed))
                .isEqualTo("2026-03-04T05:06:07.123Z circuit site=a before=half-open after=closed");
    }
}
