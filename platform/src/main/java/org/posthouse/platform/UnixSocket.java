package org.posthouse.platform;

import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/**
 * A Unix-domain socket to listen on. Who may write to its file may connect; a client has no address
 * of its own and counts as one of this machine.
 *
 * @param path of the socket's file, at most some hundred octets long
 * @param mode of the file
 * @since 0.1
 */
public record UnixSocket(Path path, Set<PosixFilePermission> mode) {
    /** Copies the mode. */
    public UnixSocket {
        Objects.requireNonNull(path);
        mode = Set.copyOf(mode);
    }

    /** A socket that only this user may connect to. */
    public static UnixSocket at(Path path) {
        return new UnixSocket(path, PosixFilePermissions.fromString("rw-------"));
    }

    /**
     * The same with another mode.
     *
     * @param mode such as {@code rw-rw----}
     * @throws IllegalArgumentException when that is no mode
     */
    public UnixSocket withMode(String mode) {
        return new UnixSocket(path, PosixFilePermissions.fromString(mode));
    }

    @Override
    public String toString() {
        return "unix:" + path;
    }
}
