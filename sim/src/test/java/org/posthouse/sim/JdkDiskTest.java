package org.posthouse.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Disk;
import org.posthouse.platform.DiskFile;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.platform.NoSpaceException;
import org.posthouse.platform.Threads;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** The contract on the machine's own files. */
class JdkDiskTest extends DiskContract {
    private static final int ROUNDS = 2000;

    private final JdkPlatform platform = JdkPlatform.create(DnsSettings.system());
    @TempDir private Path root;

    @Override
    Disk disk() {
        return platform.disk();
    }

    @Override
    Path root() {
        return root;
    }

    @AfterEach
    void close() {
        platform.close();
    }

    @Test
    void ourOwnThreadsMayBeInterruptedAtAnyMoment() throws Exception {
        for (boolean dedicated : new boolean[] {false, true}) {
            AtomicInteger seen = new AtomicInteger();
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Path path = root.resolve("file" + dedicated);
            Runnable body = () -> writeWhileInterrupted(path, seen, thrown);
            Threads.Task task =
                    dedicated
                            ? platform.threads().startDedicated("writer", body)
                            : platform.threads().start("writer", body);
            while (!task.isDone()) {
                task.interrupt();
            }
            assertThat(task.join(Deadline.NEVER)).isTrue();
            assertThat(thrown.get()).isNull();
            assertThat(seen.get()).isPositive();
            assertThat(Files.size(path)).isGreaterThanOrEqualTo(ROUNDS);
        }
    }

    private void writeWhileInterrupted(
            Path path, AtomicInteger seen, AtomicReference<Throwable> thrown) {
        try (DiskFile file = disk().create(path)) {
            // until one came, however late the other thread begins
            for (int i = 0; i < ROUNDS || seen.get() == 0; i++) {
                file.write(octets("x"), i);
                if (Thread.interrupted()) {
                    seen.incrementAndGet();
                }
            }
        } catch (IOException | RuntimeException e) {
            thrown.set(e);
        }
    }

    @Test
    void foreignThreadsMayBeInterruptedToo() throws Exception {
        AtomicInteger seen = new AtomicInteger();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Path path = root.resolve("file");
        List<Thread> threads = new ArrayList<>();
        threads.add(Thread.ofPlatform().start(() -> writeWhileInterrupted(path, seen, thrown)));
        while (threads.getFirst().isAlive()) {
            threads.getFirst().interrupt();
            Thread.onSpinWait();
        }
        assertThat(thrown.get()).isNull();
        assertThat(Files.size(path)).isGreaterThanOrEqualTo(ROUNDS);
    }

    @Test
    void aFullDeviceIsTold() throws Exception {
        try (DiskFile full = disk().open(Path.of("/dev/full"))) {
            assertThatThrownBy(() -> full.write(octets("x"), 0))
                    .isInstanceOf(NoSpaceException.class)
                    .hasMessageContaining("/dev/full: No space left on device");
        }
    }

    @Test
    void whatItCreatesIsPrivate() throws Exception {
        Path directory = root.resolve("private");
        disk().createDirectories(directory);
        write(directory.resolve("file"), "secret");
        disk().lock(directory.resolve("lock")).close();
        assertThat(Files.getPosixFilePermissions(directory)).hasSize(3);
        assertThat(Files.getPosixFilePermissions(directory.resolve("file"))).hasSize(2);
        assertThat(Files.getPosixFilePermissions(directory.resolve("lock"))).hasSize(2);
    }

    @Test
    void anotherProcessHoldsTheLockOut() throws Exception {
        Path path = root.resolve("lock");
        try (AutoCloseable lock = disk().lock(path)) {
            assertThat(lock).isNotNull();
            assertThat(disk().lockHolder(path)).isPresent();
            assertThat(tryLockElsewhere(path)).isEqualTo("null");
        }
        assertThat(tryLockElsewhere(path)).isNotEqualTo("null");
    }

    /** What another Java process gets when it tries the system's lock. */
    private String tryLockElsewhere(Path path) throws Exception {
        Path source = root.resolve("TryLock.java");
        if (!Files.exists(source)) {
            Files.writeString(
                    source,
                    """
                    import java.nio.channels.FileChannel;
                    import java.nio.file.*;
                    class TryLock {
                        public static void main(String[] a) throws Exception {
                            try (var c = FileChannel.open(Path.of(a[0]), StandardOpenOption.WRITE)) {
                                System.out.print(c.tryLock());
                            }
                        }
                    }
                    """);
        }
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process =
                new ProcessBuilder(java, source.toString(), path.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        String out = new String(process.getInputStream().readAllBytes(), "UTF-8");
        assertThat(process.waitFor()).isZero();
        return out;
    }
}
