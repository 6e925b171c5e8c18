package org.posthouse.daemon;

import org.posthouse.platform.JdkPlatform;
import org.posthouse.platform.TimeSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Makes a cache of classes and profiles (JEP 483, 514, 515): another JVM trains and writes a file
 * beside the place, the file is tried, and takes its place in one step. Whatever fails, nothing is
 * left but the file that was there.
 */
final class CacheMaker {
    private static final Duration TRAINED_WITHIN = Duration.ofMinutes(4);
    private static final Duration TRIED_WITHIN = Duration.ofMinutes(1);
    private static final int TAIL_OCTETS = 1000;

    private final TrainedJvm jvm;
    private final int messages;
    private final TimeSource time = JdkPlatform.clocks();
    private final AtomicBoolean stopped = new AtomicBoolean();

    /**
     * With this JVM.
     *
     * @param messages how many go around in training
     */
    CacheMaker(TrainedJvm jvm, int messages) {
        this.jvm = jvm;
        this.messages = messages;
    }

    /** What came out. */
    record Made(long octets, Duration took) {}

    /**
     * Makes one in the place of a file, if there is one.
     *
     * @throws IOException with what the JVM said last
     */
    Made make(Path file) throws IOException, InterruptedException {
        long begin = time.nanos();
        Path half = file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid());
        Path folder = Files.createTempDirectory("posthouse-cache-");
        try {
            train(half, folder);
            attempt(half, folder);
            Files.setPosixFilePermissions(half, PosixFilePermissions.fromString("rw-r--r--"));
            try (FileChannel channel = FileChannel.open(half, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            long octets = Files.size(half);
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
            return new Made(octets, Duration.ofNanos(time.nanos() - begin));
        } finally {
            Files.deleteIfExists(half);
            Files.deleteIfExists(half.resolveSibling(half.getFileName() + ".config"));
            SandboxFolder.remove(folder);
        }
    }

    private void train(Path half, Path folder) throws IOException, InterruptedException {
        Path place = Files.createDirectory(folder.resolve("training"));
        run(
                jvm.command(
                        List.of("-XX:AOTCacheOutput=" + half),
                        Training.class.getName(),
                        List.of(place.toString(), Integer.toString(messages))),
                folder,
                TRAINED_WITHIN);
        if (!Files.isRegularFile(half)) {
            throw new IOException("Java has made no cache: " + tail(folder.resolve("log")));
        }
    }

    /** A JVM that has to use it starts. */
    private void attempt(Path half, Path folder) throws IOException, InterruptedException {
        run(
                jvm.command(
                        List.of("-XX:AOTMode=on", "-XX:AOTCache=" + half),
                        Main.class.getName(),
                        List.of("--version")),
                folder,
                TRIED_WITHIN);
    }

    private void run(List<String> command, Path folder, Duration within)
            throws IOException, InterruptedException {
        Path log = folder.resolve("log");
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(log.toFile()).environment().remove("JDK_JAVA_OPTIONS");
        Process process = builder.start();
        Runnable end = () -> end(process);
        Signals.on("INT", end);
        Signals.on("TERM", end);
        try {
            if (!process.waitFor(within.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("it took longer than " + within.toSeconds() + " s");
            }
            if (stopped.get()) {
                throw new IOException("stopped as asked");
            }
            if (process.exitValue() != 0) {
                throw new IOException("Java ended with " + process.exitValue() + ": " + tail(log));
            }
        } finally {
            end(process);
        }
    }

    /** With the process that a training JVM has put the cache together. */
    private void end(Process process) {
        stopped.compareAndSet(false, process.isAlive());
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static String tail(Path log) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(log)) {
            channel.position(Math.max(0, channel.size() - TAIL_OCTETS));
            var octets = ByteBuffer.allocate(TAIL_OCTETS);
            while (octets.hasRemaining() && channel.read(octets) >= 0) {}
            return new String(octets.array(), 0, octets.position(), StandardCharsets.UTF_8).strip();
        }
    }
}
