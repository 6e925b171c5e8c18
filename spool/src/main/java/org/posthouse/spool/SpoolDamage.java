package org.posthouse.spool;

import org.posthouse.core.SpoolId;

import java.util.List;

/**
 * A place of the log that was on disk for certain once and can't be read as it was written.
 *
 * @param kind what is wrong
 * @param file the segment's file name
 * @param generation the segment's generation; 0 when its header is lost
 * @param position octet position in the file
 * @param firstSequence the first frame that is lost; 0 when that can't be told
 * @param lastSequence the last frame that is lost; 0 when that can't be told
 * @param text the same for people
 * @param messages queued messages that it touches, as far as that can be told; the first hundred
 * @param messageCount how many it touches
 * @since 0.1
 */
public record SpoolDamage(
        Kind kind,
        String file,
        long generation,
        long position,
        long firstSequence,
        long lastSequence,
        String text,
        List<SpoolId> messages,
        long messageCount) {
    /** What is wrong. */
    public enum Kind {
        /** A segment's header. */
        HEADER,
        /** A frame whose header is good and whose payload is not. */
        PAYLOAD,
        /** Frames that had been forced are not there, or their headers are bad. */
        FRAMES,
        /** A commit whose checksums fit, and whose records make no sense. */
        RECORDS,
        /** The file ends too early. */
        SHORT_FILE,
        /** The file is not there. */
        MISSING_FILE
    }

    /** Copies the list. */
    public SpoolDamage {
        messages = List.copyOf(messages);
    }
}
