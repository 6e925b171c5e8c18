package org.posthouse.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The folder that a program measures in, and all that is in it. */
public record Folder(Path path) {
    /** Made when missing, emptied otherwise. */
    public static Folder fresh(String name) throws IOException {
        Folder folder = existing(name);
        folder.empty();
        return folder;
    }

    /** Made when missing. */
    static Folder existing(String name) throws IOException {
        Path path = root().resolve("benchmarks/target/bench").resolve(name);
        Files.createDirectories(path);
        return new Folder(path);
    }

    /** Of the project. */
    static Path root() {
        return Path.of(System.getProperty("posthouse.root", "")).toAbsolutePath().normalize();
    }

    Path file(String name) {
        return path.resolve(name);
    }

    List<Path> files() throws IOException {
        try (var files = Files.list(path)) {
            return files.sorted().toList();
        }
    }

    long octets() throws IOException {
        long sum = 0;
        for (Path file : files()) {
            sum += Files.size(file);
        }
        return sum;
    }

    void empty() throws IOException {
        for (Path file : files()) {
            Files.delete(file);
        }
    }

    /** With all that is in it. */
    public void delete() throws IOException {
        empty();
        Files.delete(path);
    }
}
