package org.posthouse.server;

import java.io.IOException;

/** Somebody else ended the session: the operator, or the server that stops. */
final class SessionEnded extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient CannedReply farewell;
    private final boolean said;

    /**
     * With the last reply.
     *
     * @param said true when it went out already and the connection is closed
     */
    SessionEnded(CannedReply farewell, boolean said) {
        super(farewell.reply().toString());
        this.farewell = farewell;
        this.said = said;
    }

    CannedReply farewell() {
        return farewell;
    }

    boolean wasSaid() {
        return said;
    }
}
