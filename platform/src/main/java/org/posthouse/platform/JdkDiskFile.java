package org.posthouse.platform;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** An open file of the machine. */
final class JdkDiskFile implements DiskFile {
    private final Path path;
    private final FileChannel channel;

    JdkDiskFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
        return FileWork.run(path, () -> readFully(into, position));
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
        FileWork.run(
                path,
                () -> {
                    long at = position;
                    while (from.hasRemaining()) {
                        at += channel.write(from, at);
                    }
                    return at;
                });
    }

    @Override
    public long size() throws IOException {
        return FileWork.run(path, channel::size);
    }

    @Override
    public void truncate(long octets) throws IOException {
        FileWork.run(path, () -> channel.truncate(octets));
    }

    /** By fdatasync: it covers the length, but not the times. */
    @Override
    public void force() throws IOException {
        FileWork.run(
                path,
                () -> {
                    channel.force(false);
                    return path;
                });
    }

    @Override
    public void close() throws IOException {
        FileWork.run(
                path,
                () -> {
                    channel.close();
                    return path;
                });
    }

    @Override
    public String toString() {
        return path.toString();
    }

    private int readFully(ByteBuffer into, long position) throws IOException {
        int total = 0;
        while (into.hasRemaining()) {
            int count = channel.read(into, position + total);
            if (count < 0) {
                return total == 0 ? -1 : total;
            }
            total += count;
        }
        return total;
    }
}
