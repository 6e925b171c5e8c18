package org.posthouse.spool;

import org.posthouse.platform.NoSpaceException;

import java.io.IOException;

/** How writing ended. */
enum Outcome {
    /** Durable. */
    DONE,
    /** No room. */
    NO_SPACE,
    /** The disk failed, or the spool is closing. */
    UNAVAILABLE;

    /** What a failure of the disk comes to. */
    static Outcome of(IOException e) {
        return e instanceof NoSpaceException ? NO_SPACE : UNAVAILABLE;
    }
}
