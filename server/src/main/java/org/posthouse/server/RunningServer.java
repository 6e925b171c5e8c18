package org.posthouse.server;

import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvents;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Network.Listening;
import org.posthouse.platform.Platform;
import org.posthouse.platform.Threads.Task;

import java.io.IOException;
import java.net.InetSocketAddress;
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
            InetSocketAddress address = reception.settings().bind();
            try {
                Listening listening = platform.network().listen(address, backlog);
                bound.add(new Listener(reception, listening, sessions));
            } catch (IOException e) {
                bound.forEach(Listener::close);
                throw new ServerException(
                        Codes.CANNOT_BIND, words(reception.settings().name(), address, e), e);
            }
        }
        return new RunningServer(platform, bound, sessions);
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
        listeners.forEach(listener -> addresses.put(listener.name(), listener.address()));
        return Collections.unmodifiableMap(addresses);
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

    private static String words(String listener, InetSocketAddress address, IOException failure) {
        String place = address.getHostString() + ":" + address.getPort();
        String said = String.valueOf(failure.getMessage());
        String what;
        if (said.contains("in use")) {
            what = place + " is in use by another program";
        } else if (said.contains("assign")) {
            what = place + " is not an address of this machine";
        } else if (said.contains("ermission") || said.contains("denied")) {
            what = place + " may not be bound: ports below 1024 need a privilege";
        } else {
            what = place + " can't be bound: " + said;
        }
        return "listener " + listener + ": " + what;
    }
}
