package org.posthouse.daemon;

import org.posthouse.Posthouse;

import java.io.IOException;
import java.nio.file.Path;

/** A daemon's queue with its control socket, for tests in other packages; nothing leaves it. */
public final class SubmissionRun implements AutoCloseable {
    private final QueueRun run;

    /** In a data folder. */
    public SubmissionRun(Path data) throws IOException {
        run = new QueueRun(data);
        CommandRun pause = run.run("queue", "pause", "--route", "out");
        if (pause.exit() != 0) {
            throw new IOException(pause.err());
        }
    }

    /** The engine behind it. */
    public Posthouse engine() {
        return run.engine;
    }

    @Override
    public void close() {
        run.close();
    }
}
