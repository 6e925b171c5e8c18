package org.posthouse;

import org.posthouse.core.BodyType;
import org.posthouse.core.ContentSink;
import org.posthouse.core.LineNormaliser;
import org.posthouse.spool.Spool;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * A content that was read from a stream into the spool.
 *
 * @param sink to be accepted or discarded
 * @param body whether there is anything but ASCII in it
 */
record StreamedContent(ContentSink sink, BodyType body) {
    private static final int READ_AT_ONCE = 16 << 10;

    /**
     * Reads it to its end.
     *
     * @throws UncheckedIOException when the stream breaks; nothing is kept then
     */
    static StreamedContent of(Spool spool, InputStream from) {
        ContentSink sink = spool.openContent();
        boolean isWhole = false;
        try {
            var normaliser = new LineNormaliser();
            var octets = new byte[READ_AT_ONCE];
            boolean isAscii = true;
            int read = from.read(octets);
            while (read >= 0) {
                for (int i = 0; i < read; i++) {
                    isAscii &= octets[i] >= 0;
                }
                normaliser.normalise(octets, 0, read, sink);
                read = from.read(octets);
            }
            normaliser.end(sink);
            isWhole = true;
            return new StreamedContent(
                    sink, isAscii ? BodyType.SEVEN_BIT : BodyType.EIGHT_BIT_MIME);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (!isWhole) {
                sink.discard();
            }
        }
    }
}
