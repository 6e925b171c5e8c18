package org.posthouse.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How much of the processors' time goes to others than this process and its children, since a
 * moment. Kernel threads that work for us count among the others. Where there is no {@code /proc},
 * nobody else is seen.
 */
final class Others {
    private static final Path ALL = Path.of("/proc/stat");
    private static final Path OWN = Path.of("/proc/self/stat");

    /** In the line of all processors: user, nice, system, idle, waiting, interrupts, and so on. */
    private static final List<Integer> IDLE = List.of(4, 5);

    /** User and system time of the process and of its ended children, behind the command. */
    private static final int OWN_FIRST = 11;

    private static final int OWN_LAST = 14;

    private final long total;
    private final long idle;
    private final long own;

    private Others(long total, long idle, long own) {
        this.total = total;
        this.idle = idle;
        this.own = own;
    }

    static Others now() {
        try {
            String[] words = Files.readAllLines(ALL).getFirst().trim().split(" +");
            long total = 0;
            long idle = 0;
            for (int i = 1; i < words.length; i++) {
                long ticks = Long.parseLong(words[i]);
                total += ticks;
                idle += IDLE.contains(i) ? ticks : 0;
            }
            return new Others(total, idle, own());
        } catch (IOException e) {
            return new Others(0, 0, 0);
        }
    }

    private static long own() throws IOException {
        String line = Files.readString(OWN);
        String[] words = line.substring(line.lastIndexOf(')') + 2).split(" ");
        long ticks = 0;
        for (int i = OWN_FIRST; i <= OWN_LAST; i++) {
            ticks += Long.parseLong(words[i]);
        }
        return ticks;
    }

    /** From 0 to 1. */
    double shareSince() {
        Others now = now();
        long passed = now.total - total;
        long others = passed - (now.idle - idle) - (now.own - own);
        return passed == 0 ? 0 : Math.max(0, others / (double) passed);
    }
}
