package org.posthouse.daemon;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.Optional;

/** The options that tell which running daemon is meant. */
final class DaemonOptions {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The daemon with the data folder of this configuration.")
    private Optional<Path> config = Optional.empty();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "The daemon with this data folder; by default that of ./posthouse.toml, else"
                            + " ./posthouse-data.")
    private Optional<Path> data = Optional.empty();

    @SuppressWarnings("NullAway.Init") // picocli makes it
    DaemonOptions() {}

    /** Both are given: two daemons may be meant. */
    boolean areAmbiguous() {
        return config.isPresent() && data.isPresent();
    }

    /** The data folder. */
    Path folder() {
        return ControlSocket.folder(config, data);
    }
}
