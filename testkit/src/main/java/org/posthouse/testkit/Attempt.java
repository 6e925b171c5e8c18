package org.posthouse.testkit;

import org.posthouse.core.Reply;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * One try of a client to hand over a message: from MAIL to what became of it. The facts may still
 * grow while the client is at it.
 *
 * @since 0.1
 */
public final class Attempt implements MailFacts {
    private final Instant at;
    private final String from;
    private final String login;
    private final List<String> to = new CopyOnWriteArrayList<>();
    private final List<Reply> refusals = new CopyOnWriteArrayList<>();
    private volatile Optional<ReceivedMail> mail = Optional.empty();

    Attempt(Instant at, String from, String login) {
        this.at = at;
        this.from = from;
        this.login = login;
    }

    /** When MAIL came. */
    public Instant at() {
        return at;
    }

    /** The address of MAIL; empty for the null reverse-path. */
    @Override
    public String from() {
        return from;
    }

    /** The addresses of RCPT, refused ones, too. */
    @Override
    public List<String> to() {
        return List.copyOf(to);
    }

    /** The login; empty for none. */
    @Override
    public String login() {
        return login;
    }

    /** What was refused in it, in order. */
    public List<Reply> refusals() {
        return List.copyOf(refusals);
    }

    /** The mail that came of it. */
    public Optional<ReceivedMail> mail() {
        return mail;
    }

    /** The subject, once the mail is here. */
    @Override
    public String subject() {
        return mail.map(ReceivedMail::subject).orElse("");
    }

    @Override
    public List<String> headers(String name) {
        return mail.map(each -> each.headers(name)).orElse(List.of());
    }

    @Override
    public String text() {
        return mail.map(ReceivedMail::text).orElse("");
    }

    /** False as long as nobody can tell whose it is. */
    boolean isTelling() {
        return !to.isEmpty() || !refusals.isEmpty();
    }

    void names(String recipient) {
        to.add(recipient);
    }

    void refused(Reply reply) {
        refusals.add(reply);
    }

    void became(ReceivedMail received) {
        mail = Optional.of(received);
    }

    @Override
    public String toString() {
        String end =
                mail.isPresent() ? "received" : refusals.isEmpty() ? "not ended" : "" + refusals;
        return from + " -> " + String.join(", ", to) + ": " + end;
    }
}
