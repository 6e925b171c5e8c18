package org.posthouse.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.posthouse.platform.Disk;
import org.posthouse.platform.DiskFile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** What every disk does. */
abstract class DiskContract {
    abstract Disk disk();

    /** An existing directory. */
    abstract Path root();

    static ByteBuffer octets(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    static String text(DiskFile file) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(Math.toIntExact(file.size()));
        file.read(into, 0);
        return new String(into.array(), 0, into.position(), StandardCharsets.ISO_8859_1);
    }

    void write(Path path, String text) throws IOException {
        try (DiskFile file = disk().create(path)) {
            file.write(octets(text), 0);
            file.force();
        }
    }

    String read(Path path) throws IOException {
        try (DiskFile file = disk().openRead(path)) {
            return text(file);
        }
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Path path = root().resolve("a");
        try (DiskFile file = disk().create(path)) {
            file.write(octets("hello"), 0);
            file.write(octets("world"), 6);
            assertThat(file.size()).isEqualTo(11);
            assertThat(text(file)).isEqualTo("hello\0world");
            file.write(octets("J"), 0);
            file.force();
            ByteBuffer middle = ByteBuffer.allocate(4);
            assertThat(file.read(middle, 3)).isEqualTo(4);
            assertThat(middle.array()).isEqualTo("lo\0w".getBytes(StandardCharsets.US_ASCII));
        }
        assertThat(read(path)).isEqualTo("Jello\0world");
    }

    @Test
    void readsEndWhereTheFileEnds() throws IOException {
        try (DiskFile file = disk().create(root().resolve("a"))) {
            file.write(octets("12345"), 0);
            ByteBuffer into = ByteBuffer.allocate(10);
            assertThat(file.read(into, 3)).isEqualTo(2);
            assertThat(into.position()).isEqualTo(2);
            assertThat(file.read(into, 5)).isEqualTo(-1);
            assertThat(file.read(into, 500)).isEqualTo(-1);
        }
    }

    @Test
    void truncatingCutsAndNeverGrows() throws IOException {
        try (DiskFile file = disk().create(root().resolve("a"))) {
            file.write(octets("1234567890"), 0);
            file.truncate(4);
            assertThat(text(file)).isEqualTo("1234");
            file.truncate(100);
            assertThat(file.size()).isEqualTo(4);
            file.write(octets("x"), 6);
            assertThat(text(file)).isEqualTo("1234\0\0x");
        }
    }

    @Test
    void largeFilesKeepTheirOctets() throws IOException {
        byte[] large = new byte[300_001];
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) (i * 7 + i / 251);
        }
        Path path = root().resolve("large");
        try (DiskFile file = disk().create(path)) {
            file.write(ByteBuffer.wrap(large), 13);
            ByteBuffer into = ByteBuffer.allocate(large.length);
            assertThat(file.read(into, 13)).isEqualTo(large.length);
            assertThat(into.array()).isEqualTo(large);
        }
    }

    @Test
    void creatingNeedsANewNameAndADirectory() throws IOException {
        Path path = root().resolve("a");
        write(path, "x");
        assertThatThrownBy(() -> disk().create(path))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining(path.toString());
        assertThatThrownBy(() -> disk().create(root().resolve("none").resolve("a")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("none");
        assertThat(read(path)).isEqualTo("x");
    }

    @Test
    void openingNeedsAFile() throws IOException {
        Path none = root().resolve("none");
        assertThatThrownBy(() -> disk().open(none)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> disk().openRead(none)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> disk().openRead(root())).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> disk().open(root())).isInstanceOf(IOException.class);
    }

    @Test
    void readersMayNotWriteAndClosedFilesDoNothing() throws IOException {
        Path path = root().resolve("a");
        write(path, "x");
        DiskFile file = disk().openRead(path);
        assertThatThrownBy(() -> file.write(octets("y"), 0))
                .isInstanceOf(NonWritableChannelException.class);
        file.close();
        file.close();
        assertThatThrownBy(file::size).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> file.read(ByteBuffer.allocate(1), 0))
                .isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void renamingReplaces() throws IOException {
        Path from = root().resolve("from");
        Path to = root().resolve("to");
        write(from, "new");
        write(to, "old");
        disk().rename(from, to);
        assertThat(read(to)).isEqualTo("new");
        assertThat(disk().exists(from)).isFalse();
        assertThatThrownBy(() -> disk().rename(from, to)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> disk().rename(to, root().resolve("none").resolve("x")))
                .isInstanceOf(NoSuchFileException.class);
        assertThat(read(to)).isEqualTo("new");
    }

    @Test
    void aRenamedOrDeletedFileStaysOpen() throws IOException {
        Path path = root().resolve("a");
        try (DiskFile file = disk().create(path)) {
            file.write(octets("1"), 0);
            disk().rename(path, root().resolve("b"));
            file.write(octets("2"), 1);
            assertThat(read(root().resolve("b"))).isEqualTo("12");
            disk().delete(root().resolve("b"));
            file.write(octets("3"), 2);
            assertThat(text(file)).isEqualTo("123");
        }
        assertThat(disk().list(root())).isEmpty();
    }

    @Test
    void deletingNeedsAFile() throws IOException {
        Path path = root().resolve("a");
        write(path, "x");
        disk().delete(path);
        assertThat(disk().exists(path)).isFalse();
        assertThatThrownBy(() -> disk().delete(path)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void listsAreSorted() throws IOException {
        for (String name : new String[] {"b", "a10", "a9", "c"}) {
            write(root().resolve(name), name);
        }
        disk().createDirectories(root().resolve("a").resolve("deep"));
        assertThat(disk().list(root())).containsExactly("a", "a10", "a9", "b", "c");
        assertThat(disk().list(root().resolve("a"))).containsExactly("deep");
        assertThatThrownBy(() -> disk().list(root().resolve("none")))
                .isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> disk().list(root().resolve("b")))
                .isInstanceOf(NotDirectoryException.class);
    }

    @Test
    void directoriesAreMadeWithAllAboveThem() throws IOException {
        Path deep = root().resolve("x").resolve("y").resolve("z");
        disk().createDirectories(deep);
        disk().createDirectories(deep);
        assertThat(disk().exists(deep)).isTrue();
        disk().forceDirectory(deep);
        write(deep.resolve("file"), "1");
        assertThatThrownBy(() -> disk().createDirectories(deep.resolve("file")))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> disk().createDirectories(deep.resolve("file").resolve("below")))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> disk().forceDirectory(root().resolve("none")))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aLockIsHeldOnce() throws Exception {
        Path path = root().resolve("lock");
        AutoCloseable lock = disk().lock(path);
        assertThatThrownBy(() -> disk().lock(path))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(path.toString())
                .hasMessageContaining("is locked by process " + ProcessHandle.current().pid());
        assertThat(read(path)).startsWith("process " + ProcessHandle.current().pid());
        lock.close();
        lock.close();
        disk().lock(path).close();
    }

    @Test
    void holderOfALockIsNamedAndKeepsIt() throws Exception {
        Path path = root().resolve("lock");
        assertThat(disk().lockHolder(path)).isEmpty();
        assertThat(disk().exists(path)).isFalse();
        try (AutoCloseable lock = disk().lock(path)) {
            assertThat(lock).isNotNull();
            assertThat(disk().lockHolder(path).orElse(""))
                    .startsWith("process " + ProcessHandle.current().pid() + " since ");
            assertThatThrownBy(() -> disk().lock(path)).isInstanceOf(IOException.class);
        }
        assertThat(disk().lockHolder(path)).isEmpty();
        disk().lock(path).close();
    }

    @Test
    void thereIsRoom() throws IOException {
        assertThat(disk().usableOctets(root())).isPositive();
    }

    @Test
    void interruptsLeaveFilesOpen() throws IOException {
        Path path = root().resolve("a");
        try (DiskFile file = disk().create(path)) {
            Thread.currentThread().interrupt();
            file.write(octets("still"), 0);
            file.force();
            assertThat(text(file)).isEqualTo("still");
            assertThat(Thread.interrupted()).isTrue();
            assertThat(file.size()).isEqualTo(5);
        }
    }
}
