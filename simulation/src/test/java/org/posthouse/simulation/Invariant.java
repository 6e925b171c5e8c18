package org.posthouse.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * What has to be true of every history; the class's name says it. Those of the list judge what was
 * seen at the end; {@link RepliesComeInOrder}, {@link StoppedMeansStopped}, {@link TheWorldGoesOn}
 * and again {@link WindowsAreBounded} are asked while it goes on.
 */
interface Invariant {
    List<Invariant> ALL =
            List.of(
                    new AcceptedMessagesAreNeverLost(),
                    new DuplicatesOnlyAfterAnUnrecordedSuccess(),
                    new EveryRecipientSettlesOnce(),
                    new AFailureMakesExactlyOneReport(),
                    new NoAttemptBeforeItsInstant(),
                    new WindowsAreBounded(),
                    new NoOctetIsInvented(),
                    new NobodyRelaysWhoMayNot(),
                    new EverythingSettlesOnceFaultsHeal());

    /** What is against it, in a few words each. */
    List<String> against(Ledger ledger);

    /** What is against any of them, each with the name of its invariant in front. */
    static List<String> brokenBy(Ledger ledger) {
        List<String> broken = new ArrayList<>(ledger.amiss);
        for (Invariant each : ALL) {
            String name = each.getClass().getSimpleName();
            each.against(ledger).forEach(text -> broken.add(name + ": " + text));
        }
        return broken;
    }
}
