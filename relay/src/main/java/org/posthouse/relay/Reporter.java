package org.posthouse.relay;

import org.posthouse.core.Content;
import org.posthouse.core.ContentSink;
import org.posthouse.core.Disposition;
import org.posthouse.core.Envelope;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Notify;
import org.posthouse.core.Origin;
import org.posthouse.core.Recipient;
import org.posthouse.core.ReversePath;
import org.posthouse.policy.AliasRecipients;
import org.posthouse.policy.Passage;
import org.posthouse.policy.PolicySet;
import org.posthouse.spool.Acceptance;
import org.posthouse.spool.Spool;

import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Supplier;

/**
 * Puts reports into sinks of the spool, ready to be accepted in the commit that settles what they
 * are about. A report goes from the null reverse-path, so that it never causes another one.
 */
final class Reporter {
    /** The rule that lets reports out: they answer mail that was taken. */
    private static final String RULE = "report";

    private final Spool spool;
    private final DsnComposer composer;
    private final Supplier<PolicySet> rules;
    private final RetrySchedule schedule;

    Reporter(Spool spool, DsnComposer composer, Supplier<PolicySet> rules, RetrySchedule schedule) {
        this.schedule = schedule;
        this.spool = spool;
        this.composer = composer;
        this.rules = rules;
    }

    /**
     * Makes a report. Where the message can't be read, or asked for REQUIRETLS (RFC 8689 section
     * 5), nothing of it is returned: the report asks for REQUIRETLS itself, but may leave without.
     *
     * @param to the reverse-path of the message it is about
     */
    Acceptance accept(Report report, Mailbox to) {
        if (report.about().envelope().options().requireTls()) {
            return withoutContent(report, to, true);
        }
        ContentSink sink = spool.openContent();
        try (Content original = spool.content(report.about().id())) {
            MailOptions options = urgent(report, composer.write(report, to, original, sink));
            return acceptance(report, to, options, sink);
        } catch (UncheckedIOException | NoSuchElementException e) {
            sink.discard();
        }
        return withoutContent(report, to, false);
    }

    private Acceptance withoutContent(Report report, Mailbox to, boolean requireTls) {
        ContentSink sink = spool.openContent();
        MailOptions options = urgent(report, composer.write(report, to, NoContent.NOTHING, sink));
        return acceptance(report, to, requireTls ? options.requiringTls() : options, sink);
    }

    /** Who has handed it in here waits for what became of it. */
    private static MailOptions urgent(Report report, MailOptions options) {
        Origin origin = report.about().origin();
        boolean submitted = origin.equals(Origin.INTERNAL) || !origin.login().isEmpty();
        return submitted ? options.withPriority(MailOptions.URGENT) : options;
    }

    private Acceptance acceptance(
            Report report, Mailbox to, MailOptions options, ContentSink sink) {
        List<AliasRecipients.Placed> placed = placed(new Recipient(to, Notify.NEVER, ""));
        return new Acceptance(
                "",
                Origin.INTERNAL,
                new Envelope(
                        ReversePath.NULL,
                        options,
                        placed.stream().map(AliasRecipients.Placed::recipient).toList()),
                placed.stream().map(AliasRecipients.Placed::disposition).toList(),
                new byte[0],
                sink,
                Instant.EPOCH,
                report.at().plus(schedule.reportsGiveUpAfter()));
    }

    /** Those behind an alias; where it leads nowhere, the mailbox of its own name. */
    private List<AliasRecipients.Placed> placed(Recipient recipient) {
        PolicySet now = rules.get();
        Disposition own =
                now.localDomains().contains(recipient.mailbox().domain())
                        ? Disposition.LOCAL
                        : new Disposition.Relayed(RULE, "");
        return AliasRecipients.of(now, Passage.ofReport(recipient.mailbox()), recipient)
                .filter(behind -> !behind.isEmpty())
                .orElseGet(() -> List.of(new AliasRecipients.Placed(recipient, own)));
    }

    private static final class NoContent implements Content {
        static final Content NOTHING = new NoContent();

        @Override
        public long octets() {
            return 0;
        }

        @Override
        public int read(long position, byte[] into, int offset, int length) {
            return -1;
        }

        @Override
        public void close() {}
    }
}
