package org.posthouse.simulation;

/** Replies stand for the commands they answer: among others are some whose replies are known. */
final class RepliesComeInOrder {
    private static final int CLOSING = 421;

    private RepliesComeInOrder() {}

    /** Asked at the reply to such a command. */
    static void check(Ledger ledger, String command, int expected, String reply) {
        int code = Integer.parseInt(reply.substring(0, 3));
        if (code != expected && code != CLOSING) {
            ledger.amiss(RepliesComeInOrder.class, "to " + command + ": " + reply);
        }
    }
}
