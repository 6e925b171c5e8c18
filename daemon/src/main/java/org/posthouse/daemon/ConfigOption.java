package org.posthouse.daemon;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.Optional;

/** The configuration that a command is about. */
final class ConfigOption {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration; by default posthouse.toml, in this folder.")
    private Optional<Path> file = Optional.empty();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    ConfigOption() {}

    /** The file; an error of usage where none is meant. */
    Path file() {
        return file.or(FolderConfig::here)
                .orElseThrow(
                        () ->
                                new ParameterException(
                                        spec.commandLine(),
                                        "--config=FILE is missing, and there is no "
                                                + FolderConfig.NAME
                                                + " here"));
    }
}
