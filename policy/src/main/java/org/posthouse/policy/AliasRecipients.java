package org.posthouse.policy;

import org.posthouse.core.Disposition;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Recipient;
import org.posthouse.core.Xtext;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The recipients that an alias stands for.
 *
 * @since 0.1
 */
public final class AliasRecipients {
    /** The rule by which mail for an alias leaves. */
    private static final String RULE = "alias";

    private AliasRecipients() {}

    /**
     * One of them.
     *
     * @param recipient reports about it still speak of the address that was written
     * @param disposition what becomes of its mail
     */
    public record Placed(Recipient recipient, Disposition disposition) {}

    /**
     * Follows a recipient.
     *
     * @param mail whose recipient it is
     * @return those that take mail; empty when the recipient is no alias
     */
    public static Optional<List<Placed>> of(PolicySet rules, Passage mail, Recipient recipient) {
        return targets(rules, mail).map(targets -> placed(recipient, targets));
    }

    /** The recipients of an alias, of which it was decided to whom its mail goes. */
    public static List<Placed> placed(Recipient alias, List<Verdict.Target> targets) {
        return targets.stream()
                .map(target -> new Placed(as(alias, target.mailbox()), target.disposition()))
                .toList();
    }

    /** Those that take mail for an address; empty when it is no alias. */
    static Optional<List<Verdict.Target>> targets(PolicySet rules, Passage mail) {
        Mailbox written = mail.recipient();
        boolean mayBe =
                !rules.aliases().equals(Aliases.NONE)
                        && rules.localDomains().contains(written.domain());
        List<Mailbox> addresses = mayBe ? Policy.expand(rules, written) : List.of(written);
        if (addresses.equals(List.of(written))) {
            return Optional.empty();
        }
        var targets = new ArrayList<Verdict.Target>();
        for (Mailbox address : addresses) {
            Verdict verdict = Policy.decideOwn(rules, mail.to(address)).verdict();
            if (!(verdict instanceof Verdict.Refuse)) {
                Disposition disposition =
                        verdict instanceof Verdict.Local
                                ? Disposition.LOCAL
                                : new Disposition.Relayed(RULE, "");
                targets.add(new Verdict.Target(address, disposition));
            }
        }
        return Optional.of(List.copyOf(targets));
    }

    private static Recipient as(Recipient alias, Mailbox address) {
        boolean isNamed = !alias.originalRecipient().isEmpty();
        boolean isAscii = !alias.mailbox().needsSmtpUtf8();
        String original =
                isNamed || !isAscii
                        ? alias.originalRecipient()
                        : "rfc822;" + Xtext.encode(alias.mailbox().address());
        return new Recipient(address, alias.notifyOn(), original);
    }
}
