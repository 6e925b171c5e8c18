package org.posthouse.server;

import org.posthouse.core.ContentSink;
import org.posthouse.core.HeaderField;
import org.posthouse.core.LineNormaliser;
import org.posthouse.core.OctetOutput;
import org.posthouse.core.Reply;
import org.posthouse.core.TlsWaiver;
import org.posthouse.server.SessionPolicy.HeaderVerdict;

import java.util.Optional;

/**
 * The content of one message while it arrives: passed on to the intake as long as it is acceptable,
 * counted and dropped from then on, so that the session stays in step whatever happens.
 */
final class IncomingContent implements OctetOutput<RuntimeException> {
    /**
     * Why it is refused.
     *
     * @param isOurs the words are ours, which need no code behind them
     * @param closes the connection is closed then
     */
    record Flaw(String code, Reply reply, boolean isOurs, boolean closes) {
        static final Flaw BARE_LINE_END = of(Codes.BARE_LINE_END, Replies.BARE_LINE_END);
        static final Flaw NUL = of(Codes.OCTETS, Replies.NUL);
        static final Flaw EIGHT_BIT = of(Codes.OCTETS, Replies.EIGHT_BIT);
        static final Flaw TOO_BIG = of(Codes.SIZE, Replies.TOO_BIG);
        static final Flaw HEADER_TOO_LONG = of(Codes.SIZE, Replies.HEADER_TOO_LONG);
        static final Flaw NO_MEMORY = of(Codes.STRESS, Replies.NO_MEMORY);
        static final Flaw LOCAL_ERROR = of(Codes.HOOK_FAILED, Replies.LOCAL_ERROR);

        private static Flaw of(String code, CannedReply reply) {
            return new Flaw(code, reply.reply(), true, false);
        }
    }

    private static final byte[] CRLF = {'\r', '\n'};

    private final ContentSink sink;
    private final ContentClock clock;
    private final ContentMemory.Part memory;
    private final HeaderStage stage;
    private final ContentCheck check;
    private final HeaderCapture header;
    private final LineNormaliser chunkLines = new LineNormaliser();
    private Optional<Flaw> flaw = Optional.empty();
    private long octets;
    private long stored;

    /** The header section waits for the word of the policy. */
    private boolean isHolding;

    /**
     * What it may take.
     *
     * @param clock time
     * @param memory memory
     */
    record Bounds(ContentClock clock, ContentMemory.Part memory) {}

    IncomingContent(ContentSink sink, Bounds bounds, ContentCheck check, HeaderStage stage) {
        this.sink = sink;
        this.clock = bounds.clock();
        this.memory = bounds.memory();
        this.stage = stage;
        this.check = check;
        this.header = new HeaderCapture(check.headerOctetsMax());
        this.isHolding = stage.isWanted();
    }

    @Override
    public void write(byte[] from, int offset, int length) {
        octets += length;
        if (flaw.isPresent()) {
            return;
        }
        Optional<Flaw> found =
                octets > check.octetsMax()
                        ? Optional.of(Flaw.TOO_BIG)
                        : check.flaw(from, offset, length);
        if (found.isPresent()) {
            spoil(found.get());
        } else if (!memory.has(held(length))) {
            spoil(Flaw.NO_MEMORY);
        } else if (header.isDone()) {
            pass(from, offset, length);
        } else {
            writeHeader(from, offset, length);
        }
    }

    /**
     * What is in memory with so many octets more; the header section is kept beside the content.
     */
    private long held(int more) {
        long kept = header.isDone() ? header.count() : (long) header.count() + more;
        return Math.min(octets, ContentMemory.HELD_OCTETS_MAX) + 2 * kept;
    }

    private void writeHeader(byte[] from, int offset, int length) {
        int before = header.count();
        header.take(from, offset, length);
        if (header.isOverflown()) {
            spoil(Flaw.HEADER_TOO_LONG);
        } else if (!isHolding) {
            pass(from, offset, length);
        } else if (header.isDone()) {
            release();
            int more = header.count() - before;
            pass(from, offset + more, length - more);
        }
    }

    /** Stores the header section as the policy wants it, and what was held back behind it. */
    private void release() {
        isHolding = false;
        byte[] section = header.section();
        byte[] behind = header.behind();
        switch (stage.ask(section)) {
            case HeaderVerdict.Keep k -> pass(section, 0, section.length);
            case HeaderVerdict.Replace r -> replace(r.headerSection());
            case HeaderVerdict.Refuse r -> spoil(new Flaw(r.code(), r.reply(), false, false));
            case HeaderVerdict.Disconnect d -> spoil(new Flaw(d.code(), d.reply(), false, true));
        }
        pass(behind, 0, behind.length);
    }

    private void replace(byte[] section) {
        if (section.length > check.headerOctetsMax()) {
            spoil(Flaw.HEADER_TOO_LONG);
            return;
        }
        boolean isFirst = header.isMissing() && section.length > 0;
        header.replace(section);
        pass(section, 0, section.length);
        if (isFirst) {
            pass(CRLF, 0, CRLF.length);
        }
    }

    /** Takes octets of a chunk as they are on the wire. */
    void takeChunk(byte[] from, int offset, int length) {
        if (check.isBinary()) {
            write(from, offset, length);
        } else {
            chunkLines.normalise(from, offset, offset + length, this);
        }
    }

    /**
     * Ends the content.
     *
     * @param bareLineEnds whether CR or LF stood alone in DATA
     */
    void end(boolean bareLineEnds) {
        chunkLines.end(this);
        boolean bare = bareLineEnds || chunkLines.sawBareLineEnd();
        if (isHolding && flaw.isEmpty()) {
            release();
        }
        if (bare && check.refusesBareLineEnds() && flaw.isEmpty()) {
            spoil(Flaw.BARE_LINE_END);
        }
    }

    /** By when the rest must come. */
    ContentClock clock() {
        return clock;
    }

    /** Why it is refused; nothing as long as it is fine. */
    Optional<Flaw> flaw() {
        return flaw;
    }

    /** Length of the content as it is stored. */
    long octets() {
        return stored;
    }

    byte[] headerSection() {
        return header.section();
    }

    /** True when the first line would be read as part of the fields put before it. */
    boolean lacksHeader() {
        return header.isMissing();
    }

    boolean has(HeaderField field) {
        return header.count(field) > 0;
    }

    /** It says {@code TLS-Required: No}; the section is looked at again only where it may. */
    boolean waivesTls() {
        return has(HeaderField.TLS_REQUIRED) && TlsWaiver.isIn(header.section());
    }

    int receivedFields() {
        return header.receivedFields();
    }

    ContentSink sink() {
        return sink;
    }

    /** Nothing of it is kept; does nothing when the intake accepted it. */
    void discard() {
        header.drop();
        memory.release();
        try {
            sink.discard();
        } catch (RuntimeException e) {
            stage.failed("discard", e);
        }
    }

    private void pass(byte[] from, int offset, int length) {
        if (flaw.isPresent() || length == 0) {
            return;
        }
        stored += length;
        try {
            sink.write(from, offset, length);
        } catch (RuntimeException e) {
            stage.failed("content", e);
            spoil(Flaw.LOCAL_ERROR);
        }
    }

    private void spoil(Flaw found) {
        flaw = Optional.of(found);
        discard();
    }
}
