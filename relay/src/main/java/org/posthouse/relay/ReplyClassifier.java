package org.posthouse.relay;

import org.posthouse.client.Answer;
import org.posthouse.client.Stage;
import org.posthouse.core.EnhancedStatus;
import org.posthouse.core.Outcome;
import org.posthouse.core.Reply;
import org.posthouse.core.ReplyPattern;
import org.posthouse.relay.OutcomeRule.Point;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Tells what an answer means, by ordered rules of which the first that fits counts: the program's
 * own, then those of {@link OutcomeTable}. Pure; any thread may ask it.
 */
final class ReplyClassifier {
    private record Rule(
            OutcomeRule source,
            List<Predicate<String>> codes,
            List<Predicate<EnhancedStatus>> statuses,
            List<Predicate<String>> texts) {
        static Rule of(OutcomeRule rule) {
            return new Rule(
                    rule,
                    rule.codes().stream().map(ReplyPattern::code).toList(),
                    rule.statuses().stream().map(ReplyPattern::status).toList(),
                    rule.texts().stream().map(ReplyPattern::text).toList());
        }

        boolean fits(Said said) {
            return (source.at().isEmpty() || source.at().contains(said.at()))
                    && isAny(codes, said.code())
                    && isAny(statuses, said.status())
                    && isAnyText(said);
        }

        private boolean isAnyText(Said said) {
            for (Predicate<String> each : texts) {
                if (said.by().fits(each, said.text())) {
                    return true;
                }
            }
            return texts.isEmpty();
        }

        private static <T> boolean isAny(List<Predicate<T>> alternatives, T value) {
            for (Predicate<T> each : alternatives) {
                if (each.test(value)) {
                    return true;
                }
            }
            return alternatives.isEmpty();
        }
    }

    /** A transient or permanent reply, with its text in lower case. */
    private record Said(Point at, String code, EnhancedStatus status, String text, Authored by) {}

    private final List<Rule> rules;
    private final RelaySettings.Outcomes settings;

    ReplyClassifier(RelaySettings.Outcomes settings) {
        this.settings = settings;
        rules =
                Stream.concat(settings.rules().stream(), OutcomeTable.RULES.stream())
                        .map(Rule::of)
                        .toList();
    }

    /**
     * The meaning of an answer to a transaction.
     *
     * @param by whose addresses it may quote
     */
    ReplyClass of(Answer answer, Authored by) {
        return switch (answer.kind()) {
            case SAID -> of(answer.stage(), answer.reply(), by);
            case LOST -> ReplyClass.TMP;
            case AMBIGUOUS -> ReplyClass.AMBIG;
            case UNSUPPORTED -> ReplyClass.PERM;
        };
    }

    /** The meaning of a host's reply at some stage; one that is out of place counts as TMP. */
    ReplyClass of(Stage stage, Reply reply) {
        return of(stage, reply, Authored.NOTHING);
    }

    private ReplyClass of(Stage stage, Reply reply, Authored by) {
        if (reply.isPositive() && stage == Stage.CONTENT) {
            return ReplyClass.DELIVERED;
        }
        if (!reply.isTransient() && !reply.isPermanent()) {
            return point(stage) == Point.CONNECT ? ReplyClass.NET : ReplyClass.TMP;
        }
        String text = String.join(" ", reply.lines()).toLowerCase(Locale.ROOT);
        var said =
                new Said(
                        point(stage),
                        Integer.toString(reply.code()),
                        reply.status(),
                        by.without(text),
                        by);
        for (Rule rule : rules) {
            if (rule.fits(said)) {
                return rule.source().outcome();
            }
        }
        return ReplyClass.TMP;
    }

    /** The outcome of a recipient to whom this was said. */
    Outcome outcome(ReplyClass meaning, Reply reply) {
        return switch (meaning) {
            case DELIVERED -> new Outcome.Delivered(reply);
            case PERM -> new Outcome.Failed(reply);
            case REP ->
                    settings.badNameFails()
                            ? new Outcome.Failed(reply)
                            : new Outcome.Deferred(reply, meaning.cause());
            case NET, LIMIT, RATE, GREY, BOX, TMP, CROWDED, AMBIG ->
                    new Outcome.Deferred(reply, meaning.cause());
        };
    }

    private static Point point(Stage stage) {
        return switch (stage) {
            case GREETING, HELLO, TLS, AUTH -> Point.CONNECT;
            case MAIL -> Point.MAIL;
            case RCPT -> Point.RCPT;
            case DATA, CONTENT -> Point.CONTENT;
        };
    }
}
