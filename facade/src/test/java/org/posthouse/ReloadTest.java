package org.posthouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.Test;
import org.posthouse.platform.Connection;
import org.posthouse.platform.WireReader;
import org.posthouse.platform.WireWriter;
import org.posthouse.server.ServerLimits;
import org.posthouse.sim.SimNetwork;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** Other settings for a running engine, in a simulated world. */
class ReloadTest {
    private static final String STRANGER = "203.0.113.9";
    private static final InetSocketAddress THERE = SimNetwork.socket("192.0.2.1", 587);
    private static final String HELLO = "S: 220 *\nC: HELO c.example\nS: 250 *\n";
    private static final String BEGIN =
            HELLO
                    + "C: MAIL FROM:<a@c.example>\n"
                    + "S: 250 *\n"
                    + "C: RCPT TO:<ada@far.example>\n"
                    + "S: 553 *\n";

    private final World world = new World();

    private Connection connect() {
        try {
            return world.sim
                    .network()
                    .connect(
                            World.HERE,
                            SimNetwork.address(STRANGER),
                            world.sim.time().after(Duration.ofMinutes(1)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Says and hears lines on a connection that stays open, as transcripts do. */
    private void play(Connection open, String dialogue) {
        var reader = new WireReader(open);
        var writer = new WireWriter(open);
        try {
            for (String line : dialogue.lines().toList()) {
                if (line.startsWith("C: ")) {
                    writer.text(line.substring(3) + "\r\n");
                    writer.flush(world.sim.time().after(Duration.ofMinutes(1)));
                } else {
                    String expected = line.substring(3).replace(" *", "");
                    assertThat(heard(reader)).as(line).startsWith(expected);
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A whole reply in one line; nothing at the end of the connection. */
    private String heard(WireReader reader) throws IOException {
        var reply = new StringBuilder();
        while (true) {
            try {
                reader.readLine(4096, world.sim.time().after(Duration.ofMinutes(1)));
            } catch (EOFException e) {
                return "<close>";
            }
            int length = reader.lineTo() - reader.lineFrom();
            String line = new String(reader.buffer(), reader.lineFrom(), length, US_ASCII);
            reply.append(line);
            if (line.charAt(3) == ' ') {
                return reply.toString();
            }
        }
    }

    @Test
    void rulesCountFromTheNextCommandOfASession() {
        world.with(
                world.builder(),
                mail -> {
                    try (Connection open = connect()) {
                        play(open, BEGIN);
                        Reloaded reloaded =
                                mail.reload(
                                        world.builder()
                                                .local("far.example")
                                                .relay(r -> r.name("apps").clients("10.0.0.0/8")));
                        assertThat(reloaded.changed())
                                .containsExactly("local domains", "relay rules");
                        assertThat(reloaded.waiting()).isEmpty();
                        play(open, "C: RCPT TO:<ada@far.example>\nS: 250 *\n");
                        assertThat(mail.relayProof().sentence()).isEqualTo("10.0.0.0/8 on port 25");
                        mail.reload(world.builder());
                        play(open, "C: RCPT TO:<bob@far.example>\nS: 553 *\nC: QUIT\nS: 221 *\n");
                    }
                });
    }

    @Test
    void aLimitOfARuleHoldsForAllAndAReloadKeepsWhatWasGranted() {
        String rcpt = "C: RCPT TO:<%s@far.example>\nS: %s *\n";
        world.with(
                limited(2),
                mail -> {
                    String mailFrom = HELLO + "C: MAIL FROM:<a@c.example>\nS: 250 *\n";
                    try (Connection one = connect();
                            Connection other = connect()) {
                        play(one, mailFrom + rcpt.formatted("a", "250"));
                        play(other, mailFrom + rcpt.formatted("b", "250"));
                        play(one, rcpt.formatted("c", "451 4.7.1"));
                        play(other, "C: RCPT TO:<ada@us.example>\nS: 250 *\n");
                        Ask ask = Ask.from("a@c.example").to("c@far.example").client(STRANGER);
                        assertThat(mail.explain(ask).code()).isEqualTo("PH-R106");
                        assertThat(mail.explain(ask).toString())
                                .contains("its limit of 2/hour is reached");
                        assertThat(mail.reload(limited(3)).changed())
                                .containsExactly("relay rules");
                        assertThat(mail.explain(ask).toString())
                                .contains("all conditions hold, at most 3/hour");
                        play(one, rcpt.formatted("d", "250") + rcpt.formatted("e", "451 4.7.1"));
                    }
                    world.sim.advance(Duration.ofMinutes(62));
                    try (Connection later = connect()) {
                        play(later, HELLO + "C: MAIL FROM:<a@c.example>\nS: 250 *\n");
                        play(later, rcpt.formatted("a", "250") + rcpt.formatted("b", "250"));
                    }
                });
    }

    private PosthouseBuilder limited(int recipients) {
        return world.builder()
                .local("us.example")
                .relay(
                        r ->
                                r.name("far")
                                        .clients("203.0.113.0/24")
                                        .limit(recipients, Duration.ofHours(1)));
    }

    /** Else stricter rules would let go what the rules before left to a hook. */
    @Test
    void whatOnlyAHookMayRelayStaysSoWhateverTheRulesBecome() {
        PosthouseBuilder byHook = world.builder().relay(r -> r.clients(STRANGER).byHook());
        world.with(
                byHook,
                mail -> {
                    try (Connection open = connect()) {
                        play(
                                open,
                                HELLO
                                        + "C: MAIL FROM:<a@c.example>\nS: 250 *\n"
                                        + "C: RCPT TO:<ada@far.example>\nS: 250 *\n");
                        mail.reload(world.builder());
                        play(open, "C: DATA\nS: 354 *\nC: a: b\nC: .\nS: 553 *\n");
                        assertThat(mail.queue().deliveries()).isZero();
                    }
                });
    }

    @Test
    void limitsCountForSessionsThatAreOpen() {
        world.with(
                world.builder(),
                mail -> {
                    try (Connection open = connect()) {
                        play(open, HELLO);
                        ServerLimits small = ServerLimits.builder().messageOctetsMax(1000).build();
                        assertThat(mail.reload(world.builder().limits(small)).changed())
                                .containsExactly("limits");
                        play(
                                open,
                                "C: MAIL FROM:<a@c.example> SIZE=1001\nS: 552 *\n"
                                        + "C: EHLO c.example\n"
                                        + "S: 250-mail.shop.example250-PIPELINING250-SIZE 1000\n");
                    }
                });
    }

    @Test
    void whatIsWrongChangesNothing() {
        world.with(
                world.builder(),
                mail -> {
                    try (Connection open = connect()) {
                        play(open, HELLO);
                        assertThatThrownBy(
                                        () ->
                                                mail.reload(
                                                        world.builder()
                                                                .local("far.example")
                                                                .relay(r -> r.name("all"))))
                                .isInstanceOf(PosthouseException.class)
                                .hasMessageContaining("PH-C031");
                        assertThatThrownBy(
                                        () ->
                                                mail.reload(
                                                        world.builder()
                                                                .local("far.example")
                                                                .listen(
                                                                        World.HERE,
                                                                        l -> l.name("again"))))
                                .isInstanceOf(PosthouseException.class)
                                .hasMessageContaining("PH-S002");
                        play(
                                open,
                                "C: MAIL FROM:<a@c.example>\nS: 250 *\n"
                                        + "C: RCPT TO:<ada@far.example>\nS: 553 *\n");
                    }
                    assertThat(mail.addresses()).containsOnlyKeys("public");
                });
    }

    @Test
    void listenersComeAndGo() {
        world.with(
                world.builder(),
                mail -> {
                    try (Connection open = connect()) {
                        play(open, HELLO);
                        Reloaded more =
                                mail.reload(world.builder().listen(THERE, l -> l.name("more")));
                        assertThat(more.changed()).containsExactly("listener more added");
                        play(open, "C: NOOP\nS: 250 *\n");
                        world.play(STRANGER, THERE, HELLO + "C: QUIT\nS: 221 *\n");
                        Reloaded moved =
                                mail.reload(
                                        Posthouse.builder()
                                                .hostname("mail.shop.example")
                                                .data(World.DATA)
                                                .local("shop.example")
                                                .listen(THERE, l -> l.name("more").greeting("hi")));
                        assertThat(moved.changed())
                                .containsExactly("listener more", "listener public removed");
                        play(open, "S: 421 4.3.2 *\nS: <close>\n");
                        world.play(
                                STRANGER,
                                THERE,
                                "S: 220 mail.shop.example hi\nC: QUIT\nS: 221 *\n");
                        assertThat(mail.addresses()).containsOnlyKeys("more");
                    }
                });
    }

    @Test
    void aListenerMovesUnderItsName() {
        world.with(
                world.builder(),
                mail -> {
                    try (Connection open = connect()) {
                        play(open, HELLO);
                        Reloaded moved =
                                mail.reload(
                                        Posthouse.builder()
                                                .hostname("mail.shop.example")
                                                .data(World.DATA)
                                                .local("shop.example")
                                                .listen(THERE, l -> l.name("public")));
                        assertThat(moved.changed()).containsExactly("listener public moved");
                        play(open, "S: 421 4.3.2 *\nS: <close>\n");
                        world.play(STRANGER, THERE, HELLO + "C: QUIT\nS: 221 *\n");
                    }
                });
    }

    @Test
    void mailThatWaitsLeavesByTheRouteOfNow() {
        world.with(
                world.builder()
                        .relay(r -> r.name("apps").clients(STRANGER))
                        .route(r -> r.smarthost("198.51.100.1")),
                mail -> {
                    world.send(STRANGER, "ada@far.example", "250 *", "250 *");
                    world.sim.advance(Duration.ofSeconds(1));
                    assertThat(mail.queue().messages()).isOne();
                    try (var hop = world.hop("198.51.100.2", "250 ok")) {
                        Reloaded reloaded =
                                mail.reload(
                                        world.builder().route(r -> r.smarthost("198.51.100.2")));
                        assertThat(reloaded.changed()).containsExactly("relay rules", "routes");
                        world.sim.advance(Duration.ofHours(1));
                        assertThat(mail.queue().messages()).isZero();
                        assertThat(hop.isClosed()).isFalse();
                    }
                });
        assertThat(world.taken).singleElement().asString().contains("RCPT TO:<ada@far.example>");
    }

    @Test
    void whatWaitsForARestartIsNamed() {
        world.with(
                world.builder(),
                mail -> {
                    Reloaded reloaded =
                            mail.reload(
                                    world.builder()
                                            .hostname("other.example")
                                            .data(World.DATA.resolve("other"))
                                            .dnsTimeout(Duration.ofSeconds(1))
                                            .idleWait(Duration.ofMinutes(1)));
                    assertThat(reloaded.waiting())
                            .containsExactly(
                                    "data",
                                    "hostname (towards next hops and in reports)",
                                    "retry and timeouts of deliveries",
                                    "dns");
                    world.send(STRANGER, "ada@shop.example", "250 *", "250 *");
                });
    }

    @Test
    void aCertificateCountsWhereItIsAskedFor() {
        String mine = "ab".repeat(32);
        Ask ask =
                Ask.from("a@c.example")
                        .to("ada@far.example")
                        .client(STRANGER)
                        .certificate(mine.toUpperCase(Locale.ROOT));
        PosthouseBuilder asking =
                Posthouse.builder()
                        .local("shop.example")
                        .certificate(Path.of("/chain.pem"), Path.of("/key.pem"))
                        .listen(THERE, l -> l.name("asking").asksForClientCertificate())
                        .listen(World.HERE, l -> l.name("public"))
                        .relay(r -> r.name("known").certificates(mine));
        assertThat(asking.explain(ask).rule()).isEqualTo("known");
        assertThat(asking.explain(ask.certificate("cd".repeat(32))).isTaken()).isFalse();
        assertThat(asking.explain(ask.listener("public")).isTaken()).isFalse();
    }

    @Test
    void aClosedEngineTakesNothing() {
        world.sim.run(
                () -> {
                    Posthouse mail = world.builder().start();
                    mail.close();
                    assertThatThrownBy(() -> mail.reload(world.builder()))
                            .isInstanceOf(IllegalStateException.class);
                });
        world.sim.assertQuiet();
    }
}
