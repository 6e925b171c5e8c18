package org.posthouse.core;

import java.io.InputStream;

/**
 * The content of a message as octets: header section and body, lines ending in CRLF, no dots
 * stuffed. Readable again and again, at any position, until closed; nothing holds it in memory.
 *
 * @since 0.1
 */
public interface Content extends AutoCloseable {
    /** Length in octets. */
    long octets();

    /**
     * Reads at a position.
     *
     * @return the number of octets read, at least 1; -1 at the end
     * @throws java.io.UncheckedIOException when the disk fails
     */
    int read(long position, byte[] into, int offset, int length);

    /** A fresh stream over the whole content; valid until this content is closed. */
    default InputStream stream() {
        return new ContentStream(this);
    }

    @Override
    void close();
}
