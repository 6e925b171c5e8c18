package org.posthouse.testkit.virtual;

import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.DeadlineExceeded;
import org.posthouse.platform.Network;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A host of the network in memory: one server, which every port leads to. */
public final class MemoryHost {
    /** The oldest go where more is kept. */
    private static final int KNOCKS_MAX = 10_000;

    private final VirtualClock clock;
    private final VirtualTime time;
    private final MemoryListening listening;
    private final Gate changed;

    /** Guarded by the clock's lock, as is what follows. */
    private final ArrayDeque<Instant> knocks = new ArrayDeque<>();

    private final Set<MemoryConnection.Pair> open = new LinkedHashSet<>();
    private State state = new State(Reach.UP, Instant.MAX);

    /** Whether connections come about. */
    public enum Reach {
        /** They do. */
        UP,
        /** They are refused at once. */
        REFUSES,
        /** Nothing answers. */
        SILENT
    }

    private record State(Reach reach, Instant until) {}

    MemoryHost(VirtualClock clock, VirtualTime time, InetSocketAddress address) {
        this.clock = clock;
        this.time = time;
        this.listening = new MemoryListening(clock, address, () -> {});
        this.changed = new Gate(clock);
    }

    /** Its port, for the server that runs there. */
    public Network.Listening listening() {
        return listening;
    }

    /** So it is from now on; connections that are open break. {@code UP} lets them be. */
    public void is(Reach reach) {
        is(new State(reach, Instant.MAX));
    }

    /** So it is for this long, and {@code UP} again then. */
    public void is(Reach reach, Duration howLong) {
        is(new State(reach, time.now().plus(howLong)));
    }

    private void is(State next) {
        clock.lock.lock();
        try {
            state = next;
            changed.open();
            if (next.reach() != Reach.UP) {
                open.forEach(MemoryConnection.Pair::reset);
                open.clear();
            }
        } finally {
            clock.lock.unlock();
        }
    }

    /** When somebody tried to connect, with success or not. */
    public List<Instant> knocks() {
        clock.lock.lock();
        try {
            return List.copyOf(knocks);
        } finally {
            clock.lock.unlock();
        }
    }

    Connection connect(InetSocketAddress from, InetSocketAddress to, Deadline deadline)
            throws IOException, InterruptedException {
        clock.lock.lock();
        try {
            knocks.add(time.now());
            if (knocks.size() > KNOCKS_MAX) {
                knocks.remove();
            }
            while (reach() == Reach.SILENT) {
                if (!changed.await(deadline.earlier(end())) && time.isPast(deadline)) {
                    throw new DeadlineExceeded("no connection to " + to + " in time");
                }
            }
            var pair = MemoryConnection.pair(clock, from, to);
            if (reach() == Reach.REFUSES || !listening.offer(pair)) {
                throw new ConnectException("Connection refused: " + to);
            }
            open.removeIf(MemoryConnection.Pair::isOver);
            open.add(pair);
            return pair.client();
        } finally {
            clock.lock.unlock();
        }
    }

    private Deadline end() {
        return Optional.of(state.until())
                .filter(until -> !until.equals(Instant.MAX))
                .map(until -> time.after(Duration.between(time.now(), until)))
                .orElse(Deadline.NEVER);
    }

    private Reach reach() {
        return state.until().isAfter(time.now()) ? state.reach() : Reach.UP;
    }
}
