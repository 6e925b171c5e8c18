package org.posthouse.server;

import org.posthouse.core.MailEvent;
import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Network.Listening;
import org.posthouse.platform.TimeSource;
import org.posthouse.platform.UnixSocket;
import org.posthouse.policy.IpAddress;
import org.posthouse.server.ListenerSettings.Tls;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/** A bound port: accepts connections, and starts a session for each that is admitted. */
final class Listener implements Runnable {
    private static final System.Logger LOG = System.getLogger(Listener.class.getName());

    /** After a failed accept (too many open files): as long as it takes to get some back. */
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(100);

    /** For the reply to a client that is not admitted; its buffers are empty. */
    static final Duration TURN_AWAY_TIMEOUT = Duration.ofSeconds(1);

    private final Reception reception;
    private final Listening listening;
    private final Sessions sessions;
    private final Admission admission;
    private final Introduction introduction;
    private int failuresInARow;

    Listener(Reception reception, Listening listening, Sessions sessions) {
        this.reception = reception;
        this.listening = listening;
        this.sessions = sessions;
        this.admission = new Admission(() -> reception.limits().connectionsMax());
        this.introduction = new Introduction(reception, admission);
    }

    String name() {
        return reception.settings().name();
    }

    InetSocketAddress address() {
        return listening.address();
    }

    Optional<UnixSocket> socket() {
        return reception.settings().socket();
    }

    /** Accepts until closed. */
    @Override
    public void run() {
        while (!listening.isClosed()) {
            try {
                Connection connection = listening.accept();
                failuresInARow = 0;
                welcome(connection);
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                if (!listening.isClosed() && !pauseAfter(e)) {
                    return;
                }
            }
        }
    }

    ListenerSettings settings() {
        return reception.settings();
    }

    /** Other settings for the same place. */
    void change(ListenerSettings next) {
        reception.change(next);
    }

    /** Accepts nothing more. */
    void close() {
        listening.close();
    }

    private void welcome(Connection connection) {
        boolean started = false;
        try {
            IpAddress client = IpAddress.of(connection.remote().getAddress().getAddress());
            boolean isOurs =
                    introduction.isProxy(client)
                            || Xclient.isFor(reception.settings().frontEnds(), client);
            int perClientMax = isOurs ? Integer.MAX_VALUE : reception.connectionsMax(client);
            boolean isLowered = perClientMax < reception.limits().connectionsPerClientMax();
            switch (admission.enter(client, perClientMax)) {
                case ADMITTED -> started = start(connection);
                case LISTENER_FULL ->
                        turnAway(
                                connection,
                                client,
                                Codes.CONNECTIONS,
                                Replies.TOO_MANY_CONNECTIONS);
                case CLIENT_FULL ->
                        turnAway(
                                connection,
                                client,
                                isLowered ? Codes.STRESS : Codes.CONNECTIONS_OF_CLIENT,
                                isLowered ? Replies.UNDER_STRESS : Replies.TOO_MANY_OF_CLIENT);
            }
        } finally {
            if (!started) {
                connection.close();
            }
        }
    }

    private boolean start(Connection connection) {
        var live = new LiveSession(sessions.nextNumber(), reception.settings(), connection, time());
        var session = new Session(reception, live, connection);
        boolean started = false;
        sessions.add(live);
        try {
            live.runsAs(
                    reception
                            .platform()
                            .threads()
                            .start(
                                    "session-" + live.number(),
                                    () -> run(session, live, connection)));
            started = true;
        } finally {
            if (!started) {
                over(live);
            }
        }
        return started;
    }

    private void run(Session session, LiveSession live, Connection connection) {
        boolean begun = false;
        try {
            begun =
                    !introduction.isProxy(live.clientAddress())
                            || introduction.hear(connection, live);
            if (begun) {
                session.run();
            }
        } finally {
            if (!begun) {
                connection.close();
            }
            over(live);
        }
    }

    private void over(LiveSession live) {
        sessions.remove(live);
        admission.leave(live.countedAs());
    }

    private void turnAway(Connection connection, IpAddress client, String code, CannedReply reply) {
        var refused =
                new MailEvent.Refused(
                        time().now(), 0, "connect", client.toString(), code, reply.reply());
        reception.events().emit(refused);
        if (reception.settings().tls() == Tls.IMPLICIT) {
            return; // no clear text on a port that has none
        }
        try {
            Deadline deadline = time().after(TURN_AWAY_TIMEOUT);
            connection.write(reply.octets(), 0, reply.octets().length, deadline);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a client left before it was turned away", e);
        }
    }

    /** Gives the machine time to recover; false when the thread is to end. */
    private boolean pauseAfter(Throwable failure) {
        if (failuresInARow++ == 0) {
            LOG.log(System.Logger.Level.WARNING, "accepting a connection failed", failure);
            String text = "listener " + name() + " can't accept: " + failure.getMessage();
            reception.events().emit(new MailEvent.Trouble(time().now(), Codes.CANNOT_ACCEPT, text));
        }
        try {
            time().sleep(PAUSE_AFTER_FAILURE);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private TimeSource time() {
        return reception.platform().time();
    }
}
