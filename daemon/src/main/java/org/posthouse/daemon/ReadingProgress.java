package org.posthouse.daemon;

import org.posthouse.platform.TimeSource;
import org.posthouse.spool.ReadProgress;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Says how far a long reading has come: on a terminal in one line that is written over, elsewhere
 * in a plain line now and then. A short one goes by in silence.
 */
final class ReadingProgress implements ReadProgress, AutoCloseable {
    private static final Duration SILENT = Duration.ofSeconds(1);
    private static final Duration PACE_ON_TERMINAL = Duration.ofMillis(200);
    private static final Duration PACE = Duration.ofSeconds(10);

    /** What standard error is, where the system tells. */
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    private final PrintWriter err;
    private final TimeSource time;
    private final boolean terminal;
    private final long startedNanos;
    private long saidNanos;
    private int shownLength;

    ReadingProgress(PrintWriter err, TimeSource time, boolean terminal) {
        this.err = err;
        this.time = time;
        this.terminal = terminal;
        startedNanos = time.nanos();
        saidNanos = startedNanos;
    }

    static ReadingProgress on(PrintWriter err, TimeSource time) {
        return new ReadingProgress(err, time, isTerminal());
    }

    private static boolean isTerminal() {
        try {
            String target = Files.readSymbolicLink(STANDARD_ERROR).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    @Override
    public void read(long octets, long of) {
        long now = time.nanos();
        long elapsed = now - startedNanos;
        long pace = (terminal ? PACE_ON_TERMINAL : PACE).toNanos();
        if (elapsed < SILENT.toNanos() || now - saidNanos < pace || octets >= of) {
            return;
        }
        saidNanos = now;
        long leftSeconds = Math.round((double) elapsed / octets * (of - octets) / 1e9);
        String text =
                "reading the spool: "
                        + Figures.octets(octets)
                        + " of "
                        + Figures.octets(of)
                        + ", "
                        + leftSeconds
                        + " s left";
        if (terminal) {
            show(text);
        } else {
            err.println(text);
        }
        err.flush();
    }

    private void show(String text) {
        err.print("\r" + text + " ".repeat(Math.max(0, shownLength - text.length())));
        shownLength = text.length();
    }

    /** Takes the line away, so that something else can be said; the next one comes by itself. */
    @Override
    public void close() {
        if (shownLength > 0) {
            err.print("\r" + " ".repeat(shownLength) + "\r");
            err.flush();
            shownLength = 0;
        }
    }
}
