package org.posthouse.daemon;

import org.posthouse.daemon.config.Configuration;
import org.posthouse.daemon.config.Surroundings;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.policy.RelayProof;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code posthouse check}. */
@Command(
        name = "check",
        description = {
            "Read a configuration and say all that is wrong with it.",
            "Runs its [[expect]] tests, says who may relay to the outside, and looks at the"
                    + " certificates, the room and the ports of this machine.",
            "Exit codes: 0 it can be run, perhaps with warnings; 78 the configuration is wrong;"
                    + " 69 a port is taken."
        },
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
    @Mixin private ConfigOption config = new ConfigOption();

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
        return switch (Configuration.loadToRun(config.file(), around)) {
            case Configuration.Bad bad -> {
                ReportPaint.print(bad.report(), spec.commandLine().getErr(), plain);
                yield Exit.CONFIG;
            }
            case Configuration.Good good -> tell(good);
        };
    }

    private static void finding(JsonLine json, MachineCheck.Finding finding) {
        json.text("label", finding.label())
                .flag("ok", finding.isFine())
                .text("text", finding.text())
                .text("code", finding.code());
    }

    private int tell(Configuration.Good good) {
        List<MachineCheck.Finding> machine;
        try (JdkPlatform platform = JdkPlatform.create(DnsSettings.servers(List.of()))) {
            machine = new MachineCheck(platform, good).find();
        }
        PrintWriter out = spec.commandLine().getOut();
        RelayProof proof = good.builder().relayProof();
        if (json) {
            out.println(
                    JsonLine.of(
                            to ->
                                    to.text("config", config.file().toString())
                                            .flag("ok", true)
                                            .number("tests", good.tests())
                                            .text("may_relay", proof.sentence())
                                            .texts("unused_rules", proof.unused())
                                            .objects("machine", machine, CheckCommand::finding)));
        } else {
            var terminal = Terminal.of(System.getenv(), plain);
            out.print(
                    new CheckReport(terminal)
                            .write(config.file().toString(), good, proof, machine));
        }
        out.flush();
        boolean isFatal = machine.stream().anyMatch(MachineCheck.Finding::isFatal);
        return isFatal ? Exit.UNAVAILABLE : Exit.OK;
    }
}
