package org.posthouse.simulation;

import org.posthouse.core.DeliveryId;
import org.posthouse.core.MailEvent;
import org.posthouse.core.Mailbox;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A recipient is delivered or failed, once; and a message settled, once. A second time is told only
 * by an engine whose life before has died.
 */
final class EveryRecipientSettlesOnce implements Invariant {
    @Override
    public List<String> against(Ledger ledger) {
        List<String> broken = new ArrayList<>();
        Map<String, Integer> lives = new HashMap<>();
        for (Ledger.Told told : ledger.told) {
            String what = settled(told.event());
            if (what.isEmpty()) {
                continue;
            }
            Integer before = lives.put(what, told.life());
            if (before != null
                    && (before == told.life()
                            || ledger.endings.get(before) != Ledger.Ending.DIED)) {
                broken.add(what + " in lives " + before + " and " + told.life());
            }
        }
        return broken;
    }

    private static String settled(MailEvent event) {
        return switch (event) {
            case MailEvent.Delivered done -> recipient(done.delivery(), done.recipient());
            case MailEvent.Failed failed -> recipient(failed.delivery(), failed.recipient());
            case MailEvent.Settled settled -> settled.message().toString();
            default -> "";
        };
    }

    private static String recipient(DeliveryId delivery, Mailbox recipient) {
        return delivery + " " + recipient.address();
    }
}
