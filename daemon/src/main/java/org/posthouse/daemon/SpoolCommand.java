package org.posthouse.daemon;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/** {@code posthouse spool}. */
@Command(
        name = "spool",
        description = {
            "Look into a spool from outside.",
            "These commands need no running daemon and change nothing. They work on a copy, and"
                    + " beside a daemon at work; then the newest octets may be missing.",
            "DIR is the spool or the data folder around it; without one, that of --config; without"
                    + " that, ./posthouse-data/spool."
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {SpoolCheckCommand.class, SpoolDumpCommand.class, SpoolExportCommand.class})
final class SpoolCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the field
    SpoolCommand() {}

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return Exit.USAGE;
    }
}
