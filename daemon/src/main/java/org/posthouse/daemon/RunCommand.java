package org.posthouse.daemon;

import org.posthouse.daemon.config.Configuration;
import org.posthouse.daemon.config.Surroundings;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code posthouse run}. */
@Command(
        name = "run",
        description = "Receive, store and relay mail until told to stop.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    private static final String CONFIG = "--config";

    @Option(
            names = CONFIG,
            paramLabel = "FILE",
            description =
                    "The configuration; by default posthouse.toml, in this folder. Without one:"
                            + " port 2525 of the loopback address, mail for localhost and this"
                            + " machine's name, data in ./posthouse-data.")
    private Optional<Path> config = Optional.empty();

    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the field
    RunCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        var output = new Daemon.Output(spec.commandLine().getOut(), spec.commandLine().getErr());
        return run(config, output);
    }

    private static int run(Optional<Path> given, Daemon.Output output) throws InterruptedException {
        Optional<Path> config = given.or(FolderConfig::here);
        Map<String, String> environment = System.getenv();
        String machine = MachineName.find(environment);
        var around = Surroundings.of(environment, machine);
        Configuration configuration =
                config.map(file -> Configuration.loadToRun(file, around))
                        .orElseGet(() -> Configuration.standard(machine));
        return switch (configuration) {
            case Configuration.Bad bad -> {
                ReportPaint.print(bad.report(), output.err());
                yield Exit.CONFIG;
            }
            case Configuration.Good good ->
                    Daemon.run(good, new Daemon.Reread(config, around), output);
        };
    }

    /**
     * The command as services start it, {@code run} or {@code run --config FILE}, read without
     * picocli: a quarter of the time to the ready line went into loading that, and a cache of
     * classes takes none as old as its are. Whatever else is on the line picocli reads.
     */
    record Plain(Optional<Path> config) {
        /** Empty for a line of another form. */
        static Optional<Plain> of(String... line) {
            if (line.length == 1 && line[0].equals("run")) {
                return Optional.of(new Plain(Optional.empty()));
            }
            boolean isPlain =
                    line.length == 3
                            && line[0].equals("run")
                            && line[1].equals(CONFIG)
                            && line[2].matches(
                                    "[\\w./].*"); // neither an option nor a file of arguments
            return isPlain
                    ? Optional.of(new Plain(Optional.of(Path.of(line[2]))))
                    : Optional.empty();
        }

        /** Runs until told to stop; the exit code. */
        int run(Daemon.Output output) {
            try {
                return RunCommand.run(config, output);
            } catch (RuntimeException | InterruptedException e) {
                e.printStackTrace(output.err()); // as picocli has it
                output.err().flush();
                return Exit.SOFTWARE;
            }
        }
    }
}
