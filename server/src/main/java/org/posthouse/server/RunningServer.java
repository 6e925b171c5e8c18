package org.posthouse.server;

import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvents;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Network;
import org.posthouse.platform.Network.Listening;
import org.posthouse.platform.Platform;
import org.posthouse.platform.Threads.Task;
import org.posthouse.platform.UnixSocket;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The bound listeners of a server, from start to stop. */
final class RunningServer {
    /** A session that was cut ends at once; a hook that ignores interruption may not. */
    private static final Duration CUT_TIMEOUT = Duration.ofSeconds(10);

    private final Platform platform;
    private volatile List<Listener> listeners;
    private final Sessions sessions;
    private final Map<Listener, Task> acceptors = new ConcurrentHashMap<>();

    private RunningServer(Platform platform, List<Listener> listeners, Sessions sessions) {
        this.platform = platform;
        this.listeners = List.copyOf(listeners);
        this.sessions = sessions;
    }

    /** Binds all or none. */
    static RunningServer bind(
            Platform platform, List<Reception> receptions, Sessions sessions, int backlog) {
        return new RunningServer(
                platform, listeners(platform, receptions, sessions, backlog), sessions);
    }

    private static List<Listener> listeners(
            Platform platform, List<Reception> receptions, Sessions sessions, int backlog) {
        var bound = new ArrayList<Listener>();
        for (Reception reception : receptions) {
            ListenerSettings settings = reception.settings();
            try {
                Listening listening = listen(platform.network(), settings, backlog);
                bound.add(new Listener(reception, listening, sessions));
            } catch (IOException e) {
                bound.forEach(Listener::close);
                throw new ServerException(
                        Codes.CANNOT_BIND, words(settings.name(), place(settings), e), e);
            }
        }
        return bound;
    }

    private static Listening listen(Network network, ListenerSettings settings, int backlog)
            throws IOException {
        return settings.socket().isPresent()
                ? network.listen(settings.socket().get(), backlog)
                : network.listen(settings.bind(), backlog);
    }

    /** Begins to accept. */
    void accept() {
        boolean started = false;
        try {
            listeners.forEach(this::accept);
            started = true;
        } finally {
            if (!started) {
                unbind();
            }
        }
    }

    private void accept(Listener listener) {
        acceptors.put(listener, platform.threads().start("listener-" + listener.name(), listener));
    }

    /**
     * Binds what is new of other listeners; nothing else changes until {@link Change#apply}.
     *
     * @param reception makes what the sessions of a new listener share
     */
    Change prepare(
            List<ListenerSettings> next,
            Function<ListenerSettings, Reception> reception,
            int backlog) {
        var kept = new LinkedHashMap<Listener, ListenerSettings>();
        var added = new ArrayList<ListenerSettings>();
        for (ListenerSettings settings : next) {
            listeners.stream()
                    .filter(listener -> isSamePlace(listener.settings(), settings))
                    .findFirst()
                    .ifPresentOrElse(
                            listener -> kept.put(listener, settings), () -> added.add(settings));
        }
        List<Reception> receptions = added.stream().map(reception).toList();
        return new Change(kept, listeners(platform, receptions, sessions, backlog));
    }

    private static boolean isSamePlace(ListenerSettings one, ListenerSettings other) {
        return one.name().equals(other.name())
                && one.bind().equals(other.bind())
                && one.socket().equals(other.socket())
                && one.protocol() == other.protocol();
    }

    /** Other listeners, bound and not yet in use. */
    final class Change {
        private final Map<Listener, ListenerSettings> kept;
        private final List<Listener> added;

        private Change(Map<Listener, ListenerSettings> kept, List<Listener> added) {
            this.kept = kept;
            this.added = added;
        }

        /** Takes them; sessions of listeners that are no more are told to go. */
        void apply() {
            List<Listener> before = listeners;
            var now = new ArrayList<>(kept.keySet());
            now.addAll(added);
            kept.forEach(Listener::change);
            added.forEach(listener -> listener.change(listener.settings())); // by what holds now
            listeners = List.copyOf(now);
            before.stream().filter(listener -> !kept.containsKey(listener)).forEach(this::end);
            added.forEach(RunningServer.this::accept);
        }

        /** Before one of the same name begins, so that the sessions can be told apart. */
        private void end(Listener listener) {
            listener.close();
            Optional.ofNullable(acceptors.remove(listener)).ifPresent(this::join);
            for (LiveSession session : sessions.all()) {
                if (session.listener().equals(listener.name())) {
                    session.end(Replies.STOPPING);
                }
            }
        }

        private void join(Task acceptor) {
            try {
                acceptor.join(platform.time().after(CUT_TIMEOUT));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Leaves everything as it is. */
        void abandon() {
            added.forEach(Listener::close);
        }
    }

    void unbind() {
        listeners.forEach(Listener::close);
    }

    Map<String, InetSocketAddress> addresses() {
        var addresses = new LinkedHashMap<String, InetSocketAddress>();
        for (Listener listener : listeners) {
            if (listener.socket().isEmpty()) {
                addresses.put(listener.name(), listener.address());
            }
        }
        return Collections.unmodifiableMap(addresses);
    }

    Map<String, Path> sockets() {
        var sockets = new LinkedHashMap<String, Path>();
        for (Listener listener : listeners) {
            listener.socket().ifPresent(socket -> sockets.put(listener.name(), socket.path()));
        }
        return Collections.unmodifiableMap(sockets);
    }

    void close(Duration grace, MailEvents events) {
        Deadline deadline = platform.time().after(grace);
        unbind();
        boolean interrupted = join(Deadline.NEVER);
        for (LiveSession session : sessions.all()) {
            session.end(Replies.STOPPING);
        }
        interrupted |= Thread.interrupted() || awaitSessions(deadline);
        List<LiveSession> left = sessions.all();
        left.forEach(LiveSession::cut);
        interrupted |= Thread.interrupted() || awaitSessions(platform.time().after(CUT_TIMEOUT));
        for (LiveSession session : sessions.all()) {
            String text = "session " + session.number() + " does not end, in a hook that hangs?";
            events.emit(new MailEvent.Trouble(platform.time().now(), Codes.STILL_RUNNING, text));
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the acceptors; true when interrupted meanwhile. */
    private boolean join(Deadline deadline) {
        try {
            for (Task acceptor : List.copyOf(acceptors.values())) {
                acceptor.join(deadline);
            }
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    /** Waits for the sessions; true when interrupted meanwhile, which ends the waiting. */
    private boolean awaitSessions(Deadline deadline) {
        try {
            for (LiveSession session : sessions.all()) {
                session.join(deadline);
            }
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    private static String place(ListenerSettings settings) {
        InetSocketAddress address = settings.bind();
        return settings.socket()
                .map(UnixSocket::toString)
                .orElseGet(() -> address.getHostString() + ":" + address.getPort());
    }

    private static String words(String listener, String place, IOException failure) {
        String said = String.valueOf(failure.getMessage());
        String what;
        if (said.contains("in use")) {
            what = place + " is in use by another program";
        } else if (said.contains("assign")) {
            what = place + " is not an address of this machine";
        } else if (place.startsWith("unix:")) {
            what = place + " can't be bound: " + said;
        } else if (said.contains("ermission") || said.contains("denied")) {
            what = place + " may not be bound: ports below 1024 need a privilege";
        } else {
            what = place + " can't be bound: " + said;
        }
        return "listener " + listener + ": " + what;
    }
}
