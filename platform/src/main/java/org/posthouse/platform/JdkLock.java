package org.posthouse.platform;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock file. The system's lock is the process's: it would let a second engine in, and is lost
 * when any other channel on the file is closed. So each process keeps a table of its own locks, and
 * looks there before it opens the file.
 */
final class JdkLock implements AutoCloseable {
    private static final int HOLDER_OCTETS_MAX = 200;

    /** Whoever looks who holds a lock shares it for less than this. */
    private static final long LOOK_NANOS = 50_000_000;

    /** The holders of this process's locks, by the files' real paths. */
    private static final ConcurrentMap<Path, String> HELD = new ConcurrentHashMap<>();

    /**
     * Held while one of our threads takes a lock or looks at one: closing the channel of a look
     * would let go of a lock that was taken meanwhile.
     */
    private static final ReentrantLock OPENING = new ReentrantLock();

    private final Path key;
    private final FileChannel channel;
    private boolean closed;

    private JdkLock(Path key, FileChannel channel) {
        this.key = key;
        this.channel = channel;
    }

    static JdkLock take(Path file) throws IOException {
        Path key = realPath(file);
        String me = "process " + ProcessHandle.current().pid() + " since " + Instant.now();
        String other = HELD.putIfAbsent(key, me);
        if (other != null) {
            throw heldBy(file, other + ", which is this process");
        }
        boolean taken = false;
        OPENING.lock();
        try {
            JdkLock lock = takeFromSystem(file, key, me);
            taken = true;
            return lock;
        } finally {
            OPENING.unlock();
            if (!taken) {
                HELD.remove(key);
            }
        }
    }

    /** Who holds a lock file; empty when nobody does. */
    static Optional<String> holderOf(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        OPENING.lock();
        try {
            String ours = HELD.get(realPath(file));
            return ours == null
                    ? holderElsewhere(file)
                    : Optional.of(ours + ", which is this process");
        } finally {
            OPENING.unlock();
        }
    }

    private static Optional<String> holderElsewhere(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                FileLock shared = channel.tryLock(0, Long.MAX_VALUE, true)) {
            return shared == null ? Optional.of(holder(channel)) : Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        try {
            FileWork.run(
                    key,
                    () -> {
                        channel.close();
                        return key;
                    });
        } finally {
            HELD.remove(key);
        }
    }

    private static JdkLock takeFromSystem(Path file, Path key, String me) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        file,
                        Set.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE),
                        JdkDisk.ownerOnly(file, "rw-------"));
        boolean taken = false;
        try {
            @Nullable FileLock lock = channel.tryLock();
            if (lock == null) {
                LockSupport.parkNanos(LOOK_NANOS);
                lock = channel.tryLock();
            }
            if (lock == null) {
                throw heldBy(file, holder(channel));
            }
            // cut afterwards: the file keeps its block, so that a full disk does not matter
            byte[] text = (me + "\n").getBytes(StandardCharsets.UTF_8);
            channel.write(ByteBuffer.wrap(text), 0);
            channel.truncate(text.length);
            taken = true;
            return new JdkLock(key, channel);
        } finally {
            if (!taken) {
                channel.close();
            }
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(HOLDER_OCTETS_MAX);
        channel.read(text, 0);
        String read = new String(text.array(), 0, text.position(), StandardCharsets.UTF_8);
        int end = read.indexOf('\n');
        return end > 0 ? read.substring(0, end) : "another process";
    }

    private static IOException heldBy(Path file, String holder) {
        return new IOException(file + " is locked by " + holder);
    }

    private static Path realPath(Path file) throws IOException {
        Path absolute = file.toAbsolutePath().normalize();
        if (Files.exists(absolute)) {
            return absolute.toRealPath();
        }
        Path parent = absolute.getParent();
        Path name = absolute.getFileName();
        if (parent == null || name == null) {
            throw new NoSuchFileException(file.toString());
        }
        return parent.toRealPath().resolve(name);
    }
}
