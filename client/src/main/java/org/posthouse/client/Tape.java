package org.posthouse.client;

import org.posthouse.core.Dialogue;
import org.posthouse.core.Dialogue.Speaker;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What is said in one transaction, or up to the first one, in case that somebody wants to know: for
 * a transaction that goes well nothing more is done than that some hundred octets are copied. Of
 * content only its length is kept. Of AUTH nothing is kept but the mechanism and the last reply,
 * whatever a mechanism sends: every line from AUTH up to a reply other than 334 is left out. When
 * it is full, lines in the middle go. One thread uses it.
 */
final class Tape {
    static final int OCTETS_MAX = 16 * 1024;
    static final int LINES_MAX = 512;

    private static final int HIDDEN_LENGTH = 3;
    private static final byte[] AUTH = {'A', 'U', 'T', 'H', ' '};

    private byte[] octets = new byte[512];
    private int[] ends = new int[16];
    private long[] nanos = new long[16];
    private Speaker[] speakers = new Speaker[16];
    private int lines;
    private int count;
    private long content;
    private int unstamped;
    private int gap;
    private int leftOut;
    private boolean isLogin;
    private long begunNanos;

    /** Begins anew. */
    Tape begin(long now) {
        lines = 0;
        count = 0;
        content = 0;
        unstamped = 0;
        leftOut = 0;
        gap = 0;
        isLogin = false;
        begunNanos = now;
        return this;
    }

    /** A piece of what we say; a line ends with LF. */
    void sent(String text) {
        endContent();
        int length = text.length();
        ensure(length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                endCommand();
                ensure(length - i);
            } else if (c > 127) {
                byte[] rest = text.substring(i).getBytes(StandardCharsets.UTF_8);
                ensure(rest.length);
                sent(rest);
                return;
            } else {
                octets[count++] = (byte) c;
            }
        }
    }

    private void sent(byte[] rest) {
        for (byte octet : rest) {
            if (octet == '\n') {
                endCommand();
            } else {
                octets[count++] = octet;
            }
        }
    }

    /** Octets of content that were handed on. */
    void content(int length) {
        content += length;
    }

    /** What was said up to here leaves now. */
    void flushed(long now) {
        endContent();
        Arrays.fill(nanos, Math.min(unstamped, lines), lines, now);
        unstamped = lines;
    }

    /** A line of a reply. */
    void replied(byte[] buffer, int from, int to, long now) {
        boolean isMore = isLogin && to - from >= 3 && buffer[from] == '3';
        int kept = isMore ? 3 : Math.min(to - from, OCTETS_MAX / 8);
        ensure(kept + 1 + HIDDEN_LENGTH);
        System.arraycopy(buffer, from, octets, count, kept);
        count += kept;
        if (isMore) {
            octets[count++] = ' ';
            hide();
        }
        isLogin = isMore;
        end(Speaker.SERVER, now);
    }

    /** Something happened. */
    void note(String text, long now) {
        byte[] said = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(said.length, OCTETS_MAX / 8);
        ensure(length);
        System.arraycopy(said, 0, octets, count, length);
        count += length;
        end(Speaker.NOTE, now);
    }

    private void endContent() {
        if (content > 0) {
            long length = content;
            content = 0;
            note(length + " octets of content", 0);
        }
    }

    private void endCommand() {
        int start = start();
        if (count > start && octets[count - 1] == '\r') {
            count--;
        }
        if (isLogin) {
            count = start;
            hide();
        } else if (isAuth(start)) {
            isLogin = true;
            int at = start + AUTH.length;
            while (at < count && octets[at] != ' ') {
                at++;
            }
            if (at < count) {
                count = at + 1;
                hide();
            }
        }
        end(Speaker.CLIENT, 0);
    }

    private boolean isAuth(int start) {
        if (count - start < AUTH.length) {
            return false;
        }
        for (int i = 0; i < AUTH.length; i++) {
            int c = octets[start + i];
            if ((c >= 'a' && c <= 'z' ? c - 32 : c) != AUTH[i]) {
                return false;
            }
        }
        return true;
    }

    private void hide() {
        ensure(HIDDEN_LENGTH);
        for (int i = 0; i < HIDDEN_LENGTH; i++) {
            octets[count++] = '*';
        }
    }

    private int start() {
        return lines == 0 ? 0 : ends[lines - 1];
    }

    private void end(Speaker speaker, long now) {
        if (lines == ends.length) {
            ends = Arrays.copyOf(ends, lines * 2);
            nanos = Arrays.copyOf(nanos, lines * 2);
            speakers = Arrays.copyOf(speakers, lines * 2);
        }
        ends[lines] = count;
        nanos[lines] = now;
        speakers[lines] = speaker;
        lines++;
        if (now != 0) {
            unstamped = lines;
        }
        if (lines >= LINES_MAX || count >= OCTETS_MAX) {
            cut();
        }
    }

    /** Leaves out what stands in the middle: the first and the last quarter stay. */
    private void cut() {
        int from = leftOut > 0 ? gap : lines / 4;
        int to = Math.min(lines, Math.max(from + 1, lines - lines / 4));
        int octetsFrom = from == 0 ? 0 : ends[from - 1];
        int octetsTo = to == 0 ? 0 : ends[to - 1];
        int rest = lines - to;
        System.arraycopy(octets, octetsTo, octets, octetsFrom, count - octetsTo);
        System.arraycopy(nanos, to, nanos, from, rest);
        System.arraycopy(speakers, to, speakers, from, rest);
        for (int i = 0; i < rest; i++) {
            ends[from + i] = ends[to + i] - (octetsTo - octetsFrom);
        }
        gap = from;
        leftOut += to - from;
        lines = from + rest;
        unstamped = Math.max(0, unstamped - (to - from));
        count -= octetsTo - octetsFrom;
    }

    private void ensure(int more) {
        if (octets.length - count < more) {
            octets = Arrays.copyOf(octets, Math.max(octets.length * 2, count + more));
        }
    }

    /** What was said, the other before this one; both since the other's beginning. */
    Dialogue behind(Tape other) {
        var all = new ArrayList<Dialogue.Line>(other.lines + lines + 2);
        other.addTo(all, other.begunNanos);
        addTo(all, other.begunNanos);
        return new Dialogue(all);
    }

    /** What was said. */
    Dialogue dialogue() {
        var all = new ArrayList<Dialogue.Line>(lines + 1);
        addTo(all, begunNanos);
        return new Dialogue(all);
    }

    private void addTo(List<Dialogue.Line> all, long since) {
        Duration last = Duration.ofNanos(Math.max(0, begunNanos - since));
        for (int i = 0; i < lines; i++) {
            int from = i == 0 ? 0 : ends[i - 1];
            if (nanos[i] != 0) {
                last = Duration.ofNanos(Math.max(0, nanos[i] - since));
            }
            if (i == gap && leftOut > 0) {
                all.add(new Dialogue.Line(last, Speaker.NOTE, leftOut + " lines are left out"));
            }
            all.add(new Dialogue.Line(last, speakers[i], text(from, ends[i])));
        }
    }

    private String text(int from, int to) {
        String text = new String(octets, from, to - from, StandardCharsets.UTF_8);
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
