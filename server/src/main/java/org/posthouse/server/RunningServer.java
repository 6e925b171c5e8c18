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

/** The bound listeners of a server, from start to stop. */
final class RunningServer {
    /** A session that was cut ends at once; a hook that ignores interruption may not. */
    private static final Duration CUT_TIMEOUT = Duration.ofSeconds(10);

    private final Platform platform;
    private final List<Listener> listeners;
    private final Sessions sessions;
    private final List<Task> acceptors = Collections.synchronizedList(new ArrayList<>());

    private RunningServer(Platform platform, List<Listener> listeners, Sessions sessions) {
        this.platform = platform;
        this.listeners = List.copyOf(listeners);
        this.sessions = sessions;
    }

    /** Binds all or none. */
    static RunningServer bind(
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
        return new RunningServer(platform, bound, sessions);
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
            for (Listener listener : listeners) {
                acceptors.add(platform.threads().start("listener-" + listener.name(), listener));
            }
            started = true;
        } finally {
            if (!started) {
                unbind();
            }
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
            for (Task acceptor : List.copyOf(acceptors)) {
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
