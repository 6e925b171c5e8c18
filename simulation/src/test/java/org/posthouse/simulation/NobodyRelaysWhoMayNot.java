package org.posthouse.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * A recipient is taken where the rules in other words ({@link Cast#isTaken}) say so, only there.
 */
final class NobodyRelaysWhoMayNot implements Invariant {
    @Override
    public List<String> against(Ledger ledger) {
        List<String> broken = new ArrayList<>();
        for (Ledger.Sent sent : ledger.sent) {
            for (int i = 0; i < sent.replies().size(); i++) {
                int reply = sent.replies().get(i);
                String recipient = sent.act().to().get(i);
                boolean may = Cast.isTaken(sent.act().client(), recipient);
                if (reply == 250 && !may || reply >= 500 && may) {
                    broken.add(sent.act().client() + " to " + recipient + " heard " + reply);
                }
            }
        }
        for (Ledger.Sent sent : ledger.sent) {
            for (String recipient : sent.act().to()) {
                if (!Cast.isTaken(sent.act().client(), recipient)
                        && ledger.copies(sent.id(), recipient) > 0) {
                    broken.add(sent.act().client() + " reached " + recipient);
                }
            }
        }
        return broken;
    }
}
