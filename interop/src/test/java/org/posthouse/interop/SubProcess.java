package org.posthouse.interop;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process that a test started; ended with the test, it and its children, by their ids. */
final class SubProcess implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(10);
    private final String name;
    private final Process process;
    private final StringBuffer out = new StringBuffer();
    private final StringBuffer err = new StringBuffer();
    private final Thread outReader;
    private final Thread errReader;

    private SubProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        outReader = reader(process.getInputStream(), out);
        errReader = reader(process.getErrorStream(), err);
    }

    static SubProcess start(Path folder, Map<String, String> environment, String... command) {
        try {
            var builder = new ProcessBuilder(command).directory(folder.toFile());
            builder.environment().putAll(environment);
            builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
            return new SubProcess(command[0], builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SubProcess start(Path folder, List<String> command) {
        return start(folder, Map.of(), command.toArray(String[]::new));
    }

    /** Runs to the end; fails when it takes too long. */
    static SubProcess run(Path folder, String... command) {
        SubProcess started = start(folder, Map.of(), command);
        started.waitFor(Await.LONG);
        return started;
    }

    /** Waits for the end; returns the exit code. */
    int waitFor(Duration within) {
        try {
            if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
                close();
                throw new AssertionError(name + " ran longer than " + within + "\n" + text());
            }
            outReader.join(GRACE);
            errReader.join(GRACE);
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    int exitCode() {
        return process.exitValue();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    String out() {
        return out.toString();
    }

    String err() {
        return err.toString();
    }

    /** All it said, for messages. */
    String text() {
        return name + " said:\n" + out + err;
    }

    /** SIGTERM; by the handle, because the process would close its streams as well. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** SIGHUP. */
    void hangUp() {
        try {
            new ProcessBuilder("kill", "-HUP", Long.toString(process.pid())).start().waitFor();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
        waitFor(GRACE);
    }

    @Override
    public void close() {
        List<ProcessHandle> family = process.descendants().toList();
        family.forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
        family.forEach(ProcessHandle::destroyForcibly);
    }

    private static Thread reader(InputStream in, StringBuffer text) {
        return Thread.ofVirtual()
                .start(
                        () -> {
                            var block = new byte[8192];
                            try (in) {
                                for (int n = in.read(block); n >= 0; n = in.read(block)) {
                                    text.append(new String(block, 0, n, StandardCharsets.UTF_8));
                                }
                            } catch (IOException e) {
                                text.append("(").append(e.getMessage()).append(")");
                            }
                        });
    }

    /** The first of these that can be run; empty when none can. */
    static String find(String... paths) {
        for (String path : paths) {
            if (Files.isExecutable(Path.of(path))) {
                return path;
            }
        }
        return "";
    }
}
