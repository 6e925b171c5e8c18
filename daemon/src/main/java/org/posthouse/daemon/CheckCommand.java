package org.posthouse.daemon;

import org.posthouse.daemon.config.Configuration;
import org.posthouse.daemon.config.Surroundings;
import org.posthouse.policy.RelayProof;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code posthouse check}. */
@Command(
        name = "check",
        description = {
            "Read a configuration and say all that is wrong with it.",
            "Runs its [[expect]] tests, and says who may relay to the outside."
        },
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            description = "The configuration.")
    private Path config;

    @Option(names = "--json", description = "One JSON object, for programs.")
    private boolean json;

    @Option(names = "--plain", description = "No colours.")
    private boolean plain;

    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    CheckCommand() {}

    @Override
    public Integer call() {
        Map<String, String> environment = System.getenv();
        var around = Surroundings.of(environment, MachineName.find(environment));
        return switch (Configuration.loadToRun(config, around)) {
            case Configuration.Bad bad -> {
                spec.commandLine().getErr().print(bad.report());
                spec.commandLine().getErr().flush();
                yield Exit.CONFIG;
            }
            case Configuration.Good good -> {
                tell(good);
                yield Exit.OK;
            }
        };
    }

    private void tell(Configuration.Good good) {
        PrintWriter out = spec.commandLine().getOut();
        RelayProof proof = good.builder().relayProof();
        if (json) {
            out.println(
                    JsonLine.of(
                            to ->
                                    to.text("config", config.toString())
                                            .flag("ok", true)
                                            .number("tests", good.tests())
                                            .text("may_relay", proof.sentence())
                                            .texts("unused_rules", proof.unused())));
        } else {
            var terminal = Terminal.of(System.getenv(), plain);
            out.print(new CheckReport(terminal).write(config.toString(), good, proof));
        }
        out.flush();
    }
}
