package org.posthouse.benchmarks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What clients send.
 *
 * @param connections that are open at the same time
 * @param size of a message, in octets
 * @param many messages follow each other on a connection, otherwise each has one of its own
 * @param pipelined everything that may go ahead of a reply does (RFC 2920), and the next envelope
 *     rides with the content before it; otherwise each command waits for its reply
 * @param secured by STARTTLS
 */
record Load(int connections, int size, boolean many, boolean pipelined, boolean secured) {
    static final String SENDER = "from@bench.example";
    static final String RECIPIENT = "to@dest.example";

    private static final String HELLO = "EHLO bench.example\r\n";
    private static final String STARTTLS = "STARTTLS\r\n";
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
     * @param next the step behind it otherwise; {@link #NONE} ends the connection, {@link #SECURE}
     *     begins TLS
     */
    record Step(ByteBuffer octets, int replies, boolean ends, int another, int next) {}

    /** No step. */
    static final int NONE = -1;

    /** TLS, and then the step behind this one. */
    static final int SECURE = -2;

    /** The steps of a connection behind its greeting. */
    List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        steps.add(new Step(octets(HELLO), 1, false, NONE, 1));
        if (secured) {
            steps.add(new Step(octets(STARTTLS), 1, false, NONE, SECURE));
            steps.add(new Step(octets(HELLO), 1, false, NONE, steps.size() + 1));
        }
        if (pipelined) {
            addPipelined(steps, steps.size());
        } else {
            addSingle(steps, steps.size());
        }
        return steps;
    }

    private void addSingle(List<Step> steps, int first) {
        steps.add(new Step(octets(MAIL), 1, false, NONE, first + 1));
        steps.add(new Step(octets(RCPT), 1, false, NONE, first + 2));
        steps.add(new Step(octets(DATA), 1, false, NONE, first + 3));
        steps.add(new Step(octets(content()), 1, true, many ? first : NONE, first + 4));
        steps.add(new Step(octets(QUIT), 1, false, NONE, NONE));
    }

    private void addPipelined(List<Step> steps, int first) {
        String envelope = MAIL + RCPT + DATA;
        int another = many ? first + 1 : NONE;
        steps.add(new Step(octets(envelope), 3, false, another, first + 2));
        steps.add(new Step(octets(content() + envelope), 4, true, another, first + 2));
        steps.add(new Step(octets(content() + QUIT), 2, true, NONE, NONE));
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
                "%s, %d connection%s, %s, %s%s",
                size % 1024 == 0 ? size / 1024 + " KiB" : size + " octets",
                connections,
                connections == 1 ? "" : "s",
                many ? "many messages each" : "one message each",
                pipelined ? "pipelined" : "step by step",
                secured ? ", TLS" : "");
    }
}
