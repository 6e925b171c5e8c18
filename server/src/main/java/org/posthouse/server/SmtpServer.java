package org.posthouse.server;

import org.posthouse.core.MailEvents;
import org.posthouse.platform.Platform;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An SMTP server: its listeners and their sessions. It decides nothing by itself, which is the
 * policy's, and keeps nothing, which is the intake's. May be started again after it was closed.
 *
 * @since 0.1
 */
public final class SmtpServer {
    private static final int BACKLOG = 1024;

    private final Platform platform;

    /** One change, or the end, at a time: held while listeners are bound and unbound. */
    private final ReentrantLock changes = new ReentrantLock();

    private volatile List<ListenerSettings> listeners;

    private final SessionPolicy policy;
    private final Intake intake;
    private final MailEvents events;
    private final Sessions sessions = new Sessions();
    private final ReentrantLock lock = new ReentrantLock();

    /** What all listeners remember of clients, as long as it runs; guarded by the lock. */
    private Optional<Reception.ClientMemory> clients = Optional.empty();

    /** Guarded by the lock: starting, running or stopping. */
    private boolean claimed;

    /** Guarded by the lock. */
    private Optional<RunningServer> running = Optional.empty();

    /**
     * Makes a server, not yet started.
     *
     * @param platform time, threads and network
     * @param listeners where it listens; their names differ
     * @param policy decides about each command
     * @param intake takes the messages
     * @param events is told what happens
     * @throws IllegalArgumentException when two listeners have the same name
     */
    public SmtpServer(
            Platform platform,
            List<ListenerSettings> listeners,
            SessionPolicy policy,
            Intake intake,
            MailEvents events) {
        this.platform = Objects.requireNonNull(platform);
        this.listeners = List.copyOf(listeners);
        this.policy = Objects.requireNonNull(policy);
        this.intake = Objects.requireNonNull(intake);
        this.events = Objects.requireNonNull(events);
        checkNames(this.listeners);
    }

    private static void checkNames(List<ListenerSettings> listeners) {
        long names = listeners.stream().map(ListenerSettings::name).distinct().count();
        if (names != listeners.size()) {
            throw new IllegalArgumentException("two listeners have the same name");
        }
    }

    /**
     * Binds all listeners, or none, and begins to accept.
     *
     * @throws ServerException with code {@code PH-S002} when an address can't be bound
     * @throws IllegalStateException when it runs already
     */
    public void start() {
        claim();
        boolean started = false;
        try {
            RunningServer bound = bind();
            bound.accept();
            change(Optional.of(bound));
            started = true;
        } finally {
            if (!started) {
                release();
            }
        }
    }

    /**
     * The bound addresses with their real ports, by listener, but for those on {@link #sockets};
     * empty when it does not run.
     */
    public Map<String, InetSocketAddress> addresses() {
        return current().map(RunningServer::addresses).orElseGet(Map::of);
    }

    /** The Unix-domain sockets, by listener; empty when it does not run. */
    public Map<String, Path> sockets() {
        return current().map(RunningServer::sockets).orElseGet(Map::of);
    }

    /** The live sessions, oldest first. */
    public List<SessionView> sessions() {
        return List.copyOf(sessions.all());
    }

    /**
     * Stops: accepts no more connections, says {@code 421 4.3.2} to sessions that wait for a
     * command, lets messages whose content is on its way finish, and cuts what is left when the
     * time is up. On return nothing of it runs any more. Does nothing when it does not run.
     *
     * @param grace for messages on their way
     */
    public void close(Duration grace) {
        Optional<RunningServer> server = taken();
        if (server.isPresent()) {
            server.get().close(grace, events);
            release();
        }
    }

    /** The running server, which no change reaches any more. */
    private Optional<RunningServer> taken() {
        changes.lock();
        try {
            return change(Optional.empty());
        } finally {
            changes.unlock();
        }
    }

    private RunningServer bind() {
        var memory = Reception.ClientMemory.of(platform);
        lock.lock();
        try {
            clients = Optional.of(memory);
        } finally {
            lock.unlock();
        }
        List<Reception> receptions = listeners.stream().map(s -> reception(s, memory)).toList();
        return RunningServer.bind(platform, receptions, sessions, BACKLOG);
    }

    private Reception reception(ListenerSettings settings, Reception.ClientMemory memory) {
        return new Reception(platform, settings, policy, intake, events, memory);
    }

    /**
     * Changes the listeners of a running server. One whose name, place and protocol stay keeps its
     * connections, and its sessions go by the new settings from their next command on; who has
     * logged in stays so. New ones are bound first: when that fails nothing has changed. Sessions
     * of one that is gone are told {@code 421 4.3.2} after the message they are at.
     *
     * @param between done when all is bound, before anything changes
     * @throws ServerException with code {@code PH-S002} when an address can't be bound
     * @throws IllegalStateException when it does not run
     */
    public void change(List<ListenerSettings> next, Runnable between) {
        checkNames(next);
        changes.lock();
        try {
            RunningServer server =
                    current().orElseThrow(() -> new IllegalStateException("stopped"));
            RunningServer.Change change =
                    server.prepare(next, settings -> reception(settings, memory()), BACKLOG);
            boolean isDone = false;
            try {
                between.run();
                change.apply();
                listeners = List.copyOf(next);
                isDone = true;
            } finally {
                if (!isDone) {
                    change.abandon();
                }
            }
        } finally {
            changes.unlock();
        }
    }

    private Reception.ClientMemory memory() {
        lock.lock();
        try {
            return clients.orElseThrow();
        } finally {
            lock.unlock();
        }
    }

    private void claim() {
        lock.lock();
        try {
            if (claimed) {
                throw new IllegalStateException("the server runs already");
            }
            claimed = true;
        } finally {
            lock.unlock();
        }
    }

    private void release() {
        lock.lock();
        try {
            claimed = false;
        } finally {
            lock.unlock();
        }
    }

    private Optional<RunningServer> current() {
        lock.lock();
        try {
            return running;
        } finally {
            lock.unlock();
        }
    }

    private Optional<RunningServer> change(Optional<RunningServer> next) {
        lock.lock();
        try {
            Optional<RunningServer> last = running;
            running = next;
            return last;
        } finally {
            lock.unlock();
        }
    }
}
