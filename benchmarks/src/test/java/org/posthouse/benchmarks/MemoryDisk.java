package org.posthouse.benchmarks;

import org.posthouse.platform.Disk;
import org.posthouse.platform.DiskFile;
import org.posthouse.platform.Dns;
import org.posthouse.platform.Entropy;
import org.posthouse.platform.Network;
import org.posthouse.platform.Platform;
import org.posthouse.platform.Threads;
import org.posthouse.platform.TimeSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** Files in memory, whose force costs nothing: what is left is what our own code costs. */
public final class MemoryDisk implements Disk {
    private static final long ENDLESS = 1L << 50;

    private final Map<Path, Octets> files = new ConcurrentSkipListMap<>();

    private static final class Octets implements DiskFile {
        private byte[] octets = {};
        private int size;

        @Override
        public synchronized int read(ByteBuffer into, long position) {
            if (position >= size) {
                return -1;
            }
            int count = (int) Math.min(into.remaining(), size - position);
            into.put(octets, (int) position, count);
            return count;
        }

        @Override
        public synchronized void write(ByteBuffer from, long position) {
            int end = Math.toIntExact(position + from.remaining());
            if (end > octets.length) {
                octets = Arrays.copyOf(octets, Math.max(end, 2 * octets.length));
            }
            size = Math.max(size, end);
            from.get(octets, (int) position, from.remaining());
        }

        @Override
        public synchronized long size() {
            return size;
        }

        @Override
        public synchronized void truncate(long count) {
            size = Math.toIntExact(Math.min(size, count));
            octets = Arrays.copyOf(octets, size);
        }

        @Override
        public void force() {}

        @Override
        public void close() {}
    }

    /** Everything of another platform, but for the disk. */
    private record With(Platform other, Disk disk) implements Platform {
        @Override
        public TimeSource time() {
            return other.time();
        }

        @Override
        public Threads threads() {
            return other.threads();
        }

        @Override
        public Network network() {
            return other.network();
        }

        @Override
        public Dns dns() {
            return other.dns();
        }

        @Override
        public Entropy entropy() {
            return other.entropy();
        }
    }

    /** The platform with a disk of this kind. */
    public static Platform in(Platform other) {
        return new With(other, new MemoryDisk());
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        Octets made = new Octets();
        if (files.putIfAbsent(file, made) != null) {
            throw new FileAlreadyExistsException(file.toString());
        }
        return made;
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        DiskFile found = files.get(file);
        if (found == null) {
            throw new NoSuchFileException(file.toString());
        }
        return found;
    }

    @Override
    public DiskFile openRead(Path file) throws IOException {
        return open(file);
    }

    @Override
    public void rename(Path from, Path to) {
        Octets moved = files.remove(from);
        if (moved != null) {
            files.put(to, moved);
        }
    }

    @Override
    public void delete(Path file) {
        files.remove(file);
    }

    @Override
    public boolean exists(Path path) {
        return files.containsKey(path);
    }

    @Override
    public List<String> list(Path directory) {
        return files.keySet().stream().map(file -> file.getFileName().toString()).toList();
    }

    @Override
    public void createDirectories(Path directory) {}

    @Override
    public void forceDirectory(Path directory) {}

    @Override
    public long usableOctets(Path path) {
        return ENDLESS;
    }

    @Override
    public AutoCloseable lock(Path file) {
        return () -> {};
    }

    @Override
    public Optional<String> lockHolder(Path file) {
        return Optional.empty();
    }
}
