package org.posthouse.server;

import org.posthouse.core.Disposition;
import org.posthouse.core.Envelope;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Recipient;
import org.posthouse.core.ReversePath;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A mail transaction (RFC 5321 section 3.3): created by MAIL, dropped as a whole. */
final class Transaction {
    private final ReversePath reversePath;
    private final MailOptions options;
    private final List<Recipient> recipients = new ArrayList<>(2);
    private final List<Disposition> dispositions = new ArrayList<>(2);
    private final Set<Mailbox> mailboxes = new HashSet<>(4);

    private boolean contentRefused;

    Transaction(ReversePath reversePath, MailOptions options) {
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
        return mailboxes.contains(mailbox);
    }

    void add(Recipient recipient, Disposition disposition) {
        if (mailboxes.add(recipient.mailbox())) {
            recipients.add(recipient);
            dispositions.add(disposition);
        }
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

    List<Disposition> dispositions() {
        return List.copyOf(dispositions);
    }
}
