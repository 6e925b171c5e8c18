package org.posthouse.testkit.virtual;

import org.posthouse.platform.Disk;
import org.posthouse.platform.DiskFile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Real files that are not forced: no test cuts the power. */
record SwiftDisk(Disk disk) implements Disk {
    @Override
    public DiskFile create(Path file) throws IOException {
        return new SwiftFile(disk.create(file));
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        return new SwiftFile(disk.open(file));
    }

    @Override
    public DiskFile openRead(Path file) throws IOException {
        return disk.openRead(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        disk.rename(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
        disk.delete(file);
    }

    @Override
    public boolean exists(Path path) throws IOException {
        return disk.exists(path);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        return disk.list(directory);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        disk.createDirectories(directory);
    }

    @Override
    public void forceDirectory(Path directory) {
        // not forced
    }

    @Override
    public long usableOctets(Path path) throws IOException {
        return disk.usableOctets(path);
    }

    @Override
    public AutoCloseable lock(Path file) throws IOException {
        return disk.lock(file);
    }

    @Override
    public Optional<String> lockHolder(Path file) throws IOException {
        return disk.lockHolder(file);
    }

    /**
     * A file whose room, written in advance as zeros, is made only when somebody looks: one thread
     * lays a file out before others see it.
     */
    private static final class SwiftFile implements DiskFile {
        private final DiskFile file;
        private final ReentrantLock lock = new ReentrantLock();
        private long end; // guarded by lock
        private boolean isLaidOut = true; // guarded by lock

        SwiftFile(DiskFile file) throws IOException {
            this.file = file;
            this.end = file.size();
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            layOut();
            return file.read(into, position);
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            lock.lock();
            try {
                if (position == end && isBlank(from)) {
                    end += from.remaining();
                    isLaidOut = false;
                    from.position(from.limit());
                    return;
                }
                end = Math.max(end, position + from.remaining());
            } finally {
                lock.unlock();
            }
            layOut();
            file.write(from, position);
        }

        private static boolean isBlank(ByteBuffer octets) {
            for (int i = octets.position(); i < octets.limit(); i++) {
                if (octets.get(i) != 0) {
                    return false;
                }
            }
            return octets.hasRemaining();
        }

        private void layOut() throws IOException {
            lock.lock();
            try {
                if (!isLaidOut) {
                    isLaidOut = true;
                    if (file.size() < end) {
                        file.write(ByteBuffer.allocate(1), end - 1);
                    }
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public long size() throws IOException {
            layOut();
            return file.size();
        }

        @Override
        public void truncate(long octets) throws IOException {
            layOut();
            lock.lock();
            try {
                end = Math.min(end, octets);
            } finally {
                lock.unlock();
            }
            file.truncate(octets);
        }

        /** Not forced. */
        @Override
        public void force() throws IOException {
            layOut();
        }

        @Override
        public void close() throws IOException {
            layOut();
            file.close();
        }
    }
}
