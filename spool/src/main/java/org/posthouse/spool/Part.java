package org.posthouse.spool;

import java.util.Arrays;

/** A frame to be: what the session's thread knows of it, and then where it went. */
final class Part {
    final byte type;
    final byte[] payload;
    final int length;
    final int checksum;

    /** The frame's id; where {@link #own} is set, counted from the commit's first id. */
    final long id;

    final boolean own;
    final int number;

    /** Where it went; set by the committer. */
    long position;

    private Part(byte type, byte[] payload, int length, long id, boolean own, int number) {
        this.type = type;
        this.payload = payload;
        this.length = length;
        this.id = id;
        this.own = own;
        this.number = number;
        checksum = Frame.checksum(payload, 0, length);
    }

    /** A chunk of the nth message of a commit. */
    static Part chunk(byte[] payload, int length, int message, int number) {
        return new Part(Frame.CHUNK, payload, length, message, true, number);
    }

    static Part commit(OctetWriter records, int messages) {
        return new Part(Frame.COMMIT, records.octets(), records.count(), 0, true, messages);
    }

    /** A chunk that was read back, behind room for a frame's header, to be written again. */
    static Part copyChunk(byte[] octets, long contentId, int number) {
        byte[] payload = Arrays.copyOfRange(octets, Frame.HEADER_OCTETS, octets.length);
        return new Part(Frame.CHUNK, payload, payload.length, contentId, false, number);
    }

    /** A commit of records that were read back; of one message, or of none. */
    static Part copyCommit(OctetWriter records, long id, int messages) {
        return new Part(Frame.COMMIT, records.octets(), records.count(), id, false, messages);
    }

    int octets() {
        return Frame.octetsFor(length);
    }
}
