package org.posthouse.testkit.virtual;

import org.posthouse.platform.Disk;
import org.posthouse.platform.DiskFile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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

    private record SwiftFile(DiskFile file) implements DiskFile {
        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            return file.read(into, position);
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            file.write(from, position);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void truncate(long octets) throws IOException {
            file.truncate(octets);
        }

        @Override
        public void force() {
            // not forced
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
