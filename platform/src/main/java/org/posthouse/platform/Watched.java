package org.posthouse.platform;

/** A connection that the watch of its network looks at. */
interface Watched {
    /** Ends what is under way and whose deadline has passed. */
    void endWhatIsLate(long now);

    /** Closes both ways; never throws. */
    void close();
}
