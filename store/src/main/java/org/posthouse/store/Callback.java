package org.posthouse.store;

import org.posthouse.core.Outcome;

import java.util.Objects;
import java.util.function.Consumer;

/**
 * Hands local mail to the program. A handler that returns has taken the message; one that throws
 * gets it again later. (One that wants to say more implements {@link MessageStore} itself.)
 *
 * @since 0.1
 */
public final class Callback implements MessageStore {
    private static final System.Logger LOG = System.getLogger("org.posthouse.store");
    private final Consumer<LocalMail> handler;

    private Callback(Consumer<LocalMail> handler) {
        this.handler = Objects.requireNonNull(handler);
    }

    /** Called once a recipient, from many threads; the content is closed when it returns. */
    public static Callback to(Consumer<LocalMail> handler) {
        return new Callback(handler);
    }

    @Override
    public Outcome store(LocalMail mail) {
        try {
            handler.accept(mail);
            return Outcomes.STORED;
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "the handler of local mail failed", e);
            return Outcomes.broken();
        }
    }
}
