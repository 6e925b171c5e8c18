package org.posthouse;

import org.posthouse.core.Disposition;
import org.posthouse.core.Recipient;
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
     * @param mail to this recipient, judged in the same way when it is delivered
     * @param relayed what becomes of it when it is relayed
     * @throws PosthouseException when mail for it can't be taken
     */
    static List<AliasRecipients.Placed> place(
            PolicySet rules, Passage mail, Recipient recipient, Disposition.Relayed relayed) {
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
                                        recipient, disposition(rules, mail, relayed))));
    }

    private static Disposition disposition(
            PolicySet rules, Passage mail, Disposition.Relayed relayed) {
        Decision decision = Policy.decideOwn(rules, mail);
        return switch (decision.verdict()) {
            case Verdict.Local local -> Disposition.LOCAL;
            case Verdict.Expand expand -> Disposition.LOCAL; // decideOwn follows no alias
            case Verdict.Relay relay -> relayed;
            case Verdict.HookMayRelay may -> relayed;
            case Verdict.Refuse refuse ->
                    throw new PosthouseException(
                            decision.code(), mail.recipient() + ": " + refuse.reply());
        };
    }
}
