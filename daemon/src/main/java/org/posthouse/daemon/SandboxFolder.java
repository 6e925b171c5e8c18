package org.posthouse.daemon;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a sandbox keeps its mail: a folder that was given, or one of its own that goes with it. A
 * marker in it tells it from the data of a server.
 *
 * @param path of it
 * @param isTemporary removed when it is closed
 */
record SandboxFolder(Path path, boolean isTemporary) implements AutoCloseable {
    /** It is the data of the other kind. */
    static final String OTHER_KIND = "PH-S065";

    private static final String MARKER = "sandbox";
    private static final String TEMPORARY = "posthouse-dev-";
    private static final String TEXT =
            "The mail of a sandbox (posthouse dev): thrown away when more comes, never sent.\n";

    /** Folders of sandboxes that are looked at, at most. */
    private static final int FOLDERS_MAX = 1000;

    /** The folder is the data of a server, and no place for a sandbox. */
    static final class Foreign extends IOException {
        private static final long serialVersionUID = 1;

        Foreign(Path folder) {
            super(folder + " is not empty, and no sandbox has made it");
        }
    }

    /**
     * The given folder, or a new one; those that others have left behind are removed.
     *
     * @throws Foreign when something else is in it
     */
    static SandboxFolder open(Optional<Path> given) throws IOException {
        if (given.isPresent()) {
            Path folder = given.get();
            if (!isSandbox(folder)) {
                requireEmpty(folder);
                Files.createDirectories(folder);
                mark(folder);
            }
            return new SandboxFolder(folder, false);
        }
        for (Path each : temporaries()) {
            if (!isAlive(each)) {
                remove(each);
            }
        }
        Path folder = Files.createTempDirectory(TEMPORARY + ProcessHandle.current().pid() + "-");
        mark(folder);
        return new SandboxFolder(folder, true);
    }

    private static void requireEmpty(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            if (files.iterator().hasNext()) {
                throw new Foreign(folder);
            }
        }
    }

    private static void mark(Path folder) throws IOException {
        Files.writeString(folder.resolve(MARKER), TEXT);
    }

    /** What is said of a folder of the other kind. */
    static String refused(String why) {
        return "error[%s]: %s%n   help: posthouse help %s%n".formatted(OTHER_KIND, why, OTHER_KIND);
    }

    /** A sandbox made it. */
    static boolean isSandbox(Path folder) {
        return Files.isRegularFile(folder.resolve(MARKER));
    }

    /** The folder of the one sandbox of this user that runs; empty with none, and with several. */
    static Optional<Path> running() {
        List<Path> alive = temporaries().stream().filter(SandboxFolder::isAlive).toList();
        return alive.size() == 1 ? Optional.of(alive.getFirst()) : Optional.empty();
    }

    /** Temporary folders of this user's sandboxes. */
    private static List<Path> temporaries() {
        var found = new ArrayList<Path>();
        Path in = Path.of(System.getProperty("java.io.tmpdir"));
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(in, TEMPORARY + "*")) {
            for (Path each : folders) {
                if (found.size() < FOLDERS_MAX && isOurs(each) && isSandbox(each)) {
                    found.add(each);
                }
            }
        } catch (IOException e) {
            return List.of();
        }
        return found;
    }

    private static boolean isOurs(Path folder) throws IOException {
        return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS)
                        .getName()
                        .equals(System.getProperty("user.name"));
    }

    /** Its process, whose number is in its name, runs. */
    private static boolean isAlive(Path folder) {
        String name = folder.getFileName().toString().substring(TEMPORARY.length());
        String number = name.substring(0, Math.max(0, name.indexOf('-')));
        return number.matches("[0-9]{1,18}")
                && ProcessHandle.of(Long.parseLong(number)).isPresent();
    }

    /** Symbolic links are removed, not followed. */
    static void remove(Path folder) throws IOException {
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path visited, IOException failure)
                            throws IOException {
                        Files.deleteIfExists(visited);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    @Override
    public void close() throws IOException {
        if (isTemporary) {
            remove(path);
        }
    }
}
