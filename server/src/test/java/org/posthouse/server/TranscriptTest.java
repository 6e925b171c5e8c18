package org.posthouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.posthouse.server.Script.Step;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Every dialogue in src/test/resources/transcripts, against a real server in virtual time. */
class TranscriptTest {
    private static final Path FOLDER = Path.of("src/test/resources/transcripts");

    static List<String> transcripts() throws IOException {
        try (var files = Files.list(FOLDER)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    /** Those that are about content and where it ends. */
    static List<String> contents() throws IOException {
        return transcripts().stream()
                .filter(name -> name.matches("(smuggling|data|bdat).*"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void plays(String name) throws Exception {
        Script script = Script.read(FOLDER.resolve(name));
        play(name, script, new Stage(script.settings()), client -> {});
    }

    @ParameterizedTest
    @MethodSource("contents")
    void playsOctetByOctet(String name) throws Exception {
        Script script = Script.read(FOLDER.resolve(name));
        var stage = new Stage(script.settings());
        play(name, script, stage, client -> client.sendOctetByOctet(stage.sim::settle));
    }

    @ParameterizedTest
    @MethodSource("contents")
    void playsOverTls(String name) throws Exception {
        Script script = Script.read(FOLDER.resolve(name));
        Map<String, String> settings = new HashMap<>(script.settings());
        settings.put("tls", "implicit");
        settings.put("discard", "REQUIRETLS"); // so that EHLO says what it says in clear text
        play(name, script, new Stage(settings), Client::secure);
    }

    /** What is special about a client. */
    @FunctionalInterface
    private interface Way {
        void prepare(Client client) throws IOException;
    }

    private static void play(String name, Script script, Stage stage, Way way) throws Exception {
        stage.sim.run(
                () -> {
                    stage.server.start();
                    try (var client = new Client(stage.connect(), stage.sim.time())) {
                        way.prepare(client);
                        for (Step step : script.steps()) {
                            play(name, step, stage, client);
                        }
                        assertThat(client.unread()).as("octets nobody asked for").isZero();
                    }
                    stage.sim.settle();
                    stage.server.close(Duration.ofSeconds(1));
                });
        assertThat(stage.intake.openSinks()).as("contents left open").isZero();
        stage.sim.assertNothingOpen();
    }

    private static void play(String name, Step step, Stage stage, Client client) throws Exception {
        String place = name + ":" + step.line();
        switch (step.word()) {
            case "C:" -> say(step.text(), stage, client);
            case "C>" -> client.send(Script.unescape(step.text()));
            case "S:" -> expect(place, step.text(), client);
            case "TLS" -> client.secure();
            case "wait" -> stage.sim.advance(duration(step.text()));
            case "BULK" -> client.send("\r\n".repeat(Integer.parseInt(step.text()) / 2));
            case "DRIP" -> drip(step.text(), stage, client);
            default -> check(place, step, stage);
        }
    }

    private static void say(String text, Stage stage, Client client) throws IOException {
        if (text.equals("<close>")) {
            client.close();
            stage.sim.settle();
        } else {
            client.send(text + "\r\n");
        }
    }

    private static void check(String place, Step step, Stage stage) {
        MemoryIntake intake = stage.intake;
        int last = intake.arrivals.size() - 1;
        switch (step.word()) {
            case "STORED" ->
                    assertThat(intake.arrivals).as(place).hasSize(Integer.parseInt(step.text()));
            case "CONTENT" -> {
                String wanted =
                        new String(Script.unescape(step.text()), StandardCharsets.ISO_8859_1);
                assertThat(intake.content(last)).as(place).isEqualTo(wanted);
            }
            case "PREFIX" -> {
                String wanted = new String(Script.unescape(step.text()), StandardCharsets.UTF_8);
                String prefix = intake.prefix(last);
                assertThat(Script.matches(wanted, prefix)).as(place + " " + prefix).isTrue();
            }
            case "TO" -> assertThat(recipients(stage, last)).as(place).isEqualTo(step.text());
            default -> throw new IllegalArgumentException(place + ": no step " + step.word());
        }
    }

    private static String recipients(Stage stage, int index) {
        return stage.intake.arrivals.get(index).envelope().recipients().stream()
                .map(r -> r.mailbox().address())
                .collect(Collectors.joining(" "));
    }

    private static void expect(String place, String pattern, Client client) throws IOException {
        if (pattern.equals("<close>")) {
            assertThat(client.untilClosed()).as(place).isEmpty();
            return;
        }
        String line = client.line();
        assertThat(Script.matches(pattern, line))
                .as("%s: wanted '%s', was '%s'", place, pattern, line)
                .isTrue();
    }

    private static void drip(String text, Stage stage, Client client) {
        String[] words = text.split(" ", 3);
        int count = Integer.parseInt(words[1]);
        try {
            for (int i = 0; i < count; i++) {
                stage.sim.advance(duration(words[0]));
                client.send(Script.unescape(words[2]));
            }
        } catch (IOException e) {
            // cut by the server, as the next step will find
        }
    }

    private static Duration duration(String text) {
        return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
    }
}
