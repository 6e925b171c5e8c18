package org.posthouse.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The daemon as a process of its own, run by the Java of the tests. */
final class DaemonProcess implements AutoCloseable {
    private static final String MAIN = "org.posthouse.daemon.Main";

    /** The second compiler costs a process that lives for seconds more than it gives. */
    private static final String QUICK_START = "-XX:TieredStopAtLevel=1";

    private static final Pattern ADDRESS = Pattern.compile("127\\.0\\.0\\.1:(\\d+)");
    private final SubProcess process;
    private final Path folder;
    private final int port;

    private DaemonProcess(SubProcess process, Path folder, int port) {
        this.process = process;
        this.folder = folder;
        this.port = port;
    }

    /** Starts one with a configuration in the folder; returns when it is ready. */
    static DaemonProcess start(Path folder, String configuration) {
        return start(folder, configuration, Map.of());
    }

    static DaemonProcess start(Path folder, String configuration, Map<String, String> environment) {
        write(folder.resolve("posthouse.toml"), configuration);
        SubProcess process =
                SubProcess.start(folder, environment, command("run", "--config", "posthouse.toml"));
        boolean ready = false;
        try {
            Await.until(
                    "the daemon is ready",
                    Await.LONG,
                    () -> process.out().contains("\n") || !process.isAlive(),
                    process::text);
            Matcher address = ADDRESS.matcher(process.out());
            if (!address.find()) {
                throw new AssertionError("the daemon is not ready\n" + process.text());
            }
            ready = true;
            return new DaemonProcess(process, folder, Integer.parseInt(address.group(1)));
        } finally {
            if (!ready) {
                process.close();
            }
        }
    }

    /** Runs it to its end. */
    static SubProcess run(Path folder, String... arguments) {
        return SubProcess.run(folder, command(arguments));
    }

    /** A command line that runs it. */
    static String[] command(String... arguments) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command = new ArrayList<>(List.of(java, "-Xmx512m", "-XX:+UseSerialGC", QUICK_START));
        command.addAll(List.of("-cp", classPath(), MAIN));
        command.addAll(List.of(arguments));
        return command.toArray(String[]::new);
    }

    /** What the packaged daemon has, else what this test runs with. */
    private static String classPath() {
        Path lib = Path.of(System.getProperty("posthouse.lib", "../daemon/target/lib"));
        return Files.isDirectory(lib) ? lib + "/*" : System.getProperty("java.class.path");
    }

    /** The port of the first listener. */
    int port() {
        return port;
    }

    /** Where a mailbox is kept. */
    Maildir maildir(String domain, String localPart) {
        return new Maildir(folder.resolve("data/mail").resolve(domain).resolve(localPart));
    }

    String log() {
        return process.err();
    }

    SubProcess process() {
        return process;
    }

    /** SIGKILL. */
    void kill() {
        process.kill();
    }

    /** SIGTERM and its orderly end. */
    int stop() {
        process.terminate();
        return process.waitFor(Duration.ofSeconds(40));
    }

    @Override
    public void close() {
        process.close();
    }

    static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
