package org.posthouse.benchmarks;

import java.io.IOException;

/** Where the mail of a server that is measured arrives. */
interface Arrivals extends AutoCloseable {
    /** How many messages have arrived so far. */
    long messages() throws IOException;

    /** Waits until it has had so many messages in all; false when the time is over before. */
    boolean await(long count, long millis) throws IOException, InterruptedException;

    @Override
    void close() throws IOException;
}
