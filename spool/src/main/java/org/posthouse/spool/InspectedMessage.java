package org.posthouse.spool;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A queued message as the log tells, with its content as far as it is there.
 *
 * @since 0.1
 */
public final class InspectedMessage {
    private final StoredMessage stored;
    private final AcceptRecord record;
    private final List<InspectedDelivery> deliveries;
    private final ContentPlaces content;
    private final long contentId;
    private final SegmentLook look;

    InspectedMessage(
            StoredMessage stored,
            AcceptRecord record,
            List<InspectedDelivery> deliveries,
            ContentPlaces content,
            SegmentLook look) {
        this.stored = stored;
        this.record = record;
        this.deliveries = List.copyOf(deliveries);
        this.content = content;
        this.contentId = record.contentId() == 0 ? stored.id().value() : record.contentId();
        this.look = look;
    }

    /** What was accepted. */
    public StoredMessage stored() {
        return stored;
    }

    /** No attempt was to be made before this instant. */
    public Instant notBefore() {
        return record.notBefore();
    }

    /** The name its acceptor gave it; empty when none. */
    public String acceptId() {
        return record.acceptId();
    }

    /** Its deliveries, done ones too. */
    public List<InspectedDelivery> deliveries() {
        return deliveries;
    }

    /**
     * Writes it as it would be delivered. What is damaged is written as it is, what is missing is
     * left out.
     *
     * @return what is damaged or missing
     */
    public List<ContentGap> writeTo(OutputStream out) throws IOException {
        out.write(record.prefix().octets());
        List<ContentGap> gaps = new ArrayList<>();
        AcceptRecord.Body body = record.body();
        long at = record.prefix().octets().length;
        try (FrameSource frames = new FrameSource(look)) {
            for (AcceptRecord.Range range : body.ranges()) {
                long position = range.start();
                long end = range.start() + range.octets();
                while (position < end) {
                    int number = (int) (position / body.chunkOctets());
                    int from = (int) (position - ContentPlaces.startOf(body, number));
                    int octets =
                            (int)
                                    Math.min(
                                            ContentPlaces.lengthOf(body, number) - from,
                                            end - position);
                    Part part = part(frames, number);
                    if (part.isThere()) {
                        out.write(part.octets, from, octets);
                    }
                    if (!part.isWhole) {
                        add(gaps, new ContentGap(at, octets, part.isThere()));
                    }
                    at += octets;
                    position += octets;
                }
            }
        }
        return gaps;
    }

    /** A chunk as it was read; nothing when it is missing. */
    private record Part(@SuppressWarnings("ArrayRecordComponent") byte[] octets, boolean isWhole) {
        boolean isThere() {
            return octets.length > 0;
        }
    }

    private Part part(FrameSource frames, int number) {
        ContentPlaces.Place place = content.place(record.body(), number);
        if (place == null) {
            return new Part(new byte[0], false);
        }
        byte[] octets = frames.chunk(place, contentId, number);
        return new Part(octets, octets.length > 0 && frames.isWhole(octets));
    }

    private static void add(List<ContentGap> gaps, ContentGap gap) {
        ContentGap last = gaps.isEmpty() ? null : gaps.getLast();
        if (last != null
                && last.isThere() == gap.isThere()
                && last.start() + last.octets() == gap.start()) {
            gaps.removeLast();
            gaps.add(new ContentGap(last.start(), last.octets() + gap.octets(), gap.isThere()));
        } else {
            gaps.add(gap);
        }
    }
}
