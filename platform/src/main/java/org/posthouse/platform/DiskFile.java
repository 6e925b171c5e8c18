package org.posthouse.platform;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An open file. Reads may run beside each other and beside one writer.
 *
 * @since 0.1
 */
public interface DiskFile extends AutoCloseable {
    /**
     * Reads at a position until the buffer is full or the file ends.
     *
     * @return the number of octets, -1 when the position is at or past the end
     */
    int read(ByteBuffer into, long position) throws IOException;

    /** Writes all of the buffer at a position, growing the file where needed. */
    void write(ByteBuffer from, long position) throws IOException;

    /** Length in octets. */
    long size() throws IOException;

    /** Cuts the file. */
    void truncate(long octets) throws IOException;

    /**
     * Makes what was written durable, length included. After a failure nothing may be assumed of
     * what was written since the last success, and a second force proves nothing.
     */
    void force() throws IOException;

    @Override
    void close() throws IOException;
}
