package org.posthouse.spool;

/**
 * Where a message lies in the log, while its segments are pinned.
 *
 * @param id of the message
 * @param segment holds the commit with its accept record
 * @param position of that commit's frame
 * @param chunks its content; of a content in the log, only the first chunk, without its length
 */
record Extent(long id, Segment segment, long position, ChunkList chunks) {}
