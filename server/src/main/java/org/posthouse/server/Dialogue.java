package org.posthouse.server;

import org.posthouse.core.MailEvent;
import org.posthouse.core.Reply;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;

/** What a session says, with the counts that end a session that is no good. */
final class Dialogue {
    /**
     * Commands that bring no message on its way (NOOP, RSET, EHLO, VRFY and the like, and those
     * answered by 4yz), since the start or the last accepted message.
     */
    static final int IDLE_COMMANDS_MAX = 1000;

    private final Reception reception;
    private final LiveSession live;
    private final Wire wire;

    /** Recipients more than there may be of which nothing comes, in a session. */
    static final int OVERFLOWS_MAX = 10_000;

    private int errors;
    private int overflows;
    private int idleCommands;

    /** How often the next reply is said. */
    private int times = 1;

    Dialogue(Reception reception, LiveSession live, Wire wire) {
        this.reception = reception;
        this.live = live;
        this.wire = wire;
    }

    /** Has the next reply said so often: LMTP has one for each recipient. */
    void sayTimes(int count) {
        times = count;
    }

    private void write(CannedReply reply) {
        for (; times > 1; times--) {
            wire.say(reply);
        }
        wire.say(reply);
    }

    private void write(Reply reply) {
        for (; times > 1; times--) {
            wire.say(reply);
        }
        wire.say(reply);
    }

    /** Refuses a message for one of its recipients (LMTP): that is no error of the client's. */
    void refuseOne(String stage, String code, Reply reply) {
        Reply said = withCode(reply, code);
        wire.say(said);
        told(stage, "", code, said);
    }

    /**
     * Refuses a recipient more than there may be: those before it are still to be delivered (RFC
     * 5321 section 4.5.3.1.10), so that it is no error and, up to a bound, not counted as idle.
     */
    void overflow(String address, String code, CannedReply reply) {
        wire.say(reply);
        if (++overflows == 1) {
            told("RCPT", address, code, reply.reply());
        } else if (overflows > OVERFLOWS_MAX) {
            idleCommands++;
        }
    }

    /** Takes a recipient; one that was there already brings no message on its way. */
    void taken(boolean isNew, Optional<Reply> own) {
        idleCommands += isNew ? 0 : 1;
        own.ifPresentOrElse(wire::say, () -> wire.say(Replies.RCPT_OK));
    }

    /** Agrees. */
    void say(CannedReply reply) {
        wire.say(reply);
    }

    /** Agrees to what brings no message on its way. */
    void sayIdle(CannedReply reply) {
        idleCommands++;
        wire.say(reply);
    }

    /** Says a hook's own reply to a command that brings no message on its way. */
    void sayIdle(String stage, String code, Reply reply) {
        if (reply.isPositive()) {
            idleCommands++;
            wire.say(reply);
        } else {
            refuse(stage, "", code, reply);
        }
    }

    /** Says the last word about a message that was accepted. */
    void accepted(String id, Optional<Reply> own) {
        errors = 0;
        idleCommands = 0;
        if (own.isPresent()) {
            write(own.get());
            return;
        }
        for (; times > 1; times--) {
            queued(id);
        }
        queued(id);
    }

    private void queued(String id) {
        wire.text("250 2.0.0 queued as ");
        wire.text(id);
        wire.text("\r\n");
    }

    /** Says the last word about a message that was discarded. */
    void discarded(Reply reply) {
        idleCommands++;
        write(reply);
    }

    void refuse(String stage, String address, String code, CannedReply reply) {
        write(reply);
        count(stage, address, code, reply.reply());
    }

    /** Refuses in the words of a hook, with its code in parentheses behind them. */
    void refuse(String stage, String address, String code, Reply reply) {
        Reply said = withCode(reply, code);
        write(said);
        count(stage, address, code, said);
    }

    /** Refuses in these words alone; the code is for the event. */
    void refuseUncoded(String stage, String code, Reply reply) {
        write(reply);
        count(stage, "", code, reply);
    }

    /** Writes 421 and the like, which are no answer to a command. */
    void farewell(String code, CannedReply reply) {
        wire.say(reply);
        told("session", "", code, reply.reply());
    }

    /** Another client speaks, whose errors are to be counted. */
    void beginAgain() {
        errors = 0;
        idleCommands = 0;
    }

    boolean hasTooManyErrors(int most) {
        return errors >= most;
    }

    boolean hasTooManyCommands() {
        return idleCommands >= IDLE_COMMANDS_MAX;
    }

    Instant now() {
        return reception.platform().time().now();
    }

    private void count(String stage, String address, String code, Reply reply) {
        if (reply.isPermanent()) {
            errors++;
        } else {
            idleCommands++;
        }
        told(stage, address, code, reply);
    }

    private void told(String stage, String address, String code, Reply reply) {
        reception
                .events()
                .emit(new MailEvent.Refused(now(), live.number(), stage, address, code, reply));
    }

    private static Reply withCode(Reply reply, String code) {
        if (code.isEmpty()) {
            return reply;
        }
        var lines = new ArrayList<>(reply.lines());
        String last = lines.removeLast();
        String mark = "(" + code + ")";
        lines.add(last.isEmpty() ? mark : last + " " + mark);
        return new Reply(reply.code(), reply.status(), lines);
    }
}
