package org.posthouse.server;

import java.util.Optional;

/**
 * Where a session stands (RFC 5321 section 4.1.4).
 *
 * <table>
 * <caption>From state to state</caption>
 * <tr><th>from</th><th>command, when it succeeds</th><th>to</th></tr>
 * <tr><td>Connected</td><td>HELO, EHLO</td><td>Identified</td></tr>
 * <tr><td>Identified</td><td>MAIL</td><td>Transacting</td></tr>
 * <tr><td>Transacting</td><td>RCPT</td><td>Transacting</td></tr>
 * <tr><td>Transacting</td><td>DATA, BDAT LAST, accepted or refused</td><td>Identified</td></tr>
 * <tr><td>Transacting, Receiving</td><td>BDAT</td><td>Receiving</td></tr>
 * <tr><td>Receiving</td><td>BDAT LAST, or any refused BDAT</td><td>Identified</td></tr>
 * <tr><td>Transacting, Receiving</td><td>RSET, HELO, EHLO</td><td>Identified</td></tr>
 * <tr><td>Connected, Identified</td><td>STARTTLS</td><td>Connected</td></tr>
 * <tr><td>any</td><td>QUIT, 421, the end of the connection</td><td>Closing</td></tr>
 * </table>
 *
 * <p>Whatever leads out of Transacting drops the transaction as a whole; whatever leads out of
 * Receiving discards the content that was not accepted.
 */
sealed interface SessionState {
    /** The state in a word, for operators. */
    String word();

    /** What the client called itself; empty before HELO or EHLO. */
    default String heloName() {
        return "";
    }

    /** The transaction, when one is open. */
    default Optional<Transaction> open() {
        return Optional.empty();
    }

    /** What HELO or EHLO said. */
    default Identified peer() {
        throw new IllegalStateException("no hello in the state " + word());
    }

    /**
     * Nothing was said yet, or all of it was forgotten by STARTTLS.
     *
     * @param welcome false when the greeting refused the client: only QUIT is left (RFC 5321
     *     section 3.1)
     */
    record Connected(boolean welcome) implements SessionState {
        @Override
        public String word() {
            return "connected";
        }
    }

    /**
     * After HELO or EHLO.
     *
     * @param extended EHLO
     */
    record Identified(String heloName, boolean extended) implements SessionState {
        @Override
        public String word() {
            return "identified";
        }

        @Override
        public Identified peer() {
            return this;
        }
    }

    /** After MAIL. */
    record Transacting(Identified peer, Transaction transaction) implements SessionState {
        @Override
        public String word() {
            return "transacting";
        }

        @Override
        public String heloName() {
            return peer.heloName();
        }

        @Override
        public Optional<Transaction> open() {
            return Optional.of(transaction);
        }
    }

    /** Between the chunks of BDAT. */
    record Receiving(Identified peer, Transaction transaction, IncomingContent content)
            implements SessionState {
        @Override
        public String word() {
            return "receiving";
        }

        @Override
        public String heloName() {
            return peer.heloName();
        }

        @Override
        public Optional<Transaction> open() {
            return Optional.of(transaction);
        }
    }

    /** The last reply was said. */
    record Closing(String heloName, String why) implements SessionState {
        @Override
        public String word() {
            return "closing";
        }
    }
}
