package org.posthouse.daemon;

import org.posthouse.daemon.config.Configuration;
import org.posthouse.daemon.config.Surroundings;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** The command line. */
@Command(
        name = "posthouse",
        description = "An SMTP server and durable relay.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DevCommand.class,
            Main.RunCommand.class,
            CheckCommand.class,
            DoctorCommand.class,
            ExplainCommand.class,
            ReloadCommand.class,
            StatusCommand.class,
            ReadyzCommand.class,
            StopCommand.class,
            TailCommand.class,
            TopCommand.class,
            MsgCommand.class,
            QueueCommand.class,
            QueueCommand.Mailq.class,
            SendCommand.class,
            ProbeCommand.class,
            SpoolCommand.class,
            UserCommand.class,
            DnsCommand.class,
            ConfigCommand.class,
            Main.HelpCommand.class
        })
public final class Main implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the field
    private Main() {}

    /** Runs a command and exits with its code. */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /** Runs a command; its exit code. */
    public static int run(String... arguments) {
        return commandLine().execute(arguments);
    }

    static CommandLine commandLine() {
        var line = new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true);
        setExitCodes(line);
        return line;
    }

    /** Commands do not inherit the codes of the command that they belong to. */
    private static void setExitCodes(CommandLine line) {
        line.getCommandSpec()
                .exitCodeOnInvalidInput(Exit.USAGE)
                .exitCodeOnExecutionException(Exit.SOFTWARE);
        line.getSubcommands().values().forEach(Main::setExitCodes);
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return Exit.USAGE;
    }

    /** {@code posthouse run}. */
    @Command(
            name = "run",
            description = "Receive, store and relay mail until told to stop.",
            mixinStandardHelpOptions = true)
    static final class RunCommand implements Callable<Integer> {
        @Option(
                names = "--config",
                paramLabel = "FILE",
                description =
                        "The configuration. Without one: port 2525 of the loopback address, mail"
                            + " for localhost and this machine's name, data in ./posthouse-data.")
        private Optional<Path> config = Optional.empty();

        @Spec private CommandSpec spec;

        @SuppressWarnings("NullAway.Init") // picocli sets the field
        RunCommand() {}

        @Override
        public Integer call() throws InterruptedException {
            Map<String, String> environment = System.getenv();
            String machine = MachineName.find(environment);
            var around = Surroundings.of(environment, machine);
            Configuration configuration =
                    config.map(file -> Configuration.loadToRun(file, around))
                            .orElseGet(() -> Configuration.standard(machine));
            PrintWriter err = spec.commandLine().getErr();
            return switch (configuration) {
                case Configuration.Bad bad -> {
                    ReportPaint.print(bad.report(), err);
                    yield Exit.CONFIG;
                }
                case Configuration.Good good ->
                        Daemon.run(
                                good,
                                new Daemon.Reread(config, around),
                                new Daemon.Output(spec.commandLine().getOut(), err));
            };
        }
    }

    /** {@code posthouse help}. */
    @Command(name = "help", description = "Show this, or the page behind a code.")
    static final class HelpCommand implements Callable<Integer> {
        @Parameters(
                index = "0",
                arity = "0..1",
                paramLabel = "CODE",
                description = "A code such as PH-C014, a command, or faults.")
        private String topic = "";

        @Spec private CommandSpec spec;

        @SuppressWarnings("NullAway.Init") // picocli sets the field
        HelpCommand() {}

        @Override
        public Integer call() {
            CommandLine parent = spec.parent().commandLine();
            PrintWriter out = spec.commandLine().getOut();
            if (topic.isEmpty()) {
                parent.usage(out);
                return Exit.OK;
            }
            CommandLine command = parent.getSubcommands().get(topic);
            if (command != null) {
                command.usage(out);
                return Exit.OK;
            }
            String page =
                    topic.equals("faults") ? MagicAddress.page() : HelpPages.read().page(topic);
            if (page.isEmpty()) {
                spec.commandLine().getErr().println("posthouse: there is no help on " + topic);
                return Exit.USAGE;
            }
            out.print(page);
            out.flush();
            return Exit.OK;
        }
    }
}
