package org.posthouse.daemon;

import org.posthouse.PosthouseException;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code posthouse dev}. */
@Command(
        name = "dev",
        description = {
            "A sandbox for developers: takes all mail of this machine, delivers none, and shows"
                    + " what came.",
            "Any login is right, STARTTLS is offered with a certificate of its own. The newest 500"
                + " messages are kept; `posthouse msg list`, `msg show` and `msg raw` in another"
                + " terminal look at them. Mail to some addresses fails as they say: `posthouse"
                + " help faults`.",
            "Exit codes: 0 stopped, 69 the port is taken, 73 the data folder can't be made, 78 it"
                    + " is a server's."
        },
        mixinStandardHelpOptions = true)
final class DevCommand implements Callable<Integer> {
    /** What a process ended by SIGTERM exits with. */
    private static final int FORCED = 143;

    private static final int PORT = 1025;
    private static final int PORT_MAX = 65_535;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Of the loopback address; by default ${DEFAULT-VALUE}, 0 is a free one.",
            defaultValue = "" + PORT)
    private int port = PORT;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Keep the mail there for the next time: an empty folder, or one of dev's. By"
                            + " default it is kept in a temporary folder that goes at the end.")
    private Optional<Path> data = Optional.empty();

    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    DevCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        if (port < 0 || port > PORT_MAX) {
            return failed("posthouse: --port is from 0 to " + PORT_MAX + "\n", Exit.USAGE);
        }
        try (SandboxFolder folder = SandboxFolder.open(data)) {
            return run(folder);
        } catch (SandboxFolder.Foreign e) {
            return failed(SandboxFolder.refused(String.valueOf(e.getMessage())), Exit.CONFIG);
        } catch (IOException e) {
            return failed("posthouse: " + e.getMessage() + "\n", Exit.CANT_CREATE);
        } catch (PosthouseException e) {
            return failed(Daemon.text(e), Exit.UNAVAILABLE);
        }
    }

    private int failed(String why, int exit) {
        PrintWriter err = spec.commandLine().getErr();
        err.print(why);
        err.flush();
        return exit;
    }

    private int run(SandboxFolder folder) throws IOException, InterruptedException {
        Stop stop = Stop.onSignals(() -> Runtime.getRuntime().halt(FORCED));
        var setup = new Sandbox.Setup(folder.path(), port, SandboxInbox.Bounds.DEFAULT);
        try (JdkPlatform platform = JdkPlatform.create(DnsSettings.servers(List.of()));
                Log log = Log.to(new FileOutputStream(FileDescriptor.out));
                Sandbox sandbox =
                        Sandbox.start(
                                setup,
                                new Sandbox.Around(platform, stop, log, new FlightEvents()))) {
            log.say(banner(sandbox.address(), folder));
            stop.await();
            return Exit.OK;
        }
    }

    /** The last line says that it is ready. */
    static String banner(InetSocketAddress address, SandboxFolder folder) {
        String where = Daemon.place(address);
        String kept = folder.isTemporary() ? ", gone at the end" : "";
        return """
        posthouse %s  sandbox: nothing leaves this machine

          SMTP    %s   any login, STARTTLS (self-signed)
          Data    %s   the newest 500 messages%s
          Look    posthouse msg list      msg show ID      msg raw ID      (in another terminal%s)
          Try     posthouse send --server %s --to you@example.com
          Spring  spring.mail.host=localhost  spring.mail.port=%d
          Fail    mail to 550@x, timeout@x, greylist@x behaves as named: posthouse help faults

        posthouse is ready: send mail to %s; nothing is delivered
        """
                .formatted(
                        Version.text(),
                        where,
                        folder.path(),
                        kept,
                        folder.isTemporary() ? "" : ", with --data " + folder.path(),
                        where,
                        address.getPort(),
                        where);
    }
}
