package org.posthouse.daemon;

import org.posthouse.daemon.config.Configuration;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.spool.LogInspector;
import org.posthouse.spool.SpoolException;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** What the commands that read a spool have in common: where it lies, and how failures are told. */
abstract class SpoolReader implements Callable<Integer> {
    private static final Path STANDARD = Path.of("posthouse-data", "spool");
    private static final String SPOOL = "spool";

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "Read the spool of this configuration; by default of posthouse.toml, here.")
    private Optional<Path> config = Optional.empty();

    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the field
    SpoolReader() {}

    /** The directory that was given; empty when none was. */
    abstract Optional<Path> directory();

    /** What is wrong with the command line; empty when nothing is. */
    String misuse() {
        return "";
    }

    /** What is read. */
    record Source(Path directory, LogInspector inspector, ReadingProgress progress) {}

    /**
     * Does the work.
     *
     * @return the exit code
     */
    abstract int read(Source source) throws IOException;

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    @Override
    public final Integer call() {
        String misuse =
                config.isPresent() && directory().isPresent()
                        ? "give a directory or --config, not both"
                        : misuse();
        if (!misuse.isEmpty()) {
            err().println("posthouse: " + misuse);
            err().flush();
            return Exit.USAGE;
        }
        Optional<Path> meant =
                directory().isPresent() ? Optional.empty() : config.or(FolderConfig::here);
        if (meant.isEmpty()) {
            return read(directory().map(SpoolReader::spoolIn).orElse(STANDARD));
        }
        Map<String, String> environment = System.getenv();
        String machine = MachineName.find(environment);
        return switch (Configuration.load(meant.get(), environment, machine)) {
            case Configuration.Bad bad -> {
                ReportPaint.print(bad.report(), err());
                yield Exit.CONFIG;
            }
            case Configuration.Good good -> read(good.data().resolve(SPOOL));
        };
    }

    /** A data folder stands for the spool in it. */
    private static Path spoolIn(Path directory) {
        Path inner = directory.resolve(SPOOL);
        return Files.isDirectory(inner) ? inner : directory;
    }

    private int read(Path directory) {
        try (JdkPlatform platform = JdkPlatform.create(DnsSettings.servers(List.of()));
                var progress = ReadingProgress.on(err(), platform.time())) {
            LogInspector inspector = LogInspector.open(platform.disk(), directory);
            return read(new Source(directory, inspector, progress));
        } catch (SpoolException e) {
            boolean missing = e.code().equals(SpoolException.MISSING);
            return fail(
                    missing ? Exit.NO_INPUT : Exit.UNAVAILABLE,
                    e.code(),
                    String.valueOf(e.getMessage()));
        } catch (IOException e) {
            err().println("posthouse: " + e.getMessage());
            err().flush();
            return Exit.INPUT_OUTPUT;
        }
    }

    /** Says what is wrong and where to read more. */
    final int fail(int exit, String code, String text) {
        err().println("error[" + code + "]: " + text);
        err().println("   help: posthouse help " + code);
        err().flush();
        return exit;
    }
}
