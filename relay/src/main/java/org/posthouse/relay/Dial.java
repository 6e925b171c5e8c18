package org.posthouse.relay;

import org.jspecify.annotations.Nullable;
import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Network;
import org.posthouse.platform.Platform;
import org.posthouse.platform.Signal;
import org.posthouse.platform.Threads.Task;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Connects to one of two addresses of a host, of both families: the first has a head start, then
 * both are tried at the same time, and the one that answers first is taken (RFC 8305). Used once.
 */
final class Dial {
    /** RFC 8305 section 5. */
    static final Duration HEAD_START = Duration.ofMillis(250);

    private final Platform platform;
    private final Crew crew;
    private final List<InetSocketAddress> remotes;
    private final Deadline deadline;
    private final Signal news;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock, as are those below. */
    private @Nullable Connection made;

    private int winner;
    private int ended;
    private boolean over;
    private IOException failure = new IOException("the attempt broke down");

    /** How it ended. */
    sealed interface Result {
        /** The address of this number has it. */
        record Won(int index, Connection connection) implements Result {}

        /** None has; what the one that ended last ended by. */
        record Lost(IOException failure) implements Result {}
    }

    /**
     * Prepares.
     *
     * @param remotes two of them
     */
    Dial(Platform platform, Crew crew, List<InetSocketAddress> remotes, Deadline deadline) {
        this.platform = platform;
        this.crew = crew;
        this.remotes = remotes;
        this.deadline = deadline;
        news = platform.time().signal();
    }

    /** Connects; at its end nothing is left open but what it gives. */
    Result connect() throws InterruptedException {
        List<Task> tasks = new ArrayList<>();
        boolean done = false;
        try {
            tasks.add(crew.start("dial", () -> dial(0)));
            boolean unused = news.await(platform.time().after(HEAD_START));
            if (!isWon()) {
                tasks.add(crew.start("dial", () -> dial(1)));
            }
            while (!isWon() && !isLost()) {
                unused = news.await(Deadline.NEVER);
            }
            done = true;
            return result();
        } finally {
            end(done);
            tasks.forEach(Task::interrupt);
        }
    }

    /** However it ends, it is counted: somebody waits for it. */
    private void dial(int index) {
        try {
            arrived(
                    index,
                    platform.network().connect(remotes.get(index), Network.ANY_SOURCE, deadline));
        } catch (IOException e) {
            failed(e);
        } catch (RuntimeException e) {
            failed(new IOException(e));
        } finally {
            ended();
            news.raise();
        }
    }

    private void ended() {
        lock.lock();
        try {
            ended++;
        } finally {
            lock.unlock();
        }
    }

    private void arrived(int index, Connection connection) {
        boolean isFirst;
        lock.lock();
        try {
            isFirst = made == null && !over;
            if (isFirst) {
                made = connection;
                winner = index;
            }
        } finally {
            lock.unlock();
        }
        if (!isFirst) {
            connection.close();
        }
    }

    private void failed(IOException e) {
        lock.lock();
        try {
            failure = e;
        } finally {
            lock.unlock();
        }
    }

    private boolean isWon() {
        lock.lock();
        try {
            return made != null;
        } finally {
            lock.unlock();
        }
    }

    private boolean isLost() {
        lock.lock();
        try {
            return made == null && ended == remotes.size();
        } finally {
            lock.unlock();
        }
    }

    private Result result() {
        lock.lock();
        try {
            Connection connection = made;
            return connection == null
                    ? new Result.Lost(failure)
                    : new Result.Won(winner, connection);
        } finally {
            lock.unlock();
        }
    }

    /** What comes from now on is closed; with {@code false} also what has come. */
    private void end(boolean isTaken) {
        Connection unwanted;
        lock.lock();
        try {
            over = true;
            unwanted = isTaken ? null : made;
        } finally {
            lock.unlock();
        }
        if (unwanted != null) {
            unwanted.close();
        }
    }
}
