package org.posthouse.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Of a recipient that failed there is one report, whatever the crashes; none to the null
 * reverse-path, none where none is wanted, and none of what did arrive and was sure to.
 */
final class AFailureMakesExactlyOneReport implements Invariant {
    @Override
    public List<String> against(Ledger ledger) {
        Map<String, Ledger.Sent> byId = new HashMap<>();
        ledger.sent.forEach(sent -> byId.put(sent.id(), sent));
        Map<String, Integer> counts = new HashMap<>();
        List<String> broken = new ArrayList<>();
        for (Reports.Line line : ledger.reports()) {
            Ledger.Sent about = byId.get(line.id());
            if (about == null) {
                broken.add("a report of nothing: " + line);
            } else if (line.action().equals("failed")) {
                counts.merge(line.id() + " " + line.recipient(), 1, Integer::sum);
                if (AcceptedMessagesAreNeverLost.isSilent(about.act())) {
                    broken.add("an unwanted report: " + line);
                }
                if (!Cast.isUnknown(line.recipient()) && !Cast.isFull(line.recipient())) {
                    broken.add("a report of what no host refuses: " + line);
                }
            }
        }
        counts.forEach(
                (what, count) -> {
                    if (count > 1) {
                        broken.add(count + " reports: " + what);
                    }
                });
        return broken;
    }
}
