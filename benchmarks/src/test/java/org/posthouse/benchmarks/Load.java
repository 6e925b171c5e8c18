package org.posthouse.benchmarks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What clients send.
 *
 * @param connections that are open at the same time
 * @param size of a message, in octets
 * @param many messages follow each other on a connection, otherwise each has one of its own
 * @param pipelined everything that may go ahead of a reply does (RFC 2920), and the next envelope
 *     rides with the content before it; otherwise each command waits for its reply
 */
record Load(int connections, int size, boolean many, boolean pipelined) {
    static final String SENDER = "from@bench.example";
    static final String RECIPIENT = "to@dest.example";

    private static final String HELLO = "EHLO bench.example\r\n";
    private static final String MAIL = "MAIL FROM:<" + SENDER + ">\r\n";
    private static final String RCPT = "RCPT TO:<" + RECIPIENT + ">\r\n";
    private static final String DATA = "DATA\r\n";
    private static final String QUIT = "QUIT\r\n";
    private static final String HEADER =
            "From: <" + SENDER + ">\r\nTo: <" + RECIPIENT + ">\r\nSubject: load\r\n\r\n";
    private static final String LINE = "x".repeat(62) + "\r\n";
    private static final String END = ".\r\n";

    /**
     * What is written at once, and how many replies it gets before anything else is written.
     *
     * @param ends the first of these replies is the one to a message
     * @param another the step behind it when a further message can begin here, by its place in the
     *     list; or {@link #NONE}
     * @param next the step behind it otherwise; {@link #NONE} ends the connection
     */
    record Step(ByteBuffer octets, int replies, boolean ends, int another, int next) {}

    /** No step. */
    static final int NONE = -1;

    /** The steps of a connection behind its greeting. */
    Step[] steps() {
        return pipelined ? pipelinedSteps() : singleSteps();
    }

    private Step[] singleSteps() {
        return new Step[] {
            new Step(octets(HELLO), 1, false, NONE, 1),
            new Step(octets(MAIL), 1, false, NONE, 2),
            new Step(octets(RCPT), 1, false, NONE, 3),
            new Step(octets(DATA), 1, false, NONE, 4),
            new Step(octets(content()), 1, true, many ? 1 : NONE, 5),
            new Step(octets(QUIT), 1, false, NONE, NONE)
        };
    }

    private Step[] pipelinedSteps() {
        String envelope = MAIL + RCPT + DATA;
        int another = many ? 2 : NONE;
        return new Step[] {
            new Step(octets(HELLO), 1, false, NONE, 1),
            new Step(octets(envelope), 3, false, another, 3),
            new Step(octets(content() + envelope), 4, true, another, 3),
            new Step(octets(content() + QUIT), 2, true, NONE, NONE)
        };
    }

    private String content() {
        int lines = Math.max(1, (size - HEADER.length()) / LINE.length());
        return HEADER + LINE.repeat(lines) + END;
    }

    private static ByteBuffer octets(String text) {
        byte[] octets = text.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocateDirect(octets.length).put(octets).flip().asReadOnlyBuffer();
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s, %d connection%s, %s, %s",
                size % 1024 == 0 ? size / 1024 + " KiB" : size + " octets",
                connections,
                connections == 1 ? "" : "s",
                many ? "many messages each" : "one message each",
                pipelined ? "pipelined" : "step by step");
    }
}
