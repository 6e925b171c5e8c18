package org.posthouse.journal;

import org.posthouse.platform.Deadline;
import org.posthouse.platform.Disk;
import org.posthouse.platform.DiskFile;
import org.posthouse.platform.Platform;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The files of a {@link KeyedLog}, named {@code NAME-NUMBER-TIME} in the order in which they were
 * begun. A file is frames (length, checksum, key, payload) and, once it is left, an index: every
 * frame's key and position, sorted, and how many they are. A file without an index, since its
 * process died, is read as a whole. One thread writes, flushes, notes and leaves; {@link #place}
 * and {@link #note} are called under one lock.
 */
final class KeyedFiles {
    /** Nothing is written where less than this is free: room is the mail's. */
    static final long FREE_OCTETS_MIN = 64L << 20;

    /** Octets of one item; what is longer is left out. */
    static final int PAYLOAD_MAX = 1 << 20;

    private static final System.Logger LOG = System.getLogger(KeyedFiles.class.getName());
    private static final int HEADER_OCTETS = 16;
    private static final int BUFFER_OCTETS = 256 * 1024;
    private static final int ENTRY_OCTETS = 12;
    private static final int FOOTER_OCTETS = 12;
    private static final int MAGIC = 0x50484a31;

    /** A file that is so old is left, so that what is in it can be deleted in time. */
    private static final Duration FILE_AGE_MAX = Duration.ofDays(1);

    /** Where there is no room, it is looked for again after this. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final Platform platform;
    private final Disk disk;
    private final Path folder;
    private final String prefix;
    private final KeyedLog.Limits limits;

    /** The thread's own, as all below but what is said of. */
    private Optional<DiskFile> file = Optional.empty();

    private String current = "";
    private ByteBuffer buffer = ByteBuffer.allocate(BUFFER_OCTETS);
    private int position;
    private Deadline oldAt = Deadline.NEVER;
    private Deadline tryAgainAt;

    /** What is in the current file, and its name: changed under the log's lock. */
    private String indexed = "";

    private long[] keys = new long[64];
    private int[] positions = new int[64];
    private int count;

    /** Where an item was written; without a file it was not. */
    record Written(String file, long key, int position) {}

    /** Where items of a key are in the file that is being written. */
    record Place(String file, int[] positions) {}

    KeyedFiles(Platform platform, Path folder, String name, KeyedLog.Limits limits) {
        this.platform = platform;
        this.disk = platform.disk();
        this.folder = folder;
        this.limits = limits;
        prefix = name + "-";
        tryAgainAt = platform.time().after(Duration.ZERO);
    }

    /** The current file is long or old enough: what was written is to be noted, then left. */
    boolean isFull() {
        boolean isOld = platform.time().isPast(oldAt);
        return file.isPresent() && (position >= limits.fileOctets() || isOld);
    }

    /** Appends to what {@link #flush} writes. */
    Written write(long key, byte[] payload) throws IOException {
        boolean hasFile = file.isPresent() || (platform.time().isPast(tryAgainAt) && begin());
        if (!hasFile || payload.length > PAYLOAD_MAX) {
            return new Written("", key, 0);
        }
        int length = HEADER_OCTETS + payload.length;
        if (buffer.remaining() < length) {
            flush();
            buffer = buffer.capacity() < length ? ByteBuffer.allocate(length) : buffer;
        }
        buffer.putInt(payload.length).putInt(checksum(payload)).putLong(key).put(payload);
        int at = position;
        position += length;
        return new Written(current, key, at);
    }

    /** Writes what was appended, all at once. */
    void flush() throws IOException {
        if (file.isPresent() && buffer.position() > 0) {
            int length = buffer.position();
            file.get().write(buffer.flip(), (long) position - length);
        }
        buffer.clear();
    }

    /** It can be found now. */
    void note(Written written) {
        if (written.file().isEmpty()) {
            return;
        }
        if (!written.file().equals(indexed)) {
            indexed = written.file();
            count = 0;
        }
        if (count == keys.length) {
            keys = Arrays.copyOf(keys, count * 2);
            positions = Arrays.copyOf(positions, count * 2);
        }
        keys[count] = written.key();
        positions[count] = written.position();
        count++;
    }

    Place place(long key) {
        int[] found = new int[0];
        for (int i = 0; i < count; i++) {
            if (keys[i] == key) {
                found = Arrays.copyOf(found, found.length + 1);
                found[found.length - 1] = positions[i];
            }
        }
        return new Place(indexed, found);
    }

    /** A new file, in the place of those that are too many or too old; false without room. */
    private boolean begin() throws IOException {
        tryAgainAt = platform.time().after(PAUSE);
        Instant now = platform.time().now();
        disk.createDirectories(folder);
        List<String> names = names();
        tidy(names, now);
        if (disk.usableOctets(folder) < FREE_OCTETS_MIN) {
            return false;
        }
        long number = names.isEmpty() ? 1 : numberOf(names.getLast()) + 1;
        current = prefix + String.format(Locale.ROOT, "%012d", number) + "-" + now.toEpochMilli();
        file = Optional.of(disk.create(folder.resolve(current)));
        position = 0;
        oldAt = platform.time().after(FILE_AGE_MAX);
        tryAgainAt = platform.time().after(Duration.ZERO);
        return true;
    }

    private void tidy(List<String> names, Instant now) throws IOException {
        Instant oldest = now.minus(limits.kept());
        for (int i = 0; i < names.size(); i++) {
            boolean isTooMany = names.size() - i >= limits.filesMax();
            boolean isTooOld = i + 1 < names.size() && timeOf(names.get(i + 1)).isBefore(oldest);
            if (isTooMany || isTooOld) {
                disk.delete(folder.resolve(names.get(i)));
            }
        }
    }

    /** Ends the current file with its index. */
    void leave() {
        if (file.isEmpty()) {
            return;
        }
        try (DiskFile left = file.get()) {
            if (indexed.equals(current)) {
                left.write(index(), position);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a file of the journal", e);
        }
        file = Optional.empty();
        position = 0;
    }

    private ByteBuffer index() {
        Integer[] order = new Integer[count];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Long.compare(keys[a], keys[b])); // stable
        ByteBuffer index = ByteBuffer.allocate(count * ENTRY_OCTETS + FOOTER_OCTETS);
        for (int each : order) {
            index.putLong(keys[each]).putInt(positions[each]);
        }
        return index.putInt(position).putInt(count).putInt(MAGIC).flip();
    }

    /** What is in the files, but in those that end before an instant, and what came behind. */
    List<byte[]> find(long key, Place place, Instant since) throws IOException {
        List<String> names = names();
        var found = new ArrayList<byte[]>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            boolean isOver = i + 1 < names.size() && timeOf(names.get(i + 1)).isBefore(since);
            boolean isCurrent = name.equals(place.file());
            boolean isLater = !place.file().isEmpty() && name.compareTo(place.file()) > 0;
            if (isOver || isLater || (isCurrent && place.positions().length == 0)) {
                continue;
            }
            try (DiskFile opened = disk.openRead(folder.resolve(name))) {
                var read = new Reading(opened, key);
                found.addAll(isCurrent ? read.at(place.positions()) : read.all());
            } catch (IOException e) { // perhaps it was too old, and went at this moment
                LOG.log(System.Logger.Level.DEBUG, "a file of the journal", e);
            }
        }
        return found;
    }

    private List<String> names() throws IOException {
        return disk.exists(folder)
                ? disk.list(folder).stream().filter(this::isOurs).toList()
                : List.of();
    }

    private boolean isOurs(String name) {
        return name.startsWith(prefix)
                && name.substring(prefix.length()).matches("[0-9]{12}-[0-9]{1,18}");
    }

    private long numberOf(String name) {
        return Long.parseLong(name.substring(prefix.length(), prefix.length() + 12));
    }

    private Instant timeOf(String name) {
        return Instant.ofEpochMilli(Long.parseLong(name.substring(prefix.length() + 13)));
    }

    private static int checksum(byte[] octets) {
        var crc = new CRC32C();
        crc.update(octets);
        return (int) crc.getValue();
    }

    /** Looks for one key in one file. */
    private final class Reading {
        private final DiskFile opened;
        private final long key;
        private final long size;

        Reading(DiskFile opened, long key) throws IOException {
            this.opened = opened;
            this.key = key;
            size = Math.min(opened.size(), 2L * limits.fileOctets() + 4L * PAYLOAD_MAX);
        }

        List<byte[]> at(int[] places) throws IOException {
            var found = new ArrayList<byte[]>();
            for (int place : places) {
                frame(place).ifPresent(found::add);
            }
            return found;
        }

        List<byte[]> all() throws IOException {
            ByteBuffer footer = read(size - FOOTER_OCTETS, FOOTER_OCTETS);
            if (footer.remaining() == FOOTER_OCTETS) {
                int start = footer.getInt();
                int entries = footer.getInt();
                boolean isIndexed =
                        footer.getInt() == MAGIC
                                && start >= 0
                                && entries >= 0
                                && start + (long) entries * ENTRY_OCTETS + FOOTER_OCTETS == size;
                if (isIndexed) {
                    return at(places(start, entries));
                }
            }
            return scan();
        }

        /** Binary search, then all with the same key. */
        private int[] places(int start, int entries) throws IOException {
            int low = 0;
            int high = entries;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (entry(start, middle).getLong() < key) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            int[] found = new int[0];
            for (int i = low; i < entries; i++) {
                ByteBuffer entry = entry(start, i);
                if (entry.getLong() != key) {
                    break;
                }
                found = Arrays.copyOf(found, found.length + 1);
                found[found.length - 1] = entry.getInt();
            }
            return found;
        }

        private ByteBuffer entry(int start, int number) throws IOException {
            ByteBuffer entry = read(start + (long) number * ENTRY_OCTETS, ENTRY_OCTETS);
            if (entry.remaining() < ENTRY_OCTETS) {
                throw new IOException("an index that ends early");
            }
            return entry;
        }

        /** Up to what is not whole. */
        private List<byte[]> scan() throws IOException {
            ByteBuffer octets = read(0, (int) size);
            var found = new ArrayList<byte[]>();
            while (octets.remaining() >= HEADER_OCTETS) {
                int length = octets.getInt();
                int checksum = octets.getInt();
                boolean isOurs = octets.getLong() == key;
                if (length < 0 || length > octets.remaining()) {
                    return found;
                }
                if (isOurs) {
                    checked(octets.slice(octets.position(), length), checksum)
                            .ifPresent(found::add);
                }
                octets.position(octets.position() + length);
            }
            return found;
        }

        private Optional<byte[]> frame(int place) throws IOException {
            ByteBuffer header = read(place, HEADER_OCTETS);
            if (header.remaining() < HEADER_OCTETS) {
                return Optional.empty();
            }
            int length = header.getInt();
            int checksum = header.getInt();
            boolean fits = header.getLong() == key && length >= 0 && length <= PAYLOAD_MAX;
            return fits
                    ? checked(read(place + (long) HEADER_OCTETS, length), checksum)
                            .filter(octets -> octets.length == length)
                    : Optional.empty();
        }

        private Optional<byte[]> checked(ByteBuffer payload, int checksum) {
            byte[] octets = new byte[payload.remaining()];
            payload.get(octets);
            return checksum(octets) == checksum ? Optional.of(octets) : Optional.empty();
        }

        private ByteBuffer read(long from, int length) throws IOException {
            ByteBuffer octets = ByteBuffer.allocate(length);
            if (from >= 0 && length > 0) {
                int unused = opened.read(octets, from);
            }
            return octets.flip();
        }
    }
}
