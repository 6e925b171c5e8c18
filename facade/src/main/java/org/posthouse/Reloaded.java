package org.posthouse;

import java.util.List;

/**
 * What came of other settings for a running engine.
 *
 * @param changed what is in force now and was not before, in words
 * @param waiting what only a restart changes, by the names of its settings
 * @since 0.1
 */
public record Reloaded(List<String> changed, List<String> waiting) {
    /** Copies the lists. */
    public Reloaded {
        changed = List.copyOf(changed);
        waiting = List.copyOf(waiting);
    }
}
