package org.posthouse.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program as its launcher starts it, with one listener that takes many connections. */
final class LoadedDaemon implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("127\\.0\\.0\\.1:(\\d+)");
    private static final int STOP_SECONDS = 30;
    private static final int KIB = 1024;

    private final Process process;
    private final InetSocketAddress address;

    private LoadedDaemon(Process process, InetSocketAddress address) {
        this.process = process;
        this.address = address;
    }

    /** Starts one that discards all mail in a folder of its own, and waits until it is ready. */
    static LoadedDaemon start(String timeouts) throws IOException {
        return start(
                Folder.existing("sessions").path(),
                """
                hostname = "mx.example"
                data     = "data"

                [listener.here]
                bind = "127.0.0.1:0"

                [domains]
                local = ["local.example"]

                [store]
                format = "discard"

                [limits]
                connections = 100000
                connections_per_client = 100000

                [timeouts]
                %s
                """
                        .formatted(timeouts));
    }

    /** Starts one with a configuration in a folder, and waits until it is ready. */
    static LoadedDaemon start(Path folder, String settings) throws IOException {
        Path configuration = folder.resolve("posthouse.toml");
        Files.writeString(configuration, settings);
        Process process =
                new ProcessBuilder(
                                Folder.root().resolve("posthouse").toString(),
                                "run",
                                "--config",
                                configuration.toString())
                        .redirectError(folder.resolve("log").toFile())
                        .start();
        return new LoadedDaemon(process, ready(process));
    }

    private static InetSocketAddress ready(Process process) throws IOException {
        var out =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        Matcher matcher = ADDRESS.matcher(line == null ? "" : line);
        if (!matcher.find()) {
            throw new IOException("Posthouse did not start: " + line);
        }
        return new InetSocketAddress("127.0.0.1", Integer.parseInt(matcher.group(1)));
    }

    InetSocketAddress address() {
        return address;
    }

    /** Resident memory after a full collection, in KiB. */
    long residentKib() throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        new ProcessBuilder(jcmd, Long.toString(pid()), "GC.run")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        List<String> status = Files.readAllLines(Path.of("/proc/" + pid() + "/status"));
        return status.stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow(() -> new UncheckedIOException(new IOException("no VmRSS")));
    }

    static double perConnectionKib(long before, long after, int connections) {
        return (double) (after - before) / connections;
    }

    static String mib(long kib) {
        return kib / KIB + " MiB";
    }

    /** The launcher becomes the JVM. */
    private long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
