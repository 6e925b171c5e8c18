package org.posthouse.client;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.DataEncoder;
import org.posthouse.core.MailEvent.Step;
import org.posthouse.core.MailOptions;
import org.posthouse.core.OctetOutput;
import org.posthouse.core.Recipient;
import org.posthouse.core.Reply;
import org.posthouse.core.Ret;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One transaction on the wire, used once. The envelope leaves in one write where the host offers
 * PIPELINING, with DATA behind it; where it offers CHUNKING too and is known well enough, small
 * content leaves in the same write. Replies are matched in order. A recipient whose answer is not
 * settled when the conversation breaks is AMBIGUOUS from the moment on when the last octet was
 * handed over, LOST before.
 */
final class Exchange {
    /** Content up to this size may ride with its envelope. */
    static final int STREAMED_OCTETS_MAX = 64 * 1024;

    private static final int BLOCK_OCTETS = 32 * 1024;
    private static final int SERVICE_CLOSING = 421;

    private final Conversation wire;
    private final ClientTimeouts timeouts;
    private final Extensions extensions;
    private final Steps steps;
    private final Transaction transaction;
    private final Fit fit;
    private final @Nullable Answer[] answers;
    private Stage stage = Stage.MAIL;
    private boolean handedOver;
    private boolean usable = true;
    private boolean clean = true;

    Exchange(
            Conversation wire,
            ClientSettings settings,
            Extensions extensions,
            Steps steps,
            Transaction transaction) {
        this.wire = wire;
        this.timeouts = settings.timeouts();
        this.extensions = extensions;
        this.steps = steps;
        this.transaction = transaction;
        fit = new Fit(extensions, transaction);
        answers = new Answer[transaction.recipients().size()];
    }

    /** The conversation goes on after this transaction. */
    boolean isUsable() {
        return usable;
    }

    /** The host stands before MAIL again; otherwise a RSET is due. */
    boolean isClean() {
        return clean;
    }

    /** The host took the message for somebody. */
    boolean wentWell() {
        return Arrays.stream(answers).anyMatch(answer -> answer != null && answer.isDelivered());
    }

    /**
     * Runs it.
     *
     * @param alive the conversation still stands
     * @param resetFirst the host may be in a transaction: RSET goes first
     * @param mayStream content may leave before the envelope was answered
     */
    List<Answer> run(boolean alive, boolean resetFirst, boolean mayStream) {
        clean = !resetFirst;
        if (!alive) {
            usable = false;
            fill(Answer.Kind.LOST, Reply.of(421, "4.4.2", "the connection is closed"));
            return all();
        }
        try {
            if (isSupported()) {
                converse(resetFirst, mayStream && !resetFirst);
            }
        } catch (IOException e) {
            usable = false;
            fill(lost(), Conversation.wordsFor(e, when()));
        } catch (UncheckedIOException e) {
            usable = false;
            fill(lost(), Reply.of(451, "4.3.0", "the content can't be read from the spool"));
        }
        return all();
    }

    /** Who reads a log or a report must see where a second copy may come from. */
    private String when() {
        return handedOver ? "after the whole message (perhaps delivered)" : "in " + stage;
    }

    private Answer.Kind lost() {
        return handedOver ? Answer.Kind.AMBIGUOUS : Answer.Kind.LOST;
    }

    /** Sorts out what this host can't take; true when somebody is left. */
    private boolean isSupported() {
        Reply refusal = fit.unsupported();
        if (refusal != null) {
            fill(Answer.Kind.UNSUPPORTED, refusal);
            return false;
        }
        for (int i = 0; i < answers.length; i++) {
            Reply reply = fit.unsupported(transaction.recipients().get(i).mailbox());
            if (reply != null) {
                answers[i] = new Answer(Answer.Kind.UNSUPPORTED, Stage.RCPT, reply);
            }
        }
        return isAnyoneOpen();
    }

    private void converse(boolean resetFirst, boolean mayStream) throws IOException {
        clean = false;
        boolean[] sent = new boolean[answers.length];
        for (int i = 0; i < sent.length; i++) {
            sent[i] = answers[i] == null;
        }
        if (extensions.pipelining()) {
            pipelined(sent, resetFirst, mayStream);
        } else {
            lockStep(sent, resetFirst);
        }
    }

    private void pipelined(boolean[] sent, boolean resetFirst, boolean mayStream)
            throws IOException {
        boolean chunking = extensions.chunking();
        boolean streaming =
                chunking && mayStream && transaction.content().octets() <= STREAMED_OCTETS_MAX;
        if (resetFirst) {
            wire.add("RSET\r\n");
        }
        addMail();
        for (int i = 0; i < sent.length; i++) {
            if (sent[i]) {
                addRcpt(transaction.recipients().get(i));
            }
        }
        if (streaming) {
            addChunk();
        } else if (!chunking) {
            wire.add("DATA\r\n");
        }
        steps.reached(Step.MAIL);
        wire.flush(timeouts.command());
        handedOver = streaming;
        if (!envelopeReplies(sent, resetFirst)) {
            return;
        }
        if (streaming) {
            last();
        } else if (!chunking) {
            data(wire.reply(timeouts.command()));
        } else if (isAnyoneOpen()) {
            chunk();
        }
    }

    private void lockStep(boolean[] sent, boolean resetFirst) throws IOException {
        if (resetFirst) {
            wire.add("RSET\r\n");
            wire.flush(timeouts.command());
            if (!resetReply()) {
                return;
            }
        }
        steps.reached(Step.MAIL);
        addMail();
        wire.flush(timeouts.command());
        mailReply();
        stage = Stage.RCPT;
        for (int i = 0; i < sent.length && usable; i++) {
            if (sent[i] && answers[i] == null) {
                addRcpt(transaction.recipients().get(i));
                wire.flush(timeouts.command());
                rcptReply(i);
            }
        }
        if (!usable || !isAnyoneOpen()) {
            return;
        }
        if (extensions.chunking()) {
            chunk();
        } else {
            stage = Stage.DATA;
            data(wire.exchange("DATA\r\n", timeouts.command()));
        }
    }

    /** Reads the replies to a pipelined envelope; false when the conversation is over. */
    private boolean envelopeReplies(boolean[] sent, boolean resetFirst) throws IOException {
        if (resetFirst && !resetReply()) {
            return false;
        }
        mailReply();
        stage = Stage.RCPT;
        steps.reached(Step.RCPT);
        for (int i = 0; i < sent.length && usable; i++) {
            if (sent[i]) {
                rcptReply(i);
            }
        }
        return usable;
    }

    private boolean resetReply() throws IOException {
        Reply reply = wire.reply(timeouts.command());
        if (reply.code() != 250) {
            usable = false;
            fill(Answer.Kind.LOST, reply.isTransient() ? reply : notReset());
        }
        return usable;
    }

    private static Reply notReset() {
        return Reply.of(421, "4.5.0", "the host did not accept RSET");
    }

    private void mailReply() throws IOException {
        Reply reply = envelopeReply();
        if (!reply.isPositive()) {
            fill(Answer.Kind.SAID, reply);
        }
    }

    private void rcptReply(int index) throws IOException {
        Reply reply = envelopeReply();
        if (!reply.isPositive() && answers[index] == null) {
            answers[index] = new Answer(Answer.Kind.SAID, stage, reply);
        }
    }

    private Reply envelopeReply() throws IOException {
        Reply reply = wire.reply(timeouts.command());
        if (reply.isIntermediate()) {
            throw new GarbledReply("a reply that does not fit: " + reply);
        }
        endIfClosing(reply);
        return reply;
    }

    /** After 421 nothing more comes (RFC 5321 section 3.8). */
    private void endIfClosing(Reply reply) {
        if (reply.code() == SERVICE_CLOSING) {
            usable = false;
            fill(Answer.Kind.SAID, reply);
        }
    }

    /** Goes on from the reply to DATA. */
    private void data(Reply reply) throws IOException {
        stage = Stage.DATA;
        endIfClosing(reply);
        if (!reply.isIntermediate()) {
            if (reply.isPositive()) {
                throw new GarbledReply("a reply to DATA that does not fit: " + reply);
            }
            fill(Answer.Kind.SAID, reply);
            return;
        }
        if (!isAnyoneOpen()) {
            // Every recipient was refused and it asks for the content all the same.
            endIfClosing(wire.exchange(".\r\n", timeouts.dataEnd()));
            return;
        }
        stage = Stage.CONTENT;
        steps.reached(Step.DATA);
        var encoder = new DataEncoder();
        OctetOutput<IOException> out = wire.content(timeouts.dataBlock());
        copy((octets, offset, length) -> encoder.encode(octets, offset, offset + length, out));
        encoder.end(out);
        wire.flush(timeouts.dataBlock());
        handedOver = true;
        last();
    }

    /** The whole content as one chunk (RFC 3030), after the envelope was accepted. */
    private void chunk() throws IOException {
        stage = Stage.CONTENT;
        steps.reached(Step.DATA);
        addChunk();
        wire.flush(timeouts.dataBlock());
        handedOver = true;
        last();
    }

    private void addChunk() throws IOException {
        wire.add("BDAT " + transaction.content().octets() + " LAST\r\n");
        copy(wire.content(timeouts.dataBlock()));
    }

    private void copy(OctetOutput<IOException> out) throws IOException {
        long octets = transaction.content().octets();
        var block = new byte[(int) Math.min(BLOCK_OCTETS, octets)];
        long position = 0;
        while (position < octets) {
            int wanted = (int) Math.min(block.length, octets - position);
            int count = transaction.content().read(position, block, 0, wanted);
            if (count < 0) {
                throw new UncheckedIOException(new IOException("the content is too short"));
            }
            out.write(block, 0, count);
            position += count;
        }
    }

    /** The reply to the end of the content. */
    private void last() throws IOException {
        stage = Stage.CONTENT;
        Reply reply = wire.reply(timeouts.dataEnd());
        if (reply.isIntermediate()) {
            throw new GarbledReply("a reply to the content that does not fit: " + reply);
        }
        clean = reply.isPositive() && isAnyoneOpen();
        endIfClosing(reply);
        fill(Answer.Kind.SAID, reply);
    }

    private void addMail() {
        wire.add("MAIL FROM:<");
        wire.add(fit.said(transaction.reversePath()));
        wire.add(">");
        if (extensions.offers("SIZE")) {
            wire.add(" SIZE=" + transaction.content().octets());
        }
        wire.add(fit.body());
        if (fit.sendsUtf8()) {
            wire.add(" SMTPUTF8");
        }
        if (extensions.offers("DSN")) {
            MailOptions options = transaction.options();
            if (options.ret() != Ret.UNSPECIFIED) {
                wire.add(" RET=" + options.ret().name());
            }
            if (!options.envelopeId().isEmpty()) {
                wire.add(" ENVID=" + options.envelopeId());
            }
        }
        wire.add("\r\n");
    }

    private void addRcpt(Recipient recipient) {
        wire.add("RCPT TO:<");
        wire.add(fit.said(recipient.mailbox()));
        wire.add(">");
        if (extensions.offers("DSN")) {
            if (recipient.notifyOn().specified()) {
                wire.add(" NOTIFY=" + recipient.notifyOn().value());
            }
            if (!recipient.originalRecipient().isEmpty() && fit.canSay(recipient)) {
                wire.add(" ORCPT=" + recipient.originalRecipient());
            }
        }
        wire.add("\r\n");
    }

    private boolean isAnyoneOpen() {
        for (Answer answer : answers) {
            if (answer == null) {
                return true;
            }
        }
        return false;
    }

    private void fill(Answer.Kind kind, Reply reply) {
        for (int i = 0; i < answers.length; i++) {
            if (answers[i] == null) {
                answers[i] = new Answer(kind, stage, reply);
            }
        }
    }

    private List<Answer> all() {
        List<Answer> list = new ArrayList<>(answers.length);
        for (Answer answer : answers) {
            if (answer == null) {
                throw new IllegalStateException("a recipient without an answer");
            }
            list.add(answer);
        }
        return list;
    }
}
