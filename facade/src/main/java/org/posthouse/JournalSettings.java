package org.posthouse;

import java.time.Duration;

/**
 * What is remembered of messages.
 *
 * @param kept how long
 * @param subjects whether their subjects are, too
 */
record JournalSettings(Duration kept, boolean subjects) {
    static final JournalSettings DEFAULT = new JournalSettings(DecisionJournal.KEPT, false);
}
