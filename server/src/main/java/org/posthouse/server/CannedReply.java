package org.posthouse.server;

import org.posthouse.core.EnhancedStatus;
import org.posthouse.core.Reply;

import java.util.List;

/** A reply that is said often, encoded once. */
final class CannedReply {
    private final Reply reply;
    private final byte[] octets;

    private CannedReply(Reply reply) {
        this.reply = reply;
        this.octets = reply.wire();
    }

    static CannedReply of(int code, String status, String text) {
        return new CannedReply(Reply.of(code, status, text));
    }

    /** Without an enhanced status: greeting, hello, 334, 354 (RFC 2034 section 3). */
    static CannedReply plain(int code, String text) {
        return new CannedReply(Reply.plain(code, text));
    }

    /** Several lines without an enhanced status, as EHLO has. */
    static CannedReply lines(int code, List<String> lines) {
        return new CannedReply(new Reply(code, EnhancedStatus.NONE, lines));
    }

    Reply reply() {
        return reply;
    }

    /** The reply as it goes over the wire; not to be changed. */
    byte[] octets() {
        return octets;
    }
}
