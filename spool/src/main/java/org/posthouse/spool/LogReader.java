package org.posthouse.spool;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Reads single frames back, trusting nothing. One thread uses an instance. */
final class LogReader {
    /** A commit is mostly shorter. */
    private static final int FIRST_READ_OCTETS = 4096;

    private static final SpareFrames SPARE = new SpareFrames();

    private final Frame frame = new Frame();

    /** What is done with the records of a commit. */
    private interface Use<T> {
        T of(OctetReader records);
    }

    /** The accept record of a message. */
    AcceptRecord record(Extent extent) {
        return commit(extent, records -> record(extent, records));
    }

    private AcceptRecord record(Extent extent, OctetReader records) {
        if (extent.id() < frame.id || extent.id() - frame.id >= frame.number) {
            throw damaged(extent.segment(), extent.position());
        }
        for (long id = frame.id; id < extent.id(); id++) {
            requireAccept(extent, records);
            records.skip(records.count(1));
        }
        requireAccept(extent, records);
        return AcceptRecord.read(records);
    }

    private static void requireAccept(Extent extent, OctetReader records) {
        if (records.octet() != AcceptRecord.KIND) {
            throw damaged(extent.segment(), extent.position());
        }
    }

    /** The last record of a delivery's state in a commit. */
    SettleRecord state(Extent extent, int number) {
        return commit(extent, records -> state(extent, number, records));
    }

    private static SettleRecord state(Extent extent, int number, OctetReader records) {
        SettleRecord found = null;
        while (!records.isAtEnd()) {
            if (records.octet() != SettleRecord.KIND) {
                records.skip(records.count(1));
                continue;
            }
            SettleRecord each = SettleRecord.read(records);
            if (each.message() == extent.id() && each.delivery() == number) {
                found = each;
            }
        }
        if (found == null || found.isDone()) {
            throw damaged(extent.segment(), extent.position());
        }
        return found;
    }

    /** Reads the payload of a commit; none of its octets may be kept. */
    private <T> T commit(Extent extent, Use<T> use) {
        Segment segment = extent.segment();
        long position = extent.position();
        byte[] octets = SPARE.take(FIRST_READ_OCTETS);
        try {
            int count = read(segment, position, octets, 0, FIRST_READ_OCTETS);
            require(octets, count, segment, position);
            if (frame.octets() > count) {
                octets = larger(octets, frame.octets());
                count += read(segment, position, octets, count, frame.octets() - count);
            }
            requirePayload(octets, count, segment, position);
            if (frame.type != Frame.COMMIT) {
                throw damaged(segment, position);
            }
            return use.of(new OctetReader(octets, Frame.HEADER_OCTETS, frame.payloadOctets));
        } catch (OctetReader.Malformed e) {
            throw damaged(segment, position);
        } finally {
            SPARE.giveBack(octets);
        }
    }

    private static byte[] larger(byte[] octets, int length) {
        if (octets.length >= length) {
            return octets;
        }
        byte[] longer = Arrays.copyOf(octets, length);
        SPARE.giveBack(octets);
        return longer;
    }

    /**
     * A chunk of a content.
     *
     * @return an array with the chunk's octets behind {@link Frame#HEADER_OCTETS} others
     */
    byte[] chunk(ChunkList chunks, long contentId, int number) {
        Segment segment = chunks.segment(number);
        long position = chunks.position(number);
        int length = chunks.length(number);
        byte[] octets = new byte[Frame.HEADER_OCTETS + length];
        int count = read(segment, position, octets, 0, octets.length);
        require(octets, count, segment, position);
        if (frame.type != Frame.CHUNK
                || frame.payloadOctets != length
                || frame.id != contentId
                || frame.number != number) {
            throw damaged(segment, position);
        }
        requirePayload(octets, count, segment, position);
        return octets;
    }

    /** Reads more octets of a frame; fewer where the file ends. */
    private static int read(Segment segment, long frame, byte[] into, int offset, int octets) {
        ByteBuffer buffer = ByteBuffer.wrap(into, offset, octets);
        try {
            segment.file.read(buffer, frame + offset);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return buffer.position() - offset;
    }

    private void require(byte[] octets, int count, Segment segment, long position) {
        if (count < Frame.HEADER_OCTETS) {
            throw new UncheckedIOException(new EOFException(segment + " ends before " + position));
        }
        if (!frame.read(ByteBuffer.wrap(octets, 0, count), 0, segment.header, position)) {
            throw damaged(segment, position);
        }
    }

    private void requirePayload(byte[] octets, int count, Segment segment, long position) {
        int length = frame.payloadOctets;
        if (count - Frame.HEADER_OCTETS < length
                || frame.payloadChecksum != Frame.checksum(octets, Frame.HEADER_OCTETS, length)) {
            throw damaged(segment, position);
        }
    }

    private static UncheckedIOException damaged(Segment segment, long position) {
        return new UncheckedIOException(
                new IOException(segment + " is damaged at octet " + position));
    }
}
