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
     * @param segment its segment
     * @param length octets of content
     * @param whole its checksum fits
     */
    record Place(SegmentLook.Seen segment, long position, int length, boolean whole) {}

    /**
     * The places that an accept record tells; chunks of segments that are not there are left out.
     */
    static ContentPlaces inBulk(AcceptRecord.Body body, SegmentLook.View view) {
        ContentPlaces content = new ContentPlaces();
        int number = 0;
        for (BulkRun run : body.bulk()) {
            SegmentLook.Seen segment = view.bulk().get(run.file());
            if (segment != null && segment.generation() != run.generation()) {
                segment = null; // another file of the same number
            }
            long position = run.position();
            for (int i = 0; i < run.count() && number < body.chunkCount(); i++) {
                int length = lengthOf(body, number);
                if (segment != null && length > 0) {
                    content.places.put(number, new Place(segment, position, length, true));
                }
                position += Frame.octetsFor(length);
                number++;
            }
        }
        return content;
    }

    void put(SegmentLook.Seen segment, SegmentScan.Found chunk) {
        if (chunk.number() == 0) {
            places.clear(); // an earlier copy was not committed
        }
        firstSequence = Math.min(firstSequence, chunk.sequence());
        Place place = new Place(segment, chunk.position(), chunk.length(), chunk.whole());
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
        return Math.max(0, body.chunkOctets(number));
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
