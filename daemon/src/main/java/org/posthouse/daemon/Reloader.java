package org.posthouse.daemon;

import org.posthouse.Posthouse;
import org.posthouse.PosthouseException;
import org.posthouse.Reloaded;
import org.posthouse.daemon.config.Configuration;
import org.posthouse.daemon.config.Settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads the configuration again and hands it to the running engine: as a whole, or not at all. What
 * is wrong with it is told to who asked, and in the log.
 */
final class Reloader {
    private static final String UNCHANGED =
            "Nothing was changed; the running configuration stays in force.";

    private final Posthouse engine;
    private final Daemon.Reread reread;
    private final Configuration.Good started;
    private final Log log;
    private final Reloads reloads;

    /** One reload at a time; held while it runs. */
    private final ReentrantLock lock = new ReentrantLock();

    /** Of the last reload, for status. */
    private volatile String last = "never";

    private volatile InForce inForce;

    /**
     * For an engine.
     *
     * @param started what it runs with
     */
    Reloader(Posthouse engine, Daemon.Reread reread, Configuration.Good started, Log log) {
        this.engine = engine;
        this.reread = reread;
        this.started = started;
        this.log = log;
        reloads = new Reloads(engine.now());
        inForce = new InForce(started.settings(), List.of());
    }

    /**
     * What a daemon runs with.
     *
     * @param settings as they were taken last
     * @param waiting what of them only a restart brings into force
     */
    record InForce(Settings settings, List<String> waiting) {}

    InForce inForce() {
        return inForce;
    }

    /** What is read again. */
    Optional<Path> file() {
        return reread.file();
    }

    Reloads reloads() {
        return reloads;
    }

    /** What came of it. */
    sealed interface Result {
        /** It is in force. */
        record Done(Reloaded reloaded) implements Result {}

        /**
         * Nothing was changed.
         *
         * @param report all that is wrong, as people read it
         */
        record Refused(String report) implements Result {}
    }

    Result reload() {
        lock.lock();
        try {
            Result result = result();
            switch (result) {
                case Result.Done done -> tell(done.reloaded());
                case Result.Refused refused -> {
                    last = "failed";
                    reloads.refused();
                    log.say("reload failed:\n" + refused.report().stripTrailing());
                }
            }
            return result;
        } finally {
            lock.unlock();
        }
    }

    private Result result() {
        if (reread.file().isEmpty()) {
            return new Result.Refused("there is no configuration file to read again\n");
        }
        return switch (Configuration.loadToRun(reread.file().get(), reread.around())) {
            case Configuration.Bad bad -> new Result.Refused(bad.report() + UNCHANGED + "\n");
            case Configuration.Good good -> take(good);
        };
    }

    private Result take(Configuration.Good good) {
        try {
            Reloaded taken = engine.reload(good.builder());
            var reloaded = new Reloaded(taken.changed(), waiting(taken, good));
            inForce = new InForce(good.settings(), reloaded.waiting());
            return new Result.Done(reloaded);
        } catch (IllegalStateException e) {
            return new Result.Refused("the daemon is stopping\n");
        } catch (PosthouseException e) {
            return new Result.Refused(Daemon.text(e) + UNCHANGED + "\n");
        }
    }

    /** The engine knows neither of metrics nor of the log. */
    private List<String> waiting(Reloaded taken, Configuration.Good good) {
        var waiting = new ArrayList<>(taken.waiting());
        if (!good.watch().equals(started.watch())) {
            waiting.add("metrics");
        }
        if (good.logsJson() != started.logsJson()) {
            waiting.add("log");
        }
        return List.copyOf(waiting);
    }

    private void tell(Reloaded reloaded) {
        last = "ok";
        reloads.took(engine.now());
        log.say("reloaded: " + changes(reloaded));
        if (!reloaded.waiting().isEmpty()) {
            log.say("waits for a restart: " + String.join(", ", reloaded.waiting()));
        }
        log.say("may relay to the outside: " + engine.relayProof().sentence());
    }

    static String changes(Reloaded reloaded) {
        return reloaded.changed().isEmpty()
                ? "nothing is different"
                : String.join(", ", reloaded.changed());
    }

    /** How the last one went: {@code never}, {@code ok}, {@code failed}. */
    String last() {
        return last;
    }
}
