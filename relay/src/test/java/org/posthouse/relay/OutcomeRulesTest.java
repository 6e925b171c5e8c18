package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthouse.client.Answer;
import org.posthouse.client.Stage;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Outcome;
import org.posthouse.core.Reply;
import org.posthouse.core.ReplyParser;
import org.posthouse.core.ReplyPattern;
import org.posthouse.relay.OutcomeRule.Point;
import org.posthouse.relay.RelaySettings.Outcomes;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** What replies mean: the corpus of real ones, own rules, and the forms of patterns. */
class OutcomeRulesTest {
    private static final ReplyClassifier SHIPPED = new ReplyClassifier(Outcomes.DEFAULT);
    private static final int CORPUS_MIN = 60;

    private static ReplyClassifier with(OutcomeRule... rules) {
        return new ReplyClassifier(new Outcomes(List.of(rules), true));
    }

    private static Stage stage(String point) {
        return switch (Point.valueOf(point)) {
            case CONNECT -> Stage.GREETING;
            case MAIL -> Stage.MAIL;
            case RCPT -> Stage.RCPT;
            case CONTENT -> Stage.CONTENT;
        };
    }

    /** As it came over the wire: the first line has the code, lines are separated by " / ". */
    private static Reply reply(String text) {
        String[] lines = text.split(" / ", -1);
        String code = text.substring(0, 3);
        var parser = new ReplyParser();
        for (int i = 0; i < lines.length; i++) {
            String rest = i == 0 ? lines[0].substring(4) : lines[i];
            String line = code + (i < lines.length - 1 ? "-" : " ") + rest;
            byte[] octets = line.getBytes(StandardCharsets.UTF_8);
            if (parser.line(octets, 0, octets.length) instanceof ReplyParser.Result.Complete it) {
                return it.reply();
            }
        }
        throw new AssertionError("not a reply: " + text);
    }

    static List<String> corpus() throws IOException {
        try (InputStream in = OutcomeRulesTest.class.getResourceAsStream("/replies.txt")) {
            String text =
                    new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().filter(l -> !l.isBlank() && !l.startsWith("#")).toList();
        }
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void whatRealHostsSayIsUnderstood(String line) {
        String[] parts = line.split(" \\| ", -1);
        ReplyClass found = SHIPPED.of(stage(parts[0].strip()), reply(parts[1]));
        assertThat(found).as(line).isEqualTo(ReplyClass.valueOf(parts[2].strip()));
    }

    private static final List<Mailbox> CHOSEN =
            List.of(
                    Mailbox.parse("\"your ip rate limit\"@slow-down.example"),
                    Mailbox.parse("too-many-connections@x.example"),
                    Mailbox.parse("throttle@dnsbl.example"),
                    Mailbox.parse("\"too many connections\"@x.example"),
                    Mailbox.parse("mail@x.example"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RCPT    | 450 4.3.0 \"your ip rate limit\"@slow-down.example: later    | TMP",
                "RCPT    | 450 4.3.0 <\"your ip rate limit\"@slow-down.example>: later  | TMP",
                "RCPT    | 550 5.7.0 no \"your ip rate limit\" here                     | PERM",
                "RCPT    | 450 4.3.0 your ip rate limit: unknown in our table          | TMP",
                "RCPT    | 450 4.3.0 throttle is not known                              | TMP",
                "CONTENT | 550 5.7.1 no mail for dnsbl.example                          | PERM",
                "CONTENT | 450 4.3.0 <free words that tell of a rate limit> is unknown  | TMP",
                "MAIL    | 450 4.3.0 bad sender \"too many connections\"@x.example      | TMP",
                "MAIL    | 450 4.3.0 Too Many Sessions from you, mail@x.example         | LIMIT",
                "CONTENT | 450 4.3.0 the subject says too many connections              | TMP",
                "RCPT    | 450 4.3.0 the rate limit of mail@x.example is reached        | RATE"
            })
    void whatAnAuthorChoseFitsNoText(String point, String said, String meaning) {
        var answer = new Answer(Answer.Kind.SAID, stage(point), reply(said));
        assertThat(SHIPPED.of(answer, Authored.of(CHOSEN))).hasToString(meaning);
    }

    @Test
    void theCorpusIsLarge() throws IOException {
        assertThat(corpus()).hasSizeGreaterThan(CORPUS_MIN);
    }

    @Test
    void ownRulesComeBeforeOursInTheirOrder() {
        ReplyClassifier replies =
                with(
                        OutcomeRule.of(ReplyClass.TMP)
                                .at(Point.RCPT)
                                .codes("55x")
                                .statuses("5.1.*")
                                .texts("Corp * directory"),
                        OutcomeRule.of(ReplyClass.PERM).codes("450").statuses("none"),
                        OutcomeRule.of(ReplyClass.BOX).codes("450"));
        Reply directory = Reply.of(550, "5.1.1", "the corp mail DIRECTORY is being moved");
        assertThat(replies.of(Stage.RCPT, directory)).isEqualTo(ReplyClass.TMP);
        assertThat(replies.of(Stage.MAIL, directory)).isEqualTo(ReplyClass.PERM);
        assertThat(replies.of(Stage.RCPT, Reply.of(550, "5.7.1", "corp directory")))
                .isEqualTo(ReplyClass.PERM);
        assertThat(replies.of(Stage.RCPT, Reply.of(550, "5.1.1", "directory of corp")))
                .isEqualTo(ReplyClass.PERM);
        assertThat(replies.of(Stage.RCPT, Reply.plain(450, "no"))).isEqualTo(ReplyClass.PERM);
        assertThat(replies.of(Stage.RCPT, Reply.of(450, "4.7.1", "no"))).isEqualTo(ReplyClass.BOX);
    }

    /** Who writes to such an address must not slow down all mail to a host that quotes it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<rate-limit@far.example>: later",
                "too-many-messages.throttle@far.example later",
                "\"too many connections\"@far.example: later",
                "user <\"a\\\"b throttled\"@far.example> is away",
                "ada@[rate limit] later",
                "later: ada@spamhaus.throttle.example"
            })
    void anAddressThatIsQuotedSaysNothing(String text) {
        assertThat(SHIPPED.of(Stage.RCPT, Reply.of(450, "4.3.0", text))).isEqualTo(ReplyClass.TMP);
    }

    @Test
    void whatIsSaidBesideAnAddressCounts() {
        Reply reply = Reply.of(450, "4.3.0", "mail to <ada@far.example> is rate limited");
        assertThat(SHIPPED.of(Stage.RCPT, reply)).isEqualTo(ReplyClass.RATE);
    }

    @Test
    void noRuleTouchesWhatWentWell() {
        ReplyClassifier replies = with(OutcomeRule.of(ReplyClass.PERM));
        assertThat(replies.of(Stage.CONTENT, Reply.of(250, "2.0.0", "ok")))
                .isEqualTo(ReplyClass.DELIVERED);
        assertThat(replies.of(Stage.RCPT, Reply.of(250, "2.0.0", "ok"))).isEqualTo(ReplyClass.TMP);
        assertThat(replies.of(Stage.DATA, Reply.plain(354, "go"))).isEqualTo(ReplyClass.TMP);
        assertThat(replies.of(Stage.GREETING, Reply.plain(354, "go"))).isEqualTo(ReplyClass.NET);
    }

    @Test
    void aBadNameFailsOrWaitsBySetting() {
        Reply blocked = Reply.of(554, "5.7.1", "client host [192.0.2.1] blocked using a list");
        var waits = new ReplyClassifier(new Outcomes(List.of(), false));
        assertThat(SHIPPED.outcome(ReplyClass.REP, blocked)).isEqualTo(new Outcome.Failed(blocked));
        assertThat(waits.outcome(ReplyClass.REP, blocked))
                .isEqualTo(new Outcome.Deferred(blocked, Outcome.Cause.REPUTATION));
    }

    @Test
    void aRuleIsCheckedWhenItIsMade() {
        assertThatThrownBy(() -> OutcomeRule.of(ReplyClass.DELIVERED))
                .isInstanceOf(IllegalArgumentException.class);
        var any = OutcomeRule.of(ReplyClass.TMP);
        assertThat(any.at()).isEqualTo(Set.of());
        String[] many = new String[OutcomeRule.ALTERNATIVES_MAX + 1];
        java.util.Arrays.fill(many, "a");
        assertThatThrownBy(() -> any.texts(many)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "4", "250", "4x", "4xxx", "x21", "abc", "4X1", "45 "})
    void notACode(String pattern) {
        assertThatThrownBy(() -> ReplyPattern.code(pattern))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "4.7", "4.7.1.2", "2.0.0", "4.7.", "4.7.1234", "x.7.1", "NONE"})
    void notAStatus(String pattern) {
        assertThatThrownBy(() -> ReplyPattern.status(pattern))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "* *", "a*b*c*d*e*f*g*h*i"})
    void notAText(String pattern) {
        assertThatThrownBy(() -> ReplyPattern.text(pattern))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ReplyPattern.text("a".repeat(ReplyPattern.TEXT_CHARS_MAX + 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** What makes a searching expression try every way: here each part is looked for once. */
    @Test
    void anEvilReplyCostsNoMoreThanItsLength() {
        String reply = "a".repeat(60_000);
        var pattern = ReplyPattern.text("aa*aa*aa*aa*aa*aa*aab");
        assertThat(pattern.test(reply)).isFalse();
        assertThat(ReplyPattern.text("a*a*ab").test(reply + "b")).isTrue();
        assertThat(ReplyPattern.text("*a b*").test("x a b")).isTrue();
    }
}
