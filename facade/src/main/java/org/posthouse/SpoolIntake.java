package org.posthouse;

import org.posthouse.core.Content;
import org.posthouse.core.ContentSink;
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvents;
import org.posthouse.core.Recipient;
import org.posthouse.core.Reply;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.TimeSource;
import org.posthouse.server.Intake;
import org.posthouse.spool.AcceptResult;
import org.posthouse.spool.Acceptance;
import org.posthouse.spool.Spool;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;

/** Binds the server's intake to the spool: the one place where received mail becomes ours. */
final class SpoolIntake implements Intake {
    private static final System.Logger LOG = System.getLogger(SpoolIntake.class.getName());

    static final Reply NO_SPACE = Reply.of(452, "4.3.1", "no space in the queue, try again later");
    static final Reply UNAVAILABLE = Reply.of(451, "4.3.0", "the queue can't store now, try again");

    private final Spool spool;
    private final TimeSource time;
    private final MailEvents events;
    private final DecisionJournal journal;
    private final boolean keepsSubjects;
    private final CommitCounts commits;

    SpoolIntake(
            Spool spool,
            TimeSource time,
            MailEvents events,
            DecisionJournal journal,
            boolean keepsSubjects) {
        this.journal = journal;
        this.keepsSubjects = keepsSubjects;
        this.spool = spool;
        commits = new CommitCounts(time);
        this.time = time;
        this.events = events;
    }

    @Override
    public ContentSink openContent() {
        return spool.openContent();
    }

    @Override
    public Result accept(Arrival arrival) {
        long octets = arrival.content().octets() + arrival.prefix().length;
        var acceptance =
                new Acceptance(
                        "",
                        arrival.origin(),
                        arrival.envelope(),
                        arrival.dispositions(),
                        arrival.prefix(),
                        arrival.content(),
                        arrival.notBefore());
        return switch (accept(acceptance)) {
            case AcceptResult.Accepted accepted -> {
                tell(acceptance, accepted, octets);
                keep(acceptance, accepted, octets, arrival.whys());
                yield new Result.Accepted(accepted.id());
            }
            case AcceptResult.NoSpace none -> new Result.Refused(NO_SPACE);
            case AcceptResult.Unavailable unavailable ->
                    trouble(unavailable.reason(), new Result.Refused(UNAVAILABLE));
        };
    }

    /** Counted, whoever brings it. */
    AcceptResult accept(Acceptance acceptance) {
        return commits.counted(() -> spool.accept(acceptance));
    }

    CommitCounts commits() {
        return commits;
    }

    /** What the program itself sent is kept, too. */
    void keepOwn(Acceptance acceptance, AcceptResult.Accepted accepted, long octets) {
        if (!accepted.repeated()) {
            int count = acceptance.envelope().recipients().size();
            keep(acceptance, accepted, octets, Collections.nCopies(count, ""));
        }
    }

    void tell(Acceptance acceptance, AcceptResult.Accepted accepted, long octets) {
        if (accepted.repeated()) {
            return;
        }
        events.emit(
                new MailEvent.Received(
                        time.now(),
                        accepted.id(),
                        acceptance.origin(),
                        acceptance.envelope().reversePath(),
                        acceptance.envelope().recipients(),
                        octets));
    }

    /** Never fails: the message is ours, whatever is known of it. */
    private void keep(
            Acceptance acceptance, AcceptResult.Accepted accepted, long octets, List<String> whys) {
        try {
            journal.add(entry(acceptance, accepted, octets, whys));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "a decision is not kept", e);
        }
    }

    private JournalEntry entry(
            Acceptance acceptance, AcceptResult.Accepted accepted, long octets, List<String> whys) {
        List<Recipient> recipients = acceptance.envelope().recipients();
        var kept = new ArrayList<JournalEntry.Kept>();
        for (int i = 0; i < Math.min(recipients.size(), JournalEntry.RECIPIENTS_MAX); i++) {
            kept.add(
                    new JournalEntry.Kept(
                            recipients.get(i).mailbox(),
                            acceptance.dispositions().get(i),
                            whys.get(i)));
        }
        return new JournalEntry(
                accepted.id(),
                time.now(),
                acceptance.origin(),
                acceptance.envelope().reversePath(),
                octets,
                recipients.size(),
                keepsSubjects ? subject(accepted.id()) : "",
                kept);
    }

    /** Empty when the message has left already. */
    private String subject(SpoolId id) {
        try (Content content = spool.content(id)) {
            return Subject.of(content);
        } catch (NoSuchElementException e) {
            return "";
        }
    }

    private Result trouble(String reason, Result result) {
        events.emit(new MailEvent.Trouble(time.now(), "PH-S030", "queue: " + reason));
        return result;
    }
}
