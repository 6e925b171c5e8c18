package org.posthouse.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthouse.Message;
import org.posthouse.Posthouse;
import org.posthouse.sim.ScriptedPeer;
import org.posthouse.sim.SimPlatform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** What a file bounds is bounded where mail leaves. */
class DeliveryBoundsTest {
    private static final String FILE =
            """
            data = "/data"
            hostname = "mail.us.example"
            [listener.in]
            bind = "127.0.0.1:2525"
            [domains]
            local = ["us.example"]
            [[route]]
            via = "smarthost"
            host = "192.0.2.25"
            tls = "off"
            """;

    @TempDir Path folder;

    private int sentInAMinute(String more) throws IOException {
        Path file = folder.resolve("posthouse.toml");
        Files.writeString(file, FILE + more);
        Configuration read = Configuration.load(file, Map.of(), "here.example");
        assertThat(read).isInstanceOf(Configuration.Good.class);
        var good = (Configuration.Good) read;
        var sim = new SimPlatform(3);
        int[] sent = new int[1];
        sim.run(
                () -> {
                    var peer = new ScriptedPeer(sim, "192.0.2.25", 25);
                    try (Posthouse mail = good.builder().platform(sim).start()) {
                        for (int i = 0; i < 100; i++) {
                            mail.submit(
                                    Message.builder()
                                            .from("app@us.example")
                                            .to("r" + i + "@far.example")
                                            .text("the text")
                                            .build());
                        }
                        sim.advance(Duration.ofMinutes(1));
                        sent[0] = peer.received().size();
                    }
                });
        return sent[0];
    }

    @Test
    void messagesAMinuteToAllNextHops() throws IOException {
        assertThat(sentInAMinute("")).isEqualTo(100);
        assertThat(sentInAMinute("[delivery]\nmessages_per_minute = 30\n")).isBetween(28, 32);
    }
}
