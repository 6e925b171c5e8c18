package org.posthouse;

import org.posthouse.core.BodyType;
import org.posthouse.core.ContentSink;
import org.posthouse.core.HeaderField;
import org.posthouse.core.HeaderScanner;
import org.posthouse.core.LineNormaliser;
import org.posthouse.core.TlsWaiver;
import org.posthouse.spool.Spool;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * A content that was read from a stream into the spool.
 *
 * @param sink to be accepted or discarded
 * @param body whether there is anything but ASCII in it
 * @param waivesTls its header section says {@code TLS-Required: No}, in the first 64 KiB
 */
record StreamedContent(ContentSink sink, BodyType body, boolean waivesTls) {
    private static final int READ_AT_ONCE = 16 << 10;
    private static final int SECTION_OCTETS_MAX = 64 << 10;

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
            var header = new Header();
            boolean isAscii = true;
            int read = from.read(octets);
            while (read >= 0) {
                for (int i = 0; i < read; i++) {
                    isAscii &= octets[i] >= 0;
                }
                header.take(octets, read);
                normaliser.normalise(octets, 0, read, sink);
                read = from.read(octets);
            }
            normaliser.end(sink);
            isWhole = true;
            return new StreamedContent(
                    sink,
                    isAscii ? BodyType.SEVEN_BIT : BodyType.EIGHT_BIT_MIME,
                    header.waivesTls());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (!isWhole) {
                sink.discard();
            }
        }
    }

    /** Looks at the header section while it goes by, and keeps it for as long. */
    private static final class Header {
        private final HeaderScanner scanner = new HeaderScanner();
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

        void take(byte[] octets, int count) {
            if (!scanner.ended() && kept.size() < SECTION_OCTETS_MAX) {
                scanner.scan(octets, 0, count);
                kept.write(octets, 0, count);
            }
        }

        boolean waivesTls() {
            if (scanner.count(HeaderField.TLS_REQUIRED) == 0) {
                return false;
            }
            byte[] all = kept.toByteArray();
            int end = (int) Math.min(all.length, scanner.octets());
            return TlsWaiver.isIn(Arrays.copyOf(all, end));
        }
    }
}
