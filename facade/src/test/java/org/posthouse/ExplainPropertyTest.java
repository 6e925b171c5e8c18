package org.posthouse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.RandomRules.Question;
import org.posthouse.core.ContentSink;
import org.posthouse.platform.Connection;
import org.posthouse.platform.TlsSettings;
import org.posthouse.platform.WireReader;
import org.posthouse.platform.WireWriter;
import org.posthouse.server.Intake;
import org.posthouse.server.SmtpServer;
import org.posthouse.sim.SimNetwork;
import org.posthouse.sim.SimPlatform;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;

/**
 * Random configurations and sessions: what is explained is what real sessions, over the network of
 * a simulation, are told; and both are what a naive reading of the manual says.
 */
class ExplainPropertyTest {
    private static final int CONFIGURATIONS = 10_000;
    private static final int SESSIONS = 2;

    private final RandomRules random = new RandomRules(11);
    private final Map<String, Integer> seen = new TreeMap<>();

    @Test
    void whatIsExplainedIsWhatTheWireSays() {
        var sim = new SimPlatform(5);
        sim.run(
                () -> {
                    for (int i = 0; i < CONFIGURATIONS; i++) {
                        play(sim, i);
                    }
                });
        assertThat(seen.keySet())
                .contains("RCPT 250", "RCPT 553 5.7.1", "RCPT 550 5.1.1", "MAIL 530 5.7.0")
                .contains("AUTH 535 5.7.8", "AUTH 502 5.5.1", "STARTTLS 502 5.5.1")
                .contains("MAIL 552 5.3.4", "RCPT 501 5.1.3", "RCPT 550 5.7.1");
        assertThat(seen.values().stream().mapToInt(i -> i).sum())
                .isEqualTo(CONFIGURATIONS * SESSIONS);
        assertThat(seen.get("RCPT 250")).isGreaterThan(CONFIGURATIONS / 10);
    }

    private void play(SimPlatform sim, int number) {
        RandomRules.Drawn drawn = random.configuration();
        EngineSettings settings = EngineSettings.freeze(drawn.builder());
        SmtpServer server = server(sim, settings);
        server.start();
        try {
            for (int i = 0; i < SESSIONS; i++) {
                Question question = random.question(drawn);
                String wire = converse(sim, question);
                Explanation explanation = new Explainer(settings).explain(question.ask());
                String as = "configuration " + number + ", " + question + ": " + explanation;
                String code = codeIn(wire);
                String told = wire.replace(" (" + code + ")", "");
                assertThat(shown(explanation)).as(as).isEqualTo(told);
                if (!code.isEmpty()) {
                    assertThat(explanation.code()).as(as).isEqualTo(code);
                }
                assertThat(told).as("oracle of " + as).startsWith(question.oracle());
                seen.merge(question.oracle(), 1, Integer::sum);
            }
        } finally {
            server.close(Duration.ofSeconds(1));
        }
    }

    private static String shown(Explanation explanation) {
        if (explanation.isTaken()) {
            return "RCPT 250";
        }
        String verb = explanation.stage().split(" ", 2)[0];
        return verb + " " + explanation.reply().orElseThrow();
    }

    /** What stands in parentheses at the end of a refusal. */
    private static String codeIn(String line) {
        int from = line.lastIndexOf("(PH-");
        return from < 0 ? "" : line.substring(from + 1, line.length() - 1);
    }

    private static SmtpServer server(SimPlatform sim, EngineSettings settings) {
        var policy =
                new BoundPolicy(
                        () -> settings,
                        new HookRunner(sim, settings.hooks().timeout),
                        new byte[SaltSeed.OCTETS],
                        new RelayTallies(sim.time()));
        Optional<Supplier<SSLContext>> tls =
                settings.certificates().isEmpty()
                        ? Optional.empty()
                        : Optional.of(ExplainPropertyTest::context);
        return new SmtpServer(
                sim, ListenerPlans.of(settings, tls), policy, new NoIntake(), event -> {});
    }

    /** The verb at which the session ends, and the reply that ends it. */
    private static String converse(SimPlatform sim, Question question) {
        InetSocketAddress to = RandomRules.address(question.listener());
        try (Connection connection =
                sim.network()
                        .connect(
                                to,
                                SimNetwork.address(question.ask().client().toString()),
                                sim.time().after(Duration.ofMinutes(1)))) {
            return new Client(sim, connection).play(question);
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** A client that goes on until it is refused. */
    private static final class Client {
        private final SimPlatform sim;
        private Connection connection;
        private WireReader reader;
        private WireWriter writer;

        Client(SimPlatform sim, Connection connection) {
            this.sim = sim;
            this.connection = connection;
            this.reader = new WireReader(connection);
            this.writer = new WireWriter(connection);
        }

        String play(Question question) throws IOException, GeneralSecurityException {
            if (question.listener().tls().equals("implicit")) {
                secure();
            }
            hear();
            var commands = new ArrayList<>(question.commands());
            while (!commands.isEmpty()) {
                String command = commands.removeFirst();
                writer.text(command + "\r\n");
                writer.flush(sim.time().after(Duration.ofMinutes(1)));
                String reply = hear();
                String verb = command.split(" ", 2)[0];
                if (!reply.startsWith("2") || commands.isEmpty()) {
                    return verb + " " + (reply.startsWith("2") ? "250" : reply);
                }
                if (verb.equals("STARTTLS")) {
                    secure();
                }
            }
            throw new AssertionError("nothing was said");
        }

        private void secure() throws IOException {
            connection =
                    connection.secure(
                            new TlsSettings.Client(context(), "mx.example", false),
                            sim.time().after(Duration.ofMinutes(1)));
            reader = new WireReader(connection);
            writer = new WireWriter(connection);
        }

        /** The last line of a reply. */
        private String hear() throws IOException {
            while (true) {
                if (!reader.readLine(4096, sim.time().after(Duration.ofMinutes(1)))) {
                    throw new AssertionError("the line is too long");
                }
                int length = reader.lineTo() - reader.lineFrom();
                String line =
                        new String(
                                reader.buffer(), reader.lineFrom(), length, StandardCharsets.UTF_8);
                if (line.length() < 4 || line.charAt(3) == ' ') {
                    return line;
                }
            }
        }
    }

    /** Nothing comes so far. */
    private static final class NoIntake implements Intake {
        @Override
        public ContentSink openContent() {
            throw new IllegalStateException("no content was expected");
        }

        @Override
        public Result accept(Arrival arrival) {
            throw new IllegalStateException("no message was expected");
        }
    }

    static String plain(String login, String password) {
        byte[] octets = ("\0" + login + "\0" + password).getBytes(StandardCharsets.UTF_8);
        return "AUTH PLAIN " + Base64.getEncoder().encodeToString(octets);
    }
}
