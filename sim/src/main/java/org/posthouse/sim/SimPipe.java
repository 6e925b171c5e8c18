package org.posthouse.sim;

import org.jspecify.annotations.Nullable;
import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.DeadlineExceeded;

import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayDeque;

/** One direction of a connection: octets that arrive after a delay, at most so many on the way. */
final class SimPipe {
    private final SimScheduler scheduler;
    private final SimTrace trace;
    private final int capacity;
    private final SimCondition changed;
    private final ArrayDeque<Segment> segments = new ArrayDeque<>();
    private int held;
    private long lastArrival;
    private boolean ended;
    private @Nullable String broken;
    private Deadline hastened = Deadline.NEVER;
    private boolean isWaiting; // for octets, and for so long that this can't be resumed
    private boolean isLate;

    private static final class Segment {
        final byte[] octets;
        final long arrivesAt;
        int from;

        Segment(byte[] octets, long arrivesAt) {
            this.octets = octets;
            this.arrivesAt = arrivesAt;
        }
    }

    SimPipe(SimScheduler scheduler, SimTrace trace, int capacity) {
        this.scheduler = scheduler;
        this.trace = trace;
        this.capacity = capacity;
        this.changed = new SimCondition(scheduler);
    }

    /** Waits until octets have arrived and takes them. */
    int read(byte[] into, int offset, int length, Deadline deadline, SimLink link)
            throws IOException, InterruptedException {
        if (length == 0) {
            return 0;
        }
        requireTime(deadline, "nothing was received in time");
        if (isLate) {
            return -1;
        }
        isWaiting = isLong(deadline);
        hastened = Deadline.NEVER;
        try {
            return await(into, offset, length, deadline, link);
        } finally {
            isWaiting = false;
        }
    }

    private int await(byte[] into, int offset, int length, Deadline deadline, SimLink link)
            throws IOException, InterruptedException {
        while (true) {
            scheduler.checkAlive();
            Segment first = segments.peek();
            if (first != null && first.arrivesAt <= scheduler.nanos() && !link.isDark()) {
                return take(into, offset, length);
            }
            if (broken != null) {
                throw new SocketException(broken);
            }
            if (first == null && ended && !link.isDark()) {
                return -1;
            }
            Deadline arrival =
                    first == null || link.isDark() ? Deadline.NEVER : new Deadline(first.arrivesAt);
            Deadline end = deadline.earlier(hastened);
            if (!changed.await(end.earlier(arrival)) && isPast(deadline.earlier(hastened))) {
                isLate = isWaiting;
                throw new DeadlineExceeded("nothing was received in time");
            }
        }
    }

    /** A long wait for octets ends by then. */
    void hasten(Deadline deadline) {
        if (isWaiting) {
            hastened = hastened.earlier(deadline);
            changed.signalAll();
        }
    }

    private boolean isLong(Deadline deadline) {
        return !deadline.isNever()
                && deadline.nanos() - scheduler.nanos() > Connection.RESUMABLE_MAX.toNanos();
    }

    /** True when octets have arrived. */
    boolean hasOctets() {
        Segment first = segments.peek();
        return first != null && first.arrivesAt <= scheduler.nanos();
    }

    /** Hands over octets, waiting while too many are on the way. */
    void write(byte[] octets, int offset, int length, Deadline deadline, SimLink link)
            throws IOException, InterruptedException {
        requireTime(deadline, "no time was left to send");
        int done = 0;
        while (done < length) {
            scheduler.checkAlive();
            if (broken != null || ended) {
                throw new SocketException(broken == null ? "the connection was closed" : broken);
            }
            int room = Math.min(capacity - held, length - done);
            if (room > 0) {
                done += put(octets, offset + done, room, link);
            } else if (!changed.await(deadline)) {
                throw new DeadlineExceeded("the other end did not take the octets in time");
            }
        }
    }

    /** No more octets will come; those on the way arrive. */
    void end() {
        ended = true;
        changed.signalAll();
    }

    /** Both ends see the connection break; what is on the way is lost. */
    void breakOff(String reason) {
        if (broken == null) {
            broken = reason;
            segments.clear();
            held = 0;
        }
        changed.signalAll();
    }

    /** Wakes those that wait, to look again. */
    void wake() {
        changed.signalAll();
    }

    boolean hasUnread() {
        return held > 0;
    }

    private void requireTime(Deadline deadline, String what) throws DeadlineExceeded {
        if (isPast(deadline)) {
            throw new DeadlineExceeded(what);
        }
    }

    private boolean isPast(Deadline deadline) {
        return !deadline.isNever() && deadline.nanos() - scheduler.nanos() <= 0;
    }

    private int put(byte[] octets, int offset, int length, SimLink link) throws IOException {
        int allowed = link.allow(this, length);
        if (allowed > 0) {
            byte[] copy = new byte[allowed];
            System.arraycopy(octets, offset, copy, 0, allowed);
            lastArrival = Math.max(lastArrival, scheduler.nanos() + link.delayNanos());
            segments.add(new Segment(copy, lastArrival));
            held += allowed;
            trace.add(octets, offset, allowed);
            changed.signalAll();
        }
        if (allowed < length) {
            link.reset("connection reset");
            throw new SocketException("connection reset");
        }
        return length;
    }

    private int take(byte[] into, int offset, int length) {
        int taken = 0;
        Segment segment = segments.peek();
        while (segment != null && taken < length && segment.arrivesAt <= scheduler.nanos()) {
            int count = Math.min(length - taken, segment.octets.length - segment.from);
            System.arraycopy(segment.octets, segment.from, into, offset + taken, count);
            segment.from += count;
            taken += count;
            if (segment.from == segment.octets.length) {
                segments.remove();
                segment = segments.peek();
            }
        }
        held -= taken;
        changed.signalAll();
        return taken;
    }
}
