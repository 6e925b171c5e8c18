package org.posthouse.daemon;

import org.posthouse.Posthouse;
import org.posthouse.PosthouseBuilder;
import org.posthouse.core.MailEvents;
import org.posthouse.daemon.config.Configuration;
import org.posthouse.daemon.config.Surroundings;
import org.posthouse.platform.Platform;
import org.posthouse.relay.Suspension;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An engine that takes all mail of this machine and delivers none; its queue is the inbox. What
 * keeps mail here, each alone enough: its platform connects to nobody, all of its queue is
 * suspended, and the mail in it is for a store that takes nothing.
 */
final class Sandbox implements AutoCloseable {
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(1);

    private final Platform platform;
    private final Posthouse engine;
    private final LiveControl.Live live;
    private final ControlServer control;

    private Sandbox(
            Platform platform, Posthouse engine, LiveControl.Live live, ControlServer control) {
        this.platform = platform;
        this.engine = engine;
        this.live = live;
        this.control = control;
    }

    /**
     * How it is set up.
     *
     * @param data where it keeps its mail
     * @param port 0: any free one
     */
    record Setup(Path data, int port, SandboxInbox.Bounds bounds) {}

    /**
     * Where it runs.
     *
     * @param real what the machine can do, of which it gets a part
     * @param log told what comes, as people read it
     * @param events told all that happens
     */
    record Around(Platform real, Stop stop, Log log, MailEvents events) {}

    /**
     * Starts one.
     *
     * @throws org.posthouse.PosthouseException when the port is taken, or the data in use
     * @throws IOException when the data can't be written
     */
    static Sandbox start(Setup setup, Around around) throws IOException {
        var platform = new SandboxPlatform(around.real());
        var live = LiveControl.Live.create();
        var inbox = new SandboxInbox(setup.bounds(), around.log()::say);
        PosthouseBuilder builder = SandboxSettings.builder(platform, setup.data(), setup.port());
        for (MailEvents each : List.of(live.recent(), live.events(), inbox, around.events())) {
            builder.onEvent(each);
        }
        Posthouse engine = builder.start();
        boolean isDone = false;
        try {
            engine.queue().suspend(everything(engine.now()));
            inbox.attach(engine.queue());
            var started = configuration(builder, setup.data());
            var verbs =
                    new ControlVerbs(
                            control(engine, started, around),
                            new Submission(engine),
                            new LiveControl(engine, platform.time(), live));
            ControlServer server = ControlServer.start(platform, setup.data(), verbs);
            isDone = true;
            return new Sandbox(platform, engine, live, server);
        } finally {
            if (!isDone) {
                engine.close(Duration.ZERO);
            }
        }
    }

    private static Suspension everything(Instant now) {
        return new Suspension(Suspension.Scope.DOMAIN, "*", SandboxSettings.WHY, now, Instant.MAX);
    }

    private static Configuration.Good configuration(PosthouseBuilder builder, Path data) {
        var summary = new Configuration.Summary(1, List.of(), List.of(), List.of(), 0, "");
        return new Configuration.Good(builder, data, Optional.empty(), summary, Optional.empty());
    }

    private static SandboxControl control(
            Posthouse engine, Configuration.Good started, Around around) {
        var reread =
                new Daemon.Reread(
                        Optional.empty(), Surroundings.of(Map.of(), SandboxSettings.HOST));
        var reloader = new Reloader(engine, reread, started, around.log());
        var time = around.real().time();
        var queue = new QueueControl(engine.queue(), time, around.log()::say);
        var history = new HistoryControl(engine, time);
        return new SandboxControl(
                engine, new Control(engine, reloader, around.stop(), queue, history));
    }

    InetSocketAddress address() {
        return engine.address(SandboxSettings.LISTENER);
    }

    Posthouse engine() {
        return engine;
    }

    @Override
    public void close() {
        try {
            live.events().stop(platform.time());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        control.close();
        engine.close(CLOSE_WITHIN);
    }
}
