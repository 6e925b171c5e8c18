package org.posthouse.platform;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Files of the machine. What it creates only the owner may read: mail is private.
 *
 * <p>Interrupts do not reach it; see {@link FileWork}.
 */
final class JdkDisk implements Disk {
    private static final Set<OpenOption> CREATE =
            Set.of(
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
    private static final Set<OpenOption> OPEN =
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ);

    @Override
    public DiskFile create(Path file) throws IOException {
        return FileWork.run(
                file,
                () ->
                        new JdkDiskFile(
                                file,
                                FileChannel.open(file, CREATE, ownerOnly(file, "rw-------"))));
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        return FileWork.run(file, () -> new JdkDiskFile(file, FileChannel.open(file, OPEN)));
    }

    @Override
    public DiskFile openRead(Path file) throws IOException {
        return FileWork.run(
                file,
                () -> {
                    if (Files.isDirectory(file)) {
                        throw new IOException(file + " is a directory");
                    }
                    return new JdkDiskFile(file, FileChannel.open(file, READ));
                });
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        FileWork.run(from, () -> Files.move(from, to, StandardCopyOption.ATOMIC_MOVE));
    }

    @Override
    public void delete(Path file) throws IOException {
        FileWork.run(
                file,
                () -> {
                    Files.delete(file);
                    return file;
                });
    }

    @Override
    public boolean exists(Path path) throws IOException {
        return FileWork.run(path, () -> Files.exists(path, LinkOption.NOFOLLOW_LINKS));
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        return FileWork.run(
                directory,
                () -> {
                    List<String> names = new ArrayList<>();
                    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
                        for (Path entry : entries) {
                            Path name = entry.getFileName();
                            names.add(name == null ? entry.toString() : name.toString());
                        }
                    } catch (DirectoryIteratorException e) {
                        throw e.getCause();
                    }
                    Collections.sort(names);
                    return Collections.unmodifiableList(names);
                });
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        FileWork.run(
                directory,
                () -> {
                    createAndForce(directory.toAbsolutePath().normalize());
                    return directory;
                });
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        FileWork.run(
                directory,
                () -> {
                    forceNow(directory);
                    return directory;
                });
    }

    @Override
    public long usableOctets(Path path) throws IOException {
        return FileWork.run(
                path,
                () -> {
                    long usable = path.toFile().getUsableSpace();
                    return usable > 0 ? usable : Files.getFileStore(path).getUsableSpace();
                });
    }

    @Override
    public AutoCloseable lock(Path file) throws IOException {
        return FileWork.run(file, () -> JdkLock.take(file));
    }

    @Override
    public Optional<String> lockHolder(Path file) throws IOException {
        return FileWork.run(file, () -> JdkLock.holderOf(file));
    }

    static FileAttribute<?>[] ownerOnly(Path path, String permissions) {
        if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return new FileAttribute<?>[0];
        }
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        };
    }

    private static void createAndForce(Path directory) throws IOException {
        Path parent = directory.getParent();
        if (parent == null) {
            return;
        }
        createAndForce(parent);
        boolean made = createIfMissing(directory);
        if (made || Files.isWritable(parent)) { // else whoever made it, it was not us
            forceNow(parent);
        }
    }

    private static boolean createIfMissing(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return false;
        }
        try {
            Files.createDirectory(directory, ownerOnly(directory, "rwx------"));
            return true;
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
            return false;
        }
    }

    /** Linux and macOS let a directory be opened for reading, and forced. */
    private static void forceNow(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, READ)) {
            channel.force(true);
        }
    }
}
