package org.posthouse.platform;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Runs work on files so that no interrupt reaches it, and names the file when it fails.
 *
 * <p>A thread that is interrupted inside a {@link java.nio.channels.FileChannel} closes it for
 * everybody. Our own threads hold interrupts back meanwhile ({@link JdkTask#shield}); for a thread
 * that somebody else started, and may interrupt at any time, a thread of ours does the work.
 */
final class FileWork {
    private FileWork() {}

    /** Something done with files. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    static <T> T run(Path path, Work<T> work) throws IOException {
        JdkTask task = JdkTask.current();
        if (task == null) {
            return elsewhere(path, work);
        }
        task.shield();
        try {
            return work.run();
        } catch (IOException e) {
            throw named(path, e);
        } finally {
            task.unshield();
        }
    }

    private static <T> T elsewhere(Path path, Work<T> work) throws IOException {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofVirtual().name("posthouse-file").start(() -> complete(result, work));
        try {
            return result.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case IOException failed -> throw named(path, failed);
                case RuntimeException died -> throw died;
                case Error died -> throw died;
                case null, default -> throw e;
            }
        }
    }

    private static <T> void complete(CompletableFuture<T> result, Work<T> work) {
        try {
            result.complete(work.run());
        } catch (Throwable e) { // thrown again by the thread that waits
            result.completeExceptionally(e);
        }
    }

    /** The same failure, with the file and in words. */
    static IOException named(Path path, IOException e) {
        String file = path.toString();
        String message = String.valueOf(e.getMessage());
        if (message.contains("No space left on device")
                || message.contains("Disk quota exceeded")) {
            return caused(new NoSpaceException(file + ": " + shortReason(e)), e);
        }
        return switch (e) {
            case NoSuchFileException gone ->
                    caused(new NoSuchFileException(gone.getFile(), null, "no such file"), e);
            case FileAlreadyExistsException there ->
                    caused(
                            new FileAlreadyExistsException(there.getFile(), null, "exists already"),
                            e);
            case AccessDeniedException denied ->
                    caused(
                            new AccessDeniedException(denied.getFile(), null, "permission denied"),
                            e);
            case FileSystemException other -> other;
            case ClosedChannelException closed -> closed;
            default ->
                    message.contains(file) ? e : caused(new IOException(file + ": " + message), e);
        };
    }

    private static String shortReason(IOException e) {
        if (e instanceof FileSystemException system && system.getReason() != null) {
            return system.getReason();
        }
        return String.valueOf(e.getMessage());
    }

    private static IOException caused(IOException e, IOException cause) {
        e.initCause(cause);
        return e;
    }
}
