package org.posthouse.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Plays every {@code step}th scenario for a time, from where it ended the last time, and makes what
 * breaks an invariant short. {@code dev/campaign SECONDS [FIRST_SEED]} starts one for each core.
 */
final class Campaign {
    private static final int FINDINGS_MAX = 10;
    private static final int SHRINKS_MAX = 300;
    private static final int TOLD_EVERY = 1000;

    private final Path folder;
    private final Instant end;
    private final Path state;
    private long next;
    private long played;
    private int findings;

    private Campaign(Path folder, Path state, Instant end, long first) {
        this.folder = folder;
        this.state = state;
        this.end = end;
        this.next = first;
    }

    /** Folder, seconds, step, place, first seed. Exits with 1 when there were findings. */
    public static void main(String[] args) throws IOException {
        Logger.getLogger("").setLevel(Level.OFF);
        Path folder = Files.createDirectories(Path.of(args[0]));
        Instant end = Instant.now().plusSeconds(Long.parseLong(args[1]));
        int step = Integer.parseInt(args[2]);
        int place = Integer.parseInt(args[3]);
        Path state = folder.resolve("next-seed-" + place + "-of-" + step);
        long first = place;
        if (args.length > 4) {
            first = Long.parseLong(args[4]) + place;
        } else if (Files.exists(state)) {
            first = Long.parseLong(Files.readString(state).trim());
        }
        var campaign = new Campaign(folder, state, end, first);
        campaign.play(step);
        System.out.println(
                campaign.played
                        + " scenarios from seed "
                        + first
                        + ", findings: "
                        + campaign.findings);
        System.exit(campaign.findings == 0 ? 0 : 1);
    }

    private void play(int step) {
        while (Instant.now().isBefore(end) && findings < FINDINGS_MAX) {
            Scenario scenario = Playwright.scenario(next);
            List<String> violations = violations(scenario);
            if (!violations.isEmpty()) {
                findings++;
                found(scenario, violations);
            }
            next += step;
            played++;
            if (played % TOLD_EVERY == 0) {
                System.out.println(played + " scenarios, next seed " + next);
            }
            write(state, next + "\n");
        }
    }

    private void found(Scenario scenario, List<String> violations) {
        String invariant = invariant(violations);
        Predicate<Scenario> shows = s -> invariant(violations(s)).equals(invariant);
        boolean again = shows.test(scenario);
        Scenario shortest = again ? new Shrinker(shows, SHRINKS_MAX).shrink(scenario) : scenario;
        List<String> told = again ? violations(shortest) : violations;
        String text =
                (again ? "" : "not the second time: the simulated world is at fault\n")
                        + String.join("\n", told);
        String story = text.replaceAll("(?m)^", "# ") + "\n" + shortest;
        System.out.println(story);
        write(folder.resolve("seed-" + scenario.seed() + ".txt"), story);
    }

    private static String invariant(List<String> violations) {
        return violations.isEmpty() ? "" : violations.getFirst().split(":", 2)[0];
    }

    private static List<String> violations(Scenario scenario) {
        try {
            return World.play(scenario).violations();
        } catch (IOException | RuntimeException e) {
            return List.of(TheWorldGoesOn.class.getSimpleName() + ": " + e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
