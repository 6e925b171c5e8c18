package org.posthouse.daemon;

import org.posthouse.Ask;
import org.posthouse.Explanation;
import org.posthouse.core.Reply;
import org.posthouse.daemon.config.Configuration;
import org.posthouse.daemon.config.Quantity;

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

/** {@code posthouse explain}. */
@Command(
        name = "explain",
        description = {
            "Say what would become of a message, why, and what would change that; or, with ID, what"
                    + " was decided about one that was accepted.",
            "The first is by the same decision as that of a running daemon, from the configuration"
                    + " alone: no daemon is needed, nothing is sent. The second asks the daemon.",
            "Exit codes: 0 it is taken, 77 it is refused, 75 it is refused for now, 64 the"
                    + " question makes no sense, 66 there is no such message, 69 no daemon answers,"
                    + " 78 the configuration is wrong."
        },
        mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "ID",
            description = "A message, by the name that its client was told.")
    private String id = "";

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration; by default that of `run` in this folder.")
    private Optional<Path> config = Optional.empty();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "With ID: the daemon with this data folder, as of `status`.")
    private Optional<Path> data = Optional.empty();

    @Option(names = "--client", paramLabel = "IP", description = "The client's address.")
    private String client = "";

    @Option(
            names = "--from",
            paramLabel = "ADDRESS",
            description = "The reverse-path; <> is the null one.")
    private Optional<String> from = Optional.empty();

    @Option(names = "--to", paramLabel = "ADDRESS", description = "The recipient.")
    private String to = "";

    @Option(
            names = "--login",
            paramLabel = "NAME",
            description = "Who has logged in, over TLS; by default nobody.")
    private String login = "";

    @Option(names = "--tls", description = "The client uses TLS.")
    private boolean tls;

    @Option(
            names = "--certificate",
            paramLabel = "SHA256",
            description = "The fingerprint of the certificate that the client shows.")
    private Optional<String> certificate = Optional.empty();

    @Option(names = "--helo", paramLabel = "NAME", description = "What the client calls itself.")
    private Optional<String> helo = Optional.empty();

    @Option(
            names = "--size",
            paramLabel = "N",
            description = "The size that the client declares: octets, or such as 10MB.")
    private Optional<String> size = Optional.empty();

    @Option(
            names = "--listener",
            paramLabel = "NAME",
            description = "Where it connects; by default the first listener that fits.")
    private String listener = "";

    @Option(names = "--json", description = "One JSON object, for programs.")
    private boolean json;

    @Option(names = "--plain", description = "No colours.")
    private boolean plain;

    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the field
    ExplainCommand() {}

    @Override
    public Integer call() {
        boolean asks = !client.isEmpty() || !to.isEmpty() || from.isPresent();
        boolean isWhole = !client.isEmpty() && !to.isEmpty() && from.isPresent();
        if (asks == !id.isEmpty() || (asks && !isWhole)) {
            spec.commandLine()
                    .getErr()
                    .println("posthouse: give an ID, or --client, --from and --to");
            return Exit.USAGE;
        }
        if (!id.isEmpty()) {
            return past();
        }
        Map<String, String> environment = System.getenv();
        String machine = MachineName.find(environment);
        Configuration configuration =
                config.or(FolderConfig::here)
                        .map(file -> Configuration.load(file, environment, machine))
                        .orElseGet(() -> Configuration.standard(machine));
        return switch (configuration) {
            case Configuration.Bad bad -> {
                ReportPaint.print(bad.report(), spec.commandLine().getErr(), plain);
                yield Exit.CONFIG;
            }
            case Configuration.Good good -> explain(good);
        };
    }

    private int explain(Configuration.Good configuration) {
        Explanation explanation;
        try {
            explanation = configuration.builder().explain(ask());
        } catch (IllegalArgumentException e) {
            spec.commandLine().getErr().println("posthouse: " + e.getMessage());
            return Exit.USAGE;
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(ExplanationJson.of(explanation));
        } else {
            var terminal = Terminal.of(System.getenv(), plain);
            out.print(explanation.text(terminal.columns(), terminal.paint()));
        }
        out.flush();
        return exit(explanation);
    }

    private int past() {
        var output = new Daemon.Output(spec.commandLine().getOut(), spec.commandLine().getErr());
        Path folder = ControlSocket.folder(config, data);
        var question = new PastQuestion(output, Terminal.of(System.getenv(), plain), json);
        return question.ask(folder, id);
    }

    private Ask ask() {
        Ask ask = Ask.from(from.orElse("")).to(to).client(client).login(login).listener(listener);
        Ask shown = certificate.map(ask::certificate).orElse(ask);
        Ask named = helo.map(shown::helo).orElse(shown);
        Ask sized = size.map(text -> named.size(octets(text))).orElse(named);
        return tls ? sized.overTls() : sized;
    }

    private static long octets(String text) {
        if (text.matches("[0-9]{1,15}")) {
            return Long.parseLong(text);
        }
        return Quantity.size(text)
                .orElseThrow(() -> new IllegalArgumentException("not a size: " + text));
    }

    static int exit(Explanation explanation) {
        if (explanation.isTaken()) {
            return Exit.OK;
        }
        boolean isForNow = explanation.reply().filter(Reply::isTransient).isPresent();
        return isForNow ? Exit.TEMPORARY : Exit.REFUSED;
    }
}
