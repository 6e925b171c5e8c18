package org.posthouse.server;

import org.posthouse.core.Disposition;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Recipient;
import org.posthouse.core.Reply;
import org.posthouse.core.ReversePath;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A policy whose verdicts depend on the names that are used: local.example is ours, whoever logged
 * in may relay, and names such as {@code throws} do what they say.
 */
final class TestPolicy implements SessionPolicy {
    private final boolean hasTokens;

    TestPolicy() {
        this(false);
    }

    TestPolicy(boolean hasTokens) {
        this.hasTokens = hasTokens;
    }

    @Override
    public List<Mechanism> mechanisms() {
        return hasTokens
                ? List.of(Mechanism.OAUTHBEARER, Mechanism.XOAUTH2)
                : SessionPolicy.super.mechanisms();
    }

    @Override
    public String authenticateToken(
            SessionView session, String mechanism, String login, String token) {
        if (token.equals("throws")) {
            throw new IllegalStateException("as asked for");
        }
        boolean isAda = login.isEmpty() || login.equals("ada");
        return token.equals("ada's") && isAda ? "ada" : "";
    }

    @Override
    public StageVerdict hello(SessionView session, String name) {
        return stage(name);
    }

    @Override
    public StageVerdict mail(SessionView session, ReversePath path, MailOptions options) {
        return stage(path.address());
    }

    @Override
    public StageVerdict data(SessionView session) {
        Reply reply = Reply.of(452, "4.2.2", "no content from you");
        return switch (session.heloName()) {
            case "no-content.example" -> new StageVerdict.Refuse(reply, "PH-R110");
            case "away.example" -> new StageVerdict.Disconnect(reply, "PH-R110");
            default -> StageVerdict.PROCEED;
        };
    }

    @Override
    public RecipientVerdict recipient(SessionView session, ReversePath path, Recipient recipient) {
        String domain = recipient.mailbox().domain();
        return switch (recipient.mailbox().localPart()) {
            case "throws" -> throw new IllegalStateException("as asked for");
            case "list" -> new RecipientVerdict.Expand(members(recipient), Optional.empty());
            case "unknown" ->
                    new RecipientVerdict.Refuse(
                            Reply.of(550, "5.1.1", "no such mailbox"), "PH-R120");
            case "later" ->
                    new RecipientVerdict.Refuse(Reply.of(450, "4.2.1", "come back later"), "");
            case "nonsense" -> new RecipientVerdict.Refuse(Reply.of(250, "2.1.5", "no"), "");
            case "disconnect" ->
                    new RecipientVerdict.Disconnect(Reply.of(421, "4.7.1", "enough"), "PH-R130");
            default -> byDomain(session, domain);
        };
    }

    private static List<RecipientVerdict.Target> members(Recipient list) {
        return Stream.of("one", "full")
                .map(name -> new Mailbox(name, list.mailbox().domain()))
                .map(member -> new Recipient(member, list.notifyOn(), list.originalRecipient()))
                .map(member -> new RecipientVerdict.Target(member, Disposition.LOCAL))
                .toList();
    }

    private static RecipientVerdict byDomain(SessionView session, String domain) {
        if (domain.equals("local.example")
                || domain.equals("mx.example")
                || domain.equals("xn--tst-qla.example")
                || domain.equals("[192.0.2.25]")) {
            return new RecipientVerdict.Accept(Disposition.LOCAL);
        }
        if (!session.login().isEmpty()) {
            return new RecipientVerdict.Accept(new Disposition.Relayed("people", ""));
        }
        return new RecipientVerdict.Refuse(
                Reply.of(553, "5.7.1", "sorry, we do not relay"), "PH-R101");
    }

    @Override
    public ContentVerdict content(SessionView session, Submission submission) {
        String header = new String(submission.headerSection(), StandardCharsets.UTF_8);
        if (header.contains("Subject: refuse")) {
            return new ContentVerdict.Refuse(Reply.of(554, "5.6.0", "not this"), "PH-F101");
        }
        if (header.contains("Subject: discard")) {
            return new ContentVerdict.Discard(Reply.of(250, "2.0.0", "gone"));
        }
        if (header.contains("Subject: throw")) {
            throw new AssertionError("as asked for");
        }
        if (header.contains("Subject: split")) {
            return split(submission);
        }
        return header.contains("Subject: add")
                ? ContentVerdict.Accept.as(submission, "X-Added: yes")
                : ContentVerdict.Accept.as(submission);
    }

    /** Some mailboxes are full, and one owner does not want any. */
    private static ContentVerdict split(Submission submission) {
        List<Recipient> recipients = submission.envelope().recipients();
        var refusals = new HashMap<Integer, ContentVerdict.Refuse>();
        for (int i = 0; i < recipients.size(); i++) {
            switch (recipients.get(i).mailbox().localPart()) {
                case "full" ->
                        refusals.put(
                                i,
                                new ContentVerdict.Refuse(
                                        Reply.of(452, "4.2.2", "full"), "PH-F102"));
                case "shy" ->
                        refusals.put(
                                i,
                                new ContentVerdict.Refuse(
                                        Reply.of(550, "5.7.1", "not wanted"), ""));
                default -> {}
            }
        }
        var accept = ContentVerdict.Accept.as(submission, "X-Split: yes");
        return new ContentVerdict.Split(accept, refusals);
    }

    @Override
    public Reply unknown(SessionView session, String verb, String argument) {
        if (verb.equals("XPING")) {
            return Reply.of(250, "2.0.0", "pong " + argument);
        }
        return SessionPolicy.super.unknown(session, verb, argument);
    }

    @Override
    public String authenticate(
            SessionView session, String mechanism, String login, String password) {
        if (login.equals("throws")) {
            throw new IllegalStateException("as asked for");
        }
        boolean right = password.equals("secret") && (login.equals("ada") || login.equals("jürg"));
        return right ? login : "";
    }

    private static StageVerdict stage(String name) {
        if (name.contains("throws")) {
            throw new IllegalStateException("as asked for");
        }
        if (name.contains("refused")) {
            return new StageVerdict.Refuse(Reply.of(550, "5.7.1", "not you"), "PH-R110");
        }
        if (name.contains("goodbye")) {
            return new StageVerdict.Refuse(Reply.of(421, "4.7.0", "not now"), "PH-R110");
        }
        if (name.contains("thrown-out")) {
            return new StageVerdict.Disconnect(Reply.of(554, "5.7.1", "go away"), "PH-R111");
        }
        return StageVerdict.PROCEED;
    }
}
