package org.posthouse.daemon;

import org.posthouse.Posthouse;
import org.posthouse.PosthouseException;
import org.posthouse.daemon.config.Configuration;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An engine in a process: starts it, says so, and stops it in order when told to. */
final class Daemon {
    /** Running transactions and attempts may finish within this. */
    private static final Duration DRAIN = Duration.ofSeconds(30);

    /** What a process ended by SIGTERM exits with. */
    private static final int FORCED = 143;

    private Daemon() {}

    /** Returns the exit code when it was told to stop. */
    static int run(Configuration.Good configuration, PrintWriter out, PrintWriter err)
            throws InterruptedException {
        Stop stop = Stop.onSignals(() -> Runtime.getRuntime().halt(FORCED));
        try (Log log = Log.to(new FileOutputStream(FileDescriptor.err))) {
            Posthouse engine;
            try {
                engine = configuration.builder().onEvent(log).start();
            } catch (PosthouseException e) {
                err.print(text(e));
                err.flush();
                return exitCode(e.code());
            }
            out.println(ready(engine, configuration.summary()));
            out.flush();
            log.say("may relay to the outside: " + engine.relayProof().sentence());
            stop.await();
            log.say("stopping: what runs may finish within " + DRAIN.toSeconds() + " s");
            engine.close(DRAIN);
            log.say("stopped: what is not delivered waits for the next start");
            return Exit.OK;
        }
    }

    /** Where to send mail and where it ends up, in one line. */
    private static String ready(Posthouse engine, Configuration.Summary summary) {
        String places =
                Stream.concat(
                                engine.addresses().values().stream().map(Daemon::place),
                                engine.sockets().values().stream().map(path -> "unix:" + path))
                        .collect(Collectors.joining(", "));
        return "posthouse is ready: send mail to " + places + "; " + summary.fate();
    }

    private static String place(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    private static String text(PosthouseException failure) {
        var text = new StringBuilder();
        for (PosthouseException.Problem problem : failure.problems()) {
            text.append("error[").append(problem.code()).append("]: ").append(problem.text());
            text.append("\n   help: posthouse help ").append(problem.code()).append('\n');
        }
        return text.toString();
    }

    private static int exitCode(String code) {
        boolean configured = code.startsWith("PH-C") || code.startsWith("PH-T");
        return configured ? Exit.CONFIG : Exit.UNAVAILABLE;
    }
}
