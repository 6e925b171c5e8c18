package org.posthouse.relay;

import org.posthouse.core.ContentSink;
import org.posthouse.core.MailEvent;
import org.posthouse.spool.Acceptance;
import org.posthouse.spool.Settlement;
import org.posthouse.spool.StoredMessage;

import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * A settlement on its way to the disk.
 *
 * @param delivery whose
 * @param message of the delivery
 * @param settlement what is written
 * @param events told once it is durable
 * @param reports makes the settlement's reports once more, and how often it may
 * @param credit gets its permit back then
 */
record Settling(
        Delivery delivery,
        StoredMessage message,
        Settlement settlement,
        List<MailEvent> events,
        Remaking reports,
        Semaphore credit) {

    /**
     * How reports are made again when their sink failed.
     *
     * @param left how often
     */
    record Remaking(Supplier<List<Acceptance>> make, int left) {
        /** A few times, with the settler's pauses between them. */
        static Remaking of(Supplier<List<Acceptance>> make) {
            return new Remaking(make, 10);
        }
    }

    boolean isRemakeable() {
        return !settlement.inserts().isEmpty() && reports.left() > 0;
    }

    /** The same with new reports. */
    Settling remade() {
        discardReports();
        var renewed =
                new Settlement(
                        settlement.delivery(),
                        settlement.epoch(),
                        settlement.openRecipients(),
                        settlement.progress(),
                        reports.make().get());
        var fewer = new Remaking(reports.make(), reports.left() - 1);
        return new Settling(delivery, message, renewed, events, fewer, credit);
    }

    /** It will never be written: what was prepared for it goes. */
    void giveUp() {
        discardReports();
        credit.release();
    }

    private void discardReports() {
        settlement.inserts().stream().map(Acceptance::content).forEach(ContentSink::discard);
    }
}
