package org.posthouse.daemon;

import org.posthouse.client.Transaction;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a test client sends. */
final class SendMessageOptions {
    private static final int BODY_OCTETS_MAX = 64 << 20;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "ADDRESS",
            split = ",",
            description = "Recipients.")
    private List<String> to = List.of();

    @Option(
            names = "--from",
            paramLabel = "ADDRESS",
            description = "The reverse-path; <> for none. By default postmaster at this machine.")
    private String from = "postmaster@" + MachineName.find(System.getenv());

    @Option(names = "--subject", paramLabel = "TEXT", description = "The Subject field.")
    private String subject = "A test by posthouse send";

    @Option(
            names = "--body",
            paramLabel = "TEXT",
            description = "The text; @FILE reads a file, - standard input.")
    private String body = "This is a test.\n";

    @Option(names = "--attach", paramLabel = "FILE", description = "Attach it; may be repeated.")
    private List<Path> attached = List.of();

    @Option(
            names = "--header",
            paramLabel = "'NAME: VALUE'",
            description = "Another header field; may be repeated.")
    private List<String> fields = List.of();

    @SuppressWarnings("NullAway.Init") // picocli makes it
    SendMessageOptions() {}

    /**
     * All of it.
     *
     * @param content with the fields that each message has
     * @throws IllegalArgumentException when something makes no sense
     * @throws IOException when a file can't be read
     */
    Transaction transaction(TestMessage content) throws IOException {
        if (!from.equals("<>")) {
            content.field("From", from);
        }
        content.field("To", String.join(", ", to)).field("Subject", subject).body(text());
        for (String field : fields) {
            int colon = field.indexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException("--header wants 'NAME: VALUE', not " + field);
            }
            content.field(field.substring(0, colon), field.substring(colon + 1).strip());
        }
        attached.forEach(content::attach);
        return SendCommand.transaction(from, to, content.octets());
    }

    private String text() throws IOException {
        if (body.equals("-")) {
            byte[] octets = System.in.readNBytes(BODY_OCTETS_MAX);
            return new String(octets, StandardCharsets.UTF_8);
        }
        if (!body.startsWith("@")) {
            return body;
        }
        Path file = Path.of(body.substring(1));
        if (Files.size(file) > BODY_OCTETS_MAX) {
            throw new IOException(file + " is too long for a text");
        }
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
