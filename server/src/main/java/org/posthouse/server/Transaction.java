package org.posthouse.server;

import org.posthouse.core.Envelope;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.ReversePath;
import org.posthouse.platform.Deadline;
import org.posthouse.server.SessionPolicy.RecipientVerdict;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** A mail transaction (RFC 5321 section 3.3): created by MAIL, dropped as a whole. */
final class Transaction {
    private final ReversePath reversePath;
    private final MailOptions options;

    /** The session's thread adds, hooks and operators may look on. */
    private final List<RecipientVerdict.Target> targets = new CopyOnWriteArrayList<>();

    private final Map<Mailbox, Integer> positions = new HashMap<>(4);
    private final Set<Mailbox> named = new HashSet<>(4);

    /** The recipients that each RCPT brought, by position; of LMTP only. */
    private final List<List<Integer>> commands = new ArrayList<>(2);

    private final boolean isLmtp;
    private final Deadline deadline;
    private boolean contentRefused;

    /**
     * Begins one.
     *
     * @param isLmtp each RCPT is remembered, for its reply
     * @param deadline by when its content must begin
     */
    Transaction(ReversePath reversePath, MailOptions options, boolean isLmtp, Deadline deadline) {
        this.isLmtp = isLmtp;
        this.deadline = deadline;
        this.reversePath = reversePath;
        this.options = options;
    }

    ReversePath reversePath() {
        return reversePath;
    }

    MailOptions options() {
        return options;
    }

    /** By when its content must begin. */
    Deadline deadline() {
        return deadline;
    }

    /** True when the mailbox is a recipient already; nobody gets a message twice. */
    boolean holds(Mailbox mailbox) {
        return positions.containsKey(mailbox);
    }

    /**
     * True when RCPT has named the mailbox itself. Of one that is behind an alias the client does
     * not know: it may be told no more than if the alias had not been named.
     */
    boolean isNamed(Mailbox mailbox) {
        return named.contains(mailbox);
    }

    /** RCPT named a recipient that is one already. */
    void addAgain(Mailbox mailbox) {
        Integer position = positions.get(mailbox);
        if (position != null && isLmtp) {
            commands.add(List.of(position));
        }
    }

    /** RCPT named this one; false when it was there. */
    boolean add(RecipientVerdict.Target target) {
        named.add(target.named());
        return add(List.of(target));
    }

    /** RCPT brought these; false when all of them were there. */
    boolean add(List<RecipientVerdict.Target> more) {
        int before = targets.size();
        List<Integer> brought = new ArrayList<>(more.size());
        for (RecipientVerdict.Target target : more) {
            Mailbox mailbox = target.named();
            Integer known = positions.putIfAbsent(mailbox, targets.size());
            brought.add(known == null ? targets.size() : known);
            if (known == null) {
                targets.add(target);
            }
        }
        if (isLmtp) {
            commands.add(List.copyOf(brought));
        }
        return targets.size() > before;
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
        return targets.size();
    }

    /** The one recipient; empty when there are more, whose names are not for each other's eyes. */
    String onlyRecipient() {
        return targets.size() == 1 ? targets.getFirst().recipient().mailbox().address() : "";
    }

    List<Mailbox> mailboxes() {
        return targets.stream().map(target -> target.recipient().mailbox()).toList();
    }

    Envelope envelope() {
        return new Envelope(
                reversePath,
                options,
                targets.stream().map(RecipientVerdict.Target::recipient).toList());
    }

    /** The recipients, and what was decided for each. */
    List<RecipientVerdict.Target> targets() {
        return List.copyOf(targets);
    }
}
