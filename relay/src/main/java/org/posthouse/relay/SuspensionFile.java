package org.posthouse.relay;

import org.posthouse.platform.Disk;
import org.posthouse.relay.Suspension.Scope;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The file of suspensions. A line each, behind a first line that names the form; the last line has
 * the checksum of all before it. It is replaced as a whole and forced before the change counts. One
 * that is not whole stops the start: mail that was kept back must not leave because of it.
 *
 * <pre>
 * posthouse suspensions 1
 * SCOPE TAB PATTERN TAB SINCE TAB UNTIL TAB REASON     milliseconds of the wall clock; UNTIL - for never
 * crc32c HEX
 * </pre>
 */
final class SuspensionFile {
    private static final String NAME = "suspensions";
    private static final String FORM = "posthouse suspensions 1\n";
    private static final String NEVER = "-";
    private static final int FIELDS = 5;

    private final KeptLines lines;
    private final Path file;

    SuspensionFile(Disk disk, Path directory) {
        lines = new KeptLines(disk, directory, NAME, FORM.strip());
        file = directory.resolve(NAME);
    }

    /** Puts these in the place of what the file holds, durably. */
    void write(List<Suspension> all) throws IOException {
        lines.write(lines(all));
    }

    /**
     * What the file holds; nothing when there is none.
     *
     * @throws RelayException when it is damaged or can't be read
     */
    List<Suspension> read() {
        try {
            return lines.readWhole()
                    .flatMap(SuspensionFile::parse)
                    .orElseThrow(() -> damaged("it is not whole"));
        } catch (IOException e) {
            throw damaged(String.valueOf(e.getMessage()));
        }
    }

    private RelayException damaged(String why) {
        return new RelayException(
                "PH-S058", "what is suspended is not known: " + file + ": " + why);
    }

    static String text(List<Suspension> all) {
        return KeptLines.text(lines(all), FORM);
    }

    private static String lines(List<Suspension> all) {
        var text = new StringBuilder();
        for (Suspension each : all) {
            String until =
                    each.until().equals(Instant.MAX)
                            ? NEVER
                            : String.valueOf(each.until().toEpochMilli());
            text.append(each.scope().word()).append('\t');
            text.append(each.pattern()).append('\t');
            text.append(each.since().toEpochMilli()).append('\t');
            text.append(until).append('\t');
            text.append(each.reason()).append('\n');
        }
        return text.toString();
    }

    /** The suspensions of a file's text; empty when it is not whole. */
    static Optional<List<Suspension>> parse(String text) {
        return KeptLines.whole(text, FORM).flatMap(SuspensionFile::parse);
    }

    private static Optional<List<Suspension>> parse(List<String> lines) {
        List<Suspension> all = new ArrayList<>();
        for (String line : lines) {
            Optional<Suspension> read = line(line.split("\t", -1));
            if (read.isEmpty()) {
                return Optional.empty();
            }
            all.add(read.get());
        }
        return Optional.of(all);
    }

    private static Optional<Suspension> line(String[] fields) {
        Optional<Scope> scope = Scope.of(fields[0]);
        if (fields.length != FIELDS || scope.isEmpty()) {
            return Optional.empty();
        }
        try {
            Instant until =
                    fields[3].equals(NEVER)
                            ? Instant.MAX
                            : Instant.ofEpochMilli(Long.parseLong(fields[3]));
            Instant since = Instant.ofEpochMilli(Long.parseLong(fields[2]));
            return Optional.of(new Suspension(scope.get(), fields[1], fields[4], since, until));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
