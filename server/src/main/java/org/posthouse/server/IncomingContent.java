package org.posthouse.server;

import org.posthouse.core.ContentSink;
import org.posthouse.core.LineNormaliser;
import org.posthouse.core.OctetOutput;

/**
 * The content of one message while it arrives: passed on to the intake as long as it is acceptable,
 * counted and dropped from then on, so that the session stays in step whatever happens.
 */
final class IncomingContent implements OctetOutput<RuntimeException> {
    /** What is wrong with it. */
    @SuppressWarnings("ImmutableEnumChecker") // nobody changes the octets of a canned reply
    enum Flaw {
        NONE("", Replies.OK),
        BARE_LINE_END(Codes.BARE_LINE_END, Replies.BARE_LINE_END),
        TOO_BIG(Codes.SIZE, Replies.TOO_BIG),
        HEADER_TOO_LONG(Codes.SIZE, Replies.HEADER_TOO_LONG),
        LOCAL_ERROR(Codes.HOOK_FAILED, Replies.LOCAL_ERROR);

        private final String code;
        private final CannedReply reply;

        Flaw(String code, CannedReply reply) {
            this.code = code;
            this.reply = reply;
        }

        String code() {
            return code;
        }

        CannedReply reply() {
            return reply;
        }
    }

    private final ContentSink sink;
    private final ContentClock clock;
    private final GuardedPolicy troubles;
    private final long octetsMax;
    private final HeaderCapture header;
    private final LineNormaliser chunkLines = new LineNormaliser();
    private Flaw flaw = Flaw.NONE;
    private long octets;

    IncomingContent(
            ContentSink sink, ContentClock clock, ServerLimits limits, GuardedPolicy troubles) {
        this.sink = sink;
        this.clock = clock;
        this.troubles = troubles;
        long max = limits.messageOctetsMax();
        this.octetsMax = max <= 0 ? Long.MAX_VALUE : max;
        this.header = new HeaderCapture(limits.headerOctetsMax());
    }

    @Override
    public void write(byte[] from, int offset, int length) {
        octets += length;
        if (flaw != Flaw.NONE) {
            return;
        }
        if (octets > octetsMax) {
            spoil(Flaw.TOO_BIG);
            return;
        }
        if (!header.isDone()) {
            header.take(from, offset, length);
            if (header.isOverflown()) {
                spoil(Flaw.HEADER_TOO_LONG);
                return;
            }
        }
        pass(from, offset, length);
    }

    /** Takes octets of a chunk as they are on the wire. */
    void takeChunk(byte[] from, int offset, int length) {
        chunkLines.normalise(from, offset, offset + length, this);
    }

    /**
     * Ends the content.
     *
     * @param bareLineEnds whether CR or LF stood alone in DATA
     * @param refuseThem whether that is refused
     */
    void end(boolean bareLineEnds, boolean refuseThem) {
        chunkLines.end(this);
        boolean bare = bareLineEnds || chunkLines.sawBareLineEnd();
        if (bare && refuseThem && flaw == Flaw.NONE) {
            spoil(Flaw.BARE_LINE_END);
        }
    }

    /** By when the rest must come. */
    ContentClock clock() {
        return clock;
    }

    Flaw flaw() {
        return flaw;
    }

    /** Length of the content so far. */
    long octets() {
        return octets;
    }

    byte[] headerSection() {
        return header.section();
    }

    /** True when the first line would be read as part of the fields put before it. */
    boolean lacksHeader() {
        return header.isMissing();
    }

    int receivedFields() {
        return header.receivedFields();
    }

    ContentSink sink() {
        return sink;
    }

    /** Nothing of it is kept; does nothing when the intake accepted it. */
    void discard() {
        try {
            sink.discard();
        } catch (RuntimeException e) {
            troubles.failed("discard", e);
        }
    }

    private void pass(byte[] from, int offset, int length) {
        try {
            sink.write(from, offset, length);
        } catch (RuntimeException e) {
            troubles.failed("content", e);
            spoil(Flaw.LOCAL_ERROR);
        }
    }

    private void spoil(Flaw found) {
        flaw = found;
        discard();
    }
}
