package org.posthouse.daemon;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;

/** The command line. */
@Command(
        name = "posthouse",
        description = "An SMTP server and durable relay.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND")
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
        Optional<RunCommand.Plain> plain = RunCommand.Plain.of(arguments);
        return plain.isPresent()
                ? plain.get().run(Daemon.Output.ofProcess())
                : commandLine(arguments).execute(arguments);
    }

    /** What reads these arguments, which knows no more commands than it needs to. */
    static CommandLine commandLine(String... arguments) {
        var line = new CommandLine(new Main());
        Commands.called(arguments).forEach(line::addSubcommand);
        setExitCodes(line);
        return line.setCaseInsensitiveEnumValuesAllowed(true);
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
