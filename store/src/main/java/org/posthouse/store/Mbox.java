package org.posthouse.store;

import org.posthouse.core.Outcome;
import org.posthouse.platform.Disk;
import org.posthouse.platform.DiskFile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;

/**
 * One mbox file for all local mail: From_ lines, lines that end in LF, {@code >From } quoting. A
 * message is appended whole or not at all: what is about to be written is noted beside the file
 * first, a failure cuts the file back at once, and a crash is put right before the next append.
 *
 * <p>The file is opened for each message, so it may be moved away at any time; other programs must
 * not write to it in place.
 *
 * @since 0.1
 */
public final class Mbox implements MessageStore {
    private final Disk disk;
    private final Path file;
    private final Path folder;
    private final MboxJournal journal;

    /** Held across I/O: there is one end of the file, and whoever appends owns it. */
    private final ReentrantLock lock = new ReentrantLock();

    /** The folder was forced since the file was made. Guarded by the lock. */
    private boolean named;

    private Mbox(Disk disk, Path file) {
        this.disk = disk;
        this.file = file.toAbsolutePath();
        this.folder = Objects.requireNonNull(this.file.getParent(), "an mbox file is in a folder");
        this.journal = new MboxJournal(disk, this.file, folder);
    }

    /** An mbox file, which is made when the first message comes. */
    public static Mbox at(Disk disk, Path file) {
        return new Mbox(disk, file);
    }

    @Override
    public Outcome store(LocalMail mail) {
        lock.lock();
        try (DiskFile mbox = openOrCreate()) {
            journal.repair(mbox);
            append(mbox, mail);
            return Outcomes.STORED;
        } catch (IOException | UncheckedIOException e) {
            return Outcomes.of(e);
        } finally {
            lock.unlock();
        }
    }

    private DiskFile openOrCreate() throws IOException {
        if (!disk.exists(file)) {
            disk.createDirectories(folder);
            named = false;
            disk.create(file).close();
        }
        DiskFile mbox = disk.open(file);
        try {
            if (!named || mbox.size() == 0) { // an empty one: perhaps another program made it
                disk.forceDirectory(folder);
                named = true;
            }
            return mbox;
        } catch (IOException e) {
            mbox.close();
            throw e;
        }
    }

    private void append(DiskFile mbox, LocalMail mail) throws IOException {
        long start = mbox.size();
        boolean newline = start > 0 && !endsInNewline(mbox, start);
        var measure = new Measure();
        MboxText.write(mail, newline, measure);
        journal.begin(start, start + measure.octets, measure.sum.getValue());
        try {
            MboxText.write(mail, newline, new Append(mbox, start));
            mbox.force();
        } catch (IOException | UncheckedIOException e) {
            mbox.truncate(start);
            mbox.force();
            journal.end();
            throw e;
        }
        journal.end();
    }

    private static boolean endsInNewline(DiskFile mbox, long size) throws IOException {
        var last = ByteBuffer.allocate(1);
        return mbox.read(last, size - 1) == 1 && last.get(0) == '\n';
    }

    /** How long the text is going to be, and its checksum. */
    private static final class Measure implements MboxText.Out {
        private final CRC32C sum = new CRC32C();
        private long octets;

        @Override
        public void write(ByteBuffer text) {
            octets += text.remaining();
            sum.update(text);
        }
    }

    /** Writes from a position on. */
    private static final class Append implements MboxText.Out {
        private final DiskFile mbox;
        private long position;

        Append(DiskFile mbox, long position) {
            this.mbox = mbox;
            this.position = position;
        }

        @Override
        public void write(ByteBuffer text) throws IOException {
            int octets = text.remaining();
            mbox.write(text, position);
            position += octets;
        }
    }
}
