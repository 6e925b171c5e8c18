package org.posthouse.simulation;

import org.posthouse.sim.SimLoss;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A history to be played: lives of the engine, and what happens in them. The seed decides what is
 * left open: the order of threads, what a power cut leaves, where a reset strikes. Behind the last
 * life all is well, and the engine has a week.
 *
 * @param sizes of the spool's files, in all lives
 */
record Scenario(long seed, Sizes sizes, List<Life> lives) {
    Scenario {
        lives = List.copyOf(lives);
    }

    Scenario with(int index, Life life) {
        var changed = new ArrayList<>(lives);
        changed.set(index, life);
        return new Scenario(seed, sizes, changed);
    }

    Scenario without(int index) {
        var left = new ArrayList<>(lives);
        left.remove(index);
        return new Scenario(seed, sizes, left);
    }

    /** How many lines it has. */
    int size() {
        return lives.stream().mapToInt(life -> 1 + life.acts().size()).sum();
    }

    /** Reads what {@link #toString} wrote; empty lines and those with {@code #} say nothing. */
    static Scenario parse(String text) {
        long seed = 0;
        Sizes sizes = Sizes.SERVER;
        List<Life> lives = new ArrayList<>();
        for (String line : text.lines().toList()) {
            String[] words = line.trim().split(" ");
            if (words[0].isEmpty() || words[0].startsWith("#")) {
                continue;
            }
            switch (words[0]) {
                case "seed" -> {
                    seed = Long.parseLong(words[1]);
                    sizes = words.length > 2 ? Sizes.valueOf(words[2]) : Sizes.SERVER;
                }
                case "life" -> lives.add(life(words));
                default -> {
                    Life last = lives.getLast();
                    var acts = new ArrayList<>(last.acts());
                    acts.add(Act.parse(line));
                    lives.set(
                            lives.size() - 1,
                            new Life(last.length(), last.crashAt(), last.loss(), acts));
                }
            }
        }
        return new Scenario(seed, sizes, lives);
    }

    private static Life life(String[] words) {
        return new Life(
                Duration.parse(words[1]),
                Long.parseLong(words[2]),
                SimLoss.valueOf(words[3]),
                List.of());
    }

    @Override
    public String toString() {
        var text = new StringBuilder("seed " + seed + " " + sizes + "\n");
        lives.forEach(text::append);
        return text.toString();
    }
}
