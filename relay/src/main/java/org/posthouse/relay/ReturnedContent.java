package org.posthouse.relay;

import org.posthouse.core.Content;
import org.posthouse.core.ContentSink;

/** What a report returns of the message it is about: all of it, or its header section. */
final class ReturnedContent {
    /** A larger message is returned by its header only. */
    static final long FULL_OCTETS_MAX = 1 << 20;

    private static final int HEADER_OCTETS_MAX = 128 * 1024;
    private static final int BLOCK_OCTETS = 16 * 1024;

    private final Content content;
    private final boolean full;
    private final long octets;
    private final boolean eightBit;

    /**
     * Looks at a content.
     *
     * @param wanted the whole message is asked for
     */
    ReturnedContent(Content content, boolean wanted) {
        this.content = content;
        full = wanted && content.octets() <= FULL_OCTETS_MAX;
        byte[] block = block(content.octets());
        long most = full ? content.octets() : Math.min(content.octets(), HEADER_OCTETS_MAX);
        long position = 0;
        long lineEnd = 0;
        boolean found = false;
        boolean eight = false;
        while (position < most && !found) {
            int count =
                    content.read(position, block, 0, (int) Math.min(block.length, most - position));
            for (int i = 0; i < count && !found; i++) {
                eight |= block[i] < 0;
                if (!full && block[i] == '\n') {
                    // an empty line ends the header
                    found = position + i + 1 - lineEnd <= 2;
                    lineEnd = found ? lineEnd : position + i + 1;
                }
            }
            position = count < 0 ? most : position + count;
        }
        octets = full ? content.octets() : lineEnd;
        eightBit = eight;
    }

    boolean isFull() {
        return full;
    }

    boolean isEightBit() {
        return eightBit;
    }

    void writeTo(ContentSink sink) {
        byte[] block = block(octets);
        long position = 0;
        while (position < octets) {
            int wanted = (int) Math.min(block.length, octets - position);
            int count = content.read(position, block, 0, wanted);
            if (count < 0) {
                return;
            }
            sink.write(block, 0, count);
            position += count;
        }
    }

    private static byte[] block(long octets) {
        return new byte[(int) Math.min(BLOCK_OCTETS, octets)];
    }
}
