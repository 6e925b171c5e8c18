package org.posthouse.daemon;

import org.posthouse.daemon.config.Configuration;
import org.posthouse.platform.UnixSocket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a daemon listens for its own user: a socket in a folder of the data folder that nobody else
 * can look into, so that there is no moment at which somebody else could connect.
 */
final class ControlSocket {
    /** Version of what is spoken there. */
    static final int VERSION = 1;

    /** The longest line, of a request and of an answer. */
    static final int LINE_OCTETS_MAX = 1 << 20;

    private static final String NOBODY = "PH-S050";
    private static final Path STANDARD = Path.of("posthouse-data");
    private static final String FOLDER = "control";
    private static final String SOCKET = "socket";
    private static final String OURS = "rwx------";

    private ControlSocket() {}

    /** The socket of a data folder. */
    static UnixSocket in(Path data) {
        return UnixSocket.at(data.resolve(FOLDER).resolve(SOCKET));
    }

    /**
     * The data folder that is meant: given, or that of a configuration, or that of the one in this
     * folder, or the standard one; where these have no daemon, that of the one sandbox that runs.
     */
    static Path folder(Optional<Path> config, Optional<Path> data) {
        return data.or(() -> config.map(file -> Configuration.dataOf(file, System.getenv())))
                .orElseGet(ControlSocket::here);
    }

    private static Path here() {
        Path meant =
                FolderConfig.here()
                        .map(file -> Configuration.dataOf(file, System.getenv()))
                        .orElse(STANDARD);
        return Stream.of(meant, STANDARD)
                .filter(data -> Files.exists(data.resolve(FOLDER).resolve(SOCKET)))
                .findFirst()
                .or(SandboxFolder::running)
                .orElse(meant);
    }

    /** What is said where no daemon answers. */
    static String nobody(Path data, IOException e) {
        return "error[%s]: no daemon answers in %s%n   %s: %s%n   help: posthouse help %s%n"
                .formatted(NOBODY, data, in(data), e.getMessage(), NOBODY);
    }

    /** Makes the folder, or makes it ours alone. */
    static void prepare(Path data) throws IOException {
        Path folder = data.resolve(FOLDER);
        var ours = PosixFilePermissions.fromString(OURS);
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(data);
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(ours));
        }
        Files.setPosixFilePermissions(folder, ours);
    }
}
