package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.platform.WireReader;
import org.posthouse.platform.WireWriter;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class ControlServerTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir Path data;

    private final JdkPlatform platform = JdkPlatform.create(DnsSettings.servers(List.of()));

    @AfterEach
    void close() {
        platform.close();
    }

    private ControlServer start() throws IOException {
        return ControlServer.start(
                platform,
                data,
                new ControlVerbs(
                        ControlServerTest::answer, ControlServerTest::submitted, Following.NONE));
    }

    private static ControlAnswer submitted(ControlRequest request, InputStream content) {
        return taken(request.text("from"), content);
    }

    private static ControlAnswer answer(ControlRequest request) {
        return switch (request.verb()) {
            case "say" ->
                    new ControlAnswer(
                            List.of(JsonLine.of(to -> to.text("line", request.text("what")))),
                            ControlAnswer.ok(json -> json.number("n", 1)).last());
            case "break" -> throw new IllegalStateException("broken");
            default -> ControlAnswer.no("PH-S051", "no " + request.verb());
        };
    }

    private static ControlAnswer taken(String from, InputStream content) {
        try {
            if (from.equals("nobody")) {
                throw new IllegalArgumentException("nobody");
            }
            String text = new String(content.readAllBytes(), StandardCharsets.UTF_8);
            return ControlAnswer.ok(json -> json.text("text", text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is refused before its end is read to its end. */
    @Test
    void aContentComesInPiecesBehindItsRequest() throws IOException {
        try (ControlServer server = start();
                Connection raw =
                        platform.network().connect(ControlSocket.in(data), Deadline.NEVER)) {
            assertThat(server).isNotNull();
            var writer = new WireWriter(raw);
            writer.text("{\"v\":1,\"do\":\"submit\"}\nYWJj\nZGVm\n\n");
            writer.text("{\"v\":1,\"do\":\"submit\",\"from\":\"nobody\"}\nYWJj\n\n");
            writer.text("{\"v\":1,\"do\":\"submit\"}\n!!!\n\n");
            writer.flush(platform.time().after(SOON));
            var reader = new WireReader(raw);
            assertThat(line(reader)).isEqualTo("{\"v\":1,\"ok\":true,\"text\":\"abcdef\"}");
            assertThat(line(reader)).contains("PH-S051", "nobody");
            assertThatThrownBy(() -> line(reader)).isInstanceOf(EOFException.class);
        }
    }

    private String line(WireReader reader) throws IOException {
        assertThat(reader.readLine(1 << 20, platform.time().after(SOON))).isTrue();
        int length = reader.lineTo() - reader.lineFrom();
        return new String(reader.buffer(), reader.lineFrom(), length, StandardCharsets.UTF_8);
    }

    private Map<String, Object> ask(ControlClient client, String verb, List<Object> lines)
            throws IOException {
        return client.ask(verb, json -> json.text("what", "x\ny"), SOON, lines::add);
    }

    @Test
    void answersOneRequestAfterTheOther() throws IOException {
        try (ControlServer server = start();
                ControlClient client = ControlClient.connect(data)) {
            assertThat(server).isNotNull();
            var lines = new ArrayList<>();
            Map<String, Object> other = ask(client, "other", lines);
            assertThat(other).containsEntry("ok", false).containsEntry("text", "no other");
            assertThat(ask(client, "break", lines)).containsEntry("code", "PH-S021");
            assertThat(ask(client, "say", lines))
                    .containsEntry("ok", true)
                    .containsEntry("v", 1L)
                    .containsEntry("n", 1L);
            assertThat(lines).containsExactly(Map.of("line", "x\ny"));
        }
    }

    @Test
    void isForItsOwnUserOnly() throws IOException {
        Path folder = data.resolve("control");
        Files.createDirectory(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        try (ControlServer server = start()) {
            assertThat(server).isNotNull();
            assertThat(mode(folder)).isEqualTo("rwx------");
            assertThat(mode(folder.resolve("socket"))).isEqualTo("rw-------");
        }
        assertThat(folder.resolve("socket")).doesNotExist();
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void whatMakesNoSenseIsToldAndTheNextRequestIsHeard() throws IOException {
        try (ControlServer server = start();
                Connection connection =
                        platform.network().connect(ControlSocket.in(data), Deadline.NEVER)) {
            assertThat(server).isNotNull();
            var reader = new WireReader(connection);
            for (String request :
                    List.of("", "x", "{}", "{\"v\":2,\"do\":\"say\"}", "{\"v\":1,\"do\":7}")) {
                assertThat(answer(connection, reader, request)).contains("\"PH-S051\"");
            }
            assertThat(answer(connection, reader, "{\"v\":1,\"do\":\"say\"}")).contains("line");
        }
    }

    @Test
    void aLineThatIsTooLongEndsTheConnection() throws IOException {
        try (ControlServer server = start();
                Connection connection =
                        platform.network().connect(ControlSocket.in(data), Deadline.NEVER)) {
            assertThat(server).isNotNull();
            var reader = new WireReader(connection);
            String answer =
                    answer(connection, reader, "x".repeat(ControlSocket.LINE_OCTETS_MAX + 1));
            assertThat(answer).contains("this line is too long");
            assertThatThrownBy(() -> reader.readLine(100, platform.time().after(SOON)))
                    .isInstanceOf(EOFException.class);
        }
    }

    private String answer(Connection connection, WireReader reader, String request)
            throws IOException {
        var writer = new WireWriter(connection);
        byte[] octets = (request + "\n").getBytes(StandardCharsets.UTF_8);
        writer.octets(octets, 0, octets.length, platform.time().after(SOON));
        writer.flush(platform.time().after(SOON));
        assertThat(reader.readLine(ControlSocket.LINE_OCTETS_MAX, platform.time().after(SOON)))
                .isTrue();
        int length = reader.lineTo() - reader.lineFrom();
        return new String(reader.buffer(), reader.lineFrom(), length, StandardCharsets.UTF_8);
    }

    @Test
    void nobodyThereIsToldWithItsCode() {
        CommandRun run = CommandRun.of("status", "--data", data);
        assertThat(run.exit()).isEqualTo(Exit.UNAVAILABLE);
        assertThat(run.err()).contains("error[PH-S050]: no daemon answers in " + data);
        assertThat(CommandRun.of("stop", "--data", data, "--config", "x").exit())
                .isEqualTo(Exit.USAGE);
    }
}
