package org.posthouse.client;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.Reply;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The course of one transaction: how far it came, what was answered for whom, and what that leaves
 * of the conversation. A recipient's first answer stays. Used by one thread.
 */
final class Course {
    private static final int SERVICE_CLOSING = 421;

    private final @Nullable Answer[] answers;
    private final Set<HostTrait> learned = EnumSet.noneOf(HostTrait.class);
    private Stage stage = Stage.MAIL;
    private boolean handedOver;
    private boolean goodbye;
    private boolean usable = true;
    private boolean clean = true;

    Course(int recipients) {
        answers = new Answer[recipients];
    }

    int recipients() {
        return answers.length;
    }

    Stage stage() {
        return stage;
    }

    void enter(Stage next) {
        stage = next;
    }

    /** The last octet was written: from now on the host may have the message. */
    void handOver() {
        handedOver = true;
    }

    boolean isHandedOver() {
        return handedOver;
    }

    /** The conversation goes on after this transaction. */
    boolean isUsable() {
        return usable;
    }

    /** Nothing more can be said. */
    void end() {
        usable = false;
    }

    /** The host stands before MAIL again; otherwise a RSET is due. */
    boolean isClean() {
        return clean;
    }

    void leaves(boolean isClean) {
        clean = isClean;
    }

    /** The host said 421: what stands behind was not taken. */
    boolean saidGoodbye() {
        return goodbye;
    }

    /** What it taught about the host. */
    Set<HostTrait> learned() {
        return learned;
    }

    void learn(HostTrait trait) {
        learned.add(trait);
    }

    /** The replies do not fit what was sent. */
    void learnLostStep() {
        learn(handedOver ? HostTrait.NO_STREAMING : HostTrait.NO_PIPELINING);
    }

    /** A host that talks out of turn gets content by DATA: 354 shows who answers to what. */
    void learnOutOfTurn() {
        learn(HostTrait.NO_CHUNKING);
        learn(HostTrait.NO_STREAMING);
    }

    /** Who reads a log or a report must see where a second copy may come from. */
    String when() {
        return handedOver ? "after the whole message (perhaps delivered)" : "in " + stage;
    }

    /**
     * After 421 nothing more comes (RFC 5321 section 3.8).
     *
     * @param others what that means for those without an answer
     */
    void endIfClosing(Reply reply, Answer.Kind others) {
        if (reply.code() == SERVICE_CLOSING) {
            usable = false;
            goodbye = true;
            fill(others, reply);
        }
    }

    /** What becomes of those without an answer when the conversation breaks now. */
    Answer.Kind lost() {
        return handedOver ? Answer.Kind.AMBIGUOUS : Answer.Kind.LOST;
    }

    boolean isOpen(int index) {
        return answers[index] == null;
    }

    boolean isAnyoneOpen() {
        for (Answer answer : answers) {
            if (answer == null) {
                return true;
            }
        }
        return false;
    }

    /** For one, unless it has an answer. */
    void answer(int index, Answer.Kind kind, Reply reply) {
        answer(index, new Answer(kind, stage, reply));
    }

    /** The host can't take it for this one: its RCPT is not even sent. */
    void refuse(int index, Reply reply) {
        answer(index, new Answer(Answer.Kind.UNSUPPORTED, Stage.RCPT, reply));
    }

    private void answer(int index, Answer answer) {
        if (answers[index] == null) {
            answers[index] = answer;
        }
    }

    /** For all without an answer. */
    void fill(Answer.Kind kind, Reply reply) {
        for (int i = 0; i < answers.length; i++) {
            answer(i, kind, reply);
        }
    }

    /** The host took the message for somebody. */
    boolean wentWell() {
        return Arrays.stream(answers).anyMatch(answer -> answer != null && answer.isDelivered());
    }

    /** The answers, when everybody has one. */
    List<Answer> all() {
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
