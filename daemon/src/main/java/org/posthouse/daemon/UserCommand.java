package org.posthouse.daemon;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/** {@code posthouse user}. */
@Command(
        name = "user",
        description = {
            "Keep the file of those who may log in.",
            "It is the file that [auth] users names in --config, or --file. A change counts from"
                    + " the next login on."
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            UserChange.Add.class,
            UserChange.ListAll.class,
            UserChange.Passwd.class,
            UserChange.Remove.class
        })
final class UserCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the field
    UserCommand() {}

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return Exit.USAGE;
    }
}
