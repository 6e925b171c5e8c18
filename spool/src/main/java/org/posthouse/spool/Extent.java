package org.posthouse.spool;

/**
 * Where a message lies in the log.
 *
 * @param segment holds the commit with its accept record
 * @param position of that commit
 * @param recordOffset of the record in the commit's payload
 * @param recordOctets what the record counts as live
 * @param contentId what its chunks are marked with
 * @param chunks its content
 */
record Extent(
        Segment segment,
        long position,
        int recordOffset,
        int recordOctets,
        long contentId,
        ChunkList chunks) {}
