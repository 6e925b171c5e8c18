package org.posthouse;

import org.posthouse.core.DeliveryId;
import org.posthouse.core.Disposition;
import org.posthouse.core.MailEvent;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Origin;
import org.posthouse.core.Outcome;
import org.posthouse.core.Reply;
import org.posthouse.core.SpoolId;
import org.posthouse.journal.EventLog;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Platform;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A journal as it is after many messages: almost as many files as it may have, each full. It is
 * made through the journal's own classes, a file at a time.
 */
public final class FullJournal {
    /** Messages of a file: about 4 MiB. */
    public static final int PER_FILE = 15_000;

    /** One less than may be: the next one is begun when something is accepted. */
    public static final int FILES = DecisionJournal.LIMITS.filesMax() - 2;

    private static final Origin ORIGIN =
            new Origin("smtp", "192.0.2.1", "client.example", "ada", "ESMTPA");
    private static final Reply LATER = Reply.of(451, "4.7.1", "greylisted, try again later");

    private final Platform platform;
    private final Path folder;

    public FullJournal(Platform platform, Path folder) {
        this.platform = platform;
        this.folder = folder;
    }

    /** A message that somebody may ask for. */
    public record Past(SpoolId id, Mailbox recipient) {}

    /** Puts at most {@link #PER_FILE} messages into a file of decisions and one of events. */
    public void add(List<Past> messages) throws InterruptedException {
        var decisions = DecisionJournal.start(platform, folder, DecisionJournal.LIMITS);
        var events = EventLog.start(platform, folder, EventLog.LIMITS);
        for (Past past : messages) {
            decisions.add(decision(past));
            events.emit(deferred(past));
        }
        decisions.close(Deadline.NEVER);
        events.close(Deadline.NEVER);
    }

    private static MailEvent deferred(Past past) {
        return new MailEvent.Deferred(
                QueueShape.acceptedAt(past.id()),
                new DeliveryId(past.id(), 0),
                past.recipient(),
                "mx." + past.recipient().domain() + " [192.0.2.25]",
                LATER,
                1,
                QueueShape.acceptedAt(past.id()).plus(Duration.ofMinutes(5)),
                Outcome.Cause.GREYLISTED,
                false);
    }

    private static JournalEntry decision(Past past) {
        var relayed = new Disposition.Relayed("people", "");
        return new JournalEntry(
                past.id(),
                QueueShape.acceptedAt(past.id()),
                ORIGIN,
                new Mailbox("sender", "client.example"),
                200,
                1,
                "",
                List.of(new JournalEntry.Kept(past.recipient(), relayed, "")));
    }
}
