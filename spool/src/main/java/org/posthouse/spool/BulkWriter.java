package org.posthouse.spool;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes one large content to bulk segments, a few chunks at a time, while it arrives. What it has
 * written is forced as it goes, so that little is left to force at the end, and no more than that
 * waits in memory. The sink's own; one thread uses it.
 */
final class BulkWriter {
    /** A segment of the default length is forced every 8 MiB. */
    private static final int FORCES_A_SEGMENT = 8;

    /** Where the content lies. */
    final ChunkList chunks = new ChunkList();

    final long contentId;

    private final BulkFiles files;
    private final int chunkOctets;
    private final int frameOctets;

    /** Octets after which a force is asked for; the one before must have ended by then. */
    private final int forceEveryOctets;

    private final Frame frame = new Frame();

    /** Some frames, the place of each one's header left free until it is known where they go. */
    private final ByteBuffer buffer;

    /** Whole chunks in the buffer, and octets of the next one. */
    private int whole;

    private int begun;

    /** Number of the first chunk that is not in {@link #chunks} yet. */
    private int next;

    /** The segments that hold some of it, in order. */
    private final List<Share> shares = new ArrayList<>();

    /** Octets since a force was asked for, and the share that it was asked for. */
    private long sinceAsked;

    private @Nullable Share asked;
    private long askedRound;

    /** What a segment has of the content. */
    private static final class Share {
        final BulkSegment segment;

        /** The force that covers all of it; 0: not asked for. */
        long round;

        Share(BulkSegment segment) {
            this.segment = segment;
        }
    }

    BulkWriter(BulkFiles files, long contentId, int chunkOctets, int segmentOctets) {
        this.files = files;
        this.contentId = contentId;
        this.chunkOctets = chunkOctets;
        forceEveryOctets = segmentOctets / FORCES_A_SEGMENT;
        frameOctets = Frame.octetsFor(chunkOctets);
        buffer = ByteBuffer.allocate(SpoolSettings.BULK_CHUNKS * frameOctets);
    }

    /** Octets of memory that it holds. */
    int heldOctets() {
        return buffer.capacity();
    }

    /**
     * Takes octets.
     *
     * @return why they can't be stored, if so
     */
    @Nullable Outcome write(byte[] from, int offset, int length) {
        try {
            int at = offset;
            int left = length;
            while (left > 0) {
                int taken = Math.min(left, chunkOctets - begun);
                buffer.put(payloadAt(whole) + begun, from, at, taken);
                at += taken;
                left -= taken;
                filled(taken);
            }
            return null;
        } catch (IOException e) {
            return reason(e);
        }
    }

    /**
     * What is written next is a chunk of this number; those before it are written elsewhere.
     *
     * @return why what was written can't be stored, if so
     */
    @Nullable Outcome startAt(int number) {
        if (number == next + whole) {
            return null;
        }
        try {
            flush();
            next = number;
            return null;
        } catch (IOException e) {
            return reason(e);
        }
    }

    private void filled(int taken) throws IOException {
        begun += taken;
        if (begun == chunkOctets) {
            begun = 0;
            whole++;
            if (whole == SpoolSettings.BULK_CHUNKS) {
                flush();
            }
        }
    }

    private int payloadAt(int chunk) {
        return chunk * frameOctets + Frame.HEADER_OCTETS;
    }

    /**
     * Writes what is left, and forces all of the content.
     *
     * @return why it can't be stored, if so
     */
    @Nullable Outcome finish() {
        try {
            flush();
            for (Share share : shares) {
                if (share.round == 0) {
                    share.round = files.forcer.want(share.segment);
                }
            }
            for (Share share : shares) {
                await(share, share.round);
            }
            return null;
        } catch (IOException e) {
            return reason(e);
        }
    }

    /**
     * Writes what is left; nothing is forced.
     *
     * @return why it can't be stored, if so
     */
    @Nullable Outcome writeOut() {
        try {
            flush();
            return null;
        } catch (IOException e) {
            return reason(e);
        }
    }

    private void flush() throws IOException {
        int octets = whole * frameOctets + (begun > 0 ? Frame.octetsFor(begun) : 0);
        if (octets == 0) {
            return;
        }
        Share last = shares.isEmpty() ? null : shares.getLast();
        if (last != null && last.segment.failure != null) {
            throw new IOException(last.segment + " has failed");
        }
        BulkFiles.Place place = files.reserve(octets, last == null ? null : last.segment);
        if (last == null || last.segment != place.segment()) {
            if (last != null) {
                last.round = files.forcer.want(last.segment);
            }
            last = new Share(place.segment());
            shares.add(last);
        }
        last.round = 0;
        frames(place);
        write(place, octets);
        pace(last, octets);
    }

    /** Makes frames of the chunks in the buffer. */
    private void frames(BulkFiles.Place place) {
        int count = begun > 0 ? whole + 1 : whole;
        for (int i = 0; i < count; i++) {
            int length = i < whole ? chunkOctets : begun;
            long position = place.position() + (long) i * frameOctets;
            frame.type = Frame.CHUNK;
            frame.payloadOctets = length;
            frame.payloadChecksum = Frame.checksum(buffer.array(), payloadAt(i), length);
            frame.id = contentId;
            frame.number = next++;
            frame.put(buffer.position(i * frameOctets), place.segment().header, position);
            for (int at = payloadAt(i) + length; at < i * frameOctets + frame.octets(); at++) {
                buffer.put(at, (byte) 0);
            }
            chunks.add(place.segment(), position, length);
        }
        whole = 0;
        begun = 0;
    }

    private void write(BulkFiles.Place place, int octets) throws IOException {
        try {
            place.segment().file.write(buffer.limit(octets).position(0), place.position());
        } catch (IOException e) {
            files.fail(place.segment(), e);
            throw e;
        } finally {
            buffer.clear();
        }
    }

    /** Has what was written forced meanwhile, and waits when that does not keep pace. */
    private void pace(Share share, int octets) throws IOException {
        sinceAsked += octets;
        if (sinceAsked < forceEveryOctets) {
            return;
        }
        if (asked != null) {
            await(asked, askedRound);
        }
        share.round = files.forcer.want(share.segment);
        asked = share;
        askedRound = share.round;
        sinceAsked = 0;
    }

    private void await(Share share, long round) throws IOException {
        if (!files.forcer.await(share.segment, round)) {
            throw new IOException(share.segment + " can't be forced");
        }
    }

    /** What failed may have been another sink's write, or a force for it. */
    private Outcome reason(IOException e) {
        for (Share share : shares) {
            Outcome failure = share.segment.failure;
            if (failure != null) {
                return failure;
            }
        }
        return Outcome.of(e);
    }

    /** The content was accepted or given up; the segments are kept for its sake no longer. */
    void release() {
        if (!shares.isEmpty()) {
            files.release(shares.stream().map(share -> share.segment).toList());
            shares.clear();
        }
    }
}
