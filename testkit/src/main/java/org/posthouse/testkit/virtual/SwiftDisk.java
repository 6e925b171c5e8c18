package org.posthouse.testkit.virtual;

import org.posthouse.platform.Disk;
import org.posthouse.platform.DiskFile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Real files that are not forced: no test cuts the power. File systems force what is renamed over
 * another file, so that one goes first here, while nobody looks.
 */
final class SwiftDisk implements Disk {
    private final Disk disk;

    /** Guards the names while one of them is missing for a moment. */
    private final ReentrantLock names = new ReentrantLock();

    SwiftDisk(Disk disk) {
        this.disk = disk;
    }

    /** What is done with names. */
    private interface Work<T> {
        T run() throws IOException;
    }

    private <T> T withNames(Work<T> work) throws IOException {
        names.lock();
        try {
            return work.run();
        } finally {
            names.unlock();
        }
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        return new SwiftFile(withNames(() -> disk.create(file)));
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        return new SwiftFile(withNames(() -> disk.open(file)));
    }

    @Override
    public DiskFile openRead(Path file) throws IOException {
        return withNames(() -> disk.openRead(file));
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        boolean unused =
                withNames(
                        () -> {
                            boolean isReplaced = disk.exists(from) && disk.exists(to);
                            if (isReplaced && !from.equals(to)) {
                                disk.delete(to);
                            }
                            disk.rename(from, to);
                            return isReplaced;
                        });
    }

    @Override
    public void delete(Path file) throws IOException {
        disk.delete(file);
    }

    @Override
    public boolean exists(Path path) throws IOException {
        return withNames(() -> disk.exists(path));
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        return withNames(() -> disk.list(directory));
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        if (!disk.exists(directory)) {
            disk.createDirectories(directory);
        }
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
        private static final ByteBuffer BLANK = ByteBuffer.allocate(64 * 1024).asReadOnlyBuffer();

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
            int count = octets.remaining();
            return count > 0
                    && count <= BLANK.capacity()
                    && BLANK.duplicate().limit(count).mismatch(octets) < 0;
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
