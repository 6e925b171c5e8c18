package org.posthouse.server;

import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.ReversePath;
import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Threads.Task;
import org.posthouse.platform.TimeSource;
import org.posthouse.platform.TlsFacts;
import org.posthouse.policy.IpAddress;
import org.posthouse.server.ListenerSettings.Protocol;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What others may see of a session, and how they end it. The session's own thread changes the
 * facts; any thread reads them.
 *
 * <p>A session that waits for a command is idle: it has nothing to write, so whoever ends it says
 * the last reply in its place and closes. One that waits for content goes the same way when it is
 * disconnected; a server that stops lets it finish. One that shakes hands is closed without a word,
 * which the client would take for a part of TLS. A session at work finds the wish at its next step.
 */
final class LiveSession implements SessionView {
    private enum Phase {
        AT_WORK,
        IDLE,
        SECURING,
        RECEIVING,
        ENDED
    }

    /** For the last reply to an idle client: its buffers are empty, or it reads nothing. */
    private static final Duration FAREWELL_TIMEOUT = Duration.ofSeconds(1);

    private final long number;
    private final String listener;
    private final Protocol protocol;
    private final Instant connectedAt;
    private final TimeSource time;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.AT_WORK);
    private volatile Optional<CannedReply> farewell = Optional.empty();
    private volatile boolean isDisconnected;
    private volatile boolean isSpokenFor;
    private volatile Optional<Task> task = Optional.empty();
    private volatile Connection connection;
    private volatile InetSocketAddress client;
    private volatile IpAddress clientAddress;
    private volatile IpAddress countedAs;
    private volatile SessionState state = new SessionState.Connected(true);
    private volatile String login = "";

    LiveSession(long number, ListenerSettings settings, Connection connection, TimeSource time) {
        this.number = number;
        listener = settings.name();
        protocol = settings.protocol();
        this.connection = connection;
        this.client = connection.remote();
        this.clientAddress = IpAddress.of(client.getAddress().getAddress());
        this.countedAs = clientAddress;
        this.time = time;
        this.connectedAt = time.now();
    }

    @Override
    public long number() {
        return number;
    }

    @Override
    public String listener() {
        return listener;
    }

    @Override
    public Protocol protocol() {
        return protocol;
    }

    @Override
    public InetSocketAddress client() {
        return client;
    }

    @Override
    public IpAddress clientAddress() {
        return clientAddress;
    }

    @Override
    public String heloName() {
        return state.heloName();
    }

    @Override
    public String login() {
        return login;
    }

    @Override
    public Optional<ReversePath> reversePath() {
        return state.open().map(Transaction::reversePath);
    }

    @Override
    public Optional<MailOptions> mailOptions() {
        return state.open().map(Transaction::options);
    }

    @Override
    public List<Mailbox> recipients() {
        return state.open().map(Transaction::mailboxes).orElse(List.of());
    }

    @Override
    public Optional<TlsFacts> tls() {
        Optional<TlsFacts> facts = connection.tls();
        return isSpokenFor ? facts.map(TlsFacts::withoutPeer) : facts;
    }

    @Override
    public Instant connectedAt() {
        return connectedAt;
    }

    @Override
    public String state() {
        return state.word();
    }

    @Override
    public void disconnect() {
        isDisconnected = true;
        end(Replies.DISCONNECTED);
        if (phase.compareAndSet(Phase.RECEIVING, Phase.ENDED)) {
            sayAndClose(Replies.DISCONNECTED);
        }
    }

    /** The state itself; only the session's own thread enters another. */
    SessionState current() {
        return state;
    }

    void enter(SessionState next) {
        state = next;
    }

    void loggedIn(String identity) {
        login = identity;
    }

    /** A proxy said so, before the session began: the connection counts as that client's. */
    void comesFrom(InetSocketAddress introduced) {
        passesOn(introduced);
        countedAs = clientAddress;
    }

    /**
     * A front end said so. The connection still counts as its own; a certificate that it showed is
     * not its client's.
     */
    void speaksFor(InetSocketAddress introduced) {
        isSpokenFor = true;
        passesOn(introduced);
    }

    private void passesOn(InetSocketAddress introduced) {
        client = introduced;
        clientAddress = IpAddress.of(introduced.getAddress().getAddress());
    }

    /** Whose the connection is where they are counted. */
    IpAddress countedAs() {
        return countedAs;
    }

    void switchTo(Connection secured) {
        connection = secured;
    }

    void runsAs(Task started) {
        task = Optional.of(started);
    }

    /** Waits for the end of its thread. */
    boolean join(Deadline deadline) throws InterruptedException {
        return task.isEmpty() || task.get().join(deadline);
    }

    /** Ends the session with this reply: at once when it is idle, else at its next step. */
    void end(CannedReply reply) {
        farewell = Optional.of(reply);
        if (phase.compareAndSet(Phase.IDLE, Phase.ENDED)) {
            sayAndClose(reply);
        } else if (phase.compareAndSet(Phase.SECURING, Phase.ENDED)) {
            connection.close();
        }
    }

    private void sayAndClose(CannedReply reply) {
        byte[] octets = reply.octets();
        try {
            connection.write(octets, 0, octets.length, time.after(FAREWELL_TIMEOUT));
        } catch (IOException e) {
            // The client is gone or does not listen: nothing more to say.
        }
        connection.close();
    }

    /** What it waits for now comes within so long: a command, a handshake, more of a content. */
    void hasten(Duration command, Duration content) {
        Phase now = phase.get();
        if (now == Phase.IDLE || now == Phase.SECURING) {
            connection.hasten(time.after(command));
        } else if (now == Phase.RECEIVING) {
            connection.hasten(time.after(content));
        }
    }

    /** Ends the session without a word. */
    void cut() {
        farewell = Optional.of(Replies.STOPPING);
        connection.close();
        task.ifPresent(Task::interrupt);
    }

    /** Fails when somebody wants the session to end. */
    void checkEnd() throws SessionEnded {
        Optional<CannedReply> wish = farewell;
        if (wish.isPresent()) {
            throw new SessionEnded(wish.get(), phase.get() == Phase.ENDED);
        }
    }

    /** The session begins to wait for a command. */
    void idle() throws SessionEnded {
        phase.set(Phase.IDLE);
        if (farewell.isPresent()) {
            atWork();
        }
    }

    /** The session begins to shake hands. */
    void securing() throws SessionEnded {
        phase.set(Phase.SECURING);
        if (farewell.isPresent()) {
            phase.set(Phase.ENDED);
            checkEnd();
        }
    }

    /** The session begins to wait for content. */
    void receiving() throws SessionEnded {
        phase.set(Phase.RECEIVING);
        if (isDisconnected) {
            received();
            checkEnd();
        }
    }

    /** Content has come, or will not. */
    void received() throws SessionEnded {
        if (!phase.compareAndSet(Phase.RECEIVING, Phase.AT_WORK)) {
            checkEnd();
        }
    }

    /** The session waits no more, neither for a command nor for a handshake. */
    void atWork() throws SessionEnded {
        Phase now = phase.get();
        if (now != Phase.ENDED) {
            phase.compareAndSet(now, Phase.AT_WORK);
        }
        checkEnd();
    }
}
