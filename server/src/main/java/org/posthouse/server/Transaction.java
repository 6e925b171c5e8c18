package org.posthouse.server;

import org.posthouse.core.Disposition;
import org.posthouse.core.Envelope;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Recipient;
import org.posthouse.core.ReversePath;
import org.posthouse.server.SessionPolicy.RecipientVerdict;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A mail transaction (RFC 5321 section 3.3): created by MAIL, dropped as a whole. */
final class Transaction {
    private final ReversePath reversePath;
    private final MailOptions options;
    private final List<Recipient> recipients = new ArrayList<>(2);
    private final List<Disposition> dispositions = new ArrayList<>(2);
    private final List<String> whys = new ArrayList<>(2);
    private final Map<Mailbox, Integer> positions = new HashMap<>(4);

    /** The recipients that each RCPT brought, by position; of LMTP only. */
    private final List<List<Integer>> commands = new ArrayList<>(2);

    private final boolean isLmtp;
    private boolean contentRefused;

    /**
     * Begins one.
     *
     * @param isLmtp each RCPT is remembered, for its reply
     */
    Transaction(ReversePath reversePath, MailOptions options, boolean isLmtp) {
        this.isLmtp = isLmtp;
        this.reversePath = reversePath;
        this.options = options;
    }

    ReversePath reversePath() {
        return reversePath;
    }

    MailOptions options() {
        return options;
    }

    /** True when the mailbox is a recipient already; nobody gets a message twice. */
    boolean holds(Mailbox mailbox) {
        return positions.containsKey(mailbox);
    }

    /** RCPT named a recipient that is one already. */
    void addAgain(Mailbox mailbox) {
        Integer position = positions.get(mailbox);
        if (position != null && isLmtp) {
            commands.add(List.of(position));
        }
    }

    /** RCPT brought these; false when all of them were there. */
    boolean add(List<RecipientVerdict.Target> targets) {
        int before = recipients.size();
        List<Integer> brought = new ArrayList<>(targets.size());
        for (RecipientVerdict.Target target : targets) {
            Mailbox mailbox = target.recipient().mailbox();
            Integer known = positions.putIfAbsent(mailbox, recipients.size());
            brought.add(known == null ? recipients.size() : known);
            if (known == null) {
                recipients.add(target.recipient());
                dispositions.add(target.disposition());
                whys.add(target.why());
            }
        }
        if (isLmtp) {
            commands.add(List.copyOf(brought));
        }
        return recipients.size() > before;
    }

    /** RCPT commands that were accepted; of LMTP only. */
    int commandCount() {
        return commands.size();
    }

    /** The recipients that each accepted RCPT brought, by position, in the order of RCPT. */
    List<List<Integer>> commands() {
        return List.copyOf(commands);
    }

    /**
     * DATA or BDAT was refused before its content: more recipients may come, and so may another
     * MAIL without RSET.
     */
    void refuseContent() {
        contentRefused = true;
    }

    boolean isContentRefused() {
        return contentRefused;
    }

    int recipientCount() {
        return recipients.size();
    }

    /** The one recipient; empty when there are more, whose names are not for each other's eyes. */
    String onlyRecipient() {
        return recipients.size() == 1 ? recipients.getFirst().mailbox().address() : "";
    }

    Envelope envelope() {
        return new Envelope(reversePath, options, recipients);
    }

    /** The ways to the dispositions. */
    List<String> whys() {
        return List.copyOf(whys);
    }

    List<Disposition> dispositions() {
        return List.copyOf(dispositions);
    }
}
