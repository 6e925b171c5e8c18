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
    private final List<ListenerSettings> listeners;
    private final SessionPolicy policy;
    private final Intake intake;
    private final MailEvents events;
    private final Sessions sessions = new Sessions();
    private final ReentrantLock lock = new ReentrantLock();

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
        long names = this.listeners.stream().map(ListenerSettings::name).distinct().count();
        if (names != this.listeners.size()) {
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
            RunningServer bound = RunningServer.bind(platform, receptions(), sessions, BACKLOG);
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
        Optional<RunningServer> server = change(Optional.empty());
        if (server.isPresent()) {
            server.get().close(grace, events);
            release();
        }
    }

    private List<Reception> receptions() {
        var clients = Reception.ClientMemory.of(platform);
        return listeners.stream()
                .map(s -> new Reception(platform, s, policy, intake, events, clients))
                .toList();
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
