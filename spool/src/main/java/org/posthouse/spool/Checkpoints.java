package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.platform.Disk;
import org.posthouse.platform.DiskFile;
import org.posthouse.platform.Entropy;
import org.posthouse.platform.Platform;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files of the checkpoints: the two newest are kept. */
final class Checkpoints {
    static final int KEPT = 2;

    private static final Logger LOG = System.getLogger(Checkpoints.class.getName());
    static final NumberedName NAME = new NumberedName("checkpoint-");

    private final Disk disk;
    private final Entropy entropy;
    private final Path directory;

    Checkpoints(Platform platform, Path directory) {
        disk = platform.disk();
        entropy = platform.entropy();
        this.directory = directory;
    }

    /** Numbers of what is there, the newest first. */
    List<Integer> numbers() throws IOException {
        List<Integer> numbers = new ArrayList<>();
        for (String name : disk.list(directory)) {
            int number = NAME.numberOf(name);
            if (number >= 0) {
                numbers.addFirst(number);
            }
        }
        return numbers;
    }

    /** What a file gives; null when it can't be used. */
    CheckpointReader.@Nullable Loaded load(int number, CheckpointReader reader) {
        Path path = directory.resolve(NAME.of(number));
        try (DiskFile file = disk.openRead(path)) {
            CheckpointReader.Loaded loaded = reader.read(file);
            if (loaded == null) {
                LOG.log(Level.WARNING, "{0} can''t be used", path);
            }
            return loaded;
        } catch (IOException e) {
            LOG.log(Level.WARNING, path + " can't be read", e);
            return null;
        }
    }

    /** Fills a checkpoint. */
    @FunctionalInterface
    interface Filling {
        /** False: nothing came of it. */
        boolean fill(BlockFile file) throws IOException;
    }

    /**
     * Makes a checkpoint; when this returns its length, it is durable, and older ones than the last
     * two are deleted.
     *
     * @return 0 when nothing came of it
     */
    long make(Filling filling) throws IOException {
        List<Integer> before = numbers();
        int number = before.isEmpty() ? 1 : before.getFirst() + 1;
        Path path = directory.resolve(NAME.of(number));
        boolean made = false;
        long octets = 0;
        try (DiskFile file = disk.create(path)) {
            var blocks = new BlockFile(file);
            blocks.writeHead(salt());
            made = filling.fill(blocks);
            octets = blocks.octets();
            if (made) {
                disk.forceDirectory(directory);
            }
        } finally {
            if (!made) {
                delete(path);
            }
        }
        if (!made) {
            return 0;
        }
        for (int old : before.subList(Math.min(KEPT - 1, before.size()), before.size())) {
            delete(directory.resolve(NAME.of(old)));
        }
        return octets;
    }

    /** It can't be used. */
    void discard(int number) {
        delete(directory.resolve(NAME.of(number)));
    }

    private long salt() {
        var octets = new byte[Long.BYTES];
        entropy.fill(octets);
        return ByteBuffer.wrap(octets).getLong();
    }

    private void delete(Path path) {
        try {
            disk.delete(path);
        } catch (IOException e) {
            LOG.log(Level.WARNING, path + " could not be deleted", e);
        }
    }
}
