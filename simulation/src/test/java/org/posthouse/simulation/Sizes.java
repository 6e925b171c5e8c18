package org.posthouse.simulation;

import org.posthouse.spool.SpoolSettings;

/** How large the files of the spool are. */
enum Sizes {
    /** As in a server: a scenario hardly fills one, and making them takes most of its time. */
    SERVER(SpoolSettings.DEFAULTS),
    /** A few messages fill a file: others are made, freed and compacted while mail comes. */
    SMALL(
            new SpoolSettings(
                    32 << 10, 2 << 10, 32 << 10, 128 << 10, 32 << 10, 3, 2, 1 << 20, 256 << 10,
                    8 << 10, 64 << 10));

    final SpoolSettings spool;

    Sizes(SpoolSettings spool) {
        this.spool = spool;
    }
}
