package org.posthouse.daemon;

import picocli.CommandLine.Option;

import java.nio.file.Path;

/** The configuration that a command is about. */
final class ConfigOption {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            description = "The configuration.")
    private Path file;

    @SuppressWarnings("NullAway.Init") // picocli sets the field
    ConfigOption() {}

    Path file() {
        return file;
    }
}
