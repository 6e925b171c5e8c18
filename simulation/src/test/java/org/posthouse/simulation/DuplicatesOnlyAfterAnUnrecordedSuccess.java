package org.posthouse.simulation;

import org.posthouse.core.MailEvent;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A host takes a message for a recipient a second time only where the engine could not know of the
 * first: the connection ended without QUIT, or the engine died. Once it told that the recipient has
 * the message, never.
 */
final class DuplicatesOnlyAfterAnUnrecordedSuccess implements Invariant {
    @Override
    public List<String> against(Ledger ledger) {
        List<String> broken = new ArrayList<>();
        for (int i = 0; i < ledger.taken.size(); i++) {
            Ledger.Taken first = ledger.taken.get(i);
            for (Ledger.Taken again : ledger.taken.subList(i + 1, ledger.taken.size())) {
                if (isSame(first, again) && !isExcused(ledger, first)) {
                    broken.add(first.id() + " for " + again.recipients());
                }
            }
        }
        broken.addAll(afterDelivered(ledger));
        return broken;
    }

    private static boolean isSame(Ledger.Taken first, Ledger.Taken again) {
        return !first.isReport()
                && !again.isReport()
                && first.id().equals(again.id())
                && first.recipients().stream().anyMatch(again.recipients()::contains);
    }

    private static boolean isExcused(Ledger ledger, Ledger.Taken taken) {
        Ledger.Visit visit = taken.visit();
        return visit.leavesDoubt() || ledger.endings.get(visit.life) == Ledger.Ending.DIED;
    }

    private static List<String> afterDelivered(Ledger ledger) {
        List<String> broken = new ArrayList<>();
        Map<String, String> ids = ledger.idsBySpoolId();
        for (Ledger.Told told : ledger.told) {
            if (told.event() instanceof MailEvent.Delivered delivered) {
                String id = ids.getOrDefault(delivered.delivery().message().toString(), "?");
                String recipient = delivered.recipient().address();
                for (Ledger.Taken taken : ledger.taken) {
                    if (taken.at() > told.at()
                            && !taken.isReport()
                            && taken.id().equals(id)
                            && taken.recipients().contains(recipient)) {
                        broken.add(id + " for " + recipient + ", which was delivered already");
                    }
                }
            }
        }
        return broken;
    }
}
