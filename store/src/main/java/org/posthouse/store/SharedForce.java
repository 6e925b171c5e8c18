package org.posthouse.store;

import org.jspecify.annotations.Nullable;
import org.posthouse.platform.Disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Forces directories, one force for all who wait for the same one. Who asks joins the round that
 * has not begun yet; the first of a round to find no other round running runs it. So each asker's
 * entry was in the directory before the force that answers for it began.
 */
final class SharedForce {
    private final Disk disk;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock; holds directories with askers only. */
    private final Map<Path, Rounds> byDirectory = new HashMap<>();

    SharedForce(Disk disk) {
        this.disk = disk;
    }

    void force(Path directory) throws IOException {
        Turn turn = join(directory);
        if (turn.lead) {
            run(directory, turn.rounds, turn.round);
        }
        if (turn.round.failure != null) {
            throw new IOException(turn.round.failure.getMessage(), turn.round.failure);
        }
    }

    /** Waits until the round is over, or for the turn to run it. */
    private Turn join(Path directory) {
        lock.lock();
        try {
            Rounds rounds =
                    byDirectory.computeIfAbsent(directory, d -> new Rounds(lock.newCondition()));
            rounds.askers++;
            Round mine = rounds.next;
            while (!mine.done && rounds.running) {
                rounds.turn.awaitUninterruptibly();
            }
            boolean lead = !mine.done;
            if (lead) {
                rounds.running = true;
                rounds.next = new Round();
            } else {
                leave(directory, rounds);
            }
            return new Turn(rounds, mine, lead);
        } finally {
            lock.unlock();
        }
    }

    private void run(Path directory, Rounds rounds, Round round) {
        IOException failure = null;
        try {
            disk.forceDirectory(directory);
        } catch (IOException e) {
            failure = e;
        } catch (RuntimeException e) {
            failure = new IOException(e);
        }
        lock.lock();
        try {
            round.failure = failure;
            round.done = true;
            rounds.running = false;
            rounds.turn.signalAll();
            leave(directory, rounds);
        } finally {
            lock.unlock();
        }
    }

    private void leave(Path directory, Rounds rounds) {
        rounds.askers--;
        if (rounds.askers == 0) {
            byDirectory.remove(directory);
        }
    }

    /** What an asker has to do: run the round, or nothing more. */
    private record Turn(Rounds rounds, Round round, boolean lead) {}

    /** One directory's rounds; guarded by the lock. */
    private static final class Rounds {
        final Condition turn;
        Round next = new Round();
        boolean running;
        int askers;

        Rounds(Condition turn) {
            this.turn = turn;
        }
    }

    /** One force; written under the lock, read after it was seen done under the lock. */
    private static final class Round {
        boolean done;
        @Nullable IOException failure;
    }
}
