package org.posthouse.daemon;

import org.posthouse.Answer;
import org.posthouse.core.Recipient;
import org.posthouse.core.Reply;
import org.posthouse.platform.TimeSource;
import org.posthouse.server.SessionView;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** Lets mail to magic addresses fail. */
final class SandboxFaults {
    /** How late {@code slow@x} is answered. */
    static final Duration DELAY = Duration.ofSeconds(10);

    /** Senders and recipients that are remembered as greylisted; the oldest are forgotten. */
    static final int GREYLISTED_MAX = 1000;

    private static final Reply CLOSING = Reply.of(421, "4.3.2", "closed as the address asks for");

    private final SandboxNetwork network;
    private final TimeSource time;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock. */
    private final Map<String, Boolean> greylisted = new LinkedHashMap<>();

    SandboxFaults(SandboxNetwork network, TimeSource time) {
        this.network = network;
        this.time = time;
    }

    /** What a recipient meets. */
    Answer answer(SessionView session, Recipient recipient) {
        return switch (MagicAddress.of(recipient.mailbox().localPart())) {
            case MagicAddress.Plain plain -> Answer.accept();
            case MagicAddress.Says says -> Answer.reply(says.reply());
            case MagicAddress.Closes closes -> new Answer.Disconnect(closes.reply());
            case MagicAddress.Greylists grey ->
                    isNew(session, recipient) ? Answer.reply(grey.reply()) : Answer.accept();
            case MagicAddress.Mutes mutes -> {
                network.mute(session.client());
                yield Answer.accept();
            }
            case MagicAddress.Drops drops -> {
                network.drop(session.client());
                yield new Answer.Disconnect(CLOSING);
            }
            case MagicAddress.Delays delays -> late();
        };
    }

    private boolean isNew(SessionView session, Recipient recipient) {
        String from = session.reversePath().map(path -> path.address()).orElse("");
        String key = from + " " + recipient.mailbox().address();
        lock.lock();
        try {
            if (greylisted.size() >= GREYLISTED_MAX) {
                greylisted.remove(greylisted.keySet().iterator().next());
            }
            return greylisted.put(key, true) == null;
        } finally {
            lock.unlock();
        }
    }

    private Answer late() {
        try {
            time.sleep(DELAY);
            return Answer.accept();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer.Disconnect(CLOSING);
        }
    }
}
