package org.posthouse.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whom a message was acknowledged for, that recipient has it, or it was refused for good or too
 * long, and then its sender has a report. What nobody could be told is no more than what had a null
 * reverse-path or asked for silence.
 */
final class AcceptedMessagesAreNeverLost implements Invariant {
    @Override
    public List<String> against(Ledger ledger) {
        Set<String> reported = new HashSet<>();
        for (Reports.Line line : ledger.reports()) {
            if (line.action().equals("failed")) {
                reported.add(line.id() + " " + line.recipient());
            }
        }
        List<String> lost = new ArrayList<>();
        for (Ledger.Sent sent : ledger.sent) {
            for (String recipient : sent.isAcknowledged() ? sent.recipients() : List.<String>of()) {
                boolean arrived = ledger.copies(sent.id(), recipient) > 0;
                boolean ended = Cast.isUnknown(recipient) || Cast.isFull(recipient);
                boolean told = reported.contains(sent.id() + " " + recipient);
                if (!arrived && !told && !(ended && isSilent(sent.act()))) {
                    lost.add(sent.id() + " for " + recipient);
                }
            }
        }
        return lost;
    }

    /** Nobody wants to know of failures. */
    static boolean isSilent(Act.Send act) {
        boolean unasked = !act.notifyOn().isEmpty() && !act.notifyOn().contains("FAILURE");
        return act.from().isEmpty() || unasked;
    }
}
