package org.posthouse.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What a figure was measured on. */
final class Machine {
    private static final long MIB = 1 << 20;

    private Machine() {}

    static List<String> describe(Path directory) throws IOException {
        return List.of(
                "date: " + Instant.now().truncatedTo(ChronoUnit.SECONDS),
                "processor: "
                        + field("/proc/cpuinfo", "model name")
                        + ", "
                        + Runtime.getRuntime().availableProcessors()
                        + " cores",
                "memory: " + field("/proc/meminfo", "MemTotal"),
                "system: " + System.getProperty("os.name") + " " + System.getProperty("os.version"),
                "file system: " + mount(directory),
                "Java: "
                        + System.getProperty("java.vm.version")
                        + ", heap of at most "
                        + Runtime.getRuntime().maxMemory() / MIB
                        + " MiB");
    }

    static String loadAverage() {
        String text = firstLine("/proc/loadavg");
        String[] words = text.split(" ");
        return words.length < 3 ? "?" : words[0] + " " + words[1] + " " + words[2];
    }

    private static String field(String file, String name) {
        return lines(file).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("?");
    }

    /** Type and options of the file system, without the names of devices and folders. */
    private static String mount(Path directory) throws IOException {
        String found = Files.getFileStore(directory).type();
        int longest = -1;
        Path real = directory.toRealPath();
        for (String line : lines("/proc/mounts")) {
            String[] words = line.split(" ");
            if (words.length > 3 && real.startsWith(words[1]) && words[1].length() > longest) {
                longest = words[1].length();
                found = words[2] + " (" + words[3] + ")";
            }
        }
        return found;
    }

    private static String firstLine(String file) {
        List<String> lines = lines(file);
        return lines.isEmpty() ? "" : lines.getFirst();
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file));
        } catch (IOException e) {
            return List.of();
        }
    }
}
