package org.posthouse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.platform.Dns;
import org.posthouse.platform.Network;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Mail whose header says TLS-Required: No, from the session or the program to the next hop. */
class TlsWaiverTest {
    private static final String STRANGER = "203.0.113.9";

    private final World world = new World();

    /** The next hop has published that it does TLS, and does not. */
    private void with(java.util.function.Consumer<Posthouse> body) {
        world.sim.dns().mx("far.example", 10, "mx.far.example");
        world.sim.dns().address("mx.far.example", "198.51.100.25");
        world.sim.dns().secure("far.example", "mx.far.example", "_25._tcp.mx.far.example");
        world.sim.dns().tlsa("_25._tcp.mx.far.example", new Dns.Tlsa(3, 1, 1, "ab".repeat(32)));
        world.with(
                world.builder().relay(rule -> rule.clients("203.0.113.0/24")),
                mail -> {
                    try (Network.Listening hop = world.hop("198.51.100.25", "250 ok")) {
                        body.accept(mail);
                        assertThat(hop.isClosed()).isFalse();
                    }
                });
    }

    private void receive(String field) {
        world.play(
                STRANGER,
                """
                S: 220 *
                C: HELO client.example
                S: 250 *
                C: MAIL FROM:<app@client.example>
                S: 250 *
                C: RCPT TO:<ada@far.example>
                S: 250 *
                C: DATA
                S: 354 *
                C: Subject: hello
                C: %s
                C:
                C: TLS-Required: No
                C: .
                S: 250 *
                C: QUIT
                S: 221 *
                """
                        .formatted(field));
        world.sim.advance(Duration.ofMinutes(1));
    }

    @Test
    void fromASession() {
        with(
                mail -> {
                    receive("X-Other: No");
                    receive("TLS-Required: Yes");
                    receive("TLS-Required: No\nC: TLS-Required: No");
                    assertThat(world.taken).isEmpty();
                    receive("tls-required: no");
                    assertThat(world.taken).singleElement().asString().contains("tls-required: no");
                });
    }

    @Test
    void fromTheProgram() {
        with(
                mail -> {
                    submit(mail, "Subject: a\r\n\r\nTLS-Required: No\r\n");
                    submit(mail, "TLS-Required: Yes\r\nSubject: b\r\n\r\nhello\r\n");
                    assertThat(world.taken).isEmpty();
                    submit(mail, "Subject: c\nTLS-Required: No\n\nhello\n");
                    assertThat(world.taken).singleElement().asString().contains("Subject: c");
                });
    }

    private void submit(Posthouse mail, String content) {
        mail.submit(
                Message.builder()
                        .from("app@shop.example")
                        .to("ada@far.example")
                        .content(content.getBytes(StandardCharsets.US_ASCII))
                        .build());
        world.sim.advance(Duration.ofMinutes(1));
    }
}
