package org.posthouse.relay;

import org.posthouse.platform.Disk;
import org.posthouse.platform.DiskFile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A file of lines that is written as a whole, durably, in the place of the one before. A first line
 * names its form; the last line has the checksum of all before it.
 */
final class KeptLines {
    /** A longer file is not read. */
    private static final int OCTETS_MAX = 64 << 20;

    private static final String CHECKSUM = "crc32c ";

    private final Disk disk;
    private final Path directory;
    private final String name;
    private final String form;

    /**
     * A file.
     *
     * @param form its first line
     */
    KeptLines(Disk disk, Path directory, String name, String form) {
        this.disk = disk;
        this.directory = directory;
        this.name = name;
        this.form = form + "\n";
    }

    /** Puts these in the place of what the file holds; each ends with a line feed. */
    void write(CharSequence lines) throws IOException {
        String text = text(lines, form);
        Path fresh = directory.resolve(name + ".new");
        disk.createDirectories(directory);
        if (disk.exists(fresh)) {
            disk.delete(fresh);
        }
        try (DiskFile to = disk.create(fresh)) {
            to.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
            to.force();
        }
        disk.rename(fresh, directory.resolve(name));
        disk.forceDirectory(directory);
    }

    /** What the file holds; nothing when there is none, or one that is damaged. */
    List<String> read() throws IOException {
        return readWhole().orElse(List.of());
    }

    /** The same; empty when it is damaged. */
    Optional<List<String>> readWhole() throws IOException {
        Path file = directory.resolve(name);
        if (!disk.exists(file)) {
            return Optional.of(List.of());
        }
        try (DiskFile from = disk.openRead(file)) {
            if (from.size() > OCTETS_MAX) {
                return Optional.empty();
            }
            var octets = ByteBuffer.allocate((int) from.size());
            int unused = from.read(octets, 0);
            return whole(new String(octets.array(), StandardCharsets.UTF_8), form);
        }
    }

    /** The whole text of a file with these lines. */
    static String text(CharSequence lines, String form) {
        String text = form + lines;
        return text + CHECKSUM + checksum(text) + "\n";
    }

    /** The lines of a file's text; empty when it is not whole. */
    static Optional<List<String>> whole(String text, String form) {
        int last = text.lastIndexOf(CHECKSUM);
        boolean whole =
                text.startsWith(form)
                        && last >= form.length()
                        && text.substring(last)
                                .equals(CHECKSUM + checksum(text.substring(0, last)) + "\n");
        return whole
                ? Optional.of(text.substring(form.length(), last).lines().toList())
                : Optional.empty();
    }

    private static String checksum(String text) {
        var crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(crc.getValue());
    }
}
