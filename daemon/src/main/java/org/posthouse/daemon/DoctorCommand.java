package org.posthouse.daemon;

import org.posthouse.Explanation.Mark;
import org.posthouse.daemon.MachineCheck.Finding;
import org.posthouse.daemon.config.Configuration;
import org.posthouse.daemon.config.Surroundings;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.relay.Probe;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** {@code posthouse doctor}. */
@Command(
        name = "doctor",
        description = {
            "Look at what a server needs around it, and say what to do: the configuration as"
                + " `check` does, the DNS records as `dns check` does, how fast the disk is,"
                + " whether the clock can be right, how many files may be open, and whether hosts"
                + " outside can be reached.",
            "Exit codes: 0 all is fine, 1 there is something to do, 78 the configuration is wrong."
        },
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    private static final int SMTP = 25;

    @Mixin private ConfigOption config = new ConfigOption();

    @Option(
            names = "--way-out",
            paramLabel = "DOMAIN",
            description =
                    "Whose mail hosts to connect to, by default those of ${DEFAULT-VALUE}; none for"
                            + " nobody's. Nobody is asked where mail leaves by a smarthost.",
            defaultValue = "gmail.com")
    private String outside = "gmail.com";

    @Option(names = "--json", description = "One JSON object a finding, for programs.")
    private boolean json;

    @Option(names = "--plain", description = "No colours.")
    private boolean plain;

    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    DoctorCommand() {}

    @Override
    public Integer call() {
        Map<String, String> environment = System.getenv();
        String machine = MachineName.find(environment);
        return switch (Configuration.loadToRun(
                config.file(), Surroundings.of(environment, machine))) {
            case Configuration.Bad bad -> {
                ReportPaint.print(bad.report(), spec.commandLine().getErr(), plain);
                yield Exit.CONFIG;
            }
            case Configuration.Good good -> tell(find(good, machine));
        };
    }

    private List<Finding> find(Configuration.Good good, String machine) {
        var findings = new ArrayList<Finding>();
        findings.add(new Finding("config", config.file() + ": " + good.summary().counts(), ""));
        String proof = good.builder().relayProof().sentence();
        findings.add(new Finding("relay proof", "may relay to the outside: " + proof, ""));
        try (JdkPlatform platform = JdkPlatform.create(good.dns())) {
            findings.addAll(new MachineCheck(platform, good).find());
            var doctor = new Doctor(platform);
            doctor.disk(good.data());
            findings.add(ClockCheck.files(written(good.data()), platform.time().now()));
            askDaemon(good.data(), findings, doctor);
            DnsRecords.Names names = DnsCommand.names(good, machine);
            if (!good.usesSmarthost() && !outside.equals("none")) {
                var setup = new Probe.Setup(names.hostname(), ProbeCommand.hop(SMTP), false);
                doctor.wayOut(outside, ProbeCommand.walk(platform, setup, outside));
            }
            var wanted =
                    new DnsCheck.Wanted(
                            names, List.of(), DnsCommand.chain(good), platform.time().now());
            doctor.dns(new DnsCheck(platform.dns(), wanted).run());
            findings.addAll(doctor.findings());
        }
        return findings;
    }

    private static List<Path> written(Path data) {
        return Stream.of("", "spool", "journal", "control").map(data::resolve).toList();
    }

    /** A daemon that runs may have other limits than this process. */
    private static void askDaemon(Path data, List<Finding> findings, Doctor doctor) {
        String process = "self";
        try (ControlClient daemon = ControlClient.connect(data)) {
            process = Long.toString(ControlCommand.number(ask(daemon, "status"), "pid"));
            Map<String, Object> top = ask(daemon, "top");
            if (top.containsKey("up_ms")) {
                findings.add(ClockCheck.daemon(top));
            }
        } catch (IOException e) {
            process = "self"; // no daemon runs
        }
        openFiles(process, doctor);
    }

    private static Map<String, Object> ask(ControlClient daemon, String verb) throws IOException {
        return daemon.ask(verb, to -> {}, ControlCommand.ANSWER_WITHIN, line -> {});
    }

    private static void openFiles(String process, Doctor doctor) {
        try {
            String limits = Files.readString(Path.of("/proc", process, "limits"));
            doctor.openFiles(limits, process.equals("self") ? "this shell" : "the daemon");
        } catch (IOException e) {
            doctor.openFiles("", ""); // no Linux: nothing is known
        }
    }

    private int tell(List<Finding> findings) {
        PrintWriter out = spec.commandLine().getOut();
        Terminal terminal = Terminal.of(System.getenv(), plain);
        findings.forEach(each -> out.println(json ? json(each) : line(terminal, each)));
        out.flush();
        return findings.stream().allMatch(Finding::isFine) ? Exit.OK : Exit.DIFFERENT;
    }

    static String json(Finding finding) {
        return JsonLine.of(
                to ->
                        to.text("label", finding.label())
                                .flag("ok", finding.isFine())
                                .text("text", finding.text())
                                .text("code", finding.code())
                                .text("next", next(finding)));
    }

    private static String next(Finding finding) {
        return finding.isFine() ? "" : Doctor.next(finding.code());
    }

    static String line(Terminal terminal, Finding finding) {
        boolean isFine = finding.isFine();
        String mark = terminal.paint().paint(isFine ? Mark.OK : Mark.NO, isFine ? "ok  " : "todo");
        String next =
                isFine ? "" : "   (" + finding.code() + "; " + Doctor.next(finding.code()) + ")";
        return "%-12s%s  %s%s".formatted(finding.label(), mark, finding.text(), next);
    }
}
