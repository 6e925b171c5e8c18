package org.posthouse.daemon;

import org.posthouse.core.SpoolId;
import org.posthouse.spool.LogEntry;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** {@code posthouse spool dump}. */
@Command(
        name = "dump",
        description = {
            "Show what lies in a spool's log, frame by frame, as JSON Lines.",
            "Records are shown, content is not. docs/spool-tools.md explains the members."
        },
        mixinStandardHelpOptions = true)
final class SpoolDumpCommand extends SpoolReader {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "DIR",
            description = "The spool, or the data folder around it.")
    private Optional<Path> directory = Optional.empty();

    @Option(
            names = "--message",
            paramLabel = "ID",
            converter = SpoolIds.class,
            description = "Only what belongs to this message.")
    private Optional<SpoolId> message = Optional.empty();

    @Option(
            names = "--segment",
            paramLabel = "N",
            description = "Only the segment with this number in its file name.")
    private Optional<Integer> segment = Optional.empty();

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    SpoolDumpCommand() {}

    @Override
    Optional<Path> directory() {
        return directory;
    }

    @Override
    String misuse() {
        return message.isPresent() && segment.isPresent()
                ? "give --message or --segment, not both"
                : "";
    }

    @Override
    int read(Source source) throws IOException {
        source.inspector()
                .holder()
                .ifPresent(
                        holder ->
                                err().println(
                                                "the spool is in use by "
                                                        + holder
                                                        + ": the newest octets may be in motion"));
        err().flush();
        var lines = new OutputLines(out());
        boolean found = true;
        try {
            Consumer<LogEntry> consumer = entry -> lines.add(SpoolJson.entry(entry));
            if (message.isPresent()) {
                source.inspector().entriesOf(message.get(), source.progress(), consumer);
            } else if (segment.isPresent()) {
                found = source.inspector().entriesOf(segment.get(), source.progress(), consumer);
            } else {
                source.inspector().entries(source.progress(), consumer);
            }
            lines.flush();
        } catch (OutputLines.Closed e) {
            throw new IOException("what was read could not be written: the output is closed", e);
        }
        if (!found) {
            err().println("posthouse: there is no segment " + segment.orElse(0));
            err().flush();
            return Exit.NO_INPUT;
        }
        return Exit.OK;
    }
}
