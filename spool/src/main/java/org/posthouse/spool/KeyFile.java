package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.platform.Disk;
import org.posthouse.platform.DiskFile;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;

/**
 * The file of the keys whose messages are done. A key is in the accept record of its message, and
 * written here before the commit that ends the message: so at every moment it is in one of both.
 * Lines are appended and forced; one that is torn, or of a write that failed, is passed over. When
 * it has grown to twice of what counts, it is written anew.
 *
 * <pre>
 * SETTLED MESSAGE KEY CRC     milliseconds of the wall clock; the rest in hexadecimal digits
 * </pre>
 */
final class KeyFile {
    private static final Logger LOG = System.getLogger(KeyFile.class.getName());
    private static final String NAME = "keys";

    /** Lines that are read: more were never written. */
    private static final int OCTETS_MAX = 64 << 20;

    private static final int FIELDS = 4;

    private final Disk disk;
    private final Path directory;
    private final Path path;

    /** One writes at a time; guards those below. */
    private final ReentrantLock writing = new ReentrantLock();

    private @Nullable DiskFile file;
    private long end;
    private int lines;
    private int linesAtFirst;

    /** The file's name is not durable yet. */
    private boolean isNew;

    KeyFile(Disk disk, Path directory) {
        this.disk = disk;
        this.directory = directory;
        path = directory.resolve(NAME);
    }

    /** What the file holds, in order. */
    List<KeptKeys.Kept> read() throws IOException {
        List<KeptKeys.Kept> found = new ArrayList<>();
        if (!disk.exists(path)) {
            return found;
        }
        try (DiskFile from = disk.openRead(path)) {
            var octets = ByteBuffer.allocate((int) Math.min(from.size(), OCTETS_MAX));
            int unused = from.read(octets, 0);
            new String(octets.array(), StandardCharsets.ISO_8859_1)
                    .lines()
                    .forEach(line -> add(line, found));
        }
        return found;
    }

    private static void add(String line, List<KeptKeys.Kept> found) {
        String[] fields = line.split(" ", -1);
        int last = line.lastIndexOf(' ');
        if (fields.length != FIELDS || !crc(line.substring(0, last)).equals(fields[3])) {
            return;
        }
        String key = new String(HexFormat.of().parseHex(fields[2]), StandardCharsets.UTF_8);
        found.add(
                new KeptKeys.Kept(
                        key, Long.parseUnsignedLong(fields[1], 16), Long.parseLong(fields[0])));
    }

    /** Adds keys, durably. */
    void append(List<KeptKeys.Kept> keys) throws IOException {
        writing.lock();
        try {
            DiskFile to = file;
            if (to == null) {
                throw new IOException("the file of keys is not open");
            }
            forceName();
            byte[] octets = text(keys);
            to.write(ByteBuffer.wrap(octets), end);
            to.force();
            end += octets.length;
            lines += keys.size();
        } finally {
            writing.unlock();
        }
    }

    /** It has grown to twice of what counted, and beyond this: it is to be written anew. */
    boolean isLong(int linesMax) {
        writing.lock();
        try {
            return lines > linesMax && lines - linesAtFirst > linesAtFirst;
        } finally {
            writing.unlock();
        }
    }

    /** Puts these in the place of what it holds, durably, and goes on behind them. */
    void rewrite(List<KeptKeys.Kept> keys) throws IOException {
        writing.lock();
        try {
            Path fresh = directory.resolve(NAME + ".new");
            if (disk.exists(fresh)) {
                disk.delete(fresh);
            }
            byte[] octets = text(keys);
            DiskFile next = disk.create(fresh);
            boolean done = false;
            try {
                next.write(ByteBuffer.wrap(octets), 0);
                next.force();
                disk.rename(fresh, path);
                done = true; // whether the name is durable or not: the old file is gone
            } finally {
                if (!done) {
                    next.close();
                }
            }
            closeFile();
            file = next;
            end = octets.length;
            lines = keys.size();
            linesAtFirst = lines;
            isNew = true;
            forceName();
        } finally {
            writing.unlock();
        }
    }

    /** Before this, what is appended could be lost with the name. */
    private void forceName() throws IOException {
        if (isNew) {
            disk.forceDirectory(directory);
            isNew = false;
        }
    }

    void close() {
        writing.lock();
        try {
            closeFile();
        } finally {
            writing.unlock();
        }
    }

    private void closeFile() {
        DiskFile open = file;
        file = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.log(Level.WARNING, "the file of keys could not be closed", e);
            }
        }
    }

    private static byte[] text(List<KeptKeys.Kept> keys) {
        var text = new StringBuilder(keys.size() * 96);
        for (KeptKeys.Kept each : keys) {
            String line =
                    each.atMillis()
                            + " "
                            + Long.toHexString(each.message())
                            + " "
                            + HexFormat.of().formatHex(each.key().getBytes(StandardCharsets.UTF_8));
            text.append('\n').append(line).append(' ').append(crc(line)).append('\n');
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String crc(String line) {
        var crc = new CRC32C();
        crc.update(line.getBytes(StandardCharsets.ISO_8859_1));
        return Long.toHexString(crc.getValue());
    }
}
