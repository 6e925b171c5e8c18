package org.posthouse.relay;

import org.posthouse.client.Answer;
import org.posthouse.client.Stage;
import org.posthouse.core.EnhancedStatus;
import org.posthouse.core.Reply;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Tells what an answer means, by ordered rules of which the first that fits counts. The words are
 * those that hosts use; they are compared in lower case.
 */
final class ReplyClassifier {
    private record Rule(Predicate<Said> fits, ReplyClass meaning) {}

    /** A transient or permanent reply, with its text in lower case. */
    private record Said(Stage stage, int code, EnhancedStatus status, String text) {
        boolean has(int... codes) {
            for (int each : codes) {
                if (each == code) {
                    return true;
                }
            }
            return false;
        }

        boolean hasStatus(int subject, int detail) {
            return status.subject() == subject && status.detail() == detail && !status.isNone();
        }

        boolean says(List<String> words) {
            for (String word : words) {
                if (text.contains(word)) {
                    return true;
                }
            }
            return false;
        }
    }

    private static final List<String> LIMIT_WORDS =
            List.of(
                    "too many connections",
                    "too many concurrent",
                    "too many sessions",
                    "too many simultaneous",
                    "connection limit",
                    "connections exceeded",
                    "concurrent connection",
                    "concurrent smtp",
                    "maximum number of connections");
    private static final List<String> RATE_WORDS =
            List.of("rate limit", "unusual rate", "[tss04]", "too many messages", "throttl");
    private static final List<String> GREY_WORDS = List.of("greylist", "graylist", "grey list");
    private static final List<String> GREY_HINTS = List.of("try again in", "retry in", "come back");
    private static final List<String> BOX_WORDS =
            List.of("mailbox full", "mailbox is full", "over quota", "quota exceeded", "overquota");

    /** Of transient replies. */
    private static final List<Rule> TRANSIENT =
            List.of(
                    new Rule(
                            s -> s.has(421, 450, 451, 452) && s.says(LIMIT_WORDS),
                            ReplyClass.LIMIT),
                    new Rule(s -> s.stage().compareTo(Stage.MAIL) < 0, ReplyClass.NET),
                    new Rule(
                            s ->
                                    s.hasStatus(7, 28)
                                            || s.hasStatus(7, 650)
                                            || s.hasStatus(4, 5)
                                            || s.says(RATE_WORDS),
                            ReplyClass.RATE),
                    new Rule(s -> s.has(421) && s.stage() == Stage.MAIL, ReplyClass.NET),
                    new Rule(s -> s.stage() == Stage.RCPT && s.hasStatus(5, 3), ReplyClass.CROWDED),
                    new Rule(
                            s ->
                                    s.has(452)
                                            && s.stage() == Stage.RCPT
                                            && (s.status().isNone()
                                                    || s.text().contains("too many recipients")),
                            ReplyClass.CROWDED),
                    new Rule(s -> s.says(GREY_WORDS), ReplyClass.GREY),
                    new Rule(
                            s -> s.has(450, 451) && (s.hasStatus(7, 1) || s.says(GREY_HINTS)),
                            ReplyClass.GREY),
                    new Rule(s -> s.hasStatus(2, 1) || s.hasStatus(2, 2), ReplyClass.BOX),
                    new Rule(
                            s -> s.has(452) && s.stage() == Stage.RCPT && s.hasStatus(3, 1),
                            ReplyClass.BOX),
                    new Rule(s -> s.stage() == Stage.RCPT && s.says(BOX_WORDS), ReplyClass.BOX));

    private ReplyClassifier() {}

    /** The meaning of an answer to a transaction. */
    static ReplyClass of(Answer answer) {
        return switch (answer.kind()) {
            case SAID -> of(answer.stage(), answer.reply());
            case LOST -> ReplyClass.TMP;
            case AMBIGUOUS -> ReplyClass.AMBIG;
            case UNSUPPORTED -> ReplyClass.PERM;
        };
    }

    /** The meaning of a host's reply at some stage. */
    static ReplyClass of(Stage stage, Reply reply) {
        if (reply.isPositive() && stage == Stage.CONTENT) {
            return ReplyClass.DELIVERED;
        }
        if (reply.isPermanent()) {
            return ofPermanent(stage, reply);
        }
        var said = new Said(stage, reply.code(), reply.status(), textOf(reply));
        for (Rule rule : TRANSIENT) {
            if (rule.fits().test(said)) {
                return rule.meaning();
            }
        }
        return ReplyClass.TMP;
    }

    /**
     * Before MAIL the host refuses us, not the message. 552 at RCPT is what old hosts say for too
     * many recipients (RFC 5321 section 4.5.3.1.10), unless its status says otherwise.
     */
    private static ReplyClass ofPermanent(Stage stage, Reply reply) {
        if (stage.compareTo(Stage.MAIL) < 0) {
            return ReplyClass.NET;
        }
        EnhancedStatus status = reply.status();
        boolean crowded =
                reply.code() == 552
                        && stage == Stage.RCPT
                        && (status.isNone() || (status.subject() == 5 && status.detail() == 3));
        return crowded ? ReplyClass.CROWDED : ReplyClass.PERM;
    }

    private static String textOf(Reply reply) {
        return String.join(" ", reply.lines()).toLowerCase(Locale.ROOT);
    }
}
