package org.posthouse.server;

import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvents;
import org.posthouse.platform.Platform;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Whether a listener is under stress: it has almost as many connections as it may have, or memory
 * runs low. Then clients that are neither exempt nor logged in get less time, fewer errors and
 * fewer connections (but for those of this machine), and when memory is all but used up, no
 * session. It ends well below where it began, so that it does not flicker.
 *
 * <table>
 * <caption>When it is on</caption>
 * <tr><th></th><th>begins at</th><th>ends below</th></tr>
 * <tr><td>connections of the listener's most</td><td>80 %</td><td>60 %</td></tr>
 * <tr><td>memory of the most there is</td><td>85 %</td><td>70 %</td></tr>
 * </table>
 */
final class Stress {
    /** For a command of a stranger. */
    static final Duration COMMAND = Duration.ofSeconds(10);

    /** For the content of a stranger, beside the time of its octets at the minimum rate. */
    static final Duration CONTENT = Duration.ofMinutes(1);

    /** A stranger has this share of the connections that a client may have. */
    private static final int CLIENT_SHARE = 4;

    /** But no fewer than these. */
    private static final int CLIENT_LEAST = 5;

    /** Errors of a stranger. */
    static final int ERRORS_MAX = 2;

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final double CONNECTIONS_BEGIN = 0.8;
    private static final double CONNECTIONS_END = 0.6;
    private static final double MEMORY_BEGIN = 0.85;
    private static final double MEMORY_END = 0.7;
    private static final double MEMORY_FULL = 0.93;

    private final Platform platform;
    private final MailEvents events;
    private final Supplier<ListenerSettings> settings;
    private final Set<LiveSession> sessions = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicBoolean on = new AtomicBoolean();
    private volatile double memory;
    private volatile long lookAt;

    Stress(Platform platform, MailEvents events, Supplier<ListenerSettings> settings) {
        this.platform = platform;
        this.events = events;
        this.settings = settings;
        this.lookAt = platform.time().nanos();
    }

    /** A session begins. */
    void entered(LiveSession session) {
        sessions.add(session);
        look(connections.incrementAndGet());
    }

    /** A session ends. */
    void left(LiveSession session) {
        sessions.remove(session);
        look(connections.decrementAndGet());
    }

    boolean isOn() {
        look(connections.get());
        return on.get();
    }

    /** Connections that a stranger of another machine may have now. */
    int connectionsPerClientMax(int most) {
        return isOn() ? Math.max(Math.min(most, CLIENT_LEAST), most / CLIENT_SHARE) : most;
    }

    /** No memory is left for another stranger. */
    boolean isMemoryFull() {
        return isOn() && memory >= MEMORY_FULL;
    }

    private void look(int count) {
        long now = platform.time().nanos();
        if (now - lookAt >= 0) {
            lookAt = now + LOOK_EVERY.toNanos();
            memory = platform.memoryShare();
        }
        boolean before = on.get();
        int most = settings.get().limits().connectionsMax();
        boolean after = decide(before, (double) count / most, memory);
        if (before != after && on.compareAndSet(before, after)) {
            String text =
                    "listener %s is %s under stress: %d connections, %d %% of the memory"
                            .formatted(
                                    settings.get().name(),
                                    after ? "now" : "no longer",
                                    count,
                                    Math.round(memory * 100));
            events.emit(new MailEvent.Trouble(platform.time().now(), Codes.STRESS, text));
            if (after) {
                sessions.forEach(this::hasten);
            }
        }
    }

    /** Those that wait already began when there was more time. */
    private void hasten(LiveSession session) {
        if (isStranger(session)) {
            session.hasten(COMMAND, CONTENT);
        }
    }

    boolean isStranger(LiveSession session) {
        return session.login().isEmpty()
                && !settings.get().limits().exempts(session.clientAddress());
    }

    static boolean decide(boolean on, double connections, double memory) {
        return on
                ? connections >= CONNECTIONS_END || memory >= MEMORY_END
                : connections >= CONNECTIONS_BEGIN || memory >= MEMORY_BEGIN;
    }
}
