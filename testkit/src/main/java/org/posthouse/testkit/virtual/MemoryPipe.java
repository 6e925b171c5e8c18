package org.posthouse.testkit.virtual;

import org.posthouse.platform.Deadline;
import org.posthouse.platform.DeadlineExceeded;

import java.io.IOException;
import java.net.SocketException;
import java.util.Optional;

/** One direction of a connection: octets arrive at once, so many at most are on the way. */
final class MemoryPipe {
    private static final int CAPACITY = 64 * 1024;

    private final VirtualClock clock;
    private final Gate changed;

    /** A ring; guarded by the clock's lock, as is what follows. */
    private final byte[] ring = new byte[CAPACITY];

    private int first;
    private int held;
    private boolean ended;
    private Optional<String> broken = Optional.empty();

    MemoryPipe(VirtualClock clock) {
        this.clock = clock;
        this.changed = new Gate(clock);
    }

    /** Waits for octets and takes them; -1 at the end. */
    int read(byte[] into, int offset, int length, Deadline deadline)
            throws IOException, InterruptedException {
        if (length == 0) {
            return 0;
        }
        clock.lock.lock();
        try {
            requireTime(deadline, "nothing was received in time");
            while (held == 0) {
                requireWhole();
                if (ended) {
                    return -1;
                }
                if (!changed.await(deadline) && held == 0) {
                    throw new DeadlineExceeded("nothing was received in time");
                }
            }
            return take(into, offset, length);
        } finally {
            clock.lock.unlock();
        }
    }

    private int take(byte[] into, int offset, int length) {
        int count = Math.min(length, held);
        int untilTurn = Math.min(count, CAPACITY - first);
        System.arraycopy(ring, first, into, offset, untilTurn);
        System.arraycopy(ring, 0, into, offset + untilTurn, count - untilTurn);
        first = (first + count) % CAPACITY;
        held -= count;
        changed.open();
        return count;
    }

    /** Hands over octets, waiting while too many are on the way. */
    void write(byte[] octets, int offset, int length, Deadline deadline)
            throws IOException, InterruptedException {
        int done = 0;
        clock.lock.lock();
        try {
            requireTime(deadline, "no time was left to send");
            while (done < length) {
                requireWhole();
                if (ended) {
                    throw new SocketException("the connection was closed");
                }
                if (held < CAPACITY) {
                    done += put(octets, offset + done, length - done);
                } else if (!changed.await(deadline)) {
                    throw new DeadlineExceeded("the other end did not take the octets in time");
                }
            }
        } finally {
            clock.lock.unlock();
        }
    }

    private int put(byte[] octets, int offset, int length) {
        int count = Math.min(length, CAPACITY - held);
        int at = (first + held) % CAPACITY;
        int untilTurn = Math.min(count, CAPACITY - at);
        System.arraycopy(octets, offset, ring, at, untilTurn);
        System.arraycopy(octets, offset + untilTurn, ring, 0, count - untilTurn);
        held += count;
        changed.open();
        return count;
    }

    boolean hasOctets() {
        clock.lock.lock();
        try {
            return held > 0;
        } finally {
            clock.lock.unlock();
        }
    }

    /** No more octets will come; those on the way arrive. */
    void end() {
        clock.lock.lock();
        try {
            ended = true;
            changed.open();
        } finally {
            clock.lock.unlock();
        }
    }

    /** Both ends see it break; what is on the way is lost. */
    void breakOff(String reason) {
        clock.lock.lock();
        try {
            broken = broken.or(() -> Optional.of(reason));
            held = 0;
            changed.open();
        } finally {
            clock.lock.unlock();
        }
    }

    private void requireTime(Deadline deadline, String what) throws DeadlineExceeded {
        if (clock.isPast(deadline)) {
            throw new DeadlineExceeded(what);
        }
    }

    private void requireWhole() throws SocketException {
        if (broken.isPresent()) {
            throw new SocketException(broken.get());
        }
    }
}
