package org.posthouse.spool;

import org.posthouse.platform.Disk;
import org.posthouse.platform.DiskFile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A disk for readers: something happens before each look. */
abstract class PassingDisk implements Disk {
    private final Disk disk;

    PassingDisk(Disk disk) {
        this.disk = disk;
    }

    /**
     * Happens before a look.
     *
     * @param octets how many are to be read; 0 when none are
     */
    abstract void before(int octets) throws IOException;

    @Override
    public DiskFile openRead(Path file) throws IOException {
        before(0);
        DiskFile real = disk.openRead(file);
        return new DiskFile() {
            @Override
            public int read(ByteBuffer into, long position) throws IOException {
                before(into.remaining());
                return real.read(into, position);
            }

            @Override
            public void write(ByteBuffer from, long position) {
                throw new UnsupportedOperationException();
            }

            @Override
            public long size() throws IOException {
                return real.size();
            }

            @Override
            public void truncate(long octets) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void force() {
                throw new UnsupportedOperationException();
            }

            @Override
            public void close() throws IOException {
                real.close();
            }
        };
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        before(0);
        return disk.list(directory);
    }

    @Override
    public boolean exists(Path path) throws IOException {
        return disk.exists(path);
    }

    @Override
    public Optional<String> lockHolder(Path file) throws IOException {
        return disk.lockHolder(file);
    }

    @Override
    public DiskFile create(Path file) {
        throw new UnsupportedOperationException();
    }

    @Override
    public DiskFile open(Path file) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void rename(Path from, Path to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void delete(Path file) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void createDirectories(Path directory) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void forceDirectory(Path directory) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long usableOctets(Path path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public AutoCloseable lock(Path file) {
        throw new UnsupportedOperationException();
    }
}
