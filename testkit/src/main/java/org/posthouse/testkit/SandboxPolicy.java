package org.posthouse.testkit;

import org.posthouse.core.Content;
import org.posthouse.core.Disposition;
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvents;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Recipient;
import org.posthouse.core.Reply;
import org.posthouse.core.ReversePath;
import org.posthouse.platform.TimeSource;
import org.posthouse.server.Mechanism;
import org.posthouse.server.SessionPolicy;
import org.posthouse.server.SessionView;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Takes everything, but for what faults say, and keeps the mail and each attempt. The attempt of a
 * session changes on the session's own thread.
 */
final class SandboxPolicy implements SessionPolicy, MailEvents {
    private static final Reply CLOSING = Reply.of(421, "4.3.2", "closing");

    private final Post post;
    private final TimeSource time;
    private final Faults faults;
    private final Map<String, String> logins;
    private final Map<Long, Numbered> current = new ConcurrentHashMap<>();

    private record Numbered(long number, Attempt attempt) {}

    /**
     * Makes one.
     *
     * @param logins passwords by login; empty: any login is right
     */
    SandboxPolicy(Post post, TimeSource time, Faults faults, Map<String, String> logins) {
        this.post = post;
        this.time = time;
        this.faults = faults;
        this.logins = Map.copyOf(logins);
    }

    @Override
    public StageVerdict connect(SessionView session) {
        return stage(Stage.CONNECT, session, "");
    }

    @Override
    public StageVerdict hello(SessionView session, String name) {
        return stage(Stage.HELO, session, name);
    }

    @Override
    public StageVerdict login(SessionView session, String identity) {
        return stage(Stage.AUTH, session, identity);
    }

    @Override
    public StageVerdict mail(SessionView session, ReversePath path, MailOptions options) {
        var attempt = new Attempt(time.now(), path.address(), session.login());
        current.put(session.number(), new Numbered(post.begin(attempt), attempt));
        return stage(Stage.MAIL_FROM, session, path.address());
    }

    @Override
    public RecipientVerdict recipient(SessionView session, ReversePath path, Recipient recipient) {
        String address = recipient.mailbox().address();
        Optional.ofNullable(current.get(session.number()))
                .ifPresent(each -> each.attempt().names(address));
        return switch (stage(Stage.RCPT_TO, session, address)) {
            case StageVerdict.Refuse r -> new RecipientVerdict.Refuse(r.reply(), "");
            case StageVerdict.Disconnect d -> new RecipientVerdict.Disconnect(d.reply(), "");
            case StageVerdict.Proceed p -> new RecipientVerdict.Accept(Disposition.LOCAL);
            case StageVerdict.Say s -> new RecipientVerdict.Accept(Disposition.LOCAL);
        };
    }

    @Override
    public StageVerdict data(SessionView session) {
        return stage(Stage.DATA, session, "");
    }

    @Override
    public ContentVerdict content(SessionView session, Submission submission) {
        switch (stage(Stage.DOT, session, "")) {
            case StageVerdict.Refuse r -> {
                return new ContentVerdict.Refuse(r.reply(), "");
            }
            case StageVerdict.Disconnect d -> {
                return new ContentVerdict.Disconnect(d.reply(), "");
            }
            case StageVerdict.Proceed p -> receive(session, submission);
            case StageVerdict.Say s -> receive(session, submission);
        }
        return ContentVerdict.Accept.as(submission);
    }

    private void receive(SessionView session, Submission submission) {
        Numbered of = current.remove(session.number());
        if (of == null) {
            throw new IllegalStateException("content without MAIL");
        }
        List<String> to =
                submission.envelope().recipients().stream()
                        .map(each -> each.mailbox().address())
                        .toList();
        byte[] raw = octets(submission.content().get());
        post.receive(
                of.number(), of.attempt(), new ReceivedMail(of.attempt(), to, time.now(), raw));
    }

    private static byte[] octets(Content content) {
        try (content;
                InputStream in = content.stream()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<Mechanism> mechanisms() {
        return logins.isEmpty()
                ? List.of(
                        Mechanism.PLAIN, Mechanism.LOGIN, Mechanism.XOAUTH2, Mechanism.OAUTHBEARER)
                : List.of(Mechanism.PLAIN, Mechanism.LOGIN, Mechanism.CRAM_MD5);
    }

    @Override
    public String authenticate(
            SessionView session, String mechanism, String login, String password) {
        boolean isRight = logins.isEmpty() || password.equals(logins.get(login));
        return isRight ? login : "";
    }

    @Override
    public String authenticateToken(
            SessionView session, String mechanism, String login, String token) {
        return logins.isEmpty() ? login : "";
    }

    @Override
    public Optional<String> password(SessionView session, String login) {
        return Optional.ofNullable(logins.get(login));
    }

    @Override
    public void emit(MailEvent event) {
        if (event instanceof MailEvent.Refused refused) {
            Optional.ofNullable(current.get(refused.session()))
                    .ifPresent(each -> each.attempt().refused(refused.reply()));
        } else if (event instanceof MailEvent.SessionClosed closed) {
            current.remove(closed.session());
        }
    }

    @Override
    public boolean wantsSteps() {
        return false;
    }

    private StageVerdict stage(Stage stage, SessionView session, String argument) {
        Numbered of = current.get(session.number());
        String from = of == null ? "" : of.attempt().from();
        List<String> concerned = of == null ? List.of() : of.attempt().to();
        try {
            return faults.strike(
                    new Faults.Moment(stage, argument, from, concerned), session.client());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new StageVerdict.Disconnect(CLOSING, "");
        }
    }
}
