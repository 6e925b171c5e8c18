package org.posthouse.platform;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Files and directories, with every step that durability needs made explicit: nothing survives a
 * power cut before the file, and the directory that names it, were forced.
 *
 * @since 0.1
 */
public interface Disk {
    /** Creates a file that must not exist, for reading and writing. */
    DiskFile create(Path file) throws IOException;

    /** Opens an existing file for reading and writing. */
    DiskFile open(Path file) throws IOException;

    /** Opens an existing file for reading only. */
    DiskFile openRead(Path file) throws IOException;

    /** Renames within a file system, atomically, replacing what stood there. */
    void rename(Path from, Path to) throws IOException;

    /** Deletes a file; a missing one is an error. */
    void delete(Path file) throws IOException;

    /** True when a file or directory of that name exists. */
    boolean exists(Path path) throws IOException;

    /** The names in a directory, sorted. */
    List<String> list(Path directory) throws IOException;

    /**
     * Creates a directory and what is missing above it, and makes all of it durable, also what is
     * there: another thread, or a process that was killed then, may have made it a moment ago.
     */
    void createDirectories(Path directory) throws IOException;

    /** Makes the directory's entries durable. */
    void forceDirectory(Path directory) throws IOException;

    /** Octets that can still be written to the file system that holds the path. */
    long usableOctets(Path path) throws IOException;

    /**
     * Takes a lock file for this process alone until closed or until the process ends; creates it
     * when missing.
     *
     * @throws IOException when another holds it; the message names the holder as the file does
     */
    AutoCloseable lock(Path file) throws IOException;

    /**
     * Who holds a lock file now, as the file names the holder; empty when nobody does or there is
     * no such file. Changes nothing, and holds nobody up for longer than an instant.
     */
    Optional<String> lockHolder(Path file) throws IOException;
}
