package org.posthouse.store;

import org.posthouse.platform.Disk;
import org.posthouse.platform.DiskFile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * What is about to be appended to an mbox file, beside it in {@code FILE.append}: from where to
 * where, and the checksum of the text. Forced before the text is written, so that after a crash a
 * text that is not whole is found and cut off.
 *
 * <p>A record, all big-endian: start, end, checksum of the text, checksum of the record; zeros when
 * nothing is being appended.
 */
final class MboxJournal {
    private static final int RECORD_OCTETS = 32;
    private static final int CHECKED_OCTETS = 24;
    private static final int BLOCK_OCTETS = 64 * 1024;
    private final Disk disk;
    private final Path file;
    private final Path folder;

    /** The folder was forced since the file was made. Guarded by the lock of {@link Mbox}. */
    private boolean named;

    MboxJournal(Disk disk, Path mbox, Path folder) {
        this.disk = disk;
        this.folder = folder;
        this.file = mbox.resolveSibling(mbox.getFileName() + ".append");
    }

    /** Durably notes an append. */
    void begin(long start, long end, long checksum) throws IOException {
        var entry = ByteBuffer.allocate(RECORD_OCTETS);
        entry.putLong(start).putLong(end).putLong(checksum);
        entry.putLong(checksum(entry.array())).flip();
        boolean fresh = !disk.exists(file);
        named &= !fresh;
        try (DiskFile journal = fresh ? disk.create(file) : disk.open(file)) {
            journal.write(entry, 0);
            journal.force();
        }
        if (!named) {
            disk.forceDirectory(folder);
            named = true;
        }
    }

    /**
     * The append is durable, or undone. Not forced: a note that comes back after a crash is
     * compared with a text that is whole.
     */
    void end() throws IOException {
        try (DiskFile journal = disk.open(file)) {
            journal.write(ByteBuffer.allocate(RECORD_OCTETS), 0);
        }
    }

    /** Cuts off what a crash left half written. */
    void repair(DiskFile mbox) throws IOException {
        if (!disk.exists(file)) {
            return;
        }
        var entry = ByteBuffer.allocate(RECORD_OCTETS);
        try (DiskFile journal = disk.openRead(file)) {
            journal.read(entry, 0);
        }
        entry.flip();
        if (entry.remaining() < RECORD_OCTETS) {
            return;
        }
        long start = entry.getLong();
        long end = entry.getLong();
        long checksum = entry.getLong();
        if (end == 0 || entry.getLong() != checksum(entry.array())) {
            return;
        }
        long size = mbox.size();
        boolean ours = size > start && size <= end;
        if (ours && (size < end || checksum(mbox, start, end) != checksum)) {
            mbox.truncate(start);
            mbox.force();
        }
        end();
    }

    private static long checksum(byte[] entry) {
        var sum = new CRC32C();
        sum.update(entry, 0, CHECKED_OCTETS);
        return sum.getValue();
    }

    private static long checksum(DiskFile mbox, long start, long end) throws IOException {
        var sum = new CRC32C();
        var block = ByteBuffer.allocate(BLOCK_OCTETS);
        for (long position = start; position < end; ) {
            block.clear().limit((int) Math.min(BLOCK_OCTETS, end - position));
            int count = mbox.read(block, position);
            if (count < 0) {
                return -1;
            }
            sum.update(block.flip());
            position += count;
        }
        return sum.getValue();
    }
}
