package org.posthouse.testkit;

import org.posthouse.core.Reply;

import java.time.Duration;

/** What a fault does. */
sealed interface FaultAction {
    /** Says this; the session goes on unless it closes. */
    record Refuse(Reply reply, boolean closes) implements FaultAction {}

    /** Waits, then goes on as if nothing had happened. */
    record Delay(Duration pause) implements FaultAction {}

    /** Ends the connection without a word, after so many octets of what the client says. */
    record Drop(long afterOctets) implements FaultAction {}

    /** Says nothing until the test is over. */
    record Hang() implements FaultAction {}

    /** Refuses the first time for each pair of reverse-path and recipient. */
    record Greylist(Reply reply) implements FaultAction {}

    /** The handshake of TLS fails. */
    record TlsFail() implements FaultAction {}

    /** Says what is no reply. */
    record Corrupt() implements FaultAction {}
}
