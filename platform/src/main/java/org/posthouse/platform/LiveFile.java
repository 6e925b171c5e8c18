package org.posthouse.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * What a small file says, as the file is now: one that has changed is read again at the next
 * question. What can't be read, or is wrong, leaves what was there, and is told once.
 *
 * @param <T> what is made of it
 * @since 0.1
 */
public final class LiveFile<T> {
    private final Path file;
    private final Reader<T> reader;
    private final Consumer<Exception> trouble;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile T value;
    private volatile String stamp;

    /** Reads the file. */
    @FunctionalInterface
    public interface Reader<T> {
        /**
         * Reads it.
         *
         * @throws IOException when it can't be read
         * @throws IllegalArgumentException when it is wrong
         */
        T read() throws IOException;
    }

    private LiveFile(
            Path file, String stamp, T value, Reader<T> reader, Consumer<Exception> trouble) {
        this.file = file;
        this.stamp = stamp;
        this.value = value;
        this.reader = reader;
        this.trouble = trouble;
    }

    /**
     * A file that is read now.
     *
     * @param trouble is told why a changed file is of no use
     * @throws IOException when it can't be read
     * @throws IllegalArgumentException when it is wrong
     */
    public static <T> LiveFile<T> reading(Path file, Reader<T> reader, Consumer<Exception> trouble)
            throws IOException {
        String before = stampOf(file);
        return new LiveFile<>(file, before, reader.read(), reader, trouble);
    }

    /** A file that was read a moment ago. */
    public static <T> LiveFile<T> of(
            Path file, T value, Reader<T> reader, Consumer<Exception> trouble) {
        return new LiveFile<>(file, stampOf(file), value, reader, trouble);
    }

    /** What it says now. */
    public T now() {
        String seen = stampOf(file);
        if (!seen.equals(stamp)) {
            lock.lock();
            try {
                if (!seen.equals(stamp)) {
                    readAgain();
                    stamp = seen;
                }
            } finally {
                lock.unlock();
            }
        }
        return value;
    }

    /** What it said when it was asked last. */
    public T last() {
        return value;
    }

    private void readAgain() {
        try {
            value = reader.read();
        } catch (IOException | IllegalArgumentException e) {
            trouble.accept(e);
        }
    }

    /** What changes with the file. */
    private static String stampOf(Path path) {
        try {
            var attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return attributes.lastModifiedTime()
                    + " "
                    + attributes.size()
                    + " "
                    + attributes.fileKey();
        } catch (IOException e) {
            return "gone";
        }
    }
}
