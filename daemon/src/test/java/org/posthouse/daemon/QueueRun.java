package org.posthouse.daemon;

import org.posthouse.Message;
import org.posthouse.Posthouse;
import org.posthouse.core.MailEvent;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.platform.Signal;
import org.posthouse.platform.TimeSource;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** An engine whose queue is asked over the control socket; what is sent is for later. */
final class QueueRun implements AutoCloseable {
    final Path data;
    final Posthouse engine;
    final List<String> log = new CopyOnWriteArrayList<>();
    private final JdkPlatform platform = JdkPlatform.create(DnsSettings.servers(List.of()));
    final LiveControl.Live live = LiveControl.Live.create();
    private final ControlServer server;
    private final Signal tried = platform.time().signal();

    QueueRun(Path data) throws IOException {
        this.data = data;
        engine =
                Posthouse.builder()
                        .data(data)
                        .hostname("mail.shop.example")
                        .listenLoopback(0, l -> l.name("in"))
                        .local("shop.example")
                        .onEvent(this::hear)
                        .onEvent(live.recent())
                        .onEvent(live.events())
                        .route(r -> r.name("out").smarthost("127.0.0.1:1"))
                        .start();
        var control = new QueueControl(engine.queue(), platform.time(), log::add);
        var history = new HistoryControl(engine, platform.time());
        server =
                ControlServer.start(
                        platform,
                        data,
                        new ControlVerbs(
                                request ->
                                        control.answer(request)
                                                .or(() -> history.answer(request))
                                                .orElseThrow(),
                                new Submission(engine),
                                new LiveControl(engine, platform.time(), live)));
    }

    private void hear(MailEvent event) {
        if (event instanceof MailEvent.Tried || event instanceof MailEvent.Deferred) {
            tried.raise();
        }
    }

    SpoolId send(String from, String... to) {
        Message.Builder message = Message.builder().from(from).subject("hello").text("the text");
        for (String each : to) {
            message.to(each);
        }
        Instant later = platform.time().now().plusSeconds(100_000);
        return engine.submit(message.notBefore(later).build()).id();
    }

    /** It is attempted at once, and no host is there. */
    SpoolId sendNow(String from, String to) {
        Message message = Message.builder().from(from).to(to).subject("hello").text("x").build();
        return engine.submit(message).id();
    }

    /** Waits until a try of it was told. */
    void awaitTry(SpoolId id) throws InterruptedException {
        await(() -> !engine.tries(id).isEmpty());
    }

    /** Waits until something is so that a try, or a deferral, brings about. */
    void await(BooleanSupplier isSo) throws InterruptedException {
        while (!isSo.getAsBoolean()) {
            boolean unused = tried.await(platform.time().after(Duration.ofSeconds(30)));
        }
    }

    TimeSource time() {
        return platform.time();
    }

    CommandRun run(String... words) {
        Object[] all = new Object[words.length + 2];
        System.arraycopy(words, 0, all, 0, words.length);
        all[words.length] = "--data";
        all[words.length + 1] = data;
        return CommandRun.of(all);
    }

    @Override
    public void close() {
        server.close();
        engine.close();
        platform.close();
    }
}
