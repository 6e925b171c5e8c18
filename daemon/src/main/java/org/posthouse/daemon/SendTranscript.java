package org.posthouse.daemon;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * What two hosts say to each other, line by line with the time since the last thing said. Secrets
 * and contents are left out.
 */
final class SendTranscript {
    private static final int COLUMNS = 66;
    private static final double NANOS_PER_MILLI = 1e6;

    private final PrintWriter out;
    private final boolean json;
    private final LongSupplier nanos;
    private final StringBuilder half = new StringBuilder();
    private long lastNanos;
    private boolean stopped;
    private boolean isLogin;
    private boolean isContent;
    private long contentOctets;

    SendTranscript(PrintWriter out, boolean json, LongSupplier nanos) {
        this.out = out;
        this.json = json;
        this.nanos = nanos;
        lastNanos = nanos.getAsLong();
    }

    /** Something that nobody says: a connection, TLS. */
    void note(String text) {
        line("-", text);
    }

    /** Nothing more is said, as was asked. */
    void stop() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }

    /** In the middle of AUTH. */
    boolean isLogin() {
        return isLogin;
    }

    /** The client says this. */
    void said(byte[] octets, int offset, int length) {
        String text = new String(octets, offset, length, StandardCharsets.UTF_8);
        if (isContent) {
            contentOctets += length;
            return;
        }
        for (String line : text.split("\r\n", -1)) {
            if (line.isEmpty()) {
                continue;
            }
            line("C", isLogin ? "*** (" + line.length() + " characters)" : hidden(line));
            String upper = line.toUpperCase(Locale.ROOT);
            isLogin |= upper.startsWith("AUTH ");
            isContent = upper.equals("DATA");
        }
    }

    /** AUTH with its first answer tells a secret. */
    private static String hidden(String line) {
        String[] words = line.split(" ", 3);
        return words.length == 3 && words[0].equalsIgnoreCase("AUTH")
                ? words[0] + " " + words[1] + " ***"
                : line;
    }

    /** The host says this. */
    void heard(byte[] octets, int offset, int length) {
        half.append(new String(octets, offset, length, StandardCharsets.UTF_8));
        int end = half.indexOf("\n");
        while (end >= 0) {
            reply(half.substring(0, end).stripTrailing());
            half.delete(0, end + 1);
            end = half.indexOf("\n");
        }
    }

    private void reply(String line) {
        if (isContent && contentOctets > 0) {
            long since = lastNanos;
            line("C", "(" + Figures.octets(contentOctets) + " of content)");
            lastNanos = since;
            contentOctets = 0;
        }
        boolean goesOn = line.startsWith("3");
        isContent = isContent && goesOn;
        isLogin = isLogin && goesOn;
        line("S", line);
    }

    private void line(String who, String text) {
        long now = nanos.getAsLong();
        double millis = (now - lastNanos) / NANOS_PER_MILLI;
        lastNanos = now;
        String safe = text.replaceAll("\\p{Cntrl}", "?");
        if (json) {
            out.println(
                    JsonLine.of(
                            to ->
                                    to.text("who", who)
                                            .text("text", safe)
                                            .number("micros", Math.round(millis * 1000))));
        } else {
            String pad = " ".repeat(Math.max(1, COLUMNS - safe.length()));
            String time =
                    who.equals("C") ? "" : pad + String.format(Locale.ROOT, "%9.2f ms", millis);
            out.println(who + " " + safe + time);
        }
        out.flush();
    }
}
