package org.posthouse;

import org.posthouse.Explanation.Line;
import org.posthouse.Explanation.Mark;
import org.posthouse.Explanation.Outcome;
import org.posthouse.core.Disposition;
import org.posthouse.core.Origin;
import org.posthouse.policy.Decision;
import org.posthouse.policy.DecisionText;
import org.posthouse.policy.Facts;
import org.posthouse.policy.IpAddress;
import org.posthouse.policy.Passage;
import org.posthouse.policy.Policy;
import org.posthouse.policy.Verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Explains messages that were accepted, from what was kept of their decision. */
final class Hindsight {
    private static final String ALIAS = "alias?";

    /** In the names of protocols over TLS: ESMTPS, ESMTPSA, LMTPS (RFC 3848). */
    private static final String SECURED = "TPS";

    private final EngineSettings now;
    private final JournalEntry entry;

    Hindsight(EngineSettings now, JournalEntry entry) {
        this.now = now;
        this.entry = entry;
    }

    PastDecision explain() {
        return new PastDecision(
                entry.id(),
                entry.acceptedAt(),
                entry.origin(),
                entry.reversePath(),
                entry.octets(),
                entry.recipientCount(),
                entry.recipients().stream().map(this::explain).toList());
    }

    private PastDecision.ForRecipient explain(JournalEntry.Kept kept) {
        List<Decision.Step> steps = DecisionText.read(kept.why(), kept.mailbox());
        boolean isLocal = kept.disposition() instanceof Disposition.Local;
        String rule =
                kept.disposition() instanceof Disposition.Relayed relayed ? relayed.rule() : "";
        String route =
                steps.stream()
                        .filter(step -> step.question().equals("route?") && step.held())
                        .map(Decision.Step::subject)
                        .reduce("", (first, last) -> last);
        var explanation =
                new Explanation(
                        isLocal ? Outcome.STORED : Outcome.RELAYED,
                        "",
                        Optional.empty(),
                        "",
                        entry.origin().listener(),
                        rule,
                        route,
                        lines(kept, steps),
                        List.of());
        return new PastDecision.ForRecipient(
                kept.mailbox(), explanation, today(kept, steps, route));
    }

    private List<Line> lines(JournalEntry.Kept kept, List<Decision.Step> steps) {
        Origin from = entry.origin();
        var lines = new ArrayList<Line>();
        boolean isOurs = from.listener().isEmpty();
        lines.add(
                isOurs
                        ? new Line(1, "sent", "by the program itself", "", Mark.OK, "")
                        : new Line(
                                1,
                                "connect",
                                "listener \"" + from.listener() + "\"",
                                "from " + from.clientAddress() + ", " + from.protocol(),
                                Mark.OK,
                                ""));
        if (!isOurs) {
            String login = from.login().isEmpty() ? "none" : from.login();
            lines.add(new Line(2, "login", login, "", Mark.NONE, ""));
        }
        String sender = entry.reversePath().address();
        int number = lines.size();
        lines.add(
                new Line(
                        number + 1,
                        "sender",
                        sender.isEmpty() ? "<> (a report)" : sender,
                        "",
                        Mark.NONE,
                        ""));
        lines.add(new Line(number + 2, "recipient", kept.mailbox().address(), "", Mark.NONE, ""));
        for (Decision.Step step : steps) {
            lines.add(
                    new Line(
                            0,
                            step.question(),
                            subject(step),
                            step.answer(),
                            step.held() ? Mark.YES : Mark.NO,
                            step.place()));
        }
        return lines;
    }

    private static String subject(Decision.Step step) {
        return switch (step.question()) {
            case "relay?" -> "rule \"" + step.subject() + "\"";
            case "route?" -> "route \"" + step.subject() + "\"";
            default -> step.subject();
        };
    }

    /** What is different today; empty when nothing is. */
    private String today(JournalEntry.Kept kept, List<Decision.Step> steps, String route) {
        if (isByCertificate(kept)) {
            return ""; // the certificate was not kept
        }
        Decision decision = decideAgain(kept, steps);
        return switch (decision.verdict()) {
            case Verdict.Refuse refuse ->
                    "refused, " + refuse.reply() + " (" + decision.code() + ")";
            case Verdict.Local local ->
                    kept.disposition() instanceof Disposition.Local ? "" : "stored here";
            case Verdict.Expand expand -> "taken for those behind an alias";
            case Verdict.HookMayRelay may -> relayed(kept, may.rule(), may.route(), route);
            case Verdict.Relay relay -> relayed(kept, relay.rule(), relay.route(), route);
        };
    }

    private static String relayed(
            JournalEntry.Kept kept, String rule, String route, String routeThen) {
        boolean isSame =
                kept.disposition() instanceof Disposition.Relayed then
                        && (then.rule().equals(rule) || isOurs(then))
                        && (routeThen.isEmpty() || routeThen.equals(route));
        return isSame ? "" : "relayed by \"" + rule + "\", route \"" + route + "\"";
    }

    private boolean isByCertificate(JournalEntry.Kept kept) {
        return kept.disposition() instanceof Disposition.Relayed then
                && now.rules().relayRules().stream()
                        .anyMatch(r -> r.name().equals(then.rule()) && !r.anyCertificate());
    }

    /** Granted by no rule: for an alias, or by the program. */
    private static boolean isOurs(Disposition.Relayed then) {
        return then.rule().equals("alias") || then.rule().equals("submit");
    }

    private Decision decideAgain(JournalEntry.Kept kept, List<Decision.Step> steps) {
        Origin from = entry.origin();
        boolean isBehindAlias = steps.stream().anyMatch(step -> step.question().equals(ALIAS));
        if (from.listener().isEmpty() || isBehindAlias) {
            return Policy.decideOwn(
                    now.rules(), new Passage(entry.reversePath(), from.login(), kept.mailbox()));
        }
        boolean owns =
                !from.login().isEmpty()
                        && now.logins().users().owns(from.login(), entry.reversePath());
        return Policy.decide(
                now.rules(),
                new Facts(
                        from.listener(),
                        client(from.clientAddress()),
                        from.login(),
                        from.protocol().contains(SECURED),
                        "",
                        entry.reversePath(),
                        owns,
                        kept.mailbox()));
    }

    private static IpAddress client(String address) {
        try {
            return IpAddress.parse(address);
        } catch (IllegalArgumentException e) {
            return IpAddress.parse("::");
        }
    }
}
