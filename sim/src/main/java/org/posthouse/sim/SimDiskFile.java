package org.posthouse.sim;

import org.posthouse.platform.DiskFile;
import org.posthouse.platform.NoSpaceException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Path;
import java.util.Arrays;

/** An open file of the simulated disk. */
final class SimDiskFile implements DiskFile {
    private final SimDisk disk;
    private final Path path;
    private final SimInode inode;
    private final boolean writable;
    private boolean closed;

    SimDiskFile(SimDisk disk, Path path, SimInode inode, boolean writable) {
        this.disk = disk;
        this.path = path;
        this.inode = inode;
        this.writable = writable;
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
        requireOpen();
        return disk.perform(
                SimDiskOperation.READ,
                path,
                () -> {
                    if (position >= inode.size()) {
                        return -1;
                    }
                    int count = (int) Math.min(into.remaining(), inode.size() - position);
                    into.put(inode.read(position, count));
                    return count;
                });
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
        requireWritable();
        byte[] octets = new byte[from.remaining()];
        from.get(octets);
        disk.traceOctets(octets);
        try {
            disk.perform(SimDiskOperation.WRITE, path, new Write(octets, position));
        } catch (NoSpaceException e) {
            from.position(from.limit() - octets.length);
            throw e;
        }
    }

    @Override
    public long size() throws IOException {
        requireOpen();
        return inode.size();
    }

    @Override
    public void truncate(long octets) throws IOException {
        requireWritable();
        disk.perform(
                SimDiskOperation.TRUNCATE,
                path,
                () -> {
                    long before = inode.size();
                    inode.truncate(octets);
                    disk.changed(inode, inode.size() - before);
                    return path;
                });
    }

    @Override
    public void force() throws IOException {
        requireOpen();
        disk.waitForForce();
        try {
            disk.perform(
                    SimDiskOperation.FORCE,
                    path,
                    () -> {
                        inode.force();
                        return path;
                    });
        } catch (IOException e) {
            inode.forceFailed();
            throw e;
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            disk.closed();
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }

    /**
     * A write, which may end half way: the system copies what it is given piece by piece, and never
     * less than a sector.
     */
    private final class Write implements SimDisk.Act<Path> {
        private final byte[] octets;
        private final long position;

        Write(byte[] octets, long position) {
            this.octets = octets;
            this.position = position;
        }

        @Override
        public Path perform() throws IOException {
            writeWhatFits(octets, position);
            return path;
        }

        @Override
        public void begin() throws IOException {
            long end = position + octets.length / 2;
            int half = (int) Math.max(0, end - end % SimInode.SECTOR - position);
            writeWhatFits(Arrays.copyOf(octets, half), position);
        }
    }

    private void writeWhatFits(byte[] octets, long position) throws IOException {
        long before = inode.size();
        long growth = Math.max(0, position + octets.length - before);
        int room = disk.room(growth, octets.length);
        if (room > 0) {
            inode.write(position, room == octets.length ? octets : Arrays.copyOf(octets, room));
            disk.changed(inode, inode.size() - before);
        }
        if (room < octets.length) {
            throw new NoSpaceException(path + ": No space left on device");
        }
    }

    private void requireOpen() throws ClosedChannelException {
        if (closed) {
            throw new ClosedChannelException();
        }
    }

    private void requireWritable() throws ClosedChannelException {
        requireOpen();
        if (!writable) {
            throw new NonWritableChannelException();
        }
    }
}
