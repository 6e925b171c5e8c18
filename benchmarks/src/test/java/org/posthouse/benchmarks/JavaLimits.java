package org.posthouse.benchmarks;

import org.posthouse.platform.Deadline;
import org.posthouse.platform.DiskFile;
import org.posthouse.platform.Platform;
import org.posthouse.platform.Threads;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The limits of {@link NativeLimits}, through the platform's own disk: the difference is what Java
 * and the seam cost.
 */
final class JavaLimits {
    private final Platform platform;
    private final Duration length;

    JavaLimits(Platform platform, Duration length) {
        this.platform = platform;
        this.length = length;
    }

    /** Writes all blocks of a file that is to be overwritten later. */
    static void fill(Platform platform, Path path, long octets) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
        try (DiskFile file = platform.disk().create(path)) {
            for (long at = 0; at < octets; at += zeros.capacity()) {
                file.write(zeros.clear(), at);
            }
            file.force();
        }
    }

    /** One thread: write, force, through a file whose blocks were written before. */
    Sample overwrite(Path path, int octets) throws Exception {
        ByteBuffer buffer = direct(octets);
        try (DiskFile file = platform.disk().open(path)) {
            long size = file.size();
            long[] at = {0};
            return new Clients(platform, length, true)
                    .run(
                            1,
                            () -> {
                                if (at[0] + octets > size) {
                                    at[0] = 0;
                                }
                                file.write(buffer.clear(), at[0]);
                                file.force();
                                at[0] += octets;
                            });
        }
    }

    /** Threads that append and wait; one that forces what was appended meanwhile. */
    Sample group(Path path, int octets, int writers) throws Exception {
        try (DiskFile file = platform.disk().create(path)) {
            Group group = new Group(file, Octets.random(octets));
            Threads.Task forcing = platform.threads().startDedicated("forcing", group::force);
            Sample sample = new Clients(platform, length, true).run(writers, group::append);
            group.end();
            forcing.join(Deadline.NEVER);
            return sample;
        }
    }

    /** A new file, written in pieces, forced at the end. */
    Sample sequential(Path path, long octets, int piece) throws IOException {
        ByteBuffer buffer = direct(piece);
        long start = platform.time().nanos();
        try (DiskFile file = platform.disk().create(path)) {
            for (long at = 0; at < octets; at += piece) {
                file.write(buffer.clear(), at);
            }
            file.force();
        }
        return Sample.ofOctets(octets, platform.time().nanos() - start);
    }

    private static ByteBuffer direct(int octets) {
        return ByteBuffer.allocateDirect(octets).put(Octets.random(octets));
    }

    /** As the C program does it: appended under a lock, forced outside. */
    private static final class Group {
        private final DiskFile file;
        private final ByteBuffer buffer;
        private final int octets;
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition some = lock.newCondition();
        private final Condition done = lock.newCondition();
        private long appended;
        private long forced;
        private boolean over;

        Group(DiskFile file, byte[] from) {
            this.file = file;
            octets = from.length;
            buffer = ByteBuffer.allocateDirect(octets).put(from);
        }

        void append() throws IOException {
            lock.lock();
            try {
                file.write(buffer.clear(), appended * octets);
                long mine = ++appended;
                some.signal();
                while (forced < mine) {
                    done.awaitUninterruptibly();
                }
            } finally {
                lock.unlock();
            }
        }

        void force() {
            lock.lock();
            try {
                while (!over || forced < appended) {
                    if (forced == appended) {
                        some.awaitUninterruptibly();
                    } else {
                        forceNow();
                    }
                }
            } finally {
                lock.unlock();
            }
        }

        /** Leaves the lock meanwhile. */
        private void forceNow() {
            long upTo = appended;
            lock.unlock();
            try {
                file.force();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            } finally {
                lock.lock();
            }
            forced = upTo;
            done.signalAll();
        }

        void end() {
            lock.lock();
            try {
                over = true;
                some.signal();
            } finally {
                lock.unlock();
            }
        }
    }
}
