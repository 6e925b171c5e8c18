package org.posthouse.spool;

import java.util.List;

/**
 * What lies in a log, one after the other.
 *
 * @since 0.1
 */
public sealed interface LogEntry {
    /** The type of a frame with content. */
    int CHUNK = org.posthouse.spool.Frame.CHUNK;

    /** The type of a frame with records. */
    int COMMIT = org.posthouse.spool.Frame.COMMIT;

    /** What a frame is worth. */
    enum Verdict {
        /** Whole, and on disk for certain. */
        GOOD,
        /** Whole, but nothing says that it was forced: it counts. */
        TAIL,
        /** Behind the cut, or made void by a later generation: it does not count. */
        CUT,
        /** It was on disk for certain, and is not whole. */
        DAMAGED
    }

    /** The name of the file. */
    String file();

    /** The generation of its segment. */
    long generation();

    /**
     * A segment; what is in it follows.
     *
     * @param file its name
     * @param number of the file
     * @param version of the format
     * @param bulk true: large content, and nothing follows
     * @param inUse false: free, and nothing follows
     * @param generation rises with every use of any segment
     * @param epoch starts of the spool, counted, when it was opened
     * @param firstSequence of its first frame
     * @param lastId the highest id given out before
     * @param octets its length
     */
    record Segment(
            String file,
            int number,
            int version,
            boolean bulk,
            boolean inUse,
            long generation,
            long epoch,
            long firstSequence,
            long lastId,
            long octets)
            implements LogEntry {}

    /**
     * A frame with a good header.
     *
     * @param file its segment's file name
     * @param generation its segment's generation
     * @param position octet position in the file
     * @param type {@link #CHUNK}, {@link #COMMIT} or one of a later version
     * @param sequence its number in the log
     * @param forced the highest sequence that was known to be forced when it was written
     * @param id of the content, or of the first message
     * @param number of the chunk, or of messages
     * @param octets of the payload
     * @param isWhole the payload fits its checksum
     * @param verdict what it is worth
     * @param records of a commit; what makes no sense is left out
     * @param problem why records were left out; empty when none were
     */
    record Frame(
            String file,
            long generation,
            long position,
            int type,
            long sequence,
            long forced,
            long id,
            int number,
            int octets,
            boolean isWhole,
            Verdict verdict,
            List<LogRecord> records,
            String problem)
            implements LogEntry {
        /** Copies the list. */
        public Frame {
            records = List.copyOf(records);
        }
    }

    /**
     * Frames that had been forced and are not there, or whose headers are bad.
     *
     * @param file the segment's file name
     * @param generation the segment's generation
     * @param position where they should begin
     * @param firstSequence the first of them
     * @param lastSequence the last of them
     */
    record Missing(
            String file, long generation, long position, long firstSequence, long lastSequence)
            implements LogEntry {}
}
