package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.platform.DiskFile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * A file of checksummed blocks, written and read from front to back (docs/spool-format.md section
 * 10). The checksum covers the file's salt and the block's place, so that no octets of another file
 * or place fit.
 */
final class BlockFile {
    /** A block is not longer. */
    static final int PAYLOAD_OCTETS_MAX = 1 << 20;

    /** The first block that is written has room for this; more than any one thing that goes in. */
    private static final int PAYLOAD_OCTETS_AT_FIRST = 1 << 17;

    private static final long MAGIC =
            ByteBuffer.wrap("PHCHECK\n".getBytes(StandardCharsets.US_ASCII)).getLong();
    private static final int VERSION = 2;
    private static final int HEAD_OCTETS = 24;
    private static final int BLOCK_HEAD_OCTETS = 16;

    /** Written octets are forced in pieces, so that no force takes long. */
    private static final int FORCE_OCTETS = 4 << 20;

    private final DiskFile file;

    /** Grows with the blocks: a file of few octets needs few. */
    private ByteBuffer buffer =
            ByteBuffer.allocateDirect(PAYLOAD_OCTETS_AT_FIRST + BLOCK_HEAD_OCTETS);

    private final CRC32C crc = new CRC32C();
    private final ByteBuffer binding = ByteBuffer.allocate(2 * Long.BYTES);
    private long at;
    private long forcedAt;
    private long salt;

    BlockFile(DiskFile file) {
        this.file = file;
    }

    /** Octets so far. */
    long octets() {
        return at;
    }

    void writeHead(long fileSalt) throws IOException {
        salt = fileSalt;
        buffer.clear().putLong(MAGIC).putInt(VERSION).putInt(0).putLong(salt).flip();
        file.write(buffer, 0);
        at = HEAD_OCTETS;
    }

    /** False when this is no such file. */
    boolean readHead() throws IOException {
        buffer.clear().limit(HEAD_OCTETS);
        file.read(buffer, 0);
        buffer.flip();
        if (buffer.limit() < HEAD_OCTETS
                || buffer.getLong(0) != MAGIC
                || buffer.getInt(8) != VERSION) {
            return false;
        }
        salt = buffer.getLong(16);
        at = HEAD_OCTETS;
        return true;
    }

    /** Where the payload of the next block goes; cleared. */
    ByteBuffer payload() {
        if (at > buffer.capacity()) {
            makeRoom(Math.min(PAYLOAD_OCTETS_MAX, 2 * buffer.capacity()));
        }
        return buffer.clear().position(BLOCK_HEAD_OCTETS);
    }

    /** Writes what was put into {@link #payload}. */
    void write(int type) throws IOException {
        int length = buffer.position() - BLOCK_HEAD_OCTETS;
        buffer.flip();
        buffer.putInt(4, type).putInt(8, length).putInt(12, 0);
        buffer.putInt(0, checksum(length));
        file.write(buffer, at);
        at += BLOCK_HEAD_OCTETS + length;
        if (at - forcedAt >= FORCE_OCTETS) {
            force();
        }
    }

    void force() throws IOException {
        file.force();
        forcedAt = at;
    }

    /**
     * Reads the next block.
     *
     * @return its type in the first 4 octets, then its payload; null when it is damaged or missing
     */
    @Nullable ByteBuffer read() throws IOException {
        buffer.clear().limit(BLOCK_HEAD_OCTETS);
        file.read(buffer, at);
        if (buffer.hasRemaining()) {
            return null;
        }
        int length = buffer.getInt(8);
        if (length < 0 || length > PAYLOAD_OCTETS_MAX) {
            return null;
        }
        makeRoom(length);
        buffer.position(BLOCK_HEAD_OCTETS).limit(BLOCK_HEAD_OCTETS + length);
        file.read(buffer, at + BLOCK_HEAD_OCTETS);
        if (buffer.hasRemaining() || buffer.getInt(0) != checksum(length)) {
            return null;
        }
        at += BLOCK_HEAD_OCTETS + length;
        buffer.putInt(12, buffer.getInt(4));
        return buffer.position(12);
    }

    /** The head of the block stays. */
    private void makeRoom(int payloadOctets) {
        if (buffer.capacity() < BLOCK_HEAD_OCTETS + payloadOctets) {
            ByteBuffer larger = ByteBuffer.allocateDirect(BLOCK_HEAD_OCTETS + payloadOctets);
            buffer = larger.put(0, buffer, 0, BLOCK_HEAD_OCTETS);
        }
    }

    private int checksum(int length) {
        crc.reset();
        binding.putLong(0, salt).putLong(8, at);
        crc.update(binding.duplicate().clear());
        crc.update(buffer.duplicate().position(4).limit(BLOCK_HEAD_OCTETS + length));
        return (int) crc.getValue();
    }
}
