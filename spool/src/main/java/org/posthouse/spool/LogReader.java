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

    private final Frame frame = new Frame();

    /** The accept record of a message. */
    AcceptRecord record(Extent extent) {
        Segment segment = extent.segment();
        OctetReader records = commit(segment, extent.position());
        try {
            if (extent.id() < frame.id || extent.id() - frame.id >= frame.number) {
                throw damaged(segment, extent.position());
            }
            for (long id = frame.id; id < extent.id(); id++) {
                if (records.octet() != AcceptRecord.KIND) {
                    throw damaged(segment, extent.position());
                }
                records.skip(records.count(1));
            }
            if (records.octet() != AcceptRecord.KIND) {
                throw damaged(segment, extent.position());
            }
            return AcceptRecord.read(records);
        } catch (OctetReader.Malformed e) {
            throw damaged(segment, extent.position());
        }
    }

    /** The last record of a delivery's state in a commit. */
    SettleRecord state(Extent extent, int number) {
        Segment segment = extent.segment();
        long position = extent.position();
        OctetReader records = commit(segment, position);
        SettleRecord found = null;
        try {
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
        } catch (OctetReader.Malformed e) {
            throw damaged(segment, position);
        }
        if (found == null || found.isDone()) {
            throw damaged(segment, position);
        }
        return found;
    }

    /** The payload of a commit. */
    private OctetReader commit(Segment segment, long position) {
        byte[] octets = read(segment, position, FIRST_READ_OCTETS);
        require(octets, segment, position);
        if (frame.octets() > octets.length) {
            octets = read(segment, position, frame.octets());
            require(octets, segment, position);
        }
        requirePayload(octets, segment, position);
        if (frame.type != Frame.COMMIT) {
            throw damaged(segment, position);
        }
        return new OctetReader(octets, Frame.HEADER_OCTETS, frame.payloadOctets);
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
        byte[] octets = read(segment, position, Frame.HEADER_OCTETS + length);
        require(octets, segment, position);
        if (frame.type != Frame.CHUNK
                || frame.payloadOctets != length
                || frame.id != contentId
                || frame.number != number) {
            throw damaged(segment, position);
        }
        requirePayload(octets, segment, position);
        return octets;
    }

    /** Octets from a position; fewer where the file ends. */
    private static byte[] read(Segment segment, long position, int octets) {
        byte[] into = new byte[octets];
        ByteBuffer buffer = ByteBuffer.wrap(into);
        try {
            segment.file.read(buffer, position);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int count = buffer.position();
        if (count < Frame.HEADER_OCTETS) {
            throw new UncheckedIOException(new EOFException(segment + " ends before " + position));
        }
        return count < octets ? Arrays.copyOf(into, count) : into;
    }

    private void require(byte[] octets, Segment segment, long position) {
        if (!frame.read(ByteBuffer.wrap(octets), 0, segment.header, position)) {
            throw damaged(segment, position);
        }
    }

    private void requirePayload(byte[] octets, Segment segment, long position) {
        int length = frame.payloadOctets;
        if (octets.length - Frame.HEADER_OCTETS < length
                || frame.payloadChecksum != Frame.checksum(octets, Frame.HEADER_OCTETS, length)) {
            throw damaged(segment, position);
        }
    }

    private static UncheckedIOException damaged(Segment segment, long position) {
        return new UncheckedIOException(
                new IOException(segment + " is damaged at octet " + position));
    }
}
