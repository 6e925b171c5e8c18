package org.posthouse;

import org.posthouse.core.Disposition;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Recipient;
import org.posthouse.core.ReversePath;
import org.posthouse.policy.AliasRecipients;
import org.posthouse.policy.Decision;
import org.posthouse.policy.Passage;
import org.posthouse.policy.Policy;
import org.posthouse.policy.PolicyCode;
import org.posthouse.policy.PolicySet;
import org.posthouse.policy.Verdict;

import java.util.List;
import java.util.Optional;

/** Whom mail goes to that the program itself, or its operator, sends. */
final class OwnRecipients {
    private OwnRecipients() {}

    /**
     * The recipient with what becomes of its mail, or those behind an alias.
     *
     * @param rule by which it is relayed
     * @param via a fixed next hop; empty: none
     * @throws PosthouseException when mail for it can't be taken
     */
    static List<AliasRecipients.Placed> place(
            PolicySet rules, ReversePath from, Recipient recipient, String rule, String via) {
        var mail = new Passage(from, "", recipient.mailbox());
        Optional<List<AliasRecipients.Placed>> behind = AliasRecipients.of(rules, mail, recipient);
        if (behind.filter(List::isEmpty).isPresent()) {
            throw new PosthouseException(
                    PolicyCode.ALIAS_LEADS_NOWHERE.code(),
                    recipient.mailbox() + ": nobody is behind this alias");
        }
        return behind.orElseGet(
                () ->
                        List.of(
                                new AliasRecipients.Placed(
                                        recipient, disposition(rules, mail, rule, via))));
    }

    private static Disposition disposition(PolicySet rules, Passage mail, String rule, String via) {
        Mailbox recipient = mail.recipient();
        Decision decision = Policy.decideOwn(rules, mail);
        return switch (decision.verdict()) {
            case Verdict.Local local -> Disposition.LOCAL;
            case Verdict.Expand expand -> Disposition.LOCAL; // decideOwn follows no alias
            case Verdict.Relay relay -> new Disposition.Relayed(rule, via);
            case Verdict.HookMayRelay may -> new Disposition.Relayed(rule, via);
            case Verdict.Refuse refuse ->
                    throw new PosthouseException(
                            decision.code(), recipient + ": " + refuse.reply());
        };
    }
}
