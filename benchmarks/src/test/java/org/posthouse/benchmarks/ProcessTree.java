package org.posthouse.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A process and all that it started: what they cost. Children that ended are in it by their
 * parents.
 */
record ProcessTree(long root) {
    /**
     * Of the figures behind the command in {@code stat}: the parent, and four times of the
     * processors.
     */
    private static final int PARENT = 1;

    private static final int TIMES_FIRST = 11;
    private static final int TIMES_LAST = 14;
    private static final double TICK_MILLIS = 10;
    private static final double KIB_OF_MIB = 1024;

    /** Time of the processors until now, in milliseconds. */
    double cpuMillis() throws IOException {
        double ticks = 0;
        for (String[] figures : members().values()) {
            for (int i = TIMES_FIRST; i <= TIMES_LAST; i++) {
                ticks += Long.parseLong(figures[i]);
            }
        }
        return ticks * TICK_MILLIS;
    }

    /** Memory, what is shared by parts, in MiB. */
    double memoryMib() throws IOException {
        double kib = 0;
        for (long pid : members().keySet()) {
            for (String line : lines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
                kib += line.startsWith("Pss:") ? Long.parseLong(line.replaceAll("\\D", "")) : 0;
            }
        }
        return kib / KIB_OF_MIB;
    }

    int size() throws IOException {
        return members().size();
    }

    private Map<Long, String[]> members() throws IOException {
        Map<Long, String[]> all = new HashMap<>();
        Map<Long, List<Long>> children = new HashMap<>();
        try (var names = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path name : names) {
                for (String line : lines(name.resolve("stat"))) {
                    long pid = Long.parseLong(name.getFileName().toString());
                    String[] figures = line.substring(line.lastIndexOf(')') + 2).split(" ");
                    all.put(pid, figures);
                    children.computeIfAbsent(
                                    Long.parseLong(figures[PARENT]), parent -> new ArrayList<>())
                            .add(pid);
                }
            }
        }
        Map<Long, String[]> members = new HashMap<>();
        List<Long> next = new ArrayList<>(List.of(root));
        while (!next.isEmpty()) {
            long pid = next.removeLast();
            if (all.containsKey(pid) && members.put(pid, all.get(pid)) == null) {
                next.addAll(children.getOrDefault(pid, List.of()));
            }
        }
        return members;
    }

    /** None of a process that has ended meanwhile. */
    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }
}
