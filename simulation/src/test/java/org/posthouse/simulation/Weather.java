package org.posthouse.simulation;

/** What is wrong with a host. */
enum Weather {
    /** Nothing. */
    FAIR,
    /** Octets to and from it get lost. */
    DARK,
    /** Connections are refused. */
    REFUSING,
    /** There is no route. */
    UNREACHABLE,
    /** Every connection is reset after some octets. */
    RESETTING,
    /** Greets with 421. */
    CLOSED,
    /** Takes two connections, greets others with 421 and "too many connections". */
    CROWDED,
    /** Refuses recipients for now. */
    FULL,
    /** Refuses contents for now. */
    TIRED,
    /** Takes the content, and closes without a word. */
    RUDE,
    /** Says 421 in place of every third reply. */
    LEAVING,
    /** Everything takes seconds. */
    SLOW,
    /** Does any of these now and then. */
    FICKLE
}
