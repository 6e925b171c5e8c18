package org.posthouse.spool;

/**
 * The sizes of the embedded log.
 *
 * @param segmentOctets length of a segment file
 * @param chunkOctets content is stored in pieces of this length; what fits one piece is kept in
 *     memory until accepted
 * @param bufferOctets most octets written with one call
 * @param queueOctets octets that may wait for the committer before sessions have to wait
 * @param cacheOctets memory for recent content, so that a first attempt reads nothing back; as much
 *     for envelopes that were read back
 * @param spareSegments free segments kept for the next use; more are deleted
 * @param reserveSegments free segments that only settlements may use, so that a full disk drains
 * @param spaceReserveOctets with less than this free on the file system, nothing is accepted
 * @param checkpointOctets a checkpoint is written after so much log, or twice its own length
 * @param bulkFromOctets content of more than this goes to bulk segments; a multiple of a chunk, and
 *     what a session with more than one chunk may hold in memory
 * @param bulkSegmentOctets length that a bulk segment may grow to
 * @since 0.1
 */
public record SpoolSettings(
        int segmentOctets,
        int chunkOctets,
        int bufferOctets,
        int queueOctets,
        long cacheOctets,
        int spareSegments,
        int reserveSegments,
        long spaceReserveOctets,
        long checkpointOctets,
        int bulkFromOctets,
        int bulkSegmentOctets) {
    /** What suits a server. */
    public static final SpoolSettings DEFAULTS =
            new SpoolSettings(64 << 20, 64 << 10, 4 << 20, 16 << 20, 32L << 20, 3, 2, 64L << 20);

    /** Chunks that are written to a bulk segment at a time. */
    static final int BULK_CHUNKS = 4;

    private static final int SEGMENT_OCTETS_MAX = 1 << 30;
    private static final int CHUNK_OCTETS_MIN = 64;

    /** Bulk from four chunks on, its segments as long as the log's, a checkpoint for each two. */
    public SpoolSettings(
            int segmentOctets,
            int chunkOctets,
            int bufferOctets,
            int queueOctets,
            long cacheOctets,
            int spareSegments,
            int reserveSegments,
            long spaceReserveOctets) {
        this(
                segmentOctets,
                chunkOctets,
                bufferOctets,
                queueOctets,
                cacheOctets,
                spareSegments,
                reserveSegments,
                spaceReserveOctets,
                2L * segmentOctets,
                BULK_CHUNKS * chunkOctets,
                segmentOctets);
    }

    /** Checks that the sizes go together. */
    public SpoolSettings {
        require(chunkOctets >= CHUNK_OCTETS_MIN, "a chunk is too small");
        require(segmentOctets <= SEGMENT_OCTETS_MAX, "a segment is too large");
        require(segmentOctets % 4096 == 0, "a segment is not a multiple of 4096");
        require(
                segmentOctets >= SegmentHeader.FRAMES_AT + bulkFromOctets + 3L * chunkOctets,
                "a segment is too small for the chunks");
        require(
                bulkFromOctets >= chunkOctets && bulkFromOctets % chunkOctets == 0,
                "bulk does not begin at a multiple of a chunk");
        require(
                bulkSegmentOctets <= SEGMENT_OCTETS_MAX
                        && bulkSegmentOctets
                                >= SegmentHeader.FRAMES_AT
                                        + (long) BULK_CHUNKS * Frame.octetsFor(chunkOctets),
                "a bulk segment is too small for the chunks, or too large");
        require(bufferOctets >= 4096 && queueOctets >= chunkOctets, "a buffer is too small");
        require(cacheOctets >= 0 && spaceReserveOctets >= 0, "a size is negative");
        require(reserveSegments >= 1 && spareSegments >= reserveSegments, "too few segments");
    }

    /** The same with segments of another length. */
    public SpoolSettings withSegmentOctets(int octets) {
        return new SpoolSettings(
                octets,
                chunkOctets,
                bufferOctets,
                queueOctets,
                cacheOctets,
                spareSegments,
                reserveSegments,
                spaceReserveOctets,
                checkpointOctets,
                bulkFromOctets,
                bulkSegmentOctets);
    }

    /** The same with chunks of another length. */
    public SpoolSettings withChunkOctets(int octets) {
        return new SpoolSettings(
                segmentOctets,
                octets,
                bufferOctets,
                queueOctets,
                cacheOctets,
                spareSegments,
                reserveSegments,
                spaceReserveOctets,
                checkpointOctets,
                bulkFromOctets,
                bulkSegmentOctets);
    }

    /** The same with another bound of the cache. */
    public SpoolSettings withCacheOctets(long octets) {
        return new SpoolSettings(
                segmentOctets,
                chunkOctets,
                bufferOctets,
                queueOctets,
                octets,
                spareSegments,
                reserveSegments,
                spaceReserveOctets,
                checkpointOctets,
                bulkFromOctets,
                bulkSegmentOctets);
    }

    /** The same with another distance of checkpoints. */
    public SpoolSettings withCheckpointOctets(long octets) {
        return new SpoolSettings(
                segmentOctets,
                chunkOctets,
                bufferOctets,
                queueOctets,
                cacheOctets,
                spareSegments,
                reserveSegments,
                spaceReserveOctets,
                octets,
                bulkFromOctets,
                bulkSegmentOctets);
    }

    /** The same with another floor of free space. */
    public SpoolSettings withSpaceReserveOctets(long octets) {
        return new SpoolSettings(
                segmentOctets,
                chunkOctets,
                bufferOctets,
                queueOctets,
                cacheOctets,
                spareSegments,
                reserveSegments,
                octets,
                checkpointOctets,
                bulkFromOctets,
                bulkSegmentOctets);
    }

    /** The same with bulk segments for other content, and of another length. */
    public SpoolSettings withBulk(int fromOctets, int octets) {
        return new SpoolSettings(
                segmentOctets,
                chunkOctets,
                bufferOctets,
                queueOctets,
                cacheOctets,
                spareSegments,
                reserveSegments,
                spaceReserveOctets,
                checkpointOctets,
                fromOctets,
                octets);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
