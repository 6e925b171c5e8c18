package org.posthouse.relay;

import org.posthouse.core.ContentSink;
import org.posthouse.core.MailEvent;
import org.posthouse.spool.Acceptance;
import org.posthouse.spool.Settlement;
import org.posthouse.spool.StoredMessage;

import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * A settlement on its way to the disk.
 *
 * @param delivery whose
 * @param message of the delivery
 * @param settlement what is written
 * @param events told once it is durable
 * @param credit gets its permit back then
 */
record Settling(
        Delivery delivery,
        StoredMessage message,
        Settlement settlement,
        List<MailEvent> events,
        Semaphore credit) {
    /** It will never be written: what was prepared for it goes. */
    void giveUp() {
        settlement.inserts().stream().map(Acceptance::content).forEach(ContentSink::discard);
        credit.release();
    }
}
