package org.posthouse.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The program {@code disk-limits.c}, where there is a C compiler. */
final class NativeLimits {
    private final Path program;
    private final Duration length;

    private NativeLimits(Path program, Duration length) {
        this.program = program;
        this.length = length;
    }

    /** Compiled now; empty where that is not to be had. */
    static Optional<NativeLimits> compile(Path directory, Duration length)
            throws InterruptedException {
        Path source = Folder.root().resolve("benchmarks/src/test/c/disk-limits.c");
        Path program = directory.resolve("disk-limits");
        try {
            run(List.of("cc", "-O2", "-pthread", "-o", program.toString(), source.toString()));
            return Optional.of(new NativeLimits(program, length));
        } catch (IOException e) {
            System.out.println("no limits measured in C: " + e.getMessage());
            return Optional.empty();
        }
    }

    Sample overwrite(Path path, int octets) throws IOException, InterruptedException {
        return sample("overwrite", path, octets, length.toMillis() / 1000.0);
    }

    Sample group(Path path, int octets, int writers) throws IOException, InterruptedException {
        return sample("group", path, octets, length.toMillis() / 1000.0, writers);
    }

    Sample sequential(Path path, long octets, int piece) throws IOException, InterruptedException {
        return sample("sequential", path, octets, piece);
    }

    /** Drops files from the page cache. */
    void forget(List<Path> files) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString(), "forget"));
        files.forEach(file -> command.add(file.toString()));
        run(command);
    }

    private Sample sample(String mode, Path path, Object... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString(), mode, path.toString()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        String[] words = run(command).strip().split(" ");
        return new Sample(
                Double.parseDouble(words[0]),
                Double.parseDouble(words[1]),
                Double.parseDouble(words[2]),
                Double.parseDouble(words[3]));
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        if (status != 0) {
            throw new IOException(command.getFirst() + " ended with status " + status);
        }
        return said;
    }
}
