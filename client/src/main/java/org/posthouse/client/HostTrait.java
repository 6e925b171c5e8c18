package org.posthouse.client;

/**
 * What was learned about a host beyond what it says, to be remembered for its next conversations.
 *
 * @since 0.1
 */
public enum HostTrait {
    /** Took a message well: content may leave with the first envelope. */
    PROVEN,
    /** Knows HELO only. */
    NO_EHLO,
    /** Closed the connection at EHLO: perhaps it knows HELO only, perhaps it was by chance. */
    CLOSED_AT_EHLO,
    /** Offers STARTTLS but can't do it. */
    BROKEN_STARTTLS,
    /** Offers PIPELINING but loses its step: one command at a time. */
    NO_PIPELINING,
    /** Offers CHUNKING but refuses BDAT: content goes by DATA. */
    NO_CHUNKING,
    /** Answered something that did not fit what was streamed: no content before its envelope. */
    NO_STREAMING,
    /** Cut a conversation with content on its way: the window starts at one. */
    CUT,
    /** Answers sooner by IPv4 than by IPv6. */
    IPV4_FIRST
}
