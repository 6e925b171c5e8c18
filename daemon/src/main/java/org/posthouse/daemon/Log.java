package org.posthouse.daemon;

import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvents;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The log: one line an event. A thread of its own writes what has gathered, so that whoever has
 * something to say never waits for the terminal or the pipe behind it. What does not fit is dropped
 * and counted.
 */
final class Log implements MailEvents, AutoCloseable {
    private static final int OCTETS_MAX = 4 << 20;
    private final PrintStream out;
    private final boolean json;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread writer;

    /** Guarded by the lock. */
    private StringBuilder gathered = new StringBuilder();

    /** Guarded by the lock. */
    private long droppedLines;

    /** Guarded by the lock. */
    private boolean closed;

    private Log(OutputStream out, boolean json) {
        this.json = json;
        this.out = new PrintStream(out, false, StandardCharsets.UTF_8);
        this.writer = new Thread(this::write, "log");
        writer.setDaemon(true);
    }

    /** A log that writes to a stream. */
    static Log to(OutputStream out) {
        return to(out, false);
    }

    /** The same; as JSON, where that is wanted. */
    static Log to(OutputStream out, boolean json) {
        var log = new Log(out, json);
        log.writer.start();
        return log;
    }

    @Override
    public boolean wantsSteps() {
        return false;
    }

    @Override
    public void emit(MailEvent event) {
        String line = LogLine.of(event, json);
        if (!line.isEmpty()) {
            add(line);
        }
    }

    /** Adds what is said about no event. */
    void say(String said) {
        add(json ? LogLine.notice(said) : said);
    }

    private void add(String line) {
        lock.lock();
        try {
            if (closed || gathered.length() > OCTETS_MAX) {
                droppedLines++;
                return;
            }
            gathered.append(line).append('\n');
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Writes what has gathered, then ends. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        for (String lines = next(); !lines.isEmpty(); lines = next()) {
            out.print(lines);
            out.flush();
        }
    }

    /** What has gathered; waits for it. Empty at the end. */
    private String next() {
        lock.lock();
        try {
            while (gathered.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            StringBuilder lines = gathered;
            gathered = new StringBuilder();
            if (droppedLines > 0) {
                String said = "... " + droppedLines + " lines were dropped";
                lines.append(json ? LogLine.notice(said) : said).append('\n');
                droppedLines = 0;
            }
            return lines.toString();
        } finally {
            lock.unlock();
        }
    }
}
