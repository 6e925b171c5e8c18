package org.posthouse.testkit.spool;

import org.posthouse.spool.Spool;

/**
 * What is done with a spool until its owner dies, at any moment of it, and what the next owner must
 * find. Remembers what it was told meanwhile: told is durable, the rest is there whole or not at
 * all. Happens once.
 *
 * @since 0.1
 */
public interface CrashStory {
    /** What is done with a spool that was empty; may end anywhere. */
    void live(Spool spool) throws InterruptedException;

    /** Checks what is left, and that one can go on with it. */
    void verify(Spool spool) throws InterruptedException;
}
