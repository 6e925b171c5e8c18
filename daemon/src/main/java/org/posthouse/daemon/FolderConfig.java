package org.posthouse.daemon;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The configuration that is meant where none is named: the one that {@code config init} wrote. */
final class FolderConfig {
    /** Its name, in the folder that a command is given in. */
    static final String NAME = "posthouse.toml";

    private FolderConfig() {}

    /** That of this folder, if there is one. */
    static Optional<Path> here() {
        Path file = Path.of(NAME);
        return Files.exists(file) ? Optional.of(file) : Optional.empty();
    }
}
