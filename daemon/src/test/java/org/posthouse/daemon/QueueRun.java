package org.posthouse.daemon;

import org.posthouse.Message;
import org.posthouse.Posthouse;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An engine whose queue is asked over the control socket; what is sent is for later. */
final class QueueRun implements AutoCloseable {
    final Path data;
    final Posthouse engine;
    final List<String> log = new CopyOnWriteArrayList<>();
    private final JdkPlatform platform = JdkPlatform.create(DnsSettings.servers(List.of()));
    private final ControlServer server;

    QueueRun(Path data) throws IOException {
        this.data = data;
        engine =
                Posthouse.builder()
                        .data(data)
                        .hostname("mail.shop.example")
                        .local("shop.example")
                        .route(r -> r.name("out").smarthost("127.0.0.1:1"))
                        .start();
        var control = new QueueControl(engine.queue(), platform.time(), log::add);
        server =
                ControlServer.start(
                        platform,
                        data,
                        request -> control.answer(request).orElseThrow(),
                        new Submission(engine));
    }

    SpoolId send(String from, String... to) {
        Message.Builder message = Message.builder().from(from).subject("hello").text("the text");
        for (String each : to) {
            message.to(each);
        }
        Instant later = platform.time().now().plusSeconds(100_000);
        return engine.submit(message.notBefore(later).build()).id();
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
