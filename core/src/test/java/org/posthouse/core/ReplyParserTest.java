package org.posthouse.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.ReplyParser.Result;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

class ReplyParserTest {
    private final ReplyParser parser = new ReplyParser();

    private Result line(String line) {
        byte[] octets = ("!" + line + "!").getBytes(StandardCharsets.UTF_8);
        return parser.line(octets, 1, octets.length - 1);
    }

    private Reply reply(String... lines) {
        for (int i = 0; i < lines.length - 1; i++) {
            assertThat(line(lines[i])).isInstanceOf(Result.NeedMore.class);
        }
        Result last = line(lines[lines.length - 1]);
        assertThat(last).isInstanceOf(Result.Complete.class);
        return ((Result.Complete) last).reply();
    }

    @Test
    void readsReplies() {
        assertThat(reply("250 2.1.0 ok")).isEqualTo(Reply.of(250, "2.1.0", "ok"));
        assertThat(reply("250")).isEqualTo(Reply.plain(250, ""));
        assertThat(reply("250 ")).isEqualTo(Reply.plain(250, ""));
        assertThat(reply("250 ok")).isEqualTo(Reply.plain(250, "ok"));
        assertThat(reply("354 2.0.0 go")).isEqualTo(Reply.plain(354, "2.0.0 go"));
        assertThat(reply("450 5.7.1 odd")).isEqualTo(Reply.plain(450, "5.7.1 odd"));
        assertThat(reply("550 5.7.1")).isEqualTo(Reply.of(550, "5.7.1", ""));
        assertThat(reply("550 5.7.1x y")).isEqualTo(Reply.plain(550, "5.7.1x y"));
    }

    @Test
    void readsRepliesOfSeveralLines() {
        assertThat(reply("250-mx.example", "250-SIZE 1000", "250 HELP").lines())
                .containsExactly("mx.example", "SIZE 1000", "HELP");
        assertThat(reply("550-5.1.1 no", "550-", "550 5.1.1 user"))
                .isEqualTo(new Reply(550, EnhancedStatus.of("5.1.1"), List.of("no", "", "user")));
        assertThat(reply("550-no", "550 5.1.1 user"))
                .isEqualTo(new Reply(550, EnhancedStatus.of("5.1.1"), List.of("no", "user")));
        assertThat(reply("550-5.1.1 no", "550 5.7.1 user").lines())
                .containsExactly("no", "5.7.1 user");
    }

    @Test
    void makesTextFitToShow() {
        assertThat(reply("250 a\tb\u0000\u001b[2J\r\u0085").lines()).containsExactly("a?b??[2J??");
        assertThat(reply("250 grün").lines()).containsExactly("grün");
        byte[] latin = {'2', '5', '0', ' ', (byte) 0xfc, 'x'};
        assertThat(parser.line(latin, 0, latin.length))
                .isEqualTo(new Result.Complete(Reply.plain(250, "\ufffdx")));
    }

    @Test
    void refusesWhatIsNoReply() {
        for (String bad :
                new String[] {"", "2", "25", "2500", "250x", "abc", "199 x", "600 x", " 250 x"}) {
            assertThat(line(bad)).as(bad).isInstanceOf(Result.Garbled.class);
        }
        assertThat(line("250-a")).isInstanceOf(Result.NeedMore.class);
        assertThat(line("251 b"))
                .isEqualTo(new Result.Garbled("a reply that changes its code: 251 b"));
    }

    @Test
    void boundsReplies() {
        for (int i = 0; i < ProtocolLimits.REPLY_LINES_MAX; i++) {
            assertThat(line("250-a")).isInstanceOf(Result.NeedMore.class);
        }
        assertThat(line("250 a")).isInstanceOf(Result.Garbled.class);
        String kilo = "250-" + "x".repeat(1020);
        for (int i = 0; i < ProtocolLimits.REPLY_OCTETS_MAX / 1024; i++) {
            assertThat(line(kilo)).isInstanceOf(Result.NeedMore.class);
        }
        assertThat(line("250 a")).isInstanceOf(Result.Garbled.class);
    }

    /** A refusal for good stays one, however much is said about it. */
    @Test
    void keepsTheBeginningOfALongLine() {
        var reply = ((Result.Complete) line("550 5.7.1 " + "x".repeat(9000))).reply();
        assertThat(reply.code()).isEqualTo(550);
        assertThat(reply.status()).hasToString("5.7.1");
        assertThat(reply.lines().getFirst())
                .hasSize(ProtocolLimits.REPLY_TEXT_KEPT_OCTETS_MAX - "5.7.1 ".length());
    }

    @Test
    void readsWhatWasPrinted() {
        var random = new Random(12);
        for (int round = 0; round < 10_000; round++) {
            Reply reply = any(random);
            String wire = new String(reply.wire(), StandardCharsets.UTF_8);
            assertThat(wire).endsWith("\r\n");
            assertThat(reply(wire.split("\r\n"))).as(wire).isEqualTo(reply);
        }
    }

    @Test
    void foldsLongLines() {
        String words = "word ".repeat(300);
        for (String text : List.of(words, "x".repeat(2000), "ü".repeat(900), "😀".repeat(700))) {
            var reply = Reply.of(550, "5.7.1", text);
            String[] lines = new String(reply.wire(), StandardCharsets.UTF_8).split("\r\n");
            for (String line : lines) {
                assertThat(line.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(510);
                assertThat(line).doesNotContain("\ufffd").doesNotContain("?");
            }
            String joined = String.join(text.equals(words) ? " " : "", reply(lines).lines());
            assertThat(joined.strip()).isEqualTo(text.strip());
        }
    }

    @Test
    void printsPlainReplies() {
        assertThat(new String(Reply.plain(220, "mx ESMTP").wire(), StandardCharsets.UTF_8))
                .isEqualTo("220 mx ESMTP\r\n");
        assertThat(new String(Reply.of(250, "2.0.0", "").wire(), StandardCharsets.UTF_8))
                .isEqualTo("250 2.0.0\r\n");
        var two = new Reply(250, EnhancedStatus.of("2.0.0"), List.of("a", "b"));
        assertThat(new String(two.wire(), StandardCharsets.UTF_8))
                .isEqualTo("250-2.0.0 a\r\n250 2.0.0 b\r\n");
    }

    private static Reply any(Random random) {
        int code = 200 + random.nextInt(400);
        boolean status = code / 100 != 3 && random.nextBoolean();
        var lines = new ArrayList<String>();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            lines.add(
                    "t" + Integer.toString(random.nextInt(), 36) + " ü".repeat(random.nextInt(3)));
        }
        EnhancedStatus any =
                status
                        ? new EnhancedStatus(code / 100, random.nextInt(9), random.nextInt(999))
                        : EnhancedStatus.NONE;
        return new Reply(code, any, lines);
    }
}
