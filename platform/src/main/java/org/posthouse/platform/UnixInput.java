package org.posthouse.platform;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What comes from a Unix-domain socket, which has no time-outs of its own: a thread reads ahead, at
 * most one buffer, and readers wait for it as long as they like.
 */
final class UnixInput {
    private static final int AHEAD_OCTETS = 8 * 1024;

    private final SocketChannel channel;
    private final byte[] ahead = new byte[AHEAD_OCTETS];
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int start; // this and what follows: guarded by the lock
    private int end;
    private boolean ended;
    private @Nullable IOException failure;

    private UnixInput(SocketChannel channel) {
        this.channel = channel;
    }

    /** Begins to read; ends with the stream, or when the channel is closed. */
    static UnixInput of(SocketChannel channel) {
        var input = new UnixInput(channel);
        Thread.ofVirtual().name("posthouse-unix-input").start(input::pump);
        return input;
    }

    private void pump() {
        IOException why = null;
        try {
            int count = 0;
            while (count >= 0 && awaitEmpty()) {
                count = channel.read(ByteBuffer.wrap(ahead)); // empty: readers leave it alone
                filled(Math.max(0, count));
            }
        } catch (IOException e) {
            why = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does this
        }
        finish(why);
    }

    private boolean awaitEmpty() throws InterruptedException {
        lock.lock();
        try {
            while (start < end && !ended) {
                changed.await();
            }
            return !ended;
        } finally {
            lock.unlock();
        }
    }

    private void filled(int count) {
        lock.lock();
        try {
            start = 0;
            end = count;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void finish(@Nullable IOException why) {
        lock.lock();
        try {
            ended = true;
            failure = why;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    int read(byte[] into, int offset, int length, Deadline deadline) throws IOException {
        lock.lock();
        try {
            while (start == end && !ended) {
                boolean unused = changed.await(left(deadline), TimeUnit.NANOSECONDS);
            }
            if (start == end) {
                return failed();
            }
            int count = Math.min(length, end - start);
            System.arraycopy(ahead, start, into, offset, count);
            start += count;
            changed.signalAll();
            return count;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            var interrupted =
                    new InterruptedIOException("interrupted while waiting for the other end");
            interrupted.initCause(e);
            throw interrupted;
        } finally {
            lock.unlock();
        }
    }

    private int failed() throws SocketException {
        if (failure == null) {
            return -1;
        }
        var broken = new SocketException(String.valueOf(failure.getMessage()));
        broken.initCause(failure);
        throw broken;
    }

    private static long left(Deadline deadline) throws DeadlineExceeded {
        long left = deadline.isNever() ? Long.MAX_VALUE : deadline.nanos() - System.nanoTime();
        if (left <= 0) {
            throw new DeadlineExceeded("nothing was received in time");
        }
        return left;
    }

    boolean hasInput() {
        lock.lock();
        try {
            return start < end;
        } finally {
            lock.unlock();
        }
    }

    /** The channel was closed: whoever waits sees it. */
    void close() {
        lock.lock();
        try {
            if (!ended) {
                ended = true;
                failure = new SocketException("the connection was closed");
            }
            start = end;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
