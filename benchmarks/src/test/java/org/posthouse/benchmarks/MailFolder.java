package org.posthouse.benchmarks;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of new mail of a Maildir, which is looked at now and then. */
record MailFolder(Path path) implements Arrivals {
    private static final int LOOK_MILLIS = 20;

    @Override
    public long messages() throws IOException {
        long count = 0;
        if (Files.exists(path)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
                for (Path file : files) {
                    count += file.getFileName().toString().startsWith(".") ? 0 : 1;
                }
            }
        }
        return count;
    }

    @Override
    public boolean await(long count, long millis) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + millis * 1_000_000;
        while (messages() < count) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(LOOK_MILLIS);
        }
        return true;
    }

    @Override
    public void close() {
        // the files stay until the next start
    }
}
