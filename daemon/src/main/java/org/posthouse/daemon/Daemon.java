package org.posthouse.daemon;

import org.posthouse.Posthouse;
import org.posthouse.PosthouseException;
import org.posthouse.daemon.config.Configuration;
import org.posthouse.daemon.config.Surroundings;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.platform.TimeSource;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An engine in a process: starts it, says so, and stops it in order when told to. */
final class Daemon {
    /** Running transactions and attempts may finish within this. */
    static final Duration DRAIN = Duration.ofSeconds(30);

    /** What a process ended by SIGTERM exits with. */
    private static final int FORCED = 143;

    private static final String NO_CONTROL = "PH-S054";
    private static final String NO_WATCH = "PH-S064";

    private Daemon() {}

    /**
     * Returns the exit code when it was told to stop.
     *
     * @param reread for the case that it is told to read its configuration again
     */
    static int run(Configuration.Good configuration, Reread reread, Output output)
            throws InterruptedException {
        if (SandboxFolder.isSandbox(configuration.data())) {
            output.err().print(SandboxFolder.refused(configuration.data() + " is a sandbox's"));
            output.err().flush();
            return Exit.CONFIG;
        }
        Stop stop = Stop.onSignals(() -> Runtime.getRuntime().halt(FORCED));
        var hangUp = new AtomicReference<Runnable>(() -> {}); // a start is no time to reload
        Signals.on("HUP", () -> Objects.requireNonNull(hangUp.get()).run());
        Optional<Watch> watch = configuration.watch().map(Watch::new);
        var live = LiveControl.Live.create();
        try (Log log = Log.to(new FileOutputStream(FileDescriptor.err), configuration.logsJson())) {
            Posthouse engine;
            try {
                watch.ifPresent(it -> configuration.builder().onEvent(it.events()));
                configuration.builder().onEvent(live.recent()).onEvent(live.events());
                configuration.builder().onEvent(new FlightEvents());
                engine = configuration.builder().onEvent(log).start();
            } catch (PosthouseException e) {
                output.err().print(text(e));
                output.err().flush();
                return exitCode(e.code());
            }
            var reloader = new Reloader(engine, reread, configuration, log);
            hangUp.set(reloader::reload);
            serve(
                    configuration.data(),
                    new Watched(engine, watch, live, reloader.reloads()),
                    time ->
                            new Control(
                                    engine,
                                    reloader,
                                    stop,
                                    new QueueControl(engine.queue(), time, log::say),
                                    new HistoryControl(engine, time)),
                    log,
                    () -> {
                        output.out().println(ready(engine, configuration.summary()));
                        output.out().flush();
                        log.say("may relay to the outside: " + engine.relayProof().sentence());
                        end(engine, stop, log);
                    });
            return Exit.OK;
        }
    }

    /**
     * Where a configuration is read again from.
     *
     * @param file empty without one
     */
    record Reread(Optional<Path> file, Surroundings around) {}

    /** Standard output and standard error. */
    record Output(PrintWriter out, PrintWriter err) {
        /** Those of this process. */
        static Output ofProcess() {
            return new Output(writer(System.out), writer(System.err));
        }

        private static PrintWriter writer(PrintStream stream) {
            return new PrintWriter(stream, true, stream.charset());
        }
    }

    /** An engine and what watches over it. */
    private record Watched(
            Posthouse engine, Optional<Watch> watch, LiveControl.Live live, Reloads reloads) {
        Following following(TimeSource time) {
            return new LiveControl(engine, time, live);
        }

        /** Mail goes on without it, too. */
        Optional<WatchServer> serve(TimeSource time, Log log) {
            if (watch.isEmpty()) {
                return Optional.empty();
            }
            try {
                return Optional.of(
                        watch.get().serve(engine, new Watch.Around(time, live.recent(), reloads)));
            } catch (IOException e) {
                String where = place(watch.get().bind());
                log.say("error[" + NO_WATCH + "]: no metrics on " + where + ": " + e.getMessage());
                return Optional.empty();
            }
        }
    }

    /** Something that takes its time. */
    private interface Wait {
        void run() throws InterruptedException;
    }

    /** Answers its own user until the engine is closed; mail goes on without that, too. */
    private static void serve(
            Path data, Watched watched, Function<TimeSource, Control> control, Log log, Wait end)
            throws InterruptedException {
        try (JdkPlatform platform = JdkPlatform.create(DnsSettings.servers(List.of()))) {
            Optional<WatchServer> watch = watched.serve(platform.time(), log);
            Optional<ControlServer> server = Optional.empty();
            try {
                server =
                        Optional.of(
                                ControlServer.start(
                                        platform,
                                        data,
                                        new ControlVerbs(
                                                control.apply(platform.time()),
                                                new Submission(watched.engine()),
                                                watched.following(platform.time()))));
            } catch (IOException e) {
                log.say("error[" + NO_CONTROL + "]: no control socket: " + e.getMessage());
            }
            try {
                end.run();
            } finally {
                watched.live().events().stop(platform.time());
                server.ifPresent(ControlServer::close);
                watch.ifPresent(WatchServer::close);
            }
        }
    }

    private static void end(Posthouse engine, Stop stop, Log log) throws InterruptedException {
        stop.await();
        log.say("stopping: what runs may finish within " + DRAIN.toSeconds() + " s");
        engine.close(DRAIN);
        log.say("stopped: what is not delivered waits for the next start");
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

    static String place(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    static String text(PosthouseException failure) {
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
