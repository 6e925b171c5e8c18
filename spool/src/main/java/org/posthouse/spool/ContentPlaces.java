package org.posthouse.spool;

import org.jspecify.annotations.Nullable;

import java.util.TreeMap;

/** Where the chunks of a content were found, by their numbers; some may be missing or bad. */
final class ContentPlaces {
    private final TreeMap<Integer, Place> places = new TreeMap<>();
    private long firstSequence = Long.MAX_VALUE;

    /**
     * Where a chunk lies.
     *
     * @param slot of its segment in the walk
     * @param length octets of content
     * @param whole its checksum fits
     */
    record Place(int slot, long position, int length, boolean whole) {}

    void put(int slot, SegmentScan.Found chunk) {
        firstSequence = Math.min(firstSequence, chunk.sequence());
        Place place = new Place(slot, chunk.position(), chunk.length(), chunk.whole());
        places.put(chunk.number(), place);
    }

    /** The sequence of the first chunk that was found. */
    long firstSequence() {
        return firstSequence;
    }

    /** Where a chunk of the right length lies; null when it is nowhere. */
    @Nullable Place place(AcceptRecord.Body body, int number) {
        Place place = places.get(number);
        return place != null && place.length == lengthOf(body, number) ? place : null;
    }

    /** Octets of a chunk. */
    static int lengthOf(AcceptRecord.Body body, int number) {
        return (int) Math.min(body.chunkOctets(), body.octets() - startOf(body, number));
    }

    /** Where a chunk begins in the content. */
    static long startOf(AcceptRecord.Body body, int number) {
        return (long) number * body.chunkOctets();
    }

    /** Octets of content that are missing or bad. */
    long lackingOctets(AcceptRecord.Body body) {
        long lacking = 0;
        for (int number = 0; number < body.chunkCount(); number++) {
            Place place = place(body, number);
            lacking += place != null && place.whole ? 0 : lengthOf(body, number);
        }
        return lacking;
    }
}
