package org.posthouse.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What arrives is what was sent, with trace fields in front and nothing else, for those it was sent
 * to, from whom it was sent; and nothing arrives that was refused to its client.
 */
final class NoOctetIsInvented implements Invariant {
    private static final Pattern TRACE =
            Pattern.compile(
                    "((Received|Return-Path|Delivered-To): [^\r\n]*\r\n([ \t][^\r\n]*\r\n)*)*");

    @Override
    public List<String> against(Ledger ledger) {
        Map<String, Ledger.Sent> byId = new HashMap<>();
        ledger.sent.forEach(sent -> byId.put(sent.id(), sent));
        List<String> broken = new ArrayList<>();
        for (Ledger.Taken taken : ledger.taken) {
            if (!taken.isReport()) {
                broken.addAll(
                        wrong(ledger, byId.get(taken.id()), taken.content(), taken.recipients()));
                Ledger.Sent sent = byId.get(taken.id());
                if (sent != null && !sent.act().from().equals(taken.reversePath())) {
                    broken.add(taken.id() + " came from " + taken.reversePath());
                }
            }
        }
        for (Ledger.Stored stored : ledger.stored) {
            if (!stored.isReport()) {
                Ledger.Sent sent = byId.get(Sheet.idIn(stored.content()));
                broken.addAll(wrong(ledger, sent, stored.content(), List.of(stored.recipient())));
            }
        }
        return broken;
    }

    private static List<String> wrong(
            Ledger ledger, Ledger.Sent sent, String content, List<String> recipients) {
        if (sent == null) {
            return List.of("a message that nobody sent for " + recipients);
        }
        List<String> wrong = new ArrayList<>();
        String sheet = Sheet.of(sent.id(), sent.act().octets());
        if (!content.endsWith(sheet)) {
            wrong.add(sent.id() + " has other octets");
        } else {
            String trace = content.substring(0, content.length() - sheet.length());
            if (!TRACE.matcher(trace).matches()) {
                wrong.add(sent.id() + " has more than trace fields in front: " + trace);
            }
        }
        // a commit that could not be forced, nor made void on a disk that takes nothing, may be
        // found
        // by the next start
        boolean isPardoned = sent.last() / 100 == 4 && ledger.withFaultyDisk.contains(sent.life());
        if ((sent.last() > 250 || sent.last() < 0) && !isPardoned) {
            wrong.add(sent.id() + " arrived, although its client was told " + sent.last());
        }
        if (!sent.recipients().containsAll(recipients)) {
            wrong.add(sent.id() + " arrived for " + recipients);
        }
        return wrong;
    }
}
