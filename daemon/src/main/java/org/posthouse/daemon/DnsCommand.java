package org.posthouse.daemon;

import org.posthouse.Explanation.Mark;
import org.posthouse.daemon.config.Configuration;
import org.posthouse.daemon.config.Surroundings;
import org.posthouse.platform.AddressLiteral;
import org.posthouse.platform.Dns;
import org.posthouse.platform.JdkPlatform;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** {@code posthouse dns}. */
@Command(
        name = "dns",
        description = "Which records this installation should publish, and which it does.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {DnsCommand.Show.class, DnsCommand.Check.class})
final class DnsCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the field
    DnsCommand() {}

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return Exit.USAGE;
    }

    /** What both have in common. */
    abstract static class OfConfiguration implements Callable<Integer> {
        @Mixin private ConfigOption config = new ConfigOption();

        @Option(names = "--json", description = "One JSON object a record, for programs.")
        private boolean json;

        @Spec private CommandSpec spec;

        @SuppressWarnings("NullAway.Init") // picocli sets the fields
        OfConfiguration() {}

        abstract int tell(Configuration.Good configuration, DnsRecords.Names names);

        @Override
        public final Integer call() {
            Map<String, String> environment = System.getenv();
            String machine = MachineName.find(environment);
            var around = Surroundings.of(environment, machine);
            return switch (Configuration.load(config.file(), around.environment(), machine)) {
                case Configuration.Bad bad -> {
                    ReportPaint.print(bad.report(), spec.commandLine().getErr());
                    yield Exit.CONFIG;
                }
                case Configuration.Good good -> {
                    int exit = tell(good, names(good, machine));
                    out().flush();
                    yield exit;
                }
            };
        }

        final PrintWriter out() {
            return spec.commandLine().getOut();
        }

        final int misuse(String why) {
            spec.commandLine().getErr().println("posthouse: " + why);
            spec.commandLine().getErr().flush();
            return Exit.USAGE;
        }

        final boolean isJson() {
            return json;
        }
    }

    static DnsRecords.Names names(Configuration.Good configuration, String machine) {
        Configuration.Summary summary = configuration.summary();
        List<String> domains =
                Stream.concat(summary.local().stream(), summary.relayed().stream())
                        .filter(each -> each.indexOf('.') > 0 && !each.startsWith("["))
                        .distinct()
                        .toList();
        return new DnsRecords.Names(
                configuration.hostname(machine), domains, configuration.usesSmarthost());
    }

    /** The chain of the first certificate; empty when there is none, or it can't be read. */
    static List<X509Certificate> chain(Configuration.Good configuration) {
        var chain = new ArrayList<X509Certificate>();
        for (Path file : configuration.certificates().stream().limit(1).toList()) {
            try {
                var in = new ByteArrayInputStream(Files.readAllBytes(file));
                CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                        .filter(X509Certificate.class::isInstance)
                        .forEach(each -> chain.add((X509Certificate) each));
            } catch (IOException | CertificateException e) {
                return List.of();
            }
        }
        return chain;
    }

    /** {@code posthouse dns show}. */
    @Command(
            name = "show",
            description = {
                "Print the records to publish, as lines of a zone file; who gives you the address"
                        + " sets its PTR record.",
                "Exit codes: 0 printed, 78 the configuration is wrong."
            },
            mixinStandardHelpOptions = true)
    static final class Show extends OfConfiguration {
        @SuppressWarnings("NullAway.Init") // picocli sets the fields
        Show() {}

        @Override
        int tell(Configuration.Good configuration, DnsRecords.Names names) {
            var lines = new ArrayList<>(DnsRecords.of(names));
            List<X509Certificate> chain = chain(configuration);
            if (!chain.isEmpty()) {
                lines.add(DnsRecords.tlsa(names.hostname(), chain.getFirst()));
            }
            for (DnsRecords.Line each : lines) {
                out().println(isJson() ? json(each) : each.zone() + "   ; " + each.why());
            }
            return Exit.OK;
        }

        private static String json(DnsRecords.Line line) {
            return JsonLine.of(
                    to ->
                            to.text("name", line.name())
                                    .text("type", line.type())
                                    .text("value", line.value())
                                    .text("why", line.why()));
        }
    }

    /** {@code posthouse dns check}. */
    @Command(
            name = "check",
            description = {
                "Ask the resolver for the records that this installation should publish, and"
                        + " compare: MX, addresses, their names (PTR), SPF, DMARC; MTA-STS, TLSRPT"
                        + " and DANE where they are published. Behind a NAT say your addresses by"
                        + " --address.",
                "Exit codes: 0 all is fine, 1 something is missing or different, 75 something could"
                        + " not be asked, 78 the configuration is wrong."
            },
            mixinStandardHelpOptions = true)
    static final class Check extends OfConfiguration {
        @Option(
                names = "--address",
                paramLabel = "IP",
                description =
                        "An address by which others know this server; may be repeated. By default"
                                + " those that its name has.")
        private List<String> addresses = List.of();

        @Option(names = "--plain", description = "No colours.")
        private boolean plain;

        @SuppressWarnings("NullAway.Init") // picocli sets the fields
        Check() {}

        @Override
        int tell(Configuration.Good configuration, DnsRecords.Names names) {
            var ours = new ArrayList<InetAddress>();
            for (String each : addresses) {
                if (AddressLiteral.parse(each).isEmpty()) {
                    return misuse(each + " is no IP address");
                }
                AddressLiteral.parse(each).ifPresent(ours::add);
            }
            try (JdkPlatform platform = JdkPlatform.create(configuration.dns())) {
                Instant now = platform.time().now();
                var wanted = new DnsCheck.Wanted(names, ours, chain(configuration), now);
                return tell(platform.dns(), wanted);
            }
        }

        private int tell(Dns dns, DnsCheck.Wanted wanted) {
            List<DnsFinding> findings = new DnsCheck(dns, wanted).run();
            Terminal terminal = Terminal.of(System.getenv(), plain);
            for (DnsFinding each : findings) {
                out().print(isJson() ? json(each) + "\n" : line(terminal, each));
            }
            return exit(findings);
        }
    }

    static int exit(List<DnsFinding> findings) {
        List<DnsFinding.State> states = findings.stream().map(DnsFinding::state).toList();
        boolean isWrong =
                states.contains(DnsFinding.State.MISSING)
                        || states.contains(DnsFinding.State.DIFFERENT);
        int unknown = states.contains(DnsFinding.State.UNKNOWN) ? Exit.TEMPORARY : Exit.OK;
        return isWrong ? Exit.DIFFERENT : unknown;
    }

    static String json(DnsFinding finding) {
        return JsonLine.of(
                to ->
                        to.text("state", finding.state().word())
                                .text("name", finding.name())
                                .text("type", finding.type())
                                .text("found", finding.found())
                                .text("publish", finding.publish())
                                .text("code", finding.code()));
    }

    /** One line, and a second with what to publish. */
    static String line(Terminal terminal, DnsFinding finding) {
        Mark mark =
                switch (finding.state()) {
                    case OK -> Mark.OK;
                    case UNKNOWN -> Mark.NO;
                    case MISSING, DIFFERENT -> Mark.REFUSE;
                };
        String state = "%-10s".formatted(finding.state().word());
        String code = finding.code().isEmpty() ? "" : "   (" + finding.code() + ")";
        String publish =
                finding.publish().isEmpty()
                        ? ""
                        : "          publish  %s %s %s%n"
                                .formatted(finding.name(), finding.type(), finding.publish());
        return "%s%-4s %s   %s%s%n%s"
                .formatted(
                        terminal.paint().paint(mark, state),
                        finding.type(),
                        finding.name(),
                        finding.found(),
                        code,
                        publish);
    }
}
