package org.posthouse.server;

import org.posthouse.core.Command;
import org.posthouse.core.ContentSink;
import org.posthouse.core.DataDecoder;
import org.posthouse.server.SessionPolicy.StageVerdict;
import org.posthouse.server.SessionState.Closing;
import org.posthouse.server.SessionState.Receiving;

import java.io.IOException;
import java.util.Optional;

/**
 * Reads the content of DATA (RFC 5321 section 4.1.1.4) and the chunks of BDAT (RFC 3030 section 2).
 * What the client announced is always read to its end, whatever becomes of it, so that content
 * never runs as commands; only what is absurdly long ends the session.
 */
final class ContentReceiver {
    /** Octets beyond twice the message limit that are read only to be dropped. */
    private static final long DROPPED_OCTETS_EXTRA = 1 << 20;

    private final Reception reception;
    private final Dialogue dialogue;
    private final Wire wire;
    private final Acceptance acceptance;
    private final Patience patience;

    ContentReceiver(
            Reception reception,
            Dialogue dialogue,
            Wire wire,
            Acceptance acceptance,
            Patience patience) {
        this.patience = patience;
        this.reception = reception;
        this.dialogue = dialogue;
        this.wire = wire;
        this.acceptance = acceptance;
    }

    /** Opens a place for content; refuses the command and returns nothing when that fails. */
    Optional<IncomingContent> open(String stage, Transaction transaction) throws IOException {
        switch (reception.policy().data(acceptance.session())) {
            case StageVerdict.Proceed p -> {}
            case StageVerdict.Say s -> {}
            case StageVerdict.Refuse r -> {
                dialogue.refuse(stage, "", r.code(), r.reply());
                return Optional.empty();
            }
            case StageVerdict.Disconnect d -> {
                dialogue.refuse(stage, "", d.code(), d.reply());
                wire.flush(patience.command());
                throw new SessionEnded(Replies.DISCONNECTED, true);
            }
        }
        return opened(stage, transaction);
    }

    private Optional<IncomingContent> opened(String stage, Transaction transaction) {
        try {
            ContentSink sink = reception.intake().openContent();
            var check =
                    new ContentCheck(
                            reception.limits(),
                            reception.settings().content(),
                            transaction.options());
            return Optional.of(
                    new IncomingContent(
                            sink,
                            new IncomingContent.Bounds(
                                    patience.content(),
                                    reception.contentMemory().part(patience.isStranger())),
                            check,
                            acceptance.headerStage(transaction)));
        } catch (RuntimeException e) {
            reception.policy().failed("content", e);
            dialogue.refuse(stage, "", Codes.HOOK_FAILED, Replies.LOCAL_ERROR);
            return Optional.empty();
        }
    }

    /** Runs DATA; the state that follows. */
    SessionState data(Receiving from) throws IOException {
        IncomingContent content = from.content();
        wire.say(Replies.SEND_CONTENT);
        wire.flush(content.clock().deadline());
        if (!readToDot(content)) {
            return tooMuch(from.heloName());
        }
        return acceptance.decide("DATA", from, reception.repliesTo(from.transaction()));
    }

    /** Runs a BDAT; the state that follows. */
    SessionState chunk(Receiving from, Command.Bdat command) throws IOException {
        IncomingContent content = from.content();
        if (!readChunk(content, command.octets())) {
            return tooMuch(from.heloName());
        }
        if (content.flaw().isEmpty() && !command.last()) {
            dialogue.say(Replies.CHUNK_OK);
            return from;
        }
        content.end(false);
        int replies = command.last() ? reception.repliesTo(from.transaction()) : 1;
        return acceptance.decide("BDAT", from, replies);
    }

    /** Reads the octets of a chunk that was refused; false when there are too many. */
    boolean skip(long octets) throws IOException {
        return octets <= wireOctetsMax() && pass(octets, patience.content(), Optional.empty());
    }

    /** Reads up to the end of DATA; false when the client sends without end. */
    private boolean readToDot(IncomingContent content) throws IOException {
        var decoder = new DataDecoder();
        ContentClock clock = content.clock();
        while (!decoder.ended()) {
            int there = wire.available(clock.deadline());
            int taken =
                    decoder.decode(
                            wire.buffer(), wire.position(), wire.position() + there, content);
            wire.consume(taken);
            clock.add(taken);
            if (clock.octets() > wireOctetsMax()) {
                return false;
            }
        }
        content.end(decoder.sawBareLineEnd());
        return true;
    }

    private boolean readChunk(IncomingContent content, long octets) throws IOException {
        return content.clock().octets() + octets <= wireOctetsMax()
                && pass(octets, content.clock(), Optional.of(content));
    }

    private boolean pass(long octets, ContentClock clock, Optional<IncomingContent> content)
            throws IOException {
        long left = octets;
        while (left > 0) {
            int there = (int) Math.min(left, wire.available(clock.deadline()));
            if (content.isPresent()) {
                content.get().takeChunk(wire.buffer(), wire.position(), there);
            }
            wire.consume(there);
            clock.add(there);
            left -= there;
        }
        return true;
    }

    /** Refuses what is far too long, and ends the session: what follows is not read. */
    SessionState tooMuch(String heloName) {
        dialogue.refuse("content", "", Codes.SIZE, Replies.TOO_BIG);
        dialogue.farewell(Codes.SIZE, Replies.OUT_OF_STEP);
        return new Closing(heloName, "message far too big");
    }

    private long wireOctetsMax() {
        long max = reception.limits().messageOctetsMax();
        return max <= 0 || max > Long.MAX_VALUE / 4
                ? Long.MAX_VALUE / 2
                : 2 * max + DROPPED_OCTETS_EXTRA;
    }
}
