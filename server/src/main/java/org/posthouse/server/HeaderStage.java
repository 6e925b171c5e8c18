package org.posthouse.server;

import org.posthouse.server.SessionPolicy.HeaderVerdict;
import org.posthouse.server.SessionPolicy.Heading;

/** Shows the header section of one message to the policy, while the rest is still on its way. */
final class HeaderStage {
    private final GuardedPolicy policy;
    private final LiveSession live;
    private final Transaction transaction;

    HeaderStage(GuardedPolicy policy, LiveSession live, Transaction transaction) {
        this.policy = policy;
        this.live = live;
        this.transaction = transaction;
    }

    /** False: nothing needs to be held back. */
    boolean isWanted() {
        return policy.seesHeader();
    }

    HeaderVerdict ask(byte[] section) {
        return policy.header(live, new Heading(transaction.envelope(), section));
    }

    void failed(String stage, Throwable thrown) {
        policy.failed(stage, thrown);
    }
}
