package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** {@code posthouse readyz}, against a control socket that says what it is to say. */
class ReadyzCommandTest {
    @TempDir Path data;

    private final AtomicInteger asked = new AtomicInteger();

    private ControlAnswer answer(ControlRequest request, int readyFrom) {
        assertThat(request.verb()).isEqualTo("readyz");
        boolean isReady = asked.incrementAndGet() >= readyFrom;
        return ControlAnswer.ok(
                json ->
                        json.flag("live", true)
                                .flag("ready", isReady)
                                .texts("hindrances", isReady ? List.of() : List.of("it stops")));
    }

    private CommandRun run(String... more) {
        Object[] words = new Object[more.length + 3];
        words[0] = "readyz";
        words[1] = "--data";
        words[2] = data;
        System.arraycopy(more, 0, words, 3, more.length);
        return CommandRun.of(words);
    }

    @Test
    void itsExitCodeSaysIt() throws IOException {
        assertThat(run().exit()).isEqualTo(Exit.UNAVAILABLE);
        assertThat(run("--wait", "--timeout", "0").exit()).isEqualTo(Exit.UNAVAILABLE);
        assertThat(run("--timeout", "-1").exit()).isEqualTo(Exit.USAGE);
        try (JdkPlatform platform = JdkPlatform.create(DnsSettings.servers(List.of()));
                ControlServer server =
                        ControlServer.start(
                                platform,
                                data,
                                new ControlVerbs(
                                        request -> answer(request, 4),
                                        (request, content) -> answer(request, 4),
                                        Following.NONE))) {
            assertThat(server).isNotNull();
            CommandRun no = run();
            assertThat(no.exit()).isEqualTo(Exit.TEMPORARY);
            assertThat(no.err()).isEqualTo("not ready: it stops\n");
            assertThat(run("--json").out()).contains("\"ready\":false", "\"it stops\"");
            CommandRun yes = run("--wait", "--timeout", "60");
            assertThat(yes.exit()).isZero();
            assertThat(yes.out()).isEqualTo("ready\n");
            assertThat(asked.get()).isEqualTo(4);
        }
    }
}
