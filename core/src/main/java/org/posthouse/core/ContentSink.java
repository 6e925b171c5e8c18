package org.posthouse.core;

/**
 * Where the content of one message goes while it arrives. A sink that can't store (disk full, disk
 * failed) swallows what follows and remembers why: the acceptance that follows gives the refusal.
 * So the reader of the wire stays in step whatever the disk does. One thread uses it.
 *
 * @since 0.1
 */
public interface ContentSink extends OctetOutput<RuntimeException> {
    /** Takes octets; may block until there is room in memory (back-pressure). */
    @Override
    void write(byte[] octets, int offset, int length);

    /** Octets taken so far. */
    long octets();

    /**
     * What was taken, to be read before the acceptance: the sink takes no more then. It can be read
     * until the content is accepted or discarded; where it can't be stored, reading fails with an
     * {@link java.io.UncheckedIOException}. Another thread may read while the sink's own waits for
     * it. Closing it gives nothing back.
     */
    Content written();

    /** Gives up: what was written will be reclaimed. Does nothing after the acceptance. */
    void discard();
}
