package org.posthouse.daemon;

import org.posthouse.core.TlsLevel;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.platform.Platform;
import org.posthouse.platform.TlsContexts;
import org.posthouse.policy.OwnCertificate;
import org.posthouse.policy.Route;
import org.posthouse.relay.Probe;
import org.posthouse.relay.RelayTls;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** {@code posthouse probe}. */
@Command(
        name = "probe",
        description = {
            "Walk the way of mail to a domain as the relay would, without sending any: its hosts,"
                    + " connection, greeting, EHLO, and TLS by what is published (DANE, MTA-STS).",
            "Exit codes: 0 some host would take a message now, 69 none would, 64 this is no domain."
        },
        mixinStandardHelpOptions = true)
final class ProbeCommand implements Callable<Integer> {
    private static final int SMTP = 25;
    private static final int PORT_MAX = 65_535;

    @Parameters(
            paramLabel = "DOMAIN|HOST|ADDRESS",
            description = "Such as far.example, mx.far.example, [192.0.2.1], ada@far.example.")
    private String to = "";

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "The port of its hosts; by default ${DEFAULT-VALUE}.",
            defaultValue = "" + SMTP)
    private int port = SMTP;

    @Option(
            names = "--helo",
            paramLabel = "NAME",
            description = "What to call ourselves; by default the name of this machine.")
    private String helo = "";

    @Option(
            names = "--internal",
            description = "Also where its hosts have loopback or private addresses.")
    private boolean internal;

    @Option(names = "--json", description = "One JSON object an address, for programs.")
    private boolean json;

    @Option(names = "--plain", description = "No colours.")
    private boolean plain;

    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    ProbeCommand() {}

    @Override
    public Integer call() {
        String domain = to.substring(to.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
        if (domain.isEmpty() || port < 1 || port > PORT_MAX) {
            spec.commandLine().getErr().println("posthouse: a domain, and a port up to 65535");
            spec.commandLine().getErr().flush();
            return Exit.USAGE;
        }
        String name = helo.isEmpty() ? MachineName.find(System.getenv()) : helo;
        try (JdkPlatform platform = JdkPlatform.create(DnsSettings.system())) {
            return tell(walk(platform, new Probe.Setup(name, hop(port), internal), domain));
        }
    }

    /** The settings of a route by MX without any of its own. */
    static Route.Hop hop(int port) {
        return new Route.Hop(
                port,
                Route.TlsMode.AUTO,
                Route.Credentials.NONE,
                1,
                List.of(Route.Source.MACHINE),
                Duration.ofSeconds(1),
                0,
                OwnCertificate.NONE,
                Route.Streaming.LEARNED);
    }

    static Probe.Result walk(Platform platform, Probe.Setup setup, String domain) {
        RelayTls trust =
                (shown, verifies) -> verifies ? TlsContexts.systemTrust() : TlsContexts.trustAll();
        return new Probe(platform, trust, setup).walk(domain);
    }

    private int tell(Probe.Result result) {
        PrintWriter out = spec.commandLine().getOut();
        var text = new ProbeText(Terminal.of(System.getenv(), plain));
        out.print(json ? ProbeText.json(result) : text.write(result));
        out.flush();
        return isReady(result) ? Exit.OK : Exit.UNAVAILABLE;
    }

    static boolean isReady(Probe.Result result) {
        return result instanceof Probe.Result.Walked walked
                && walked.tried().stream().anyMatch(each -> each.end() instanceof Probe.End.Ready);
    }

    /** What TLS has to prove, in words. */
    static String wanted(TlsLevel level) {
        return switch (level) {
            case NONE -> "none";
            case OPPORTUNISTIC -> "nothing published: TLS where it is offered, any certificate";
            case VERIFIED -> "a certificate of its name";
            case MTA_STS -> "MTA-STS: a certificate of its name";
            case DANE -> "DANE: a certificate that TLSA records name";
        };
    }
}
