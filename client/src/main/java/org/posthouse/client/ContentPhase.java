package org.posthouse.client;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.MailEvent.Step;
import org.posthouse.core.Reply;

import java.io.IOException;

/**
 * The content of one transaction, by DATA or BDAT, and the replies to it.
 *
 * <p>In LMTP (RFC 2033 section 4.2) the content has one reply for each recipient that was taken, in
 * order, and none of its own. Each settles its recipient at once: when the conversation breaks
 * between them, those that came count, and the others are AMBIGUOUS.
 */
final class ContentPhase {
    private static final int SYNTAX = 500;
    private static final int NO_PARAMETER = 504;

    private final Conversation wire;
    private final ClientTimeouts timeouts;
    private final Steps steps;
    private final boolean isLmtp;
    private final TransactionWriter writer;
    private final Course course;

    ContentPhase(
            Conversation wire,
            ClientSettings settings,
            Steps steps,
            TransactionWriter writer,
            Course course) {
        this.wire = wire;
        timeouts = settings.timeouts();
        this.steps = steps;
        isLmtp = settings.protocol().isLmtp();
        this.writer = writer;
        this.course = course;
    }

    /**
     * Goes on from the reply to DATA.
     *
     * @param behind its envelope may ride behind the content; null for none
     */
    void data(Reply reply, @Nullable Exchange behind) throws IOException {
        course.enter(Stage.DATA);
        course.endIfClosing(reply, Answer.Kind.SAID);
        if (!reply.isIntermediate()) {
            if (reply.isPositive()) {
                throw new GarbledReply("a reply to DATA that does not fit: " + reply);
            }
            course.fill(Answer.Kind.SAID, reply);
            return;
        }
        if (!course.isAnyoneOpen()) {
            unwanted();
            return;
        }
        if (wire.unread().startsWith("2")) {
            throw new GarbledReply("a reply to content that was not sent: " + wire.unread());
        }
        course.enter(Stage.CONTENT);
        steps.reached(Step.DATA);
        writer.text();
        if (behind != null) {
            behind.ride();
        }
        handOver();
        settle(reply());
    }

    /** Every recipient was refused and it asks for the content all the same. */
    private void unwanted() throws IOException {
        course.endIfClosing(wire.exchange(".\r\n", timeouts.dataEnd()), Answer.Kind.SAID);
        if (isLmtp) {
            course.end(); // nobody knows how many replies that has
        }
    }

    /** The whole content as one chunk (RFC 3030), after the envelope was accepted. */
    void chunk() throws IOException {
        wire.requireSilence();
        course.enter(Stage.CONTENT);
        steps.reached(Step.DATA);
        writer.chunk();
        handOver();
        chunkReply();
    }

    private void handOver() throws IOException {
        wire.flush(timeouts.dataBlock());
        course.handOver();
    }

    /**
     * One that says that BDAT is unknown is no refusal of the message. In LMTP it is the word for
     * one recipient, whatever its code: others are due behind it, and none may stay unread.
     */
    void chunkReply() throws IOException {
        Reply reply = reply();
        if (!isLmtp && course.isAnyoneOpen() && isBdatUnknown(reply)) {
            course.learn(HostTrait.NO_CHUNKING);
            course.leaves(false);
            course.fill(
                    Answer.Kind.LOST,
                    Reply.of(421, "4.5.0", "the host does not take BDAT: " + reply));
        } else {
            settle(reply);
        }
    }

    /** Then the chunk's octets were perhaps taken for commands: a new conversation is needed. */
    private static boolean isBdatUnknown(Reply reply) {
        boolean ofCommands = reply.status().isNone() || reply.status().subject() == 5;
        return reply.code() >= SYNTAX && reply.code() <= NO_PARAMETER && ofCommands;
    }

    /** The next reply to the end of the content. */
    private Reply reply() throws IOException {
        course.enter(Stage.CONTENT);
        Reply reply = wire.reply(timeouts.dataEnd());
        if (reply.isIntermediate()) {
            throw new GarbledReply("a reply to the content that does not fit: " + reply);
        }
        return reply;
    }

    private void settle(Reply reply) throws IOException {
        course.leaves(reply.isPositive() && course.isAnyoneOpen());
        if (isLmtp && course.isAnyoneOpen()) {
            settleEach(reply);
        }
        course.endIfClosing(reply, Answer.Kind.SAID);
        course.fill(Answer.Kind.SAID, reply);
        if (course.wentWell()) {
            course.learn(HostTrait.PROVEN);
        }
    }

    /**
     * What a host says for one recipient counts, whatever becomes of the others. Behind 421 nothing
     * more comes, but the host has had the content: what it made of it for the others it did not
     * say.
     */
    private void settleEach(Reply first) throws IOException {
        boolean isFirst = true;
        for (int i = 0; i < course.recipients() && course.isUsable(); i++) {
            if (course.isOpen(i)) {
                Reply reply = isFirst ? first : reply();
                isFirst = false;
                course.answer(i, Answer.Kind.SAID, reply);
                course.endIfClosing(reply, Answer.Kind.AMBIGUOUS);
            }
        }
    }
}
